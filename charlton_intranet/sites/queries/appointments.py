"""Appointments of Social Media Coordinators, and the departments that miss one (3.2)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import peewee

from charlton_intranet.accounts import queries as accounts
from charlton_intranet.accounts.models import Department, Person, RoleAssignment
from charlton_intranet.accounts.rules import PersonState
from charlton_intranet.core.clock import town_time
from charlton_intranet.core.database import first_row, rows
from charlton_intranet.core.errors import NotFound
from charlton_intranet.core.permissions import Actor, Permission, Role
from charlton_intranet.sites.models import Appointment, HandOver, Site
from charlton_intranet.sites.queries import SiteRef, coordinators, live_sites
from charlton_intranet.sites.queries.handovers import Handed, Note, notes_of, predecessor_of, successor_of
from charlton_intranet.sites.queries.steps import APPOINTMENT_STEPS, open_steps
from charlton_intranet.sites.rules import OPEN, AppointmentState, SiteState, lapsed_on


@dataclass(frozen=True, slots=True)
class AppointmentRow:
    """One line of the list; an appointment without effect shows as ended."""

    id: int
    person: str
    department: str
    state: AppointmentState
    starts_on: date
    ended_on: date | None


@dataclass(frozen=True, slots=True)
class AppointmentSheet:
    """An appointment with the names in it and the steps its reader could take now.

    ``own`` says that its filing would be a matter of the reader's own. ``over_since`` is the day from which it has
    no effect, whether the timetable has written it down yet or not. ``sites`` are what goes over to the next one.
    """

    appointment: Appointment
    names: dict[int, str]
    open: frozenset[str]
    own: bool
    over_since: date | None
    successor: Handed | None
    predecessor: Handed | None
    notes: list[Note]
    may_note: bool
    sites: list[SiteRef]
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Vacancy:
    """A department with an active site and no active coordinator since that day."""

    department_id: int
    department: str
    since: date


def _readable(actor: Actor) -> peewee.Expression:
    reach = actor.departments_for(Permission.READ_SITE_RECORDS)
    return Appointment.id.is_null(False) if reach is None else Appointment.department.in_(list(reach))


def appointments_page(
    actor: Actor, day: date, *, after: int | None = None, size: int = 25
) -> tuple[list[AppointmentRow], int | None]:
    """Appointments that ``actor`` reads, the latest first, in one query; with the key of the next page."""
    query = (
        _with_ends(
            Appointment.id, Person.name, Department.name, Appointment.state,
            Appointment.starts_on, Appointment.ended_on,
        )
        .join_from(Appointment, Department)
        .where(_readable(actor))
        .order_by(Appointment.id.desc())
        .limit(size + 1)
    )  # fmt: skip
    if after is not None:
        query = query.where(Appointment.id < after)
    found = [_row(row, day) for row in rows(query)]
    return found[:size], (found[size - 1].id if len(found) > size else None)


def _with_ends(*columns: Any) -> Any:
    """Appointments with these columns, then the last day of the role and the moment the account was closed."""
    return (
        Appointment.select(*columns, RoleAssignment.ends_on, Person.state, Person.disabled_at)
        .join_from(Appointment, Person, on=(Appointment.person == Person.id))
        .join_from(
            Appointment, RoleAssignment, peewee.JOIN.LEFT_OUTER, on=(Appointment.assignment == RoleAssignment.id)
        )
    )


def _row(row: tuple[Any, ...], day: date) -> AppointmentRow:
    appointment_id, person, department, state, starts_on, ended_on, *ends = row
    since = _over_since(state, *ends, day=day)
    return AppointmentRow(
        appointment_id, person, department, AppointmentState.ENDED if since else state, starts_on, ended_on or since
    )


def _over_since(
    state: AppointmentState, role_ends: date | None, person: PersonState, closed: datetime | None, *, day: date
) -> date | None:
    account_closed = None
    if person is PersonState.DISABLED:
        account_closed = town_time(closed).date() if closed else day
    return lapsed_on(state, role_ends=role_ends, account_closed=account_closed, day=day)


def lapsed(day: date) -> dict[int, date]:
    """Appointments on record that have no effect any more, with the day since when."""
    query = _with_ends(Appointment.id, Appointment.state).where(
        Appointment.state.in_(OPEN) & ((Person.state == PersonState.DISABLED) | (RoleAssignment.ends_on < day))
    )
    found = {appointment_id: _over_since(*ends, day=day) for appointment_id, *ends in rows(query)}
    return {appointment_id: since for appointment_id, since in found.items() if since}


def handed_over(day: date) -> dict[int, date]:
    """Active appointments whose last day is over and whose successor is there, with the day since when."""
    successor = Appointment.alias()
    query = (
        HandOver.select(HandOver.leaving, HandOver.successor)
        .join_from(HandOver, Appointment, on=(HandOver.leaving == Appointment.id))
        .join_from(HandOver, successor, on=(HandOver.successor == successor.id))
        .where(
            (HandOver.last_day < day)
            & (Appointment.state == AppointmentState.ACTIVE)
            & (successor.state == AppointmentState.ACTIVE)
        )
    )
    gone = lapsed(day)
    return {leaving_id: day for leaving_id, successor_id in rows(query) if successor_id not in gone}


def load_appointment(actor: Actor | None, appointment_id: int) -> Appointment:
    """An appointment with its department, or ``NotFound`` when it is not this actor's to know about.

    ``actor`` None is the timetable.
    """
    query = Appointment.select(Appointment, Department).join(Department).where(Appointment.id == appointment_id)
    found: Appointment | None = (query if actor is None else query.where(_readable(actor))).first()
    if found is None:
        raise NotFound
    return found


def may_note(actor: Actor, appointment: Appointment) -> bool:
    """Whether ``actor`` may leave word for the next coordinator: the one appointed, or the head."""
    return actor.person_id == appointment.person_id or actor.may(
        Permission.APPOINT_COORDINATOR, appointment.department_id
    )


def appointment_sheet(actor: Actor, appointment_id: int, day: date) -> AppointmentSheet:
    """Everything an appointment's page shows, in eight queries."""
    found = load_appointment(actor, appointment_id)
    successor, predecessor = successor_of(found.id), predecessor_of(found.id)
    row = first_row(_with_ends(Appointment.state).where(Appointment.id == found.id))
    over_since = _over_since(*row, day=day) if row else None
    names = accounts.names_of((found.person_id, found.proposed_by_id, found.filed_by_id))
    coordinating = coordinators([found.department_id], day).get(found.department_id, ())
    return AppointmentSheet(
        appointment=found,
        names=names,
        open=open_steps(APPOINTMENT_STEPS, actor, found.state, found.department_id) if not over_since else frozenset(),
        own=actor.person_id in {found.proposed_by_id, found.person_id},
        over_since=over_since,
        successor=successor,
        predecessor=predecessor,
        notes=notes_of([found.id, predecessor.appointment_id if predecessor else found.id]),
        may_note=found.state in OPEN and may_note(actor, found),
        sites=live_sites([found.department_id]),
        others=tuple(name for name in coordinating if name != names[found.person_id]),
    )


