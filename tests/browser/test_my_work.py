"""A morning: what is new, three things done in their rows by keyboard alone, and nothing typed is lost."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from charlton_intranet.moderation.models import Case
from charlton_intranet.moderation.rules import CaseState
from charlton_intranet.sites.models import YearlyAnswer
from tests.browser.conftest import Live, Visitor

pytestmark = pytest.mark.browser

Axe = Callable[[Page], list[str]]
ADVISE = "Give your advice: Advise on case"


def focused(page: Page) -> str:
    """What the control in focus says; nothing while no control has it."""
    said = page.evaluate("document.activeElement.matches('[data-act]') ? document.activeElement.textContent : ''")
    return " ".join(said.split())


def go_to(page: Page, words: str) -> None:
    """Press j until the row of this duty has the focus."""
    for _ in range(40):
        if words in focused(page):
            return
        page.keyboard.press("j")
    raise AssertionError(f"no row says {words}")


def open_row(page: Page, words: str) -> Locator:
    """Open the next row of this kind by keyboard."""
    go_to(page, words)
    row_id = page.evaluate("document.activeElement.closest('li').id")
    page.keyboard.press("Enter")
    row = page.locator(f"#{row_id}")
    expect(row.locator("form")).to_be_visible()
    return row


def overdue(page: Page) -> int:
    return int(page.locator("#figure-overdue b").text_content() or "")


def test_a_head_answers_three_things_in_their_rows_by_keyboard(visit: Visitor, axe: Axe) -> None:
    page = visit("head.library", "/")
    expect(page.get_by_role("heading", name="Since your last visit")).to_be_visible()
    asked, left = page.locator("[id^=row-advise-case]").count(), overdue(page)
    assert asked >= 2

    # Opened; what is missing is said and what was chosen stays; then given, and the focus goes on.
    first = open_row(page, ADVISE)
    expect(first.locator(".leaves")).to_contain_text("Goes on the record")
    assert axe(page) == []
    first.get_by_label("It breaks the policy", exact=True).press("Space")
    first.get_by_role("button", name="Give this advice").press("Enter")
    expect(page.locator("#error-summary")).to_be_focused()
    expect(first.get_by_label("It breaks the policy", exact=True)).to_be_checked()
    first.get_by_label("Your reasons").focus()
    page.keyboard.type("A reasonable person would fear this.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(first).to_contain_text("Done")
    expect(page.locator("#flash")).to_contain_text("is on record")
    assert overdue(page) == left - 1
    assert page.evaluate("document.activeElement.closest('[data-row]') !== null")

    # Typed in one row, it stays while another is done.
    second = open_row(page, ADVISE)
    second.get_by_label("Your reasons").focus()
    page.keyboard.type("I am still thinking about it.")
    page.keyboard.press("Escape")
    third = open_row(page, "Say whether it is still needed")
    third.get_by_role("button", name="Still needed").press("Enter")
    expect(third).to_contain_text("Done")
    expect(second.get_by_label("Your reasons")).to_have_value("I am still thinking about it.")
    second.get_by_label("It does not break the policy").press("Space")
    second.get_by_role("button", name="Give this advice").press("Enter")
    expect(second).to_contain_text("Done")
    assert axe(page) == []

    numbers = [int((row.get_attribute("id") or "").rpartition("-")[2]) for row in (first, second, third)]
    assert {Case.get_by_id(number).state for number in numbers[:2]} == {CaseState.ADVISED}
    assert YearlyAnswer.select().where(YearlyAnswer.site == numbers[2]).exists()
    page.goto("/")
    expect(page.locator("[id^=row-advise-case]")).to_have_count(asked - 2)


def test_marked_as_seen_it_stays_away_and_a_reload_alone_loses_nothing(visit: Visitor) -> None:
    page = visit("coordinator.library", "/")
    news = page.get_by_role("heading", name="Since your last visit")
    expect(news).to_be_visible()
    page.reload()
    expect(news).to_be_visible()
    page.get_by_role("button", name="Mark as seen").press("Enter")
    expect(page.locator("#flash")).to_contain_text("Marked as seen.")
    expect(news).to_have_count(0)
    page.reload()
    expect(news).to_have_count(0)


def test_without_javascript_each_row_has_its_page(live: Live, visit: Visitor) -> None:
    page = visit("head.library", "/", javascript=False, width=390)
    page.locator("[id^=row-advise-case] a.duty__action").first.click()
    expect(page.get_by_role("heading", level=1, name="Give your advice")).to_be_visible()
    page.get_by_text("It breaks the policy", exact=True).click()
    page.get_by_label("Your reasons").fill("A reasonable person would fear this.")
    page.get_by_role("button", name="Give this advice").click()
    expect(page).to_have_url(f"{live.url}/")
    expect(page.locator("#flash")).to_contain_text("is on record")


@pytest.mark.parametrize("box", ["coordinator.library", "administrator", "it"])
def test_nothing_runs_over_the_edge_of_a_phone(visit: Visitor, axe: Axe, box: str) -> None:
    page = visit(box, "/", width=390)
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
