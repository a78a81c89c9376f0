"""Take the pictures of the README: ``python dev.py screenshots [FOLDER]``.

The demo town is loaded into a temporary instance, so the pictures show what a newcomer sees today.
"""

import logging
import os
import shutil
import sys
import tempfile
import threading
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright
from werkzeug.serving import make_server

from charlton_intranet import create_app
from charlton_intranet.assembly import assemble
from charlton_intranet.core import migration
from charlton_intranet.demo import cast
from charlton_intranet.demo.town import load_town
from charlton_intranet.settings import Settings

ROOT = Path(__file__).parents[2]
PICTURES = (
    ("my-work", "administrator", "/", 1280),
    ("triage", "coordinator.library", "/triage", 1280),
    ("triage-phone", "coordinator.library", "/triage", 390),
    ("case", "administrator", "/triage?state=advised", 1280),
    ("sites", "head.library", "/sites", 1280),
    ("access", "administrator", "/grants", 1280),
    ("checklists", "coordinator.library", "/sites/1/checklists", 1280),
    ("reviews-phone", "coordinator.library", "/reviews", 390),
    ("report-phone", "employee", "/incidents/report", 390),
    ("oversight", "administrator", "/oversight", 1280),
)


def take(browser: Browser, url: str, folder: Path) -> None:
    """One picture for each line of ``PICTURES``."""
    for name, box, path, width in PICTURES:
        context = browser.new_context(
            base_url=url, viewport={"width": width, "height": 860}, timezone_id="America/New_York", locale="en-US"
        )
        page = context.new_page()
        page.goto("/sign-in")
        page.get_by_label("Official email address").fill(f"{box}@{cast.DOMAIN}")
        page.get_by_label("Password", exact=True).fill(cast.PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.goto(path)
        page.wait_for_load_state("networkidle")
        page.screenshot(path=folder / f"{name}.png", caret="initial")
        context.close()
        sys.stdout.write(f"{folder / name}.png\n")


def main() -> None:
    """Serve a fresh demo town on a free port and photograph it."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "docs" / "screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    path = os.environ.get("CHARLTON_CHROMIUM") or shutil.which("chromium")
    with tempfile.TemporaryDirectory() as instance, sync_playwright() as playwright:
        parts = assemble(Settings(instance=Path(instance), secret_key="k" * 64, demo=True))
        migration.upgrade()
        load_town(parts)
        server = make_server("127.0.0.1", 0, create_app(parts=parts), threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        take(browser, f"http://127.0.0.1:{server.server_port}", folder)
        browser.close()
        server.shutdown()
        parts.close()


if __name__ == "__main__":
    main()
