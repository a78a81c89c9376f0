"""Appointments of Social Media Coordinators, and the departments that miss one (3.2)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import peewee

from charlton_intranet.accounts import queries as accounts
from charlton_intranet.accounts.models import Department, Person, RoleAssignment
from charlton_intranet.accounts.rules import PersonState
from charlton_intranet.core.clock import town_time
from charlton_intranet.core.database import rows
from charlton_intranet.core.errors import NotFound
from charlton_intranet.core.permissions import Actor, Permission, Role
from charlton_intranet.sites.models import Appointment, Site
from charlton_intranet.sites.queries import coordinators
from charlton_intranet.sites.queries.steps import APPOINTMENT_STEPS, open_steps
from charlton_intranet.sites.rules import AppointmentState, SiteState

OPEN = (AppointmentState.PROPOSED, AppointmentState.FILED, AppointmentState.ACTIVE)


@dataclass(frozen=True, slots=True)
class AppointmentRow:
    """One line of the list."""

    id: int
    person: str
    department: str
    state: AppointmentState
    starts_on: date
    ended_on: date | None


@dataclass(frozen=True, slots=True)
class AppointmentSheet:
    """An appointment with the names in it and the steps its reader could take now."""

    appointment: Appointment
    names: dict[int, str]
    open: frozenset[str]
    own_proposal: bool


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
    actor: Actor, *, after: int | None = None, size: int = 25
) -> tuple[list[AppointmentRow], int | None]:
    """Appointments that ``actor`` reads, the latest first, in one query; with the key of the next page."""
    query = (
        Appointment.select(
            Appointment.id, Person.name, Department.name, Appointment.state,
            Appointment.starts_on, Appointment.ended_on,
        )
        .join_from(Appointment, Person, on=(Appointment.person == Person.id))
        .join_from(Appointment, Department)
        .where(_readable(actor))
        .order_by(Appointment.id.desc())
        .limit(size + 1)
    )  # fmt: skip
    if after is not None:
        query = query.where(Appointment.id < after)
    found = [AppointmentRow(*row) for row in rows(query)]
    return found[:size], (found[size - 1].id if len(found) > size else None)


def load_appointment(actor: Actor, appointment_id: int) -> Appointment:
    """An appointment with its department, or ``NotFound`` when it is not this actor's to know about."""
    found: Appointment | None = (
        Appointment.select(Appointment, Department)
        .join(Department)
        .where((Appointment.id == appointment_id) & _readable(actor))
        .first()
    )
    if found is None:
        raise NotFound
    return found


def appointment_sheet(actor: Actor, appointment_id: int) -> AppointmentSheet:
    """Everything an appointment's page shows, in two queries."""
    found = load_appointment(actor, appointment_id)
    return AppointmentSheet(
        appointment=found,
        names=accounts.names_of((found.person_id, found.proposed_by_id, found.filed_by_id)),
        open=open_steps(APPOINTMENT_STEPS, actor, found.state, found.department_id),
        own_proposal=actor.person_id == found.proposed_by_id,
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


def has_open_appointment(person_id: int, department_id: int) -> bool:
    """Whether the person is proposed, filed or active for the department."""
    return (
        Appointment.select()
        .where(
            (Appointment.person == person_id) & (Appointment.department == department_id) & Appointment.state.in_(OPEN)
        )
        .exists()
    )


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
    query = Appointment.select(Appointment.department).where(waiting & Appointment.department.in_(department_ids))
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
