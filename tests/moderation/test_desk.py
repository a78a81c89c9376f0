"""Claims, snoozes and their one Undo, kept views: what each press does, for whom, and what it leaves alone."""

from datetime import timedelta
from typing import Any

import pytest

from charlton_intranet.accounts.models import Person
from charlton_intranet.accounts.rules import PersonState
from charlton_intranet.core.errors import Forbidden, Invalid, NotFound, StaleState
from charlton_intranet.moderation import queries, service
from charlton_intranet.moderation.models import Case, Claim, SavedView, Snooze
from charlton_intranet.moderation.queries import SNOOZED, QueueFilter
from charlton_intranet.moderation.rules import CaseState
from charlton_intranet.moderation.rules.desk import Claimed, Press
from tests.conftest import Town
from tests.moderation import factories


def claim(town: Town, case: Case, box: str = "coordinator.library", *, seen: int | None = None) -> None:
    service.claim(town.actor(box), case.id, factories.again(case).version, seen=seen, clock=town.clock)


def whose(town: Town, case: Case) -> str:
    found = queries.claim_of(case.id, town.clock.now())
    return found.name if found else ""


def snooze(town: Town, case: Case, days: int = 3, reason: str = "Asked the poster", **other: Any) -> None:
    until = town.today + timedelta(days=days)
    service.snooze(
        factories.coordinator(town), case.id, factories.again(case).version, until=until, reason=reason,
        clock=town.clock, **other,
    )  # fmt: skip


def in_tab(town: Town, tab: str = CaseState.OPEN, box: str = "coordinator.library", **wanted: Any) -> list[int]:
    page = queries.queue_page(town.actor(box), QueueFilter(tab, **wanted), now=town.clock.now())
    return [row.id for row in page.rows]


def counts(town: Town, **wanted: Any) -> dict[str, int]:
    page = queries.queue_page(factories.coordinator(town), QueueFilter(**wanted), now=town.clock.now())
    return {tab: number for tab, number in page.counts.items() if number}


def ticked(*cases: Case) -> list[tuple[int, int]]:
    return [(case.id, factories.again(case).version) for case in cases]


# --- claims -----------------------------------------------------------------------------------------------


def test_a_claim_shows_in_the_row_and_narrows_the_list(town: Town) -> None:
    mine, free = factories.case(town), factories.case(town)
    claim(town, mine)
    assert in_tab(town, claimed=Claimed.ME) == [mine.id]
    assert in_tab(town, claimed=Claimed.NOBODY) == [free.id]
    assert in_tab(town, box="administrator", claimed=Claimed.ME) == []
    (row,) = queries.queue_rows(town.actor("administrator"), [mine.id], now=town.clock.now())
    assert (row.claimed_by, row.claimed_by_id) == ("Cody Barnes", town.person_id("coordinator.library"))


def test_taking_over_needs_to_have_seen_whose_it_is(town: Town) -> None:
    case = factories.case(town)
    claim(town, case)
    with pytest.raises(StaleState, match="Cody Barnes has claimed"):
        claim(town, case, "administrator")
    standing = queries.claim_of(case.id, town.clock.now())
    assert standing is not None
    claim(town, case, "administrator", seen=standing.id)
    assert whose(town, case) == town.actor("administrator").name
    with pytest.raises(StaleState):
        claim(town, case, seen=standing.id)


def test_claiming_again_and_releasing_twice_do_no_harm(town: Town) -> None:
    case = factories.case(town)
    claim(town, case)
    claim(town, case)
    assert Claim.select().where(Claim.ended_at.is_null()).count() == 1
    for _ in range(2):
        service.release(factories.coordinator(town), case.id, clock=town.clock)
        assert whose(town, case) == ""


def test_nobody_releases_what_is_somebody_elses(town: Town) -> None:
    case = factories.case(town)
    claim(town, case)
    service.release(town.actor("administrator"), case.id, clock=town.clock)
    assert whose(town, case) == "Cody Barnes"


def test_a_claim_lapses_with_time_and_with_the_account(town: Town) -> None:
    old, left = factories.case(town), factories.case(town)
    claim(town, old)
    town.clock.advance(days=3)
    claim(town, left)
    assert (whose(town, old), whose(town, left)) == ("", "Cody Barnes")
    Person.update(state=PersonState.DISABLED).where(Person.id == town.person_id("coordinator.library")).execute()
    assert in_tab(town, box="administrator", claimed=Claimed.NOBODY) == [old.id, left.id]
    claim(town, left, "administrator")
    assert whose(town, left) == town.actor("administrator").name


