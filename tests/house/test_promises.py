"""What the documents, templates and tables promise of each other."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from charlton_intranet.core.permissions import ROLE_PERMISSIONS, Permission, Role
from charlton_intranet.core.resources import folder
from charlton_intranet.settings import Settings

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted(folder("templates").rglob("*.html"))
FORBIDDEN = re.compile(
    r"\|\s*safe\b|hx-on|\bon(click|load|change|submit|error)\s*=|\bstyle\s*=|<script(?![^>]*\bsrc=)|<style|js:|"
    r"hx-(vals|headers)\s*=\s*['\"]js|hx-trigger\s*=\s*['\"][^'\"]*\["
)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(folder("templates"))))
def test_templates_hold_nothing_that_the_content_policy_or_escaping_forbids(path: Path) -> None:
    if path.is_relative_to(folder("templates") / "mail"):
        return
    text = re.sub(r"\{#.*?#\}", "", path.read_text("utf-8"), flags=re.DOTALL)
    assert not FORBIDDEN.search(text)


def test_a_part_that_answers_htmx_has_a_root_with_an_id() -> None:
    code = "\n".join(path.read_text("utf-8") for path in (ROOT / "charlton_intranet").rglob("web*/**/*.py"))
    code += "\n".join(path.read_text("utf-8") for path in (ROOT / "charlton_intranet").glob("*/web.py"))
    parts = set(re.findall(r'respond\(\s*"[^"]+",\s*"([^"]+)"', code))
    assert len(parts) > 5
    wrong = []
    for name in sorted(parts):
        path = folder("templates") / name
        text = re.sub(r"\{#.*?#\}|\{%.*?%\}", "", path.read_text("utf-8"), flags=re.DOTALL).strip()
        text = re.sub(r"^<title>.*?</title>\s*", "", text, flags=re.DOTALL)
        if not path.name.startswith("_") or not re.match(r"<[a-z]+[^>]*\bid=", text):
            wrong.append(name)
    assert wrong == []


def test_every_setting_is_documented() -> None:
    text = (ROOT / "docs" / "settings.md").read_text("utf-8")
    assert [f.name for f in fields(Settings) if f"`{f.name}`" not in text] == []


def test_every_permission_is_given_to_somebody_and_documented_as_it_is() -> None:
    text = (ROOT / "docs" / "permissions.md").read_text("utf-8")
    assert set().union(*ROLE_PERMISSIONS.values()) == set(Permission)
    lines = {line.split("|")[1].strip().strip("`"): line for line in text.splitlines() if line.startswith("| `")}
    for permission in Permission:
        shown = lines[permission.value]
        for role in Role:
            assert (role.label in shown) == (permission in ROLE_PERMISSIONS[role]), (permission, role)


def test_only_the_clock_asks_for_the_time_and_only_settings_read_the_environment() -> None:
    asks = re.compile(r"datetime\.(utc)?now\(|date\.today\(|time\.time\(|os\.environ|os\.getenv")
    allowed = {"core/clock.py", "settings.py"}
    package = ROOT / "charlton_intranet"
    wrong = [
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if asks.search(path.read_text("utf-8")) and path.relative_to(package).as_posix() not in allowed
    ]
    assert wrong == []
