"""The demo town in a real Chromium: a database of its own for each test, signed in through the real page."""

import os
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright
from werkzeug.serving import make_server

from charlton_intranet import create_app
from charlton_intranet.core import database, migration
from charlton_intranet.demo import cast
from charlton_intranet.demo.town import load_town
from charlton_intranet.parts import Parts
from charlton_intranet.settings import Settings
from charlton_intranet.web.context import EXTENSION
from tests.conftest import assembled

ROOT = Path(__file__).parents[2]
# What a browser says of an answer that the test provokes; everything else on the console is a fault.
REFUSALS = re.compile(r"Failed to load resource: the server responded with a status of (401|403|404|409|422) ")


def _settings(instance: Path) -> Settings:
    return Settings(instance=instance, secret_key="k" * 64, demo=True)


@dataclass
class Live:
    """A running app and the parts behind it."""

    url: str
    parts: Parts


@dataclass
class Visitor:
    """Opens pages of the running app and remembers whatever went wrong in them."""

    live: Live
    browser: Browser
    faults: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def __call__(
        self, box: str | None = None, path: str = "/triage", *, width: int = 1280, javascript: bool = True
    ) -> Page:
        """A new browser, signed in as a member of the cast through the sign-in page, at ``path``."""
        context = self.browser.new_context(
            base_url=self.live.url,
            viewport={"width": width, "height": 900},
            java_script_enabled=javascript,
            reduced_motion="reduce",
            locale="en-US",
            timezone_id="America/New_York",
        )
        context.set_default_timeout(15_000)  # a busy machine takes seconds to check a password
        context.on("page", self._watch)
        self.contexts.append(context)
        page = context.new_page()
        if box is not None:
            page.goto("/sign-in")
            page.get_by_label("Official email address").fill(f"{box}@{cast.DOMAIN}")
            page.get_by_label("Password", exact=True).fill(cast.PASSWORD)
            page.get_by_role("button", name="Sign in").click()
            page.wait_for_url(lambda url: "/sign-in" not in url)
        page.goto(path)
        return page

    def _watch(self, page: Page) -> None:
        def said(message: ConsoleMessage) -> None:
            if message.type in {"error", "warning"} and not REFUSALS.match(message.text):
                self.faults.append(f"{page.url}: {message.text}")

        page.on("console", said)
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))
        page.on(
            "response",
            lambda answer: self.faults.append(f"{answer.status} {answer.url}") if answer.status >= 500 else None,
        )


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance folder with the demo town, made once and copied for each test."""
    instance = tmp_path_factory.mktemp("demo")
    with assembled(_settings(instance)) as parts:
        migration.upgrade()
        load_town(parts)
    return instance


@pytest.fixture(scope="session")
def served(prepared: Path) -> Flask:
    """The real app, put together once: most of what that costs is compiling its pages."""
    with assembled(_settings(prepared)) as parts:
        return create_app(parts=parts)


@pytest.fixture
def live(prepared: Path, served: Flask, tmp_path: Path) -> Iterator[Live]:
    """The real app on a copy of the demo town, served on a free port of this machine."""
    instance = tmp_path / "instance"
    shutil.copytree(prepared, instance)
    with assembled(_settings(instance)) as parts:
        served.extensions[EXTENSION] = parts
        server = make_server("127.0.0.1", 0, served, threaded=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        with database.connection():
            yield Live(f"http://127.0.0.1:{server.server_port}", parts)
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's Chromium."""
    path = os.environ.get("CHARLTON_CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def visit(live: Live, chromium: Browser) -> Iterator[Visitor]:
    """Opens pages; the test fails when a page wrote an error to the console or broke its own policy."""
    visitor = Visitor(live, chromium)
    yield visitor
    for context in visitor.contexts:
        context.close()
    assert not visitor.faults


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], list[str]]:
    """What axe finds on a page: one line for each violation, with the elements."""
    source = (ROOT / "build" / "test-assets" / "axe.min.js").read_text("utf-8")

    def run(page: Page) -> list[str]:
        page.evaluate(source)
        found: list[dict[str, Any]] = page.evaluate("async () => (await axe.run()).violations")
        return [
            f"{rule['id']}: {rule['help']}: {', '.join(str(node['target'][0]) for node in rule['nodes'])}"
            for rule in found
        ]

    return run


def has_sideways_scroll(page: Page) -> bool:
    """Whether the page is wider than the window."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))
