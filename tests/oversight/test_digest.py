"""Reminders: everybody hears of each rung once, whatever happens to clocks, processes and machines."""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from playhouse.test_utils import count_queries

from charlton_intranet.accounts.models import Closure, Person
from charlton_intranet.accounts.queries import business_calendar
from charlton_intranet.accounts.rules import PersonState
from charlton_intranet.accounts.service import assign
from charlton_intranet.core import database
from charlton_intranet.core.clock import TOWN_ZONE, town_time
from charlton_intranet.core.database import unit_of_work
from charlton_intranet.core.duties import Kind, rung
from charlton_intranet.core.permissions import SYSTEM, Role
from charlton_intranet.demo import cast
from charlton_intranet.mail import service as mail
from charlton_intranet.mail.models import OutboxMessage
from charlton_intranet.oversight.jobs import send_digests
from charlton_intranet.oversight.models import DigestDay, Reminder
from charlton_intranet.parts import Parts
from tests.conftest import Town
from tests.oversight.factories import REVIEW, Ledger, duty

MONDAY = date(2026, 11, 23)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """A moment on the clock at Town Hall."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=TOWN_ZONE).astimezone(UTC)


def digests() -> list[OutboxMessage]:
    return list(OutboxMessage.select().where(OutboxMessage.kind == "digest").order_by(OutboxMessage.id))


def told(*, clear: bool = False) -> dict[str, str]:
    """The text of each digest by mailbox; with ``clear`` they are taken out, so the next call shows what is new."""
    found = {message.recipient.partition("@")[0]: message.text for message in digests()}
    if clear:
        OutboxMessage.delete().execute()
    return found


def test_the_owner_gets_one_mail_with_everything_that_reached_a_rung(town: Town) -> None:
    late, today, soon = MONDAY - timedelta(days=2), MONDAY, MONDAY + timedelta(days=7)
    ledger = Ledger(duty(late), duty(today, number=2), duty(soon, number=3))
    assert send_digests(ledger.parts(town.parts)) == "Queued 1 digest."
    (message,) = digests()
    assert message.subject == "3 things for the town's social media: 1 overdue, 1 due today"
    assert message.recipient == "coordinator.library@charlton.example"
    for words in (
        "Review of the Library page 1", "Overdue since Sat, Nov 21, 2026, clause 3.6-1", "http://127.0.0.1:8000/sites/1",
        "Due today, Mon, Nov 23, 2026", "Due Mon, Nov 30, 2026",
    ):  # fmt: skip
        assert words in message.text
    assert "Late with others" not in message.text
    assert 'href="http://127.0.0.1:8000/sites/1"' in message.html
    assert "Overdue since Sat, Nov 21, 2026, clause 3.6-1" in message.html


def test_nothing_goes_out_before_the_first_rung_of_the_ladder(town: Town) -> None:
    ledger = Ledger(duty(MONDAY + timedelta(days=8)))
    assert send_digests(ledger.parts(town.parts)) == "Queued 0 digests."
    assert digests() == []


def test_not_before_eight_nor_on_a_day_off(town: Town) -> None:
    parts = Ledger(duty(MONDAY)).parts(town.parts)
    Closure.insert(day=MONDAY + timedelta(days=1), reason="Snow day").execute()
    for moment in (at(MONDAY, 7, 59), at(MONDAY + timedelta(days=1), 9), at(MONDAY + timedelta(days=5), 9)):
        town.clock.at = moment
        assert send_digests(parts) == ""
    assert digests() == []
    town.clock.at = at(MONDAY + timedelta(days=2), 8)
    assert send_digests(parts) == "Queued 1 digest."


def test_a_rung_reached_on_a_weekend_goes_out_on_monday(town: Town) -> None:
    saturday = MONDAY + timedelta(days=5)
    parts = Ledger(duty(saturday + timedelta(days=7))).parts(town.parts)
    town.clock.at = at(saturday, 9)
    assert send_digests(parts) == ""
    town.clock.at = at(saturday + timedelta(days=2), 9)
    assert send_digests(parts) == "Queued 1 digest."


def test_the_same_rung_is_never_told_twice_and_the_next_one_is(town: Town) -> None:
    parts = Ledger(duty(MONDAY + timedelta(days=4))).parts(town.parts)
    days_told = []
    for day in range(5):
        town.clock.at = at(MONDAY + timedelta(days=day), 8)
        send_digests(parts)
        days_told.append(len(told(clear=True)))
    # Rung 7 stands from Monday to Wednesday, rung 1 falls on Thanksgiving, rung 0 on Friday.
    assert days_told == [1, 0, 0, 0, 1]


def test_a_new_due_date_starts_a_new_ladder(town: Town) -> None:
    send_digests(Ledger(duty(MONDAY)).parts(town.parts))
    told(clear=True)
    town.clock.at = at(MONDAY + timedelta(days=1), 8)
    assert send_digests(Ledger(duty(MONDAY + timedelta(days=1))).parts(town.parts)) == "Queued 1 digest."


def test_what_comes_up_during_the_day_waits_for_the_next_digest(town: Town) -> None:
    ledger = Ledger()
    parts = ledger.parts(town.parts)
    town.clock.at = at(MONDAY, 8)
    send_digests(parts)
    ledger.duties.append(duty(MONDAY + timedelta(days=1)))
    town.clock.at = at(MONDAY, 10)
    assert send_digests(parts) == ""
    town.clock.at = at(MONDAY + timedelta(days=1), 8)
    assert send_digests(parts) == "Queued 1 digest."


@pytest.mark.parametrize(
    ("late", "boxes"),
    [
        (2, {"coordinator.library"}),
        (3, {"coordinator.library", "head.library"}),
        (6, {"coordinator.library", "head.library", "administrator"}),
    ],
)
def test_late_things_reach_the_head_and_then_the_administrator(town: Town, late: int, boxes: set[str]) -> None:
    send_digests(Ledger(duty(MONDAY - timedelta(days=late))).parts(town.parts))
    found = told()
    assert found.keys() == boxes
    for box in boxes - {"coordinator.library"}:
        assert "Owed by Cody Barnes (Social Media Coordinator, Library)" in found[box]
        assert "Yours to do" not in found[box]
    assert "Owed by" not in found["coordinator.library"]


def test_an_owner_who_also_listens_hears_once_and_as_the_owner(town: Town) -> None:
    owed = duty(MONDAY - timedelta(days=6), role=Role.DEPARTMENT_HEAD)
    send_digests(Ledger(owed).parts(town.parts))
    found = told()
    assert found["head.library"].count("Review of the Library page") == 1
    assert "Yours to do" in found["head.library"]


def test_the_towns_own_duties_have_no_head_and_reach_the_administrator(town: Town) -> None:
    owed = duty(MONDAY - timedelta(days=6), role=Role.IT, department=None)
    send_digests(Ledger(owed).parts(town.parts))
    assert told().keys() == {"it", "administrator"}


def test_a_confidential_record_does_not_reach_a_head_who_may_not_read_it(town: Town) -> None:
    owed = duty(MONDAY - timedelta(days=6), role=Role.IT, subject="incident", department=None)
    with_department = Ledger(owed, duty(MONDAY - timedelta(days=6), subject="incident", number=2))
    send_digests(with_department.parts(town.parts))
    assert "head.library" not in told()
    assert "administrator" in told()


def test_an_acting_person_hears_what_the_office_hears_from_the_first_day(town: Town) -> None:
    with unit_of_work():
        assign(
            SYSTEM, town.person_id("user.library"), Role.COORDINATOR, department_id=town.department_id("Library"),
            starts=MONDAY, ends=MONDAY, acting=True, reason="Holiday", clock=town.clock,
        )  # fmt: skip
    send_digests(Ledger(duty(MONDAY)).parts(town.parts))
    assert told().keys() == {"coordinator.library", "user.library"}


def test_a_closed_account_gets_nothing_and_the_others_still_hear(town: Town) -> None:
    Person.update(state=PersonState.DISABLED).where(Person.id == town.person_id("coordinator.library")).execute()
    late = MONDAY - timedelta(days=3)
    ledger = Ledger(duty(late), duty(late, number=2, person=town.person_id("coordinator.library")))
    send_digests(ledger.parts(town.parts))
    found = told()
    assert found.keys() == {"head.library"}
    assert "Owed by Social Media Coordinator, Library (vacant)" in found["head.library"]
    assert "Owed by somebody whose account is closed" in found["head.library"]


def test_an_employees_duty_reaches_everybody_with_an_account(town: Town) -> None:
    owed = duty(MONDAY, role=Role.EMPLOYEE, department=None)
    send_digests(Ledger(owed).parts(town.parts))
    assert len(told()) == len(cast.CAST)


def test_a_crash_in_the_middle_leaves_nothing_and_the_next_run_makes_it_up(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = Ledger(duty(MONDAY), duty(MONDAY, number=2, department="Police")).parts(town.parts)
    real: Callable[..., bool] = mail.queue
    calls = Counter[str]()

    def crash_on_the_second(*args: Any, **kwargs: Any) -> bool:
        calls["queue"] += 1
        if calls["queue"] == 2:
            raise ZeroDivisionError
        return real(*args, **kwargs)

    monkeypatch.setattr(mail, "queue", crash_on_the_second)
    with pytest.raises(ZeroDivisionError):
        send_digests(parts)
    assert (digests(), Reminder.select().count(), DigestDay.select().count()) == ([], 0, 0)
    assert send_digests(parts) == "Queued 2 digests."


def test_the_number_of_queries_does_not_grow_with_duties_and_people(town: Town) -> None:
    def queries_for(size: int, day: date) -> int:
        town.clock.at = at(day, 8)
        owed = [duty(day, number=n, role=Role.COORDINATOR) for n in range(size)]
        parts = Ledger(*owed).parts(town.parts)
        with count_queries() as counter:
            send_digests(parts)
        return int(counter.count)

    few, many = queries_for(2, MONDAY), queries_for(200, MONDAY + timedelta(days=1))
    assert few == many


def test_an_idle_minute_costs_two_queries(town: Town) -> None:
    parts = Ledger(duty(MONDAY)).parts(town.parts)
    send_digests(parts)
    with count_queries() as counter:
        assert send_digests(parts) == ""
    assert counter.count == 2


LADDERS = (
    REVIEW,
    Kind("sign", "3.3-4", "Sign the policy", ladder=(30, 14, 7, 1, 0)),
    Kind("triage", "3.6-1", "Look at it", ladder=(0,), repeat_days=1, escalate_after=1),
)


def expected_rungs(kind: Kind, due: date, days: list[date]) -> set[int]:
    """The rungs that somebody who reads mail on ``days`` can be told of."""
    return {step for day in days if (step := rung(kind.shipped, due, day)) is not None}


@pytest.mark.parametrize("first", [date(2026, 10, 20), date(2027, 3, 1)], ids=["fall back", "spring forward"])
def test_thirty_days_with_crashes_and_an_outage_tell_each_occasion_once(
    town: Town, monkeypatch: pytest.MonkeyPatch, first: date
) -> None:
    owed = [
        duty(first + timedelta(days=offset), number=number, kind=kind, department=department)
        for number, (offset, kind, department) in enumerate(
            (offset, kind, department)
            for offset in (-3, 0, 5, 11, 18, 26, 40)
            for kind in LADDERS
            for department in ("Library", "Police")
        )
    ]
    parts = Ledger(*owed).parts(town.parts)
    real: Callable[..., bool] = mail.queue
    ticks, crashes = Counter[str](), Counter[date]()
    outage = {first + timedelta(days=n) for n in (8, 9, 10)}
    business = business_calendar()

    def sometimes_crash(*args: Any, **kwargs: Any) -> bool:
        ticks["queue"] += 1
        if ticks["queue"] % 7 == 0:
            crashes[town_time(town.clock.now()).date()] += 1
            raise ZeroDivisionError
        return real(*args, **kwargs)

    monkeypatch.setattr(mail, "queue", sometimes_crash)
    town.clock.at = at(first, 0, 5)
    end = at(first + timedelta(days=30), 0)
    sent_on: set[date] = set()
    while town.clock.now() < end:
        day = town_time(town.clock.now()).date()
        if day not in outage:
            try:
                if send_digests(parts):
                    sent_on.add(day)
            except ZeroDivisionError:
                pass
        town.clock.advance(minutes=(10, 17, 30)[ticks["tick"] % 3])
        ticks["tick"] += 1

    days = [
        day
        for day in (first + timedelta(days=n) for n in range(30))
        if business.is_business_day(day) and day not in outage
    ]
    assert sent_on == set(days)
    assert sum(crashes.values()) > 5
    occasions = [message.occasion for message in digests()]
    assert len(occasions) == len(set(occasions))
    assert {message.occasion.split("|")[0].split(":")[2] for message in digests()} <= {day.isoformat() for day in days}
    assert all(town_time(message.queued_at).hour >= 8 for message in digests())

    coordinators = {
        town.department_id(name): town.person_id(f"coordinator.{name.lower()}") for name in ("Library", "Police")
    }
    for one in owed:
        mine = coordinators[one.department_id or 0]
        rungs = [
            reminder.rung
            for reminder in Reminder.select().where(
                (Reminder.kind == one.kind.name) & (Reminder.subject == one.subject) & (Reminder.recipient == mine)
            )
        ]
        assert len(rungs) == len(set(rungs))
        assert set(rungs) == expected_rungs(one.kind, one.due, days), one
    lines = sum(message.text.count("\n- ") for message in digests())
    assert lines == Reminder.select().count()


def test_four_at_once_send_each_digest_once(own_town: Parts) -> None:
    with database.connection():
        owed = [duty(MONDAY, number=n, department=name) for n in range(20) for name in ("Library", "Police")]
    racing = Ledger(*owed).parts(own_town)
    start, results, failures = threading.Barrier(4), [], []

    def run() -> None:
        start.wait()
        try:
            with database.connection():
                results.append(send_digests(racing))
        except Exception as failure:  # noqa: BLE001 - told below
            failures.append(failure)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert sorted(results) == ["", "", "", "Queued 2 digests."]
    with database.connection():
        assert len(digests()) == 2
        assert Reminder.select().count() == 40
