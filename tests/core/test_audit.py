import json

import peewee
import pytest

from charlton_intranet.accounts import service
from charlton_intranet.core import audit
from charlton_intranet.core.audit import AuditEvent, AuditHead
from charlton_intranet.core.database import database, engine, unit_of_work
from tests.conftest import Town

TAG = audit.declare("test.done", "what")


def record(town: Town, what: str) -> int:
    with unit_of_work():
        return audit.record(TAG, town.actor("it"), "test:1", clock=town.clock, what=what)


def rewrite(town: Town, statement: str) -> None:
    """Change the trail as somebody with the whole database could: with the triggers away."""
    if engine() == "sqlite":
        database.execute_sql("DROP TRIGGER IF EXISTS audit_event_no_update")
        database.execute_sql("DROP TRIGGER IF EXISTS audit_event_no_delete")
    else:
        database.execute_sql("DROP TRIGGER IF EXISTS audit_event_no_change ON audit_event")
    database.execute_sql(statement)


def test_numbers_have_no_gap_and_every_link_holds(town: Town) -> None:
    first = record(town, "one")
    second = record(town, "two")
    assert second == first + 1
    found = audit.verify()
    assert (found.fault, found.events) == (None, second)
    assert audit.head() == (second, found.head)


def test_an_event_says_who_what_when_and_from_where(town: Town) -> None:
    number = record(town, "one")
    told = json.loads(AuditEvent.get_by_id(number).detail)
    assert told["actor"] == {"id": town.person_id("it"), "name": "Sam Ellery", "address": ""}
    assert (told["tag"], told["subject"], told["details"]) == ("test.done", "test:1", {"what": "one"})
    assert told["at"] == "2026-11-23T15:00:00+00:00"


def test_outside_a_unit_of_work_nothing_is_recorded(town: Town) -> None:
    with pytest.raises(RuntimeError, match="outside a unit of work"):
        audit.record(TAG, town.actor("it"), "test:1", clock=town.clock, what="x")


def test_undeclared_keys_are_refused(town: Town) -> None:
    with unit_of_work(), pytest.raises(ValueError, match="undeclared keys"):
        audit.record(TAG, town.actor("it"), "test:1", clock=town.clock, other="x")


def test_a_failed_use_case_leaves_no_event(town: Town) -> None:
    def fail_after_recording() -> None:
        with unit_of_work():
            audit.record(TAG, town.actor("it"), "test:1", clock=town.clock, what="x")
            raise ZeroDivisionError

    before = audit.head()
    with pytest.raises(ZeroDivisionError):
        fail_after_recording()
    assert audit.head() == before


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_event SET tag = 'x' WHERE number = 1", "DELETE FROM audit_event WHERE number = 1"]
)
def test_the_database_itself_refuses_changes(town: Town, statement: str) -> None:
    record(town, "one")
    with pytest.raises(peewee.PeeweeException, match="append-only"), database.atomic():
        database.execute_sql(statement)
    assert audit.verify().fault is None


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        (
            "UPDATE audit_event SET detail = replace(detail, 'two', 'TWO') WHERE number = {n}",
            "does not match its digest",
        ),
        ("UPDATE audit_event SET tag = 'other.tag' WHERE number = {n}", "search column"),
        ("UPDATE audit_event SET actor_id = 999 WHERE number = {n}", "search column"),
        ("DELETE FROM audit_event WHERE number = {n}", "is missing"),
        ("DELETE FROM audit_event WHERE number > {n}", "missing at the end"),
    ],
)
def test_every_tampering_shows(town: Town, statement: str, reason: str) -> None:
    record(town, "one")
    number = record(town, "two")
    record(town, "three")
    rewrite(town, statement.format(n=number))
    fault = audit.verify().fault
    assert fault is not None
    assert reason in fault.reason


def test_a_cut_tail_with_a_mended_head_shows_against_the_anchor(town: Town) -> None:
    kept = record(town, "one")
    record(town, "two")
    anchor = audit.head()
    rewrite(town, f"DELETE FROM audit_event WHERE number > {kept}")  # noqa: S608 - a number of our own
    last = AuditEvent.get_by_id(kept)
    AuditHead.update(number=kept, digest=last.digest).execute()
    assert audit.verify().fault is None
    fault = audit.verify([anchor]).fault
    assert fault is not None
    assert "handed out" in fault.reason


def test_the_cast_was_recorded(town: Town) -> None:
    subject = service.subject(town.person_id("it"))
    tags = {e.tag for e in AuditEvent.select().where(AuditEvent.subject == subject)}
    assert tags == {"person.invited", "role.given"}