@pytest.mark.parametrize(
    ("box", "refusal"),
    [("coordinator.police", NotFound), ("head.library", Forbidden), ("auditor", Forbidden), ("employee", NotFound)],
)
@pytest.mark.parametrize("press", ["claim", "release", "snooze", "wake", "claim_many", "snooze_many", "undo_batch"])
def test_only_who_triages_the_department_presses(town: Town, box: str, refusal: type[Exception], press: str) -> None:
    case, actor = factories.case(town), town.actor(box)
    batch = service.claim_many(factories.coordinator(town), ticked(factories.case(town)), clock=town.clock).batch
    facts: dict[str, Any] = {"until": town.today + timedelta(days=2), "reason": "Asked"} if "snooze" in press else {}
    arguments: dict[str, tuple[Any, ...]] = {
        "claim": (case.id, 1), "snooze": (case.id, 1), "release": (case.id,), "wake": (case.id,),
        "undo_batch": (batch,),
    }  # fmt: skip
    if press == "claim":
        facts["seen"] = None
    with pytest.raises(refusal):
        getattr(service, press)(actor, *arguments.get(press, (ticked(case),)), **facts, clock=town.clock)
    assert whose(town, case) == ""
    assert counts(town) == {CaseState.OPEN: 2}


# --- snoozes ----------------------------------------------------------------------------------------------


def test_a_snoozed_case_waits_in_its_own_tab_and_comes_back_on_the_day(town: Town) -> None:
    case, other = factories.case(town), factories.case(town)
    snooze(town, case, days=3)
    assert (in_tab(town), in_tab(town, SNOOZED)) == ([other.id], [case.id])
    assert counts(town) == {CaseState.OPEN: 1, SNOOZED: 1} == counts(town, words="burn")
    town.clock.advance(days=2)
    assert in_tab(town, SNOOZED) == [case.id]
    town.clock.advance(days=1)
    assert (in_tab(town), in_tab(town, SNOOZED)) == ([case.id, other.id], [])
    assert counts(town) == {CaseState.OPEN: 2}


def test_a_snooze_leaves_the_day_the_case_is_due(town: Town) -> None:
    case = factories.case(town)
    snooze(town, case, days=10)
    assert factories.again(case).due_on == case.due_on
    assert factories.again(case).version == case.version


def test_waking_brings_it_back_at_once_and_twice_is_once(town: Town) -> None:
    case = factories.case(town)
    snooze(town, case)
    for _ in range(2):
        service.wake(factories.coordinator(town), case.id, clock=town.clock)
    assert in_tab(town) == [case.id]


def test_a_second_snooze_takes_the_place_of_the_first(town: Town) -> None:
    case = factories.case(town)
    snooze(town, case, days=3)
    snooze(town, case, days=9, reason="Still no answer")
    found = queries.snooze_of(case.id, town.clock.now())
    assert found is not None
    assert (found.until, found.reason) == (town.today + timedelta(days=9), "Still no answer")


@pytest.mark.parametrize(
    "state", [CaseState.ADVISED, CaseState.CLOSED, CaseState.CONSULTING, CaseState.DETERMINED, CaseState.DISMISSED]
)
def test_what_has_a_clock_of_the_law_can_not_be_snoozed(town: Town, state: CaseState) -> None:
    case = factories.in_state(town, state)
    with pytest.raises(Invalid, match="Only an open case can be snoozed"):
        snooze(town, case)
    batch = service.snooze_many(
        factories.coordinator(town), ticked(case), until=town.today + timedelta(days=2), reason="x", clock=town.clock
    )
    assert (batch.done, batch.stale) == ((), (case.id,))
    assert not Snooze.select().exists()


@pytest.mark.parametrize(
    ("days", "reason", "field"),
    [
        (0, "Asked", "until"),
        (-1, "Asked", "until"),
        (31, "Asked", "until"),
        (3, " ", "reason"),
        (3, "x" * 301, "reason"),
    ],
)
def test_a_snooze_that_does_not_fit_is_refused_by_its_field(town: Town, days: int, reason: str, field: str) -> None:
    case = factories.case(town)
    with pytest.raises(Invalid) as refusal:
        snooze(town, case, days, reason)
    assert set(refusal.value.problems) == {field}
    assert in_tab(town) == [case.id]


def test_a_case_that_moved_on_meanwhile_is_not_snoozed(town: Town) -> None:
    case = factories.case(town)
    service.dismiss(factories.coordinator(town), case.id, case.version, clock=town.clock)
    with pytest.raises(StaleState):
        service.snooze(
            factories.coordinator(town), case.id, case.version, until=town.today + timedelta(days=2), reason="x",
            clock=town.clock,
        )  # fmt: skip


# --- many at once, one undo -------------------------------------------------------------------------------


def many(town: Town, press: Press, *cases: Case) -> service.Batch:
    actor, chosen = factories.coordinator(town), ticked(*cases)
    if press is Press.SNOOZE:
        return service.snooze_many(
            actor, chosen, until=town.today + timedelta(days=4), reason="Asked", clock=town.clock
        )
    return getattr(service, f"{press}_many")(actor, chosen, clock=town.clock)  # type: ignore[no-any-return]


