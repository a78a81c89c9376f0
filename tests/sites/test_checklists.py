import json
import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from playhouse.test_utils import count_queries

from charlton_intranet.accounts.models import Person
from charlton_intranet.core import audit, database
from charlton_intranet.core.audit import AuditEvent
from charlton_intranet.core.calendar import add_months
from charlton_intranet.core.clock import TOWN_ZONE, as_utc
from charlton_intranet.core.duties import Duty, Scope
from charlton_intranet.core.errors import Forbidden, Invalid, NotFound, StaleState
from charlton_intranet.core.permissions import Role
from charlton_intranet.demo import checklists as demo_checklists
from charlton_intranet.demo import sites as demo_sites
from charlton_intranet.parts import Parts
from charlton_intranet.sites.duties import checklists as duties
from charlton_intranet.sites.models import ChecklistAdvice, ChecklistAnswer, ChecklistRun, Proof, Site
from charlton_intranet.sites.queries.checklists import standing_of
from charlton_intranet.sites.queries.checks import checklist_sheet, line_sheet, open_check
from charlton_intranet.sites.rules import SiteState
from charlton_intranet.sites.rules.checklists import (
    DUE_DAYS,
    EDITIONS,
    Answer,
    ChecklistKind,
    ChecklistState,
    edition_in_force,
    hindrance,
    lines_of,
    standing,
)
from charlton_intranet.sites.service import checklists as service
from charlton_intranet.sites.service.checklists import LineFacts
from charlton_intranet.sites.service.proofs import ProofFacts
from tests.conftest import Town
from tests.sites import factories

A, C = ChecklistKind.AUTHENTICITY, ChecklistKind.CONTROLS
S = ChecklistState
SEEN = ProofFacts(note="Seen on the page, signed out.")
KEPT = LineFacts(kept=True)


def yes(**more: Any) -> LineFacts:
    return LineFacts(Answer.YES, proof=ProofFacts(**({"note": "Seen."} | more)))


def no(note: str = "Nothing there.") -> LineFacts:
    return LineFacts(Answer.NO, proof=ProofFacts(note=note))


def every(kind: ChecklistKind, **lines: LineFacts) -> dict[str, LineFacts]:
    return dict.fromkeys(lines_of(kind), yes()) | lines


def unchecked(town: Town, department: str = "Library", **more: Any) -> Site:
    return factories.site(town, department, checked=False, **more)


def save(
    town: Town,
    site_id: int,
    lines: dict[str, LineFacts],
    *,
    kind: ChecklistKind = A,
    box: str = "coordinator.library",
    complete: bool = True,
    number: int | None = None,
    version: int | None = None,
) -> None:
    actor = town.actor(box)
    found = open_check(actor, site_id, kind) if None in {number, version} else None
    service.answer(
        actor, site_id, kind, lines=lines, complete=complete, clock=town.clock,
        number=number if number is not None else found.number if found else 0,
        version=version if version is not None else found.version if found else 0,
    )  # fmt: skip


def state_of(town: Town, site_id: int, kind: ChecklistKind = A) -> ChecklistState:
    return standing_of([site_id], town.today)[site_id][kind].state


def shown(row: ChecklistAnswer) -> Proof:
    assert row.proof is not None
    return row.proof


def told(tag: str) -> list[dict[str, Any]]:
    events = AuditEvent.select().where(AuditEvent.tag == tag).order_by(AuditEvent.number)
    return [json.loads(event.detail)["details"] for event in events]


# --- where a checklist stands -----------------------------------------------------------------------------

ANSWERED = date(2026, 8, 31)
LAST = add_months(ANSWERED, 3)  # the last of November: August has a 31st, November has none


