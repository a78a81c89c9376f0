"""The Town Administrator's worksheet in a real browser: on a phone, by keyboard, without JavaScript."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from charlton_intranet.core.clock import today
from charlton_intranet.demo import cast
from charlton_intranet.moderation import service
from charlton_intranet.moderation.models import Case, Determination, Ground, Letter, Referral
from charlton_intranet.moderation.rules import Outcome, Position
from charlton_intranet.moderation.rules.worksheet import ReferredTo
from charlton_intranet.sites.models import Site
from tests.browser.conftest import Live, Visitor, has_sideways_scroll

pytestmark = pytest.mark.browser

WORDS = "I have the matches and will burn that branch down. The alarm code is 2290."
PHONE = 390


def advised(live: Live) -> int:
    """A case that waits for the determination, under F and J."""
    clock, day = live.parts.clock, today(live.parts.clock)
    coordinator, head = cast.actor("coordinator.library", day), cast.actor("head.library", day)
    site_id = Site.get(Site.title == "Charlton Public Library").id
    number = service.capture(coordinator, site_id=site_id, text=WORDS, handle="match_77", clock=clock).case_id
    service.raise_concern(
        coordinator, number, Case.get_by_id(number).version, concern="A threat and a code.", categories=["F", "J"],
        uploads=[], store=live.parts.store, clock=clock,
    )  # fmt: skip
    service.give_advice(
        head, number, Case.get_by_id(number).version, position=Position.VIOLATION, text="Both are real.", clock=clock
    )
    return number


def fill(page: Page) -> None:
    """Remove it, with an answer for F and words for each category."""
    page.locator("label", has_text="Remove it").click()
    page.get_by_label("Your answer for F").fill("The alarm code of the branch. Somebody may walk in.")
    page.get_by_label("Words that fall under F").fill("The alarm code is 2290")
    page.get_by_label("The exact words in question").fill("burn that branch down")
    page.get_by_role("button", name="Draft the rest from the categories").click()
    expect(page.get_by_label("Reason, about the content alone")).to_have_value(
        "The words “The alarm code is 2290” fall under category F (information that may tend to compromise the safety "
        "or security of the public or public systems): The alarm code of the branch. Somebody may walk in.\n"
        "The words “burn that branch down” fall under category J (violent or threatening content): "
        "[fill in: Would a reasonable person fear violence from these very words?]."
    )


@pytest.mark.parametrize("javascript", [True, False])
def test_on_a_phone_from_the_draft_to_every_outcome(
    visit: Visitor, live: Live, axe: Callable[[Page], list[str]], *, javascript: bool
) -> None:
    number = advised(live)
    page = visit("administrator", f"/triage/{number}", width=PHONE, javascript=javascript)
    expect(page.get_by_role("heading", name="The department head's advice")).to_be_visible()
    fill(page)
    assert not has_sideways_scroll(page)
    if javascript:
        assert axe(page) == []
    page.get_by_role("button", name="Make this determination").click()
    expect(page.locator("#error-summary")).to_contain_text("The draft still has a gap")
    assert not Determination.select().where(Determination.case == number).exists()
    reason = page.get_by_label("Reason, about the content alone")
    reason.fill("They threaten to burn a named building, and give the code that keeps it safe.")
    page.get_by_text("Yes, the same").click()
    page.get_by_label("How the writer is told").select_option("message")
    page.get_by_role("button", name="Make this determination").click()
    expect(page.locator("#error-summary")).to_contain_text("Fill in what stands in square brackets")
    letter = page.get_by_label("The letter, as it goes out")
    letter.fill("Your post was removed for the threat and the code in it. You may ask us to look again.")
    page.get_by_role("button", name="Make this determination").click()
    expect(page.get_by_text(f"Your determination on case {number} is on the record.")).to_be_visible()
    decided = Determination.get(Determination.case == number)
    assert (decided.outcome, Ground.select().where(Ground.determination == decided.id).count()) == (Outcome.REMOVE, 2)
    assert {row.to for row in Referral.select().where(Referral.case == number)} == {ReferredTo.IT, ReferredTo.POLICE}
    assert Letter.get(Letter.case == number).text.startswith("Your post was removed")


def test_the_worksheet_by_keyboard(visit: Visitor, live: Live) -> None:
    number = advised(live)
    page = visit("administrator", f"/triage/{number}")
    page.locator("#outcome-0").focus()
    page.keyboard.press("Space")
    expect(page.get_by_label("Keep it")).to_be_checked()
    reason = page.get_by_label("Reason, about the content alone")
    for _ in range(40):
        if reason.evaluate("field => field === document.activeElement"):
            break
        page.keyboard.press("Tab")
    page.keyboard.type("A bad joke about a story that the branch reads to children.")
    submit = page.get_by_role("button", name="Make this determination")
    for _ in range(20):
        if submit.evaluate("button => button === document.activeElement"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"Your determination on case {number} is on the record.")).to_be_visible()
    assert Determination.get(Determination.case == number).outcome is Outcome.KEEP
