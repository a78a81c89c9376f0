"""Fifty mixed cases cleared by keyboard alone, counted and timed; the same without scripts; what is announced."""

import re
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from charlton_intranet.core.clock import today
from charlton_intranet.core.permissions import Permission
from charlton_intranet.demo import cast
from charlton_intranet.moderation import importing
from charlton_intranet.moderation.jobs import run_imports
from charlton_intranet.moderation.models import Case, CaseNote, Claim, Snooze
from charlton_intranet.moderation.rules import CaseState
from charlton_intranet.sites.queries import site_choices
from tests.browser.conftest import Live, Visitor
from tests.browser.test_moderation import check, chosen, state_of

pytestmark = pytest.mark.browser

CASES = 50
# What the cases ask for, over and over: mostly nothing, and something of everything.
MIX = ("dismiss", "dismiss", "snooze", "dismiss", "concern", "dismiss", "dismiss", "note", "dismiss", "slip")


@dataclass
class Hands:
    """A keyboard that counts: presses that do something, and characters of words."""

    page: Page
    presses: int = 0
    characters: int = 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.presses += 1

    def type(self, words: str) -> None:
        self.page.keyboard.type(words)
        self.characters += len(words)

    def answer(self, number: int, how: str) -> None:
        """Answer the chosen case; when it is over, another one is chosen."""
        if how == "note":
            self.press("n")
            self.type("Told the custodian.")
            self.press("Tab", "Enter")
            expect(self.page.get_by_text("Your note is with the case.")).to_be_visible()
        if how == "snooze":
            self.press("s")
            self.type("Asked the poster")
            self.press("Enter")
        elif how == "concern":
            self.press("c")
            self.page.wait_for_url(re.compile(rf"/triage/{number}\?"))
            self.press("Tab")
            self.type("Advertises a private business.")
            self.press("Tab", "Tab", "Tab", "Tab", "Space", "Enter")
        else:
            self.press("d")
        self.gone(number)
        if how == "slip":
            self.press("u")
            expect(self.page.locator("#case-heading")).to_have_text(re.compile(rf"Case {number}$"))
            self.press("d")
            self.gone(number)

    def gone(self, number: int) -> None:
        expect(self.page.locator("#case-heading")).to_have_text(re.compile(rf"Case (?!{number}$)\d+$"))


def bring_in(live: Live, count: int) -> None:
    """Open cases of the Library, by the import."""
    clock = live.parts.clock
    coordinator = cast.actor("coordinator.library", today(clock))
    rows = "".join(f"Question number {n} about the hours and the ramp,{n},Reader {n}\n" for n in range(count))
    importing.start_import(
        coordinator,
        site_id=site_choices(coordinator, Permission.IMPORT_COMMENTS)[0][0],
        file_name="questions.csv",
        data=f"text,id,author\n{rows}".encode(),
        mapping={"text": "text", "id": "id", "author": "author"},
        clock=clock,
    )
    run_imports(live.parts)


