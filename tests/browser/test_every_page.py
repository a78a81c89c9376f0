"""Every page of every role: no violation that axe can find, no sideways scroll on a small phone, a title of its own."""

import collections
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Error, Page

from tests.browser.conftest import Visitor, has_sideways_scroll

pytestmark = pytest.mark.browser

# Together they open every page there is; the others see a part of the same.
ROLES = ("administrator", "it", "auditor", "head.library", "coordinator.library", "employee")
NARROW = {"width": 320, "height": 700}
WIDE = {"width": 1280, "height": 900}
# Pages about what their address asks for, not only about what its path names.
ASKING = ("/reminders/pause",)
# Shown by the browser itself, and no page of the app.
FILES = ("/picture", "/html")


def shape(path: str) -> str:
    """A page's kind: its path with numbers and tokens blanked, so that one of each kind is visited."""
    return "/".join("*" if any(c.isdigit() for c in part) else part for part in urlsplit(path).path.split("/"))


def crawl(page: Page, audit: Callable[[str], None]) -> set[str]:
    """Follow links of the app, one of each kind; returns the kinds seen."""
    waiting, seen = ["/"], set[str]()
    while waiting:
        path = waiting.pop(0)
        if shape(path) in seen:
            continue
        seen.add(shape(path))
        try:
            answer = page.goto(path)
        except Error as download:
            assert "Download is starting" in download.message, path  # noqa: PT017 - a file to keep is no page to look at
            continue
        assert answer is not None
        assert answer.status == 200, f"{path}: {answer.status}"
        audit(urlsplit(page.url).path)  # where it led to: my own page has two addresses
        for link in page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)"):
            target = urlsplit(link)
            own = target.netloc == urlsplit(page.url).netloc
            if own and not target.path.endswith(FILES) and not target.path.startswith(("/static/", "/evidence/")):
                waiting.append(f"{target.path}?{target.query}" if target.path in ASKING else target.path)
    return seen


@pytest.mark.parametrize("box", ROLES)
def test_every_page_is_accessible_and_fits_a_phone(visit: Visitor, axe: Callable[[Page], list[str]], box: str) -> None:
    page = visit(box, "/")
    titles: dict[str, str] = {}
    problems: list[str] = []

    def audit(path: str) -> None:
        titles[path] = page.title()
        problems.extend(f"{path}: {violation}" for violation in axe(page))
        page.set_viewport_size(NARROW)  # type: ignore[arg-type]
        if has_sideways_scroll(page):
            problems.append(f"{path}: scrolls sideways at 320 px")
        page.set_viewport_size(WIDE)  # type: ignore[arg-type]

    seen = crawl(page, audit)
    assert problems == []
    assert {"/", "/policy", "/sites", "/incidents", "/incidents/report"} <= seen
    assert all(title.endswith("Intranet") for title in titles.values())
    same = collections.Counter(titles.values())
    assert [(path, title) for path, title in titles.items() if same[title] > 1] == []


@pytest.mark.parametrize("path", ["/sign-in", "/forgot"])
def test_pages_before_the_sign_in(visit: Visitor, axe: Callable[[Page], list[str]], path: str) -> None:
    page = visit(None, path)
    assert axe(page) == []
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    assert not has_sideways_scroll(page)


@pytest.mark.parametrize(("path", "heading"), [("/nowhere", "404"), ("/settings", "403")])
def test_error_pages_say_what_to_do(visit: Visitor, axe: Callable[[Page], list[str]], path: str, heading: str) -> None:
    page = visit("employee", path)
    assert axe(page) == []
    assert page.locator("[data-error]").count() == 1, heading