def person_choices() -> dict[str, str]:
    """Everybody with an open account, by name, with title and department."""
    query = (
        Person.select(Person.id, Person.name, Person.title, Department.name)
        .join(Department, peewee.JOIN.LEFT_OUTER)
        .where(Person.state == PersonState.ACTIVE)
        .order_by(Person.name, Person.id)
    )
    return {
        str(person_id): ", ".join(word for word in (name, title, department) if word)
        for person_id, name, title, department in rows(query)
    }


def has_open_appointment(person_id: int, department_id: int, day: date) -> bool:
    """Whether the person is proposed, filed or active for the department, and that has effect."""
    query = _with_ends(Appointment.state).where(
        (Appointment.person == person_id) & (Appointment.department == department_id) & Appointment.state.in_(OPEN)
    )
    return any(_over_since(*row, day=day) is None for row in rows(query))


def due_to_start(day: date) -> list[Appointment]:
    """Filed appointments whose day has come."""
    return list(
        Appointment.select()
        .where((Appointment.state == AppointmentState.FILED) & (Appointment.starts_on <= day))
        .order_by(Appointment.id)
    )


def role_held(person_id: int, department_id: int, day: date) -> RoleAssignment | None:
    """The coordinator's role that the person holds for the department on ``day`` already, if any."""
    found: RoleAssignment | None = (
        RoleAssignment.select()
        .where(
            (RoleAssignment.person == person_id)
            & (RoleAssignment.department == department_id)
            & (RoleAssignment.role == Role.COORDINATOR)
            & ~RoleAssignment.acting
            & (RoleAssignment.starts_on <= day)
            & RoleAssignment.ends_on.is_null()
        )
        .first()
    )
    return found


def roles_not_over(person_id: int, department_id: int, day: date) -> list[RoleAssignment]:
    """The coordinator's roles of the person for the department that last on ``day`` or later, acting ones too."""
    return list(
        RoleAssignment.select().where(
            (RoleAssignment.person == person_id)
            & (RoleAssignment.department == department_id)
            & (RoleAssignment.role == Role.COORDINATOR)
            & (RoleAssignment.ends_on.is_null() | (RoleAssignment.ends_on >= day))
            & (RoleAssignment.ends_on.is_null() | (RoleAssignment.ends_on >= RoleAssignment.starts_on))
        )
    )


def vacancies(day: date, department_ids: Iterable[int] | None = None) -> list[Vacancy]:
    """Departments with an active site, no active coordinator and nobody on the way, in four queries."""
    query = (
        Site.select(Site.department, Department.name, peewee.fn.MIN(Site.active_since))
        .join(Department)
        .where(Site.state == SiteState.ACTIVE)
        .group_by(Site.department, Department.name)
        .order_by(Department.name)
    )
    if department_ids is not None:
        query = query.where(Site.department.in_(list(department_ids)))
    using = rows(query)
    ids = [department_id for department_id, _, _ in using]
    covered = coordinators(ids, day).keys() | _on_the_way(ids)
    left = _last_days([department_id for department_id in ids if department_id not in covered])
    return [
        Vacancy(department_id, name, left[department_id] + timedelta(days=1) if department_id in left else first or day)
        for department_id, name, first in using
        if department_id not in covered
    ]


def _on_the_way(department_ids: list[int]) -> set[int]:
    waiting = Appointment.state.in_((AppointmentState.PROPOSED, AppointmentState.FILED))
    query = (
        Appointment.select(Appointment.department)
        .join(Person, on=(Appointment.person == Person.id))
        .where(waiting & Appointment.department.in_(department_ids) & (Person.state != PersonState.DISABLED))
    )
    return {department_id for (department_id,) in rows(query)}


def _last_days(department_ids: list[int]) -> dict[int, date]:
    """The last day on which somebody was coordinator, by department: the role's end, or the account's."""
    query = (
        RoleAssignment.select(RoleAssignment.department, RoleAssignment.ends_on, Person.disabled_at)
        .join(Person, on=(RoleAssignment.person == Person.id))
        .where((RoleAssignment.role == Role.COORDINATOR) & RoleAssignment.department.in_(department_ids))
    )
    last: dict[int, date] = {}
    for department_id, ends, disabled in rows(query):
        days = [day for day in (ends, disabled and town_time(disabled).date()) if day]
        if days:
            last[department_id] = max(last.get(department_id, min(days)), min(days))
    return last