def standing(town: Town, *cases: Case) -> list[tuple[CaseState, str, bool]]:
    return [
        (factories.again(case).state, whose(town, case), queries.snooze_of(case.id, town.clock.now()) is not None)
        for case in cases
    ]


@pytest.mark.parametrize("press", list(Press))
def test_one_undo_takes_back_a_press_on_many_half_a_year_later(town: Town, press: Press) -> None:
    cases = [factories.case(town) for _ in range(3)]
    if press is Press.RELEASE:
        many(town, Press.CLAIM, *cases)
    if press is Press.WAKE:
        town.clock.advance(days=-3)
        many(town, Press.SNOOZE, *cases)
    before = standing(town, *cases)
    batch = many(town, press, *cases)
    assert batch.done == tuple(case.id for case in cases)
    assert standing(town, *cases) != before
    assert queries.press_count(batch.batch) == 3
    if press in {Press.DISMISS, Press.CLAIM, Press.SNOOZE}:
        town.clock.advance(days=180)
    assert service.undo_batch(factories.coordinator(town), batch.batch, clock=town.clock) == 3
    assert standing(town, *cases) == before
    assert queries.press_count(batch.batch) == 0
    assert service.undo_batch(factories.coordinator(town), batch.batch, clock=town.clock) == 0


def test_undo_leaves_what_somebody_has_done_since(town: Town) -> None:
    cases = [factories.case(town) for _ in range(2)]
    batch = many(town, Press.CLAIM, *cases)
    found = queries.claim_of(cases[0].id, town.clock.now())
    assert found is not None
    claim(town, cases[0], "administrator", seen=found.id)
    assert queries.press_count(batch.batch) == 1
    assert service.undo_batch(factories.coordinator(town), batch.batch, clock=town.clock) == 1
    assert [whose(town, case) for case in cases] == [town.actor("administrator").name, ""]


def test_undoing_a_release_does_not_take_a_case_from_who_claimed_it_since(town: Town) -> None:
    case = factories.case(town)
    claim(town, case)
    batch = many(town, Press.RELEASE, case)
    claim(town, case, "administrator")
    assert service.undo_batch(factories.coordinator(town), batch.batch, clock=town.clock) == 0
    assert whose(town, case) == town.actor("administrator").name


def test_a_bulk_claim_leaves_and_names_what_is_somebodys(town: Town) -> None:
    taken, free, asked = factories.case(town), factories.case(town), factories.consulting(town)
    claim(town, taken, "administrator")
    batch = many(town, Press.CLAIM, taken, free, asked)
    assert (batch.done, batch.stale) == ((free.id, asked.id), (taken.id,))


def test_rows_that_were_seen_before_a_change_are_left(town: Town) -> None:
    case = factories.case(town)
    chosen = [(case.id, case.version - 1)]
    for press in (service.claim_many, service.release_many, service.wake_many):
        assert press(factories.coordinator(town), chosen, clock=town.clock).stale == (case.id,)


# --- kept views -------------------------------------------------------------------------------------------


def test_a_view_is_kept_replaced_renamed_and_removed_by_its_owner(town: Town) -> None:
    me, other = factories.coordinator(town), town.actor("administrator")
    first = service.save_view(me, " Mine ", "state=open&claimed=me")
    assert service.save_view(me, "Mine", "state=snoozed") == first
    second = service.save_view(me, "Urgent", "urgent=1")
    assert [(v.name, v.query) for v in queries.views_of(me.person_id)] == [
        ("Mine", "state=snoozed"), ("Urgent", "urgent=1"),
    ]  # fmt: skip
    with pytest.raises(Invalid, match="already"):
        service.rename_view(me, second, "Mine")
    service.rename_view(me, second, "All that is urgent")
    for press in (lambda: service.rename_view(other, first, "x"), lambda: service.remove_view(other, first)):
        with pytest.raises(NotFound):
            press()
    service.remove_view(me, first)
    assert [v.name for v in queries.views_of(me.person_id)] == ["All that is urgent"]
    assert queries.views_of(other.person_id) == []


@pytest.mark.parametrize(("name", "query"), [(" ", "a=1"), ("x" * 61, "a=1"), ("Long", "a=" + "x" * 4000)])
def test_a_view_that_does_not_fit_is_refused(town: Town, name: str, query: str) -> None:
    with pytest.raises(Invalid):
        service.save_view(factories.coordinator(town), name, query)
    assert not SavedView.select().exists()


def test_views_stay_a_handful(town: Town) -> None:
    me = factories.coordinator(town)
    for number in range(20):
        service.save_view(me, f"View {number}", "urgent=1")
    with pytest.raises(Invalid, match="20 views"):
        service.save_view(me, "One more", "urgent=1")
    service.save_view(me, "View 3", "state=closed")
    assert SavedView.select().count() == 20