@pytest.mark.parametrize(
    ("answered", "failing", "today", "expected"),
    [
        (None, (), ANSWERED, S.MISSING),
        (ANSWERED, (), ANSWERED, S.CURRENT),
        (ANSWERED, (), LAST - timedelta(days=DUE_DAYS + 1), S.CURRENT),
        (ANSWERED, (), LAST - timedelta(days=DUE_DAYS), S.DUE),
        (ANSWERED, (), LAST, S.DUE),
        (ANSWERED, (), LAST + timedelta(days=1), S.EXPIRED),
        (ANSWERED, ("x",), ANSWERED, S.FAILING),
        (ANSWERED, ("x",), LAST, S.FAILING),
        (ANSWERED, ("x",), LAST + timedelta(days=1), S.EXPIRED),
    ],
)
def test_the_standing_on_each_side_of_every_boundary(
    answered: date | None, failing: tuple[str, ...], today: date, expected: ChecklistState
) -> None:
    found = standing(answered_on=answered, failing=failing, months=3, today=today)
    assert (found.state, found.in_order) == (expected, expected in {S.CURRENT, S.DUE})
    assert bool(hindrance(C, found)) is not found.in_order
    assert found.renew_by == (LAST if answered else None)


def test_the_standing_from_the_tables_for_many_sites_at_once(town: Town) -> None:
    months = {A: 12, C: 3}
    ages = {
        "current": (0, S.CURRENT),
        "due": (-DUE_DAYS, S.DUE),
        "last day": (0, S.DUE),
        "expired": (1, S.EXPIRED),
    }
    expected = {}
    for kind in ChecklistKind:
        for name, (days, state) in ages.items():
            site = unchecked(town, handle=f"{kind}{name}")
            # So that today lies `days` after the last day of the check.
            last = town.today - timedelta(days=days) if name != "current" else town.today + timedelta(days=40)
            day = add_months(last, -months[kind])
            assert add_months(day, months[kind]) == last
            at = as_utc(datetime(day.year, day.month, day.day, 23, 30, tzinfo=TOWN_ZONE))
            factories.checks(town, site.id, kinds=[kind], at=at)
            expected[site.id, kind] = state
    never, failing = unchecked(town, handle="never"), unchecked(town, handle="failing")
    factories.checks(town, failing.id, failing=["identity", "recovery"])
    draft = unchecked(town, handle="draft")
    save(town, draft.id, {"identity": yes()}, complete=False)
    for kind in ChecklistKind:
        expected |= {(never.id, kind): S.MISSING, (draft.id, kind): S.MISSING, (failing.id, kind): S.FAILING}
    with count_queries() as few:
        standing_of([never.id], town.today)
    with count_queries() as many:
        found = standing_of({site_id for site_id, _ in expected}, town.today)
    assert {place: found[place[0]][place[1]].state for place in expected} == expected
    assert found[failing.id][A].failing == (lines_of(A)["identity"].words,)
    assert (few.count, many.count) == (4, 4)
    assert standing_of([], town.today) == {}


def test_a_check_counts_from_its_day_in_the_town(town: Town) -> None:
    site = unchecked(town)
    # Still November 22 in the town, already the 23rd in UTC.
    factories.checks(town, site.id, kinds=[C], at=datetime(2026, 11, 22, 22, 0, tzinfo=TOWN_ZONE))
    assert standing_of([site.id], town.today)[site.id][C].renew_by == date(2027, 2, 22)


def test_a_line_that_failed_and_was_mended_is_in_order(town: Town) -> None:
    site = unchecked(town)
    save(town, site.id, every(A, identity=no()))
    assert state_of(town, site.id) is S.FAILING
    mend(town, site.id, "identity")
    assert state_of(town, site.id) is S.CURRENT
    last = line_sheet(town.actor("auditor"), site.id, A, "identity").answers
    assert [(row.answer, row.note, bool(row.proof_id)) for row in last] == [
        (Answer.NO, "Nothing there.", False),
        (Answer.YES, "", True),
    ]


def test_every_edition_can_be_read_and_its_keys_fit(town: Town) -> None:
    for kind, editions in EDITIONS.items():
        for number, lines in enumerate(editions, 1):
            assert list(lines_of(kind, number)) == [line.key for line in lines]
            assert len({line.key for line in lines}) == len(lines)
            assert all(len(line.key) <= 40 and line.clause.startswith("3.") for line in lines)
    assert {line.clause for line in EDITIONS[A][-1]} == {"3.5-1", "3.5-2", "3.5-3", "3.5-4"}
    assert {line.clause for line in EDITIONS[C][-1]} == {"3.6-5", "3.8"}


# --- answering --------------------------------------------------------------------------------------------


