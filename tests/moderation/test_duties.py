"""What cases make people owe: the right person, the right day, and few lines however many posts."""

from datetime import date, timedelta

import pytest
from playhouse.test_utils import count_queries

from charlton_intranet.core.duties import Duty, Scope
from charlton_intranet.moderation import service
from charlton_intranet.moderation.duties.steps import owed
from tests.conftest import Town
from tests.moderation import factories


def duties(town: Town, box: str | None = None) -> list[Duty]:
    scope = Scope(town.today, town.actor(box) if box else None)
    found = [duty for duty in owed(scope) if scope.actor is None or duty.owner.is_held_by(scope.actor)]
    return sorted(found, key=lambda duty: (duty.due, duty.kind.name, duty.subject))


def test_what_waits_in_triage_is_one_duty_of_the_coordinator(town: Town) -> None:
    for n in range(3):
        factories.case(town, f"Post {n}")
        town.clock.advance(days=1)
    [duty] = duties(town, "coordinator.library")
    assert (duty.title, duty.due, duty.clause) == (
        "3 posts wait to be looked at (Library)",
        date(2026, 11, 24),
        "3.6-1",
    )
    assert (duty.subject, duty.url) == (f"department:{town.department_id('Library')}", "/triage?state=open")
    for other in ("coordinator.police", "head.library", "administrator", "auditor"):
        assert duties(town, other) == []


def test_each_later_step_is_owed_by_its_role_and_leads_to_the_case(town: Town) -> None:
    asked, advised, ordered = factories.consulting(town), factories.advised(town), factories.determined(town)
    factories.closed(town)
    found = {
        box: [(duty.kind.name, duty.clause, duty.url, duty.due.day) for duty in duties(town, box)]
        for box in ("head.library", "administrator", "coordinator.library", "coordinator.police", "head.police")
    }
    assert found == {
        "head.library": [("advise_case", "3.6-4", f"/triage/{asked.id}", 24)],
        "administrator": [("determine_case", "3.6-4", f"/triage/{advised.id}", 25)],
        "coordinator.library": [("carry_out_case", "3.7-3", f"/triage/{ordered.id}#now", 24)],
        "coordinator.police": [],
        "head.police": [],
    }
    assert len(duties(town)) == 3


def test_late_advice_also_gives_the_administrator_something_to_do(town: Town) -> None:
    case = factories.consulting(town)
    town.clock.advance(days=1)
    assert duties(town, "administrator") == []
    town.clock.advance(days=1)
    [duty] = duties(town, "administrator")
    assert duty.title.startswith("Go on without the head's advice: case")
    assert duty.due == date(2026, 11, 27)  # two business days after the 24th, over Thanksgiving
    assert [d.due for d in duties(town, "head.library")] == [date(2026, 11, 24)]
    service.note_no_answer(town.actor("administrator"), case.id, case.version, clock=town.clock)
    assert [d.kind.name for d in duties(town)] == ["determine_case"]


def test_nothing_is_owed_for_what_is_over(town: Town) -> None:
    case = factories.case(town)
    service.dismiss(factories.coordinator(town), case.id, case.version, clock=town.clock)
    factories.closed(town)
    assert duties(town) == []


@pytest.mark.parametrize("box", [None, "administrator", "coordinator.library", "head.library"])
def test_duties_cost_the_same_however_many_cases_there_are(town: Town, box: str | None) -> None:
    costs = []
    for _ in range(2):
        for n in range(3):
            factories.consulting(town, f"{factories.WORDS} {n}")
            factories.case(town, f"Post {n}")
        town.clock.advance(days=1)
        scope = Scope(town.today + timedelta(days=30), town.actor(box) if box else None)
        with count_queries() as counted:
            list(owed(scope))
        costs.append(counted.count)
    assert costs[0] == costs[1] <= 4
