"""Reminders that people put off, and courtesies they switched off."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import peewee

from charlton_intranet.accounts.models import Department, Person
from charlton_intranet.core.database import rows
from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.oversight.models import ReminderPause, SwitchedOff
from charlton_intranet.oversight.queries.confidential import may_know

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class PauseRow:
    """One reminder put off; the due date of what is owed has not moved."""

    id: int
    title: str
    due: date
    until: date
    reason: str
    paused_at: datetime
    person: str
    department: str


def my_pauses(person_id: int | None, day: date) -> list[PauseRow]:
    """What somebody does not hear of on ``day``, the soonest to come back first."""
    query = _running(day).where(ReminderPause.person == person_id)
    return [PauseRow(*row) for *row, _subject in rows(query.order_by(ReminderPause.until, ReminderPause.id))]


def pauses_page(actor: Actor, day: date, after: int | None = None) -> tuple[list[PauseRow], int | None]:
    """What the people of the departments that ``actor`` oversees put off, newest first, and the next page's key.

    Of a confidential matter it shows that its reminder was put off, and no words.
    """
    query = _running(day).order_by(ReminderPause.id.desc()).limit(PAGE_SIZE + 1)
    reach = actor.departments_for(Permission.READ_OVERSIGHT)
    if reach is not None:
        query = query.where(ReminderPause.department_id.in_(sorted(reach)))
    if after is not None:
        query = query.where(ReminderPause.id < after)
    found = [
        row if may_know(actor, subject) else replace(row, title="Confidential", reason="")
        for row, subject in ((PauseRow(*shown), subject) for *shown, subject in rows(query))
    ]
    return found[:PAGE_SIZE], found[PAGE_SIZE - 1].id if len(found) > PAGE_SIZE else None


def paused_until(person_id: int | None, day: date) -> dict[tuple[str, str, date], date]:
    """Until when somebody's reminders are put off, by kind, subject and due date of the duty."""
    p = ReminderPause
    query = p.select(p.kind, p.subject, p.due, p.until).where((p.person == person_id) & (p.until > day))
    return {(kind, subject, due): until for kind, subject, due, until in rows(query)}


def switched_off(person_id: int | None) -> list[str]:
    """The kinds of courtesy that somebody does not want."""
    query = SwitchedOff.select(SwitchedOff.kind).where(SwitchedOff.person == person_id)
    return [kind for (kind,) in rows(query.order_by(SwitchedOff.kind))]


def _running(day: date) -> Any:
    p = ReminderPause
    return (
        p.select(p.id, p.title, p.due, p.until, p.reason, p.paused_at, Person.name, Department.name, p.subject)
        .join_from(p, Person)
        .join_from(p, Department, peewee.JOIN.LEFT_OUTER, on=(p.department_id == Department.id))
        .where(p.until > day)
    )