def test_a_whole_check_is_one_record_with_what_shows_it(town: Town) -> None:
    site = unchecked(town)
    lines = every(
        A,
        official_email=yes(link="https://www.facebook.com/settings"),
        contact_link=LineFacts(Answer.YES),
        contact_official=LineFacts(Answer.DOES_NOT_APPLY, proof=ProofFacts(note="The network has no such field.")),
    )
    save(town, site.id, lines)
    run = ChecklistRun.get()
    assert (run.kind, run.number, run.edition, run.complete, run.answered_by_id) == (
        A, 1, edition_in_force(A), True, town.person_id("coordinator.library"),
    )  # fmt: skip
    answers = {row.line: row for row in ChecklistAnswer.select()}
    assert answers.keys() == lines_of(A).keys()
    assert shown(answers["official_email"]).link == "https://www.facebook.com/settings"
    assert (answers["contact_link"].proof_id, answers["contact_official"].note) == (
        None,
        "The network has no such field.",
    )
    assert told("site.checklist_completed") == [
        {
            "checklist": "authenticity",
            "number": 1,
            "edition": 1,
            "answers": {key: "does_not_apply" if key == "contact_official" else "yes" for key in lines_of(A)},
        }
    ]


@pytest.mark.parametrize(
    ("line", "facts", "field"),
    [
        ("identity", LineFacts(), "identity_answer"),
        ("identity", LineFacts(Answer.YES), "identity_note"),
        ("identity", LineFacts(Answer.NO), "identity_note"),
        ("identity", LineFacts(Answer.DOES_NOT_APPLY, proof=ProofFacts(link="https://x.example")), "identity_note"),
        ("identity", LineFacts(kept=True), "identity_answer"),
        ("identity", yes(link="javascript:alert(1)"), "identity_link"),
        ("contact_link", no("") , "contact_link_note"),
    ],
)  # fmt: skip
def test_what_a_whole_check_is_refused_for(town: Town, line: str, facts: LineFacts, field: str) -> None:
    site = unchecked(town)
    with pytest.raises(Invalid) as refusal:
        save(town, site.id, every(A, **{line: facts}))
    assert refusal.value.problems.keys() == {field}
    assert not ChecklistRun.select().exists()
    assert not Proof.select().exists()


def test_a_renewal_takes_each_line_over_with_a_tick_of_its_own(town: Town) -> None:
    site = unchecked(town)
    save(town, site.id, every(C, apps=no()), kind=C)
    first = {row.line: row for row in ChecklistAnswer.select()}
    town.clock.advance(days=80)
    with pytest.raises(Invalid) as refusal:
        save(town, site.id, {"recovery": KEPT}, kind=C, box="it")
    # Never one press for all of it, and what was a no can not be ticked on.
    assert refusal.value.problems.keys() == {f"{key}_answer" for key in lines_of(C) if key != "recovery"}
    with pytest.raises(Invalid) as refusal:
        save(town, site.id, dict.fromkeys(lines_of(C), KEPT), kind=C, box="it")
    assert refusal.value.problems.keys() == {"apps_answer"}
    save(town, site.id, dict.fromkeys(lines_of(C), KEPT) | {"apps": yes(note="Taken out.")}, kind=C, box="it")
    run = ChecklistRun.get(ChecklistRun.number == 2)
    renewed = {row.line: row for row in ChecklistAnswer.select().where(ChecklistAnswer.run == run)}
    assert renewed["recovery"].proof_id == first["recovery"].proof_id
    assert (renewed["recovery"].answered_by_id, renewed["recovery"].answered_at) == (
        town.person_id("it"),
        town.clock.now(),
    )
    assert shown(renewed["apps"]).note == "Taken out."
    assert state_of(town, site.id, C) is S.CURRENT


def test_a_mended_line_is_carried_on_as_it_was_mended(town: Town) -> None:
    site = unchecked(town)
    save(town, site.id, every(A, identity=no()))
    mend(town, site.id, "identity")
    carried = open_check(town.actor("it"), site.id, A).kept("identity")
    assert carried is not None
    assert carried.answer is Answer.YES
    assert Proof.get_by_id(carried.proof_id).note == SEEN.note


