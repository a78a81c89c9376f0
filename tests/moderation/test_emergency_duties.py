"""What emergency hides, orders to restore and refused orders make people owe; and the demo that shows them all."""

from datetime import date, timedelta

import pytest
from playhouse.test_utils import count_queries

from charlton_intranet.core import audit
from charlton_intranet.core.duties import Scope
from charlton_intranet.demo import emergencies as demo
from charlton_intranet.demo import sites as demo_sites
from charlton_intranet.evidence import fixity
from charlton_intranet.moderation import service
from charlton_intranet.moderation.duties import emergency
from charlton_intranet.moderation.models import EmergencyHide, OrderObstacle, RestoreOrder
from charlton_intranet.moderation.rules import Outcome
from charlton_intranet.moderation.rules.emergency import EmergencyState, RestoreState
from tests.conftest import Town
from tests.moderation import emergency_factories as emergencies
from tests.moderation import factories

Owed = list[tuple[str, str, date]]


def owed(town: Town, box: str) -> Owed:
    actor = town.actor(box)
    found = [duty for duty in emergency.owed(Scope(town.today, actor)) if duty.owner.is_held_by(actor)]
    return sorted((duty.kind.name, duty.url, duty.due) for duty in found)


def everybodys(town: Town) -> dict[str, Owed]:
    boxes = ("administrator", "coordinator.library", "coordinator.police", "head.library", "it")
    return {box: duties for box in boxes if (duties := owed(town, box))}


def test_a_hide_owes_its_picture_today_and_its_decision_in_two_days(town: Town) -> None:
    case = emergencies.hide(town)
    url = f"/triage/{case.id}"
    decide = [("decide_emergency", url, date(2026, 11, 25))]
    assert everybodys(town) == {
        "administrator": decide,
        "coordinator.library": [("prove_hide", f"{url}#emergency", date(2026, 11, 23))],
    }
    emergencies.prove(town, case)
    assert everybodys(town) == {"administrator": decide}


@pytest.mark.parametrize("outcome", [Outcome.HIDE, Outcome.REMOVE])
def test_nothing_more_is_owed_once_it_is_confirmed(town: Town, outcome: Outcome) -> None:
    emergencies.decided(town, emergencies.hide(town), outcome)
    assert everybodys(town) == {}


def test_what_goes_back_is_owed_by_the_coordinator_until_it_is_back(town: Town) -> None:
    case = emergencies.flagged(town)
    found = everybodys(town)
    assert list(found) == ["coordinator.library"]
    [(kind, url, due)] = found["coordinator.library"]
    assert (kind, url, due) == ("restore_case", f"/triage/{case.id}#restore-emergency", date(2026, 11, 30))
    page, _, form = url.partition("#")
    assert f'id="{form}"' in town.client("coordinator.library").get(page).text
    emergencies.restore(town, case)
    assert everybodys(town) == {}


def test_a_refused_order_is_the_administrators_until_it_is_carried_out(town: Town) -> None:
    case = factories.determined(town)
    for _ in range(2):
        service.report_obstacle(
            factories.coordinator(town), case.id, factories.again(case).version, what="Gray button.",
            reported="No. 1", clock=town.clock,
        )  # fmt: skip
        town.clock.advance(days=1)
    assert everybodys(town) == {"administrator": [("obstructed_order", f"/triage/{case.id}", date(2026, 11, 25))]}
    service.carry_out(
        factories.coordinator(town), case.id, factories.again(case).version,
        upload=factories.upload(town, "white"), clock=town.clock,
    )  # fmt: skip
    assert everybodys(town) == {}


@pytest.mark.parametrize("box", [None, "administrator", "coordinator.library", "head.library"])
def test_duties_cost_the_same_however_many_there_are(town: Town, box: str | None) -> None:
    costs = []
    for _ in range(2):
        for _ in range(2):
            emergencies.flagged(town)
            emergencies.standing(town)
        scope = Scope(town.today + timedelta(days=30), town.actor(box) if box else None)
        with count_queries() as counted:
            list(emergency.owed(scope))
        costs.append(counted.count)
    assert costs[0] == costs[1] <= 5


@pytest.mark.parametrize("days", [0, 2, 4, 5, 6])
def test_the_demo_shows_every_state_on_any_day_of_the_week(town: Town, days: int) -> None:
    town.clock.advance(days=days)
    end = town.clock.at
    demo_sites.load(town.clock, town.parts.store)
    demo.load(town.clock, town.parts.store)
    assert town.clock.at == end
    assert {hide.state for hide in EmergencyHide.select()} == set(EmergencyState) - {EmergencyState.ENDED}
    assert {order.state for order in RestoreOrder.select()} == {RestoreState.ORDERED, RestoreState.DONE}
    assert OrderObstacle.select().count() == 1
    assert {duty.kind for duty in emergency.owed(Scope(town.today))} == set(emergency.KINDS)
    assert not any(hide.ordered_at > end for hide in EmergencyHide.select())
    assert fixity.check(town.parts.store).faults == []
    assert audit.verify().fault is None