def test_fifty_mixed_cases_by_keyboard(
    visit: Visitor, live: Live, axe: Callable[[Page], list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    bring_in(live, CASES)
    page = visit("coordinator.library", "/triage?state=open")
    hands, done = Hands(page), []
    start = time.perf_counter()
    for turn in range(CASES):
        done.append((chosen(page), MIX[turn % len(MIX)]))
        hands.answer(*done[-1])
    seconds = time.perf_counter() - start
    with capsys.disabled():
        sys.stdout.write(f"\n{CASES} cases: {hands.presses} presses, {hands.characters} characters, {seconds:.1f} s\n")
    assert len({number for number, _ in done}) == CASES
    expected = {"snooze": CaseState.OPEN, "concern": CaseState.CONSULTING}
    assert [state_of(number) for number, _ in done] == [expected.get(how, CaseState.DISMISSED) for _, how in done]
    snoozed = Snooze.select().where(Snooze.ended_at.is_null() & Snooze.case.in_([number for number, _ in done]))
    assert snoozed.count() == MIX.count("snooze") * CASES // len(MIX)
    assert CaseNote.select().where(CaseNote.text == "Told the custodian.").count() == CASES // len(MIX)
    assert hands.presses <= CASES * 3
    assert axe(page) == []


def test_what_a_swap_changes_is_announced(visit: Visitor, live: Live, axe: Callable[[Page], list[str]]) -> None:
    """The heading that gets the focus says which case went and which is chosen; the rest stands in a live region."""
    page = visit("coordinator.library", "/triage?state=open")
    hands, number = Hands(page), chosen(page)
    said = page.locator("#flash")
    assert said.get_attribute("role") == "status" or said.get_attribute("aria-live") == "polite"
    hands.press("m")
    expect(said).to_contain_text(f"Case {number} is yours.")
    expect(page.locator("#case-heading")).to_be_focused()
    assert (
        Claim.get(Claim.case == number).person_id
        == cast.actor("coordinator.library", today(live.parts.clock)).person_id
    )
    hands.press("m")
    expect(said).to_contain_text(f"Case {number} is free for anybody.")
    hands.press("s")
    expect(page.get_by_label("What does it wait for?")).to_be_focused()
    assert axe(page) == []
    hands.press("Enter")
    expect(page.locator("#error-summary")).to_be_focused()
    assert axe(page) == []
    page.get_by_label("What does it wait for?").fill("An answer")
    page.get_by_role("button", name="Snooze it").click()
    expect(said).to_contain_text(f"Case {number} is back on")
    expect(page.locator("#case-heading")).to_be_focused()
    expect(page.locator("#case-heading")).to_contain_text(f"Case {number} is out of this list.")
    assert page.title().startswith(f"Case {chosen(page)} · Triage")
    assert axe(page) == []
    hands.press("u")
    expect(said).to_contain_text(f"Case {number} is back in the queue.")
    assert chosen(page) == number
    page.get_by_text("Tick all").click()
    page.get_by_role("button", name="Claim the ticked").click()
    expect(page.get_by_role("button", name="Undo all of them")).to_be_visible()
    assert axe(page) == []
    page.get_by_role("button", name="Undo all of them").click()
    expect(said).to_contain_text("as before")


def test_enter_in_the_reason_for_many_presses_nothing(visit: Visitor) -> None:
    page = visit("coordinator.library", "/triage?state=open")
    page.get_by_text("Tick all").click()
    page.get_by_text("Snooze the ticked").click()
    page.get_by_label("What do they wait for?").fill("The Board meets on Tuesday")
    before = Case.select().where(Case.state == CaseState.OPEN).count()
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    assert Case.select().where(Case.state == CaseState.OPEN).count() == before
    expect(page.get_by_label("What do they wait for?")).to_have_value("The Board meets on Tuesday")
    page.get_by_role("button", name="Snooze them").click()
    expect(page.get_by_text(re.compile(r"Snoozed: \d+ cases together"))).to_be_visible()
    assert page.locator("[name=cases]").count() > 0


def test_pages_beside_the_queue_are_accessible_and_fit_a_phone(
    visit: Visitor, axe: Callable[[Page], list[str]]
) -> None:
    page = visit("coordinator.library", "/triage?state=open")
    page.get_by_text("Keep this view").click()
    page.get_by_label("Name of this view").fill("Open ones")
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_role("link", name="Open ones")).to_be_visible()
    for path in ("/triage/where", "/triage/views", "/triage?state=snoozed", "/triage?state=open&claimed=me&category=A"):
        check(page, path, axe)


def test_the_same_presses_without_scripts(visit: Visitor) -> None:
    page = visit("coordinator.library", "/triage?state=open", javascript=False)
    number = chosen(page)
    page.get_by_role("button", name="Claim", exact=False).last.click()
    expect(page.get_by_text(f"Case {number} is yours.")).to_be_visible()
    page.locator("summary", has_text=re.compile("^Snooze s|^Snooze$")).click()
    page.get_by_label("What does it wait for?").fill("Asked the poster")
    page.get_by_role("button", name="Snooze it").click()
    expect(page.get_by_text(f"Case {number} is back on")).to_be_visible()
    assert chosen(page) != number
    page.get_by_role("button", name=f"Undo the snooze of case {number}").click()
    assert chosen(page) == number
    boxes = page.locator("[name=cases]")
    for index in range(2):
        page.locator(f"label[for={boxes.nth(index).get_attribute('id')}]").click()
    page.get_by_role("button", name="No concern for the ticked").click()
    expect(page.get_by_text("No concern: 2 cases together.")).to_be_visible()
    page.get_by_role("button", name="Undo all of them").click()
    expect(page.get_by_text("2 cases are open again.")).to_be_visible()
    page.get_by_label("Words").fill("ramp")
    page.get_by_role("button", name="Show").click()
    assert page.locator("mark", has_text="ramp").count() >= 2
    page.locator("summary", has_text="Keep this view").click()
    page.get_by_label("Name of this view").fill("Ramps")
    page.get_by_role("button", name="Keep it").click()
    page.get_by_role("link", name="Ramps").click()
    expect(page.get_by_label("Words")).to_have_value("ramp")


def test_the_present_tab_is_in_sight_on_a_phone(visit: Visitor) -> None:
    page = visit("coordinator.police", "/triage?state=dismissed", width=390)
    present = page.get_by_role("navigation", name="Cases by state").locator("[aria-current]")
    expect(present).to_contain_text("No concern")
    expect(present).to_be_in_viewport(ratio=0.9)
