"""What restrictions and links make people owe, day by day."""

from datetime import date, timedelta

import pytest

from charlton_intranet.core.duties import Scope
from charlton_intranet.moderation.duties.restrictions import (
    CARRY_OUT,
    CONFIRM,
    DECIDE,
    LIFT,
    REVIEW,
    VIEW,
    owed,
)
from charlton_intranet.moderation.rules.contributors import RestrictionState
from tests.conftest import Town
from tests.moderation import contributors_factories as made

S = RestrictionState
TODAY = date(2026, 11, 23)


def all_owed(town: Town) -> set[tuple[str, date]]:
    return {(duty.kind.name, duty.due) for duty in owed(Scope(town.today))}


def mine(town: Town, box: str) -> set[str]:
    actor = town.actor(box)
    return {duty.kind.name for duty in owed(Scope(town.today, actor)) if duty.owner.is_held_by(actor)}


@pytest.mark.parametrize(
    ("state", "duties"),
    [
        (S.PROPOSED, {(VIEW.name, date(2026, 11, 24))}),
        (S.APPROVED, {(CARRY_OUT.name, date(2026, 11, 24))}),
        (S.IN_FORCE, {(REVIEW.name, date(2026, 12, 16)), (LIFT.name, date(2026, 12, 23))}),
        (S.LIFTING, {(LIFT.name, date(2026, 11, 24))}),
        (S.DECLINED, set()),
        (S.WITHDRAWN, set()),
        (S.LIFTED, set()),
        (S.ENDED, set()),
    ],
)
def test_each_state_makes_somebody_owe_its_next_step(
    town: Town, state: RestrictionState, duties: set[tuple[str, date]]
) -> None:
    made.in_state(town, state)
    assert all_owed(town) == duties


def test_each_step_is_owed_by_its_office_in_its_department(town: Town) -> None:
    found = made.propose(town)
    assert mine(town, "head.library") == {VIEW.name}
    assert mine(town, "head.police") == mine(town, "administrator") == set()
    found = made.decide(town, made.viewed(town, made.upheld(town, 3, handle="@other")))
    assert found.state is S.APPROVED
    assert mine(town, "coordinator.library") == {CARRY_OUT.name}
    assert mine(town, "coordinator.police") == set()


def test_a_view_that_is_late_gives_the_administrator_the_way_on(town: Town) -> None:
    made.propose(town)
    town.clock.advance(days=2)
    assert all_owed(town) == {(VIEW.name, date(2026, 11, 24)), (DECIDE.name, date(2026, 11, 27))}


def test_a_reversed_ground_asks_for_a_review_at_once_until_it_is_done(town: Town) -> None:
    cases = made.upheld(town, 4)
    found = made.in_force(town, cases)
    made.take_back(town, cases[0])
    assert (REVIEW.name, town.today) in all_owed(town)
    assert mine(town, "administrator") == {REVIEW.name}
    made.review(town, found, stays=True)
    assert all_owed(town) == {(LIFT.name, date(2026, 12, 23))}


def test_a_reversed_ground_comes_before_carrying_out(town: Town) -> None:
    cases = made.upheld(town, 3)
    made.approved(town, cases)
    made.take_back(town, cases[0])
    assert {name for name, _ in all_owed(town)} == {REVIEW.name}


def test_a_link_waits_for_the_administrator(town: Town) -> None:
    [one] = made.upheld(town)
    made.upheld(town, handle="@burner2")
    made.link(town, made.writer(one), "@burner2")
    assert mine(town, "administrator") == {CONFIRM.name}
    assert mine(town, "coordinator.library") == set()
    assert all_owed(town) == {(CONFIRM.name, town.today + timedelta(days=2))}
