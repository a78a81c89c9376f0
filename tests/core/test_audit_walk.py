"""The walk along the chain: what somebody with the whole database can do to it shows, and nothing else does."""

from collections.abc import Callable

import peewee
import pytest

from charlton_intranet.core import audit
from charlton_intranet.core.audit import AuditEvent, AuditHead, Place
from charlton_intranet.core.database import database, engine, unit_of_work
from tests.conftest import Town
from tests.core.test_audit import record, rewrite


def recompute(since: int) -> None:
    """Make every link from ``since`` on hold again, and the head follow: the best that a forger can do."""
    previous = AuditEvent.get_by_id(since - 1).digest
    for event in AuditEvent.select().where(AuditEvent.number >= since).order_by(AuditEvent.number):
        digest = audit.link(previous, event.detail)
        AuditEvent.update(previous=previous, digest=digest).where(AuditEvent.number == event.number).execute()
        previous = digest
    AuditHead.update(digest=previous).execute()


def test_a_rewritten_chain_whose_every_link_holds_shows_against_the_anchor(town: Town) -> None:
    number = record(town, "first")
    record(town, "two")
    anchor = audit.head()
    record(town, "three")
    rewrite(town, f"UPDATE audit_event SET detail = replace(detail, 'first', 'FIRST') WHERE number = {number}")  # noqa: S608
    recompute(number)
    assert audit.verify().fault is None, "without an anchor nobody can tell"
    fault = audit.verify([anchor]).fault
    assert fault is not None
    assert (fault.number, "handed out" in fault.reason) == (anchor[0], True)


def test_two_events_that_changed_places_show(town: Town) -> None:
    number = record(town, "one")
    record(town, "two")
    rewrite(town, f"UPDATE audit_event SET number = -1 WHERE number = {number}")  # noqa: S608
    database.execute_sql(f"UPDATE audit_event SET number = {number} WHERE number = {number + 1}")  # noqa: S608
    database.execute_sql(f"UPDATE audit_event SET number = {number + 1} WHERE number = -1")  # noqa: S608
    fault = audit.verify().fault
    assert fault is not None
    assert fault.number == number


def test_an_event_written_past_the_head_shows(town: Town) -> None:
    number = record(town, "one")
    event = AuditEvent.get_by_id(number)
    AuditEvent.insert(
        number=number + 1, at=event.at, tag=event.tag, actor_id=None, subject="test:1", detail="{}",
        previous=event.digest, digest=audit.link(event.digest, "{}"),
    ).execute()  # fmt: skip
    fault = audit.verify().fault
    assert fault is not None
    assert (fault.number, fault.reason) == (number + 1, "an event stands after the head of the chain")


@pytest.mark.parametrize("text", ["", "{}", "no JSON", "[]", '{"number": 1}'])
def test_what_is_no_event_at_all_is_a_fault_and_no_error(town: Town, text: str) -> None:
    number = record(town, "one")
    rewrite(town, f"UPDATE audit_event SET detail = '{text}' WHERE number = {number}")  # noqa: S608
    recompute(number)
    fault = audit.verify().fault
    assert fault is not None
    assert (fault.number, fault.reason) == (number, "the event can not be read")


@pytest.mark.parametrize("column", ["tag", "subject", "detail", "previous", "digest"])
@pytest.mark.parametrize("bytes_", ["x'ff00'", "CAST(x'ff41' AS TEXT)"])
def test_bytes_that_are_no_text_are_a_fault_of_the_event_that_has_them(town: Town, column: str, bytes_: str) -> None:
    for what in range(5):
        record(town, str(what))
    number = record(town, "one")
    for what in range(5):
        record(town, str(what))
    if engine() == "postgresql":  # stores text only: the nearest thing is another text
        bytes_ = "'?'"
    rewrite(town, f"UPDATE audit_event SET {column} = {bytes_} WHERE number = {number}")  # noqa: S608
    found = audit.verify()
    assert found.fault is not None
    assert (found.fault.number, found.events) == (number, number - 1)


def test_text_nested_deeper_than_anybody_reads_is_a_fault_and_no_error(town: Town) -> None:
    number = record(town, "one")
    rewrite(town, f"UPDATE audit_event SET detail = '{'[' * 100_000}' WHERE number = {number}")  # noqa: S608
    recompute(number)
    fault = audit.verify().fault
    assert fault is not None
    assert (fault.number, fault.reason) == (number, "the event can not be read")


@pytest.mark.parametrize("stray", [0, -5])
def test_an_event_written_before_the_first_shows(town: Town, stray: int) -> None:
    event = AuditEvent.get_by_id(record(town, "one"))
    AuditEvent.insert(
        number=stray, at=event.at, tag=event.tag, actor_id=None, subject="test:1", detail=event.detail,
        previous=event.previous, digest=event.digest,
    ).execute()  # fmt: skip
    fault = audit.verify().fault
    assert fault is not None
    assert (fault.number, fault.reason) == (stray, "an event stands before the first of the chain")


def test_a_head_that_is_no_number_is_a_fault_and_no_error(town: Town) -> None:
    record(town, "one")
    if engine() == "postgresql":  # keeps numbers only in a column of numbers
        with pytest.raises(peewee.DataError), database.atomic():
            database.execute_sql("UPDATE audit_head SET number = 'many'")
        return
    database.execute_sql("UPDATE audit_head SET number = 'many'")
    fault = audit.verify().fault
    assert fault is not None
    assert "head of the chain is missing" in fault.reason


def test_a_missing_head_is_a_fault_and_no_error(town: Town) -> None:
    record(town, "one")
    AuditHead.delete().execute()
    fault = audit.verify().fault
    assert fault is not None
    assert "head of the chain is missing" in fault.reason


def in_steps(of: int, monkeypatch: pytest.MonkeyPatch) -> Callable[[Place, int], Place]:
    monkeypatch.setattr(audit, "BATCH", of)
    return audit.walk


@pytest.mark.parametrize("step", [1, 3, 7])
def test_a_walk_in_steps_comes_to_the_head_whatever_the_step(
    town: Town, step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for what in range(9):
        record(town, str(what))
    walk, (last, digest), place = in_steps(step, monkeypatch), audit.head(), Place()
    while place.number < last:
        further = walk(place, last)
        assert further.number == min(place.number + step, last)
        place = further
    assert (place.digest, place.fault) == (digest, None)
    assert audit.verify().fault is None


def test_what_is_written_during_a_walk_is_no_fault(town: Town) -> None:
    walked_to = audit.head()
    with unit_of_work():
        audit.record(audit.declare("test.done", "what"), town.actor("it"), "test:1", clock=town.clock, what="late")
    place = audit.walk(Place(), walked_to[0])
    assert place.fault is None
    assert audit.fault_at_end(place, walked_to) is None
