"""Hand-overs from one coordinator to the next, and the notes that go with them."""

from dataclasses import dataclass
from datetime import date, datetime

import peewee

from charlton_intranet.accounts.models import Person
from charlton_intranet.core.database import first_row, rows
from charlton_intranet.sites.models import Appointment, HandOver, HandOverNote
from charlton_intranet.sites.rules import OPEN, AppointmentState


@dataclass(frozen=True, slots=True)
class Note:
    """What a coordinator or the head left for the next one."""

    text: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Handed:
    """The other end of a hand-over: who comes, or who leaves."""

    appointment_id: int
    person: str
    state: AppointmentState
    starts_on: date
    last_day: date


def successor_of(appointment_id: int) -> Handed | None:
    """The open appointment that takes over from this one."""
    return _handed(HandOver.successor, HandOver.leaving == appointment_id, Appointment.state.in_(OPEN))


def predecessor_of(appointment_id: int) -> Handed | None:
    """The appointment that this one takes over from."""
    return _handed(HandOver.leaving, HandOver.successor == appointment_id)


def _handed(other: peewee.Field, *where: peewee.Expression) -> Handed | None:
    query = (
        HandOver.select(other, Person.name, Appointment.state, Appointment.starts_on, HandOver.last_day)
        .join_from(HandOver, Appointment, on=(other == Appointment.id))
        .join_from(Appointment, Person, on=(Appointment.person == Person.id))
        .where(*where)
        .order_by(HandOver.id.desc())
    )
    row = first_row(query)
    return Handed(*row) if row else None


def notes_of(appointment_ids: list[int]) -> list[Note]:
    """The notes on these appointments, in the order they were written."""
    query = (
        HandOverNote.select(HandOverNote.text, Person.name, HandOverNote.written_at)
        .join(Person, on=(HandOverNote.written_by == Person.id))
        .where(HandOverNote.appointment.in_(appointment_ids))
        .order_by(HandOverNote.id)
    )
    return [Note(*row) for row in rows(query)]