def test_a_draft_is_gone_on_with_by_a_colleague_and_counts_only_when_whole(town: Town) -> None:
    site = unchecked(town)
    save(
        town, site.id, complete=False,
        lines={
            "identity": yes(note="The seal."),
            "guideline": LineFacts(proof=ProofFacts(note="Ask Cody.", link="https://x.example/a")),
            "contact_email": no(""),
        },
    )  # fmt: skip
    assert state_of(town, site.id) is S.MISSING
    draft = open_check(town.actor("head.library"), site.id, A)
    assert (draft.number, draft.version) == (1, 1)
    assert draft.draft is not None
    assert draft.draft.answered_by == "Cody Barnes"
    assert (draft.saved["guideline"].answer, draft.saved["guideline"].note) == (None, "Ask Cody.")
    kept_proof = draft.saved["guideline"].proof_id
    town.clock.advance(hours=1)
    save(
        town, site.id, box="head.library",
        lines=every(A, identity=KEPT, guideline=LineFacts(Answer.YES), contact_email=yes()),
    )  # fmt: skip
    rows = {row.line: row for row in ChecklistAnswer.select()}
    assert ChecklistRun.select().count() == 1
    assert len(rows) == ChecklistAnswer.select().count() == len(lines_of(A))
    assert rows["identity"].answered_by_id == town.person_id("coordinator.library")
    assert rows["guideline"].answered_by_id == town.person_id("head.library")
    assert rows["guideline"].proof_id == kept_proof
    assert state_of(town, site.id) is S.CURRENT
    assert [found["number"] for found in told("site.checklist_draft_saved")] == [1]


def test_an_unshown_yes_may_wait_in_a_draft_and_not_in_a_check(town: Town) -> None:
    site = unchecked(town)
    save(town, site.id, {"identity": LineFacts(Answer.YES)}, complete=False)
    with pytest.raises(Invalid) as refusal:
        save(town, site.id, every(A, identity=KEPT))
    assert refusal.value.problems.keys() == {"identity_note"}


def test_two_people_at_the_same_check_one_after_the_other(town: Town) -> None:
    site = unchecked(town)
    save(town, site.id, every(A), number=1, version=0)
    for number, version in ((1, 0), (1, 1), (2, 1), (3, 0)):
        with pytest.raises(StaleState):
            save(town, site.id, every(A, identity=no()), number=number, version=version, box="it")
    save(town, site.id, {}, number=2, version=0, complete=False)
    with pytest.raises(StaleState):
        save(town, site.id, every(A), number=2, version=0)
    save(town, site.id, every(A), number=2, version=1)
    assert [run.number for run in ChecklistRun.select().order_by(ChecklistRun.id)] == [1, 2]


