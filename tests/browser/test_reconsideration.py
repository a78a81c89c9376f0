"""A request for reconsideration on a phone without JavaScript: logged, answered, put back; and read with axe."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import FilePayload, Page, expect

from charlton_intranet.accounts import service as accounts
from charlton_intranet.core import clock as clocks
from charlton_intranet.core.permissions import Role
from charlton_intranet.demo import cast
from tests.browser.conftest import Live, Visitor, has_sideways_scroll
from tests.moderation.factories import picture

pytestmark = pytest.mark.browser

PLEA = "Half of it goes to the shelf, and the other half pays for the wax. I make nothing on it."
REASON = "The words announce the library's own sale and offer nothing of the writer's."


def tick(page: Page, label: str) -> None:
    """Choose by the label, as a finger does."""
    page.locator("label").filter(has_text=re.compile(rf"^\s*{re.escape(label)}")).first.click()


def file(name: str, colour: str) -> FilePayload:
    return FilePayload(name=name, mimeType="image/png", buffer=picture(colour, (400, 300)))


def let_act(live: Live) -> None:
    """The Chief of Police acts as Town Administrator, as Ruth Okafor decided first."""
    today = clocks.today(live.parts.clock)
    chief = cast.actor("head.police", today)
    accounts.give_role(
        cast.actor("administrator", today), chief.person_id or 0, Role.ADMINISTRATOR, department_id=None, starts=today,
        ends=today + timedelta(days=7), acting=True, reason="Answers a request", clock=live.parts.clock,
    )  # fmt: skip


def test_asked_answered_and_put_back_on_a_phone_without_javascript(visit: Visitor, live: Live) -> None:
    clerk = visit("coordinator.library", "/triage/reconsiderations", width=390, javascript=False)
    clerk.get_by_role("link", name="Log a request").click()
    clerk.get_by_label("Case number, words or writer").fill("candles")
    clerk.get_by_role("button", name="Search").click()
    clerk.get_by_role("link", name=re.compile("Log a request on case")).click()
    clerk.get_by_label("What they ask, in their words").fill(PLEA)
    tick(clerk, "By letter")
    clerk.get_by_label("Who asks").fill("Bo Lindqvist")
    clerk.get_by_label("Their letter or papers").set_input_files(file("letter.png", "beige"))
    assert not has_sideways_scroll(clerk)
    clerk.get_by_role("button", name="Put it on record").click()
    expect(clerk.get_by_role("main")).to_contain_text("Waiting for an answer")
    request = re.sub(r"^https?://[^/]+", "", clerk.url)

    ruth = visit("administrator", request, width=390, javascript=False)
    expect(ruth.get_by_role("main")).to_contain_text("You decided or advised here")
    let_act(live)
    judge = visit("head.police", request, width=390, javascript=False)
    expect(judge.get_by_role("main")).to_contain_text(PLEA)
    tick(judge, "The decision is taken back")
    judge.get_by_label("Reason, about the content alone").fill(REASON)
    assert not has_sideways_scroll(judge)
    judge.get_by_role("button", name="Give this answer").click()
    expect(judge.get_by_role("main")).to_contain_text("Paul Hadley, acting")

    clerk.reload()
    expect(clerk.get_by_label("Letter", exact=True)).to_have_value(re.compile(re.escape(REASON)))
    tick(clerk, "By post")
    clerk.get_by_role("button", name="Keep the letter").click()
    expect(clerk.get_by_role("main")).to_contain_text("Answer to a request for reconsideration: by post")

    clerk.get_by_role("link", name=re.compile("^case "), exact=False).first.click()
    expect(clerk.get_by_role("main")).to_contain_text("The decision is taken back and counts no more.")
    clerk.get_by_label(re.compile("Screenshot of the post in its place")).set_input_files(file("back.png", "teal"))
    clerk.get_by_role("button", name=re.compile("It is back")).click()
    expect(clerk.get_by_role("main")).to_contain_text("Restored")


@pytest.mark.parametrize("width", [390, 1280])
def test_the_pages_hold_no_barrier(visit: Visitor, axe: Callable[[Page], list[str]], width: int) -> None:
    page = visit("administrator", "/triage/reconsiderations", width=width)
    requests = ("", "?answered=yes", "/1", "/2", "/new")
    others = ("consistency", "consistency/pairs", "decisions")
    for path in (*(f"/triage/reconsiderations{one}" for one in requests), *(f"/triage/{one}" for one in others)):
        page.goto(path)
        assert axe(page) == [], path
        assert not has_sideways_scroll(page), path
