from collections.abc import Iterable
from datetime import date, timedelta

import pytest

from charlton_intranet.core.duties import Duty, Kind, Owner, Register, Scope, Urgency, rung
from charlton_intranet.core.permissions import Actor, Held, Role

DUE = date(2026, 11, 23)
WEEKLY = Kind(name="test", clause="3.6-1", action="Do it")


def duty(subject: str = "site:1", due: date = DUE, owner: Owner | None = None) -> Duty:
    return Duty(WEEKLY, subject, "Do it", owner or Owner(role=Role.IT), due, "/")


@pytest.mark.parametrize(
    ("days", "urgency"),
    [(-1, Urgency.OVERDUE), (0, Urgency.TODAY), (1, Urgency.WEEK), (7, Urgency.WEEK), (8, Urgency.LATER)],
)
def test_urgency_counts_from_today(days: int, urgency: Urgency) -> None:
    assert duty().urgency(DUE - timedelta(days=days)) is urgency


@pytest.mark.parametrize(
    ("late", "reached"),
    [
        (-30, None), (-15, None), (-14, -14), (-13, -14), (-8, -14), (-7, -7), (-2, -7), (-1, -1),
        (0, 0), (1, 0), (6, 0), (7, 7), (13, 7), (14, 14), (365, 364),
    ],
)  # fmt: skip
def test_a_rung_stays_reached_until_the_next(late: int, reached: int | None) -> None:
    assert rung(WEEKLY.shipped, DUE, DUE + timedelta(days=late)) == reached


def test_a_rung_of_a_closed_day_gives_way_to_the_next_one() -> None:
    """No reminder goes out at weekends (the day before is a Sunday) or in an outage: no rung comes twice or back."""
    open_days = [d for n in range(-20, 31) if (d := DUE + timedelta(days=n)).weekday() < 5 and n not in {-7, -6, -5}]
    met = [rung(WEEKLY.shipped, DUE, day) for day in open_days]
    assert list(dict.fromkeys(met)) == [None, -14, -7, 0, 7, 14, 21, 28]
    assert met == sorted(met, key=lambda r: -99 if r is None else r)


@pytest.mark.parametrize(
    ("owner", "owes"),
    [
        (Owner(person_id=7), True),
        (Owner(person_id=8), False),
        (Owner(role=Role.DEPARTMENT_HEAD, department_id=2), True),
        (Owner(role=Role.DEPARTMENT_HEAD, department_id=3), False),
        (Owner(role=Role.COORDINATOR, department_id=2), False),
        (Owner(role=Role.ADMINISTRATOR), False),
    ],
)
@pytest.mark.parametrize("acting", [False, True])
def test_whoever_holds_the_office_owes_what_it_owes(owner: Owner, owes: object, acting: object) -> None:
    actor = Actor(7, "Helen", held=frozenset({Held(Role.DEPARTMENT_HEAD, 2, bool(acting))}))
    assert owner.is_held_by(actor) is owes


def test_the_register_sorts_and_narrows_what_producers_give() -> None:
    head = Owner(role=Role.DEPARTMENT_HEAD, department_id=2)

    def one(_scope: Scope) -> Iterable[Duty]:
        return [duty("b", DUE, head), duty("later", DUE + timedelta(days=30), head)]

    def two(_scope: Scope) -> Iterable[Duty]:
        return [duty("a", DUE), duty("first", DUE - timedelta(days=1), head)]

    register = Register([one, two])
    assert [d.subject for d in register.owed(Scope(DUE))] == ["first", "a", "b", "later"]
    actor = Actor(7, "Helen", held=frozenset({Held(Role.DEPARTMENT_HEAD, 2)}))
    mine = register.owed(Scope(DUE, actor, until=DUE))
    assert [d.subject for d in mine] == ["first", "b"]