def test_two_people_at_the_same_moment_leave_one_check(own_town: Parts) -> None:
    with database.connection():
        town = Town(own_town, own_town.clock, None)  # type: ignore[arg-type] # no page is opened here
        site = unchecked(town)
        actors = [town.actor(box) for box in ("coordinator.library", "it")]
    ready, outcomes = threading.Barrier(2), []

    def press(actor: Any) -> None:
        ready.wait(10)
        try:
            service.answer(actor, site.id, A, number=1, version=0, lines=every(A), complete=True, clock=own_town.clock)
            outcomes.append("saved")
        except StaleState:
            outcomes.append("stale")

    threads = [threading.Thread(target=press, args=(actor,)) for actor in actors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["saved", "stale"]
    with database.connection():
        assert ChecklistRun.select().count() == 1
        assert ChecklistAnswer.select().count() == len(lines_of(A)) == Proof.select().count()
        assert audit.verify().fault is None


PRESSES: dict[str, Callable[[Town, int, str], None]] = {
    "answer": lambda town, site_id, box: save(town, site_id, every(A), box=box, number=2, version=0),
    "mend": lambda town, site_id, box: mend(town, site_id, "identity", box=box, number=1, version=1),
}


@pytest.mark.parametrize("name", PRESSES)
def test_who_may_answer_and_mend(town: Town, name: str) -> None:
    for box, refusal in {
        "coordinator.library": None,
        "head.library": None,
        "it": None,
        "administrator": Forbidden,
        "auditor": Forbidden,
        "records": Forbidden,
        "coordinator.police": NotFound,
        "head.police": NotFound,
        "employee": NotFound,
    }.items():
        site = unchecked(town, handle=box)
        factories.checks(town, site.id, kinds=[A], failing=["identity"])
        before = (ChecklistAnswer.select().count(), audit.head())
        if refusal is None:
            PRESSES[name](town, site.id, box)
            assert state_of(town, site.id) is S.CURRENT
        else:
            with pytest.raises(refusal):
                PRESSES[name](town, site.id, box)
            assert (ChecklistAnswer.select().count(), audit.head()) == before


@pytest.mark.parametrize("state", SiteState)
def test_only_sites_that_are_approved_or_in_use_are_checked(town: Town, state: SiteState) -> None:
    site = unchecked(town, state=state)
    if state in {SiteState.APPROVED, SiteState.ACTIVE, SiteState.SUSPENDED}:
        save(town, site.id, every(A))
        assert state_of(town, site.id) is S.CURRENT
    else:
        with pytest.raises(StaleState):
            save(town, site.id, every(A))


# --- mending and advice -----------------------------------------------------------------------------------


def mend(
    town: Town,
    site_id: int,
    line: str,
    *,
    kind: ChecklistKind = A,
    box: str = "coordinator.library",
    proof: ProofFacts = SEEN,
    number: int = 0,
    version: int = 0,
) -> None:
    run = None if number else ChecklistRun.get((ChecklistRun.site == site_id) & (ChecklistRun.kind == kind))
    service.mend(
        town.actor(box), site_id, kind, line, number=number or (run.number if run else 0),
        version=version or (run.version if run else 0), proof=proof, clock=town.clock,
    )  # fmt: skip


def test_a_line_is_mended_with_something_that_shows_it_and_once(town: Town) -> None:
    site = unchecked(town)
    save(town, site.id, every(A, identity=no(), guideline=no()))
    with pytest.raises(Invalid):
        mend(town, site.id, "identity", proof=ProofFacts())
    mend(town, site.id, "identity")
    with pytest.raises(StaleState):
        mend(town, site.id, "identity")
    with pytest.raises(StaleState):
        mend(town, site.id, "guideline", number=1, version=1)
    with pytest.raises(StaleState):
        mend(town, site.id, "contact_email")
    with pytest.raises(NotFound):
        mend(town, site.id, "recovery")
    assert state_of(town, site.id) is S.FAILING
    mend(town, site.id, "guideline")
    assert state_of(town, site.id) is S.CURRENT
    assert [found["line"] for found in told("site.checklist_line_mended")] == ["identity", "guideline"]


def test_advice_of_it_stands_at_the_line_until_there_is_other_advice(town: Town) -> None:
    site = unchecked(town)

    def advise(text: str, box: str = "it") -> None:
        service.advise(town.actor(box), site.id, C, "recovery", text=text, clock=town.clock)

    advise("Use the library's mailbox.")
    advise("Use the library's mailbox. ")
    assert ChecklistAdvice.select().count() == 1
    advise("Use the shared mailbox.")
    assert open_check(town.actor("head.library"), site.id, C).advice[C, "recovery"].text == "Use the shared mailbox."
    for box, refusal in (("coordinator.library", Forbidden), ("administrator", Forbidden), ("employee", NotFound)):
        with pytest.raises(refusal):
            advise("Mine", box)
    with pytest.raises(Invalid):
        advise(" ")


# --- what is owed -----------------------------------------------------------------------------------------


def owed(town: Town, box: str | None = None) -> list[Duty]:
    actor = town.actor(box) if box else None
    found = duties.owed(Scope(today=town.today, actor=actor))
    return [duty for duty in found if actor is None or duty.owner.is_held_by(actor)]


def test_a_no_is_owed_by_the_coordinator_and_a_control_shows_it_too(town: Town) -> None:
    site = unchecked(town)
    save(town, site.id, every(A, identity=no()))
    save(town, site.id, every(C, recovery=no()), kind=C)
    mine = owed(town, "coordinator.library")
    assert {duty.kind for duty in mine} == {duties.MEND_AUTHENTICITY, duties.MEND_CONTROLS}
    assert {duty.due for duty in mine} == {date(2026, 12, 1)}  # five business days, Thanksgiving between
    its = owed(town, "it")
    assert [(duty.kind, duty.url) for duty in its] == [
        (duties.HELP_MEND, f"/sites/{site.id}/checklists/controls/recovery")
    ]
    assert town.client("it").get(its[0].url).status_code == 200
    assert owed(town, "coordinator.police") == owed(town, "administrator") == owed(town, "head.library") == []
    mend(town, site.id, "identity")
    mend(town, site.id, "recovery", kind=C)
    assert owed(town) == []


def test_a_department_without_coordinator_owes_through_its_head(town: Town) -> None:
    Person.update(state="disabled").where(Person.id == town.person_id("coordinator.library")).execute()
    site = unchecked(town, state=SiteState.APPROVED)
    assert {duty.kind for duty in owed(town, "head.library")} == {duties.SHOW_AUTHENTICITY, duties.SHOW_CONTROLS}
    assert {duty.subject for duty in owed(town)} == {f"site:{site.id}"}


def test_a_renewal_is_owed_from_two_weeks_before_until_it_is_made(town: Town) -> None:
    site = unchecked(town)
    factories.checks(town, site.id)
    last = add_months(town.today, 3)
    town.clock.advance(days=(last - town.today).days - DUE_DAYS - 1)
    assert owed(town) == []
    town.clock.advance(days=1)
    assert [(duty.kind, duty.due, duty.owner.role) for duty in owed(town)] == [
        (duties.SHOW_CONTROLS, last, Role.COORDINATOR)
    ]
    town.clock.advance(days=DUE_DAYS + 1)
    assert state_of(town, site.id, C) is S.EXPIRED
    assert [duty.due for duty in owed(town)] == [last]
    save(town, site.id, dict.fromkeys(lines_of(C), KEPT) | every(C), kind=C)
    assert owed(town) == []


@pytest.mark.parametrize("state", SiteState)
def test_nothing_is_owed_for_a_site_that_is_not_to_be_used(town: Town, state: SiteState) -> None:
    unchecked(town, state=state)
    expected = 2 if state in {SiteState.APPROVED, SiteState.ACTIVE, SiteState.SUSPENDED} else 0
    assert len(owed(town)) == expected


# --- pages ------------------------------------------------------------------------------------------------


def posted(kind: ChecklistKind, number: int = 1, version: int = 0, **more: Any) -> dict[str, Any]:
    answers: dict[str, Any] = {f"{key}_answer": "yes" for key in lines_of(kind)}
    return answers | {f"{key}_note": "Seen." for key in lines_of(kind)} | {"number": number, "version": version} | more


def test_a_check_is_answered_seen_and_renewed_on_the_pages(town: Town) -> None:
    site = unchecked(town)
    url = f"/sites/{site.id}/checklists"
    browser = town.client("coordinator.library")
    assert browser.get(url).text.count("Not answered yet") == 2
    form = browser.get(f"{url}/authenticity").text
    assert "library@charlton.example. It is an official address." in form
    assert "http://127.0.0.1:8000/guideline" in form
    assert "Still so" not in form
    made = browser.submit(f"{url}/authenticity", posted(A, identity_answer="no", identity_note="No seal yet."))
    assert (made.status_code, made.location) == (303, url)
    page = browser.get(url).text
    assert "Not in order" in page
    assert "No seal yet." in page
    assert "Seen." in browser.get(f"{url}/authenticity/checks/1").text
    line = f"{url}/authenticity/identity"
    assert "It is so now" in browser.get(line).text
    refused = browser.submit(f"{line}/mend", {"number": "1", "version": "1"})
    assert refused.status_code == 422
    assert "Show it: paste a link" in refused.text
    refused = browser.submit(f"{line}/mend", {"number": "1", "version": "1", "note": "Here", "link": "no link"})
    assert (refused.status_code, "Here" in refused.text) == (422, True)
    assert browser.submit(f"{line}/mend", {"number": "1", "version": "1", "note": "There now."}).status_code == 303
    assert browser.submit(f"{line}/mend", {"number": "1", "version": "1", "note": "There now."}).status_code == 409
    assert "There now." in browser.get(line).text
    assert "In order" in browser.get(url).text
    again = browser.get(f"{url}/authenticity").text
    assert again.count("Still so: yes") == len(lines_of(A))
    # Every line takes a tick of its own.
    assert "checked" not in again
    kept = {f"{key}_answer": "kept" for key in lines_of(A)} | {"number": "2", "version": "0"}
    assert browser.submit(f"{url}/authenticity", kept).status_code == 303
    assert browser.submit(f"{url}/authenticity", kept).status_code == 409
    assert "Authenticity, no. 2" in browser.get(url).text


def test_a_refused_check_keeps_what_was_typed_and_a_draft_keeps_it_for_later(town: Town) -> None:
    site = unchecked(town)
    url = f"/sites/{site.id}/checklists/controls"
    browser = town.client("it")
    data = posted(C, apps_answer="", apps_note="I have to ask Cody.", recovery_link="https://x.example/settings")
    refused = browser.submit(url, data)
    assert refused.status_code == 422
    assert "Answer this line." in refused.text
    assert "I have to ask Cody." in refused.text
    assert "https://x.example/settings" in refused.text
    saved = browser.submit(url, data | {"then": "draft"})
    assert (saved.status_code, saved.location) == (303, url)
    colleague = town.client("head.library").get(url).text
    assert "I have to ask Cody." in colleague
    assert colleague.count("As saved: yes") == colleague.count("checked") == len(lines_of(C)) - 1
    assert "Go on with the draft" in browser.get(f"/sites/{site.id}/checklists").text
    assert browser.submit(url, data | {"then": "draft"}).status_code == 409


def test_htmx_is_led_to_the_checklists_after_a_check(town: Town) -> None:
    site = unchecked(town)
    url = f"/sites/{site.id}/checklists"
    answer = town.client("it").submit(f"{url}/controls", posted(C), headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == url


def test_who_opens_which_page(town: Town) -> None:
    site = unchecked(town)
    factories.checks(town, site.id, failing=["identity"])
    url = f"/sites/{site.id}/checklists"
    reading = (url, f"{url}/authenticity/checks/1", f"{url}/authenticity/identity")
    statuses = {
        "coordinator.library": (200, 200, 303, 303),
        "it": (200, 200, 303, 303),
        "administrator": (200, 403, 403, 403),
        "auditor": (200, 403, 403, 403),
        "coordinator.police": (404, 404, 404, 404),
        "employee": (403, 403, 403, 403),
    }
    for box, (read, fill, save_, mend_) in statuses.items():
        browser = town.client(box)
        assert {browser.get(page).status_code for page in reading} == {read}
        assert browser.get(f"{url}/authenticity").status_code == fill
        with database.database.atomic() as undone:
            assert browser.submit(f"{url}/authenticity", posted(A, 2)).status_code == save_
            undone.rollback()
        with database.database.atomic() as undone:
            mended = browser.submit(f"{url}/authenticity/identity/mend", {"number": 1, "version": 1, "note": "x"})
            assert mended.status_code == mend_
            undone.rollback()
    reader = town.client("auditor").get(reading[2]).text
    assert "It is so now" not in reader
    assert "Advise on it" not in reader


def test_it_advises_on_the_page_of_a_line(town: Town) -> None:
    site = unchecked(town)
    line = f"/sites/{site.id}/checklists/controls/recovery"
    browser = town.client("it")
    assert browser.submit(f"{line}/advise", {"text": ""}).status_code == 422
    for _ in range(2):
        assert browser.submit(f"{line}/advise", {"text": "Use the town's mailbox."}).status_code == 303
    for page in (line, f"/sites/{site.id}/checklists", f"/sites/{site.id}/checklists/controls"):
        assert town.client("coordinator.library").get(page).text.count("Use the town&#39;s mailbox.") == 1
    assert town.client("coordinator.library").submit(f"{line}/advise", {"text": "x"}).status_code == 403


@pytest.mark.parametrize(
    "path",
    ["nothing", "authenticity/nothing", "authenticity/checks/7", "authenticity/recovery", "controls/checks/0"],
)
def test_what_is_not_there_is_404(town: Town, path: str) -> None:
    site = factories.site(town)
    assert town.client("it").get(f"/sites/{site.id}/checklists/{path}").status_code == 404
    assert town.client("it").get(f"/sites/999999/checklists/{path}").status_code == 404


def test_steps_are_posted_only_and_closed_sites_are_read_only(town: Town) -> None:
    site = factories.site(town, state=SiteState.DEACTIVATED)
    factories.checks(town, site.id, failing=["identity"])
    url, browser = f"/sites/{site.id}/checklists", town.client("it")
    assert browser.get(f"{url}/authenticity/identity/mend").status_code == 405
    assert browser.get(f"{url}/authenticity/identity/advise").status_code == 405
    assert "Answer it anew" not in browser.get(url).text
    assert "It is so now" not in browser.get(f"{url}/authenticity/identity").text
    assert browser.get(f"{url}/authenticity").status_code == 409
    assert browser.submit(f"{url}/authenticity", posted(A, 2)).status_code == 409
    assert browser.submit(f"{url}/authenticity/identity/advise", {"text": "x"}).status_code == 409


def test_the_words_of_an_answer_are_never_markup(town: Town) -> None:
    site = unchecked(town)
    bad = "<script>alert(1)</script>"
    save(town, site.id, every(A, identity=no(bad), guideline=yes(note=bad, link='https://x.example/"><b>')))
    service.advise(town.actor("it"), site.id, A, "identity", text=bad, clock=town.clock)
    browser, url = town.client("coordinator.library"), f"/sites/{site.id}/checklists"
    for path in ("", "/authenticity", "/authenticity/identity", "/authenticity/guideline", "/authenticity/checks/1"):
        page = browser.get(url + path).text
        assert "&lt;script&gt;alert" in page
        assert bad not in page
        assert '"><b>' not in page


def test_the_history_of_checks_goes_on_by_pages(town: Town) -> None:
    site = unchecked(town)
    for days in range(14, 0, -1):
        factories.checks(town, site.id, kinds=[C], at=town.clock.now() - timedelta(days=days))
    browser, url = town.client("auditor"), f"/sites/{site.id}/checklists"
    first = browser.get(url).text
    assert "no. 14" in first
    assert ">Security controls, no. 2<" not in first
    after = checklist_sheet(town.actor("auditor"), site.id, town.today).earlier
    second = browser.get(f"{url}?after={after}").text
    assert ">Security controls, no. 2<" in second
    assert "no. 14<" not in second


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("", 12),
        ("/authenticity", 8),
        ("/authenticity/identity", 7),
        ("/authenticity/checks/1", 6),
    ],
)
def test_a_page_costs_the_same_at_any_size(town: Town, path: str, expected: int) -> None:
    site, browser = unchecked(town), town.client("it")
    url = f"/sites/{site.id}/checklists{path}"

    def grow(handle: str) -> None:
        save(town, site.id, every(A, identity=no()))
        save(town, site.id, every(C), kind=C)
        factories.site(town, handle=handle)
        service.advise(town.actor("it"), site.id, A, "identity", text=handle, clock=town.clock)

    grow("a")
    browser.get(url)
    counts = []
    for _ in range(2):
        with count_queries() as counted:
            assert browser.get(url).status_code == 200
        counts.append(counted.count)
        for number in range(8):
            grow(f"b{len(counts)}{number}")
    assert counts == [expected, expected]


