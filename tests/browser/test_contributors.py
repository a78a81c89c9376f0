"""A restriction on a phone without JavaScript: determined, set with proof, told by letter; and read with axe."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.conftest import Visitor, has_sideways_scroll
from tests.moderation.factories import picture

pytestmark = pytest.mark.browser

REASON = "Three advertisements of the same scheme in six weeks; the words sell, whoever they praise."


def tick(page: Page, label: str) -> None:
    """Choose by the label, as a finger does."""
    page.locator("label").filter(has_text=re.compile(rf"^\s*{re.escape(label)}")).first.click()


def test_determined_set_and_told_on_a_phone_without_javascript(visit: Visitor) -> None:
    ruth = visit("administrator", "/contributors/restrictions", width=390, javascript=False)
    ruth.get_by_role("link", name="Coin Doubler").click()
    path = re.sub(r"^https?://[^/]+", "", ruth.url)
    tick(ruth, "Keep the writer away")
    ruth.get_by_label("Reason, about the content alone").fill(REASON)
    assert not has_sideways_scroll(ruth)
    ruth.get_by_role("button", name="Determine").click()
    expect(ruth.get_by_role("alert")).to_contain_text("praises the town")
    expect(ruth.get_by_label("Reason, about the content alone")).to_have_value(REASON)
    tick(ruth, "Yes, just the same")
    ruth.get_by_role("button", name="Determine").click()
    expect(ruth.get_by_role("main")).to_contain_text("To be carried out")

    clerk = visit("coordinator.library", path, width=390, javascript=False)
    proof = FilePayload(name="set.png", mimeType="image/png", buffer=picture("red", (400, 300)))
    clerk.get_by_label("Screenshot that shows it").set_input_files(proof)
    clerk.get_by_role("button", name="It is set").click()
    expect(clerk.get_by_role("main")).to_contain_text("In force")
    assert not has_sideways_scroll(clerk)

    clerk.get_by_role("link", name="Write to the writer: notice of restriction").click()
    expect(clerk.get_by_label("Letter", exact=True)).to_have_value(re.compile(re.escape(REASON)))
    tick(clerk, "Copied into a message")
    assert not has_sideways_scroll(clerk)
    clerk.get_by_role("button", name="Keep the letter").click()
    expect(clerk.get_by_role("main")).to_contain_text("Copied into a message on the network")
    clerk.goto("/contributors?restricted=y")
    expect(clerk.get_by_role("main")).to_contain_text("Coin Doubler")


@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_on_what_is_said_of_writers(
    visit: Visitor, axe: Callable[[Page], list[str]], width: int
) -> None:
    page = visit("administrator", "/contributors", width=width)
    found = [axe(page)]
    for path in ("/contributors/restrictions?all=yes", "/contributors/links"):
        page.goto(path)
        found.append(axe(page))
        page.get_by_role("main").get_by_role("row").get_by_role("link").first.click()
        found.append(axe(page))
    page.goto("/contributors?q=vape")
    page.get_by_role("main").get_by_role("row").get_by_role("link").first.click()
    found.append(axe(page))
    page.get_by_role("main").get_by_role("link", name="Case").first.click()
    page.get_by_role("link", name="Write to the writer").click()
    page.get_by_role("button", name="Keep the letter").click()
    expect(page.get_by_role("alert")).to_be_visible()
    found.append(axe(page))
    assert [one for each in found for one in each] == []
    assert not has_sideways_scroll(page)


def test_the_ledger_narrows_in_place_and_by_keyboard(visit: Visitor) -> None:
    page = visit("coordinator.library", "/contributors")
    page.get_by_label("Name").fill("vape")
    page.keyboard.press("Enter")
    expect(page.get_by_role("main").get_by_role("row")).to_have_count(2)
    expect(page).to_have_url(re.compile(r"q=vape"))