def test_what_is_owed_costs_the_same_at_any_size(town: Town) -> None:
    counts = []
    for size in (1, 12):
        for number in range(size):
            site = unchecked(town, handle=f"h{size}{number}")
            factories.checks(town, site.id, kinds=[C], failing=["recovery"])
        with count_queries() as counted:
            owed(town)
        counts.append(counted.count)
    assert counts[0] == counts[1]


# --- demo -------------------------------------------------------------------------------------------------


def test_the_demo_shows_every_standing_and_a_duty_of_each_kind(town: Town) -> None:
    demo_sites.load(town.clock, town.parts.store)
    before = town.clock.at
    demo_checklists.load(town.clock, town.parts.store)
    assert town.clock.at == before
    approved = Site.select().where(Site.state.in_((SiteState.APPROVED, SiteState.ACTIVE, SiteState.SUSPENDED)))
    standings = standing_of([site.id for site in approved], town.today)
    assert {found.state for both in standings.values() for found in both.values()} == set(ChecklistState)
    assert {duty.kind for duty in owed(town)} == set(duties.KINDS)
    assert ChecklistRun.select().where(~ChecklistRun.complete).count() == 1
    assert not ChecklistRun.select().where(ChecklistRun.answered_at > before).exists()
    reader = town.client("administrator")
    for site in Site.select():
        assert reader.get(f"/sites/{site.id}/checklists").status_code == 200
    assert audit.verify().fault is None
