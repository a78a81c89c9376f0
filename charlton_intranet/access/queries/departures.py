"""Leavers: what of somebody is left to settle, on every site, read from the records."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import peewee

from charlton_intranet.access.models import AdminEntry, AdminList, Departure, DepartureStep, Identification
from charlton_intranet.access.queries.pages import pages
from charlton_intranet.access.rules import DepartureKind, DepartureState, PageRole, Seen, StepKind
from charlton_intranet.accounts.models import Department, Person, RoleAssignment
from charlton_intranet.accounts.queries import role_label
from charlton_intranet.core.database import first_row, rows
from charlton_intranet.core.errors import NotFound
from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.grants.models import Grant
from charlton_intranet.grants.rules import OPEN, Capability, GrantState
from charlton_intranet.sites.models import Appointment, Site
from charlton_intranet.sites.rules import LIVE, AppointmentState


@dataclass(frozen=True, slots=True)
class DepartureRow:
    """A departure in a list."""

    id: int
    version: int
    person_id: int
    person: str
    kind: DepartureKind
    last_day: date
    department_id: int | None
    department: str
    note: str
    state: DepartureState
    opened_by: str
    opened_at: datetime
    closed_by: str
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class GrantLeft:
    """A grant or designation that has not ended."""

    id: int
    version: int
    site_id: int
    site: str
    capability: Capability
    state: GrantState


@dataclass(frozen=True, slots=True)
class RoleLeft:
    """A role or an appointment that has not ended, and where it is ended."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class PagePlace:
    """A page on which the person is or was; ``shared`` names a shared account on it, whose password they may know."""

    site_id: int
    site: str
    seen: Seen | None
    shared: str
    password_proof: int | None

    @property
    def off(self) -> bool:
        return self.seen is None or self.seen.role is PageRole.NOTHING


@dataclass(frozen=True, slots=True)
class Checklist:
    """Everything of a departure: what is left, and what was shown."""

    departure: DepartureRow
    grants: tuple[GrantLeft, ...]
    roles: tuple[RoleLeft, ...]
    places: tuple[PagePlace, ...]
    handover: str

    @property
    def left(self) -> int:
        """How many steps are left."""
        pages_left = sum(not place.off for place in self.places)
        passwords = sum(bool(place.shared) and place.password_proof is None for place in self.places)
        return bool(self.grants) + len(self.roles) + pages_left + passwords + (not self.handover)


def departures_page(
    actor: Actor, *, open_only: bool, after: int | None = None, size: int = 50
) -> tuple[list[DepartureRow], int | None]:
    """Departures that ``actor`` may read, newest first, and the last one's number when more follow."""
    query = _rows().order_by(Departure.id.desc()).limit(size + 1)
    reach = actor.departments_for(Permission.READ_SITE_RECORDS)
    if reach is not None:
        query = query.where(Departure.from_department.in_(reach))
    if open_only:
        query = query.where(Departure.state == DepartureState.OPEN)
    if after is not None:
        query = query.where(Departure.id < after)
    found = [DepartureRow(*row) for row in rows(query)]
    return found[:size], found[size - 1].id if len(found) > size else None


def departure(actor: Actor, departure_id: int) -> DepartureRow:
    """One departure, for readers of its department's records; otherwise ``NotFound``."""
    row = first_row(_rows().where(Departure.id == departure_id))
    if row is None:
        raise NotFound
    found = DepartureRow(*row)
    actor.must_see(Permission.READ_SITE_RECORDS, found.department_id)
    return found


def open_of(actor: Actor, person_id: int) -> int | None:
    """The open checklist of a person, when there is one that ``actor`` may read."""
    row = first_row(
        Departure.select(Departure.id, Departure.from_department).where(
            (Departure.person == person_id) & (Departure.state == DepartureState.OPEN)
        )
    )
    return row[0] if row and actor.may(Permission.READ_SITE_RECORDS, row[1]) else None


def open_departures(opened_by: int | None = None) -> list[DepartureRow]:
    """Every open departure, oldest first; with ``opened_by`` those that this person opened."""
    query = _rows().where(Departure.state == DepartureState.OPEN).order_by(Departure.id)
    if opened_by is not None:
        query = query.where(Departure.opened_by == opened_by)
    return [DepartureRow(*row) for row in rows(query)]


def checklist(found: DepartureRow, day: date) -> Checklist:
    """What is left of a departure; the number of queries does not depend on the number of sites."""
    steps = DepartureStep.select(DepartureStep.kind, DepartureStep.site, DepartureStep.proof, DepartureStep.note).where(
        DepartureStep.departure == found.id
    )
    shown = rows(steps)
    passwords = {site_id: proof_id for kind, site_id, proof_id, _ in shown if kind is StepKind.PASSWORD}
    return Checklist(
        departure=found,
        grants=tuple(grants_left(found)),
        roles=tuple(_roles_left(found, day)),
        places=tuple(_places(found, day, passwords)),
        handover=next((note for kind, _, _, note in shown if kind is StepKind.HANDOVER), ""),
    )  # fmt: skip


def grants_left(found: DepartureRow) -> list[GrantLeft]:
    """Grants and designations that a departure ends: all of a leaver, those of the old department of who moves."""
    query = (
        Grant.select(Grant.id, Grant.version, Site.id, Site.title, Grant.capability, Grant.state)
        .join(Site)
        .where((Grant.person == found.person_id) & Grant.state.in_(list(OPEN)) & _concerned(found))
        .order_by(Site.title, Grant.id)
    )
    return [GrantLeft(*row) for row in rows(query)]


def _rows() -> Any:
    opener, closer = Person.alias(), Person.alias()
    return (
        Departure.select(
            Departure.id, Departure.version, Person.id, Person.name, Departure.kind, Departure.last_day,
            Departure.from_department, peewee.fn.COALESCE(Department.name, ""), Departure.note, Departure.state,
            peewee.fn.COALESCE(opener.name, ""), Departure.opened_at, peewee.fn.COALESCE(closer.name, ""),
            Departure.closed_at,
        )
        .join_from(Departure, Person, on=(Departure.person == Person.id))
        .join_from(Departure, Department, peewee.JOIN.LEFT_OUTER)
        .join_from(Departure, opener, peewee.JOIN.LEFT_OUTER, on=(Departure.opened_by == opener.id))
        .join_from(Departure, closer, peewee.JOIN.LEFT_OUTER, on=(Departure.closed_by == closer.id))
    )  # fmt: skip


def _concerned(found: DepartureRow) -> peewee.Expression:
    """The sites a departure is about."""
    if found.kind is DepartureKind.LEAVES:
        return Site.id.is_null(False)
    return Site.department == found.department_id


def _roles_left(found: DepartureRow, day: date) -> list[RoleLeft]:
    """Roles held or coming, and letters of appointment; an appointment's own role is named once, with its letter."""
    ended = {AppointmentState.ENDED}
    letters = (
        Appointment.select(Appointment.id, Appointment.state, Appointment.assignment, Department.name)
        .join(Department)
        .where((Appointment.person == found.person_id) & Appointment.state.not_in(ended))
    )
    held = (
        RoleAssignment.select(RoleAssignment.id, RoleAssignment.role, RoleAssignment.acting, Department.name)
        .join(Department, peewee.JOIN.LEFT_OUTER)
        .where(
            (RoleAssignment.person == found.person_id)
            & (RoleAssignment.ends_on.is_null() | (RoleAssignment.ends_on >= day))
        )
        .order_by(RoleAssignment.id)
    )
    if found.kind is DepartureKind.MOVES:
        letters = letters.where(Appointment.department == found.department_id)
        held = held.where(RoleAssignment.department == found.department_id)
    appointed = rows(letters)
    by_letter = {assignment_id for _, _, assignment_id, _ in appointed}
    return [
        RoleLeft(f"Appointment as coordinator, {name} ({state.label.lower()})", f"/sites/coordinators/{number}")
        for number, state, _, name in appointed
    ] + [
        RoleLeft(role_label(role, name, acting=acting), f"/people/{found.person_id}")
        for number, role, acting, name in rows(held)
        if number not in by_letter
    ]


def _places(found: DepartureRow, day: date, passwords: dict[int, int]) -> list[PagePlace]:
    granted = Grant.select(Grant.site).where((Grant.person == found.person_id) & Grant.decided_at.is_null(False))
    listed = AdminList.select(AdminList.site).join(AdminEntry).where(AdminEntry.person == found.person_id)
    identified = (
        AdminList.select(AdminList.site)
        .join(AdminEntry)
        .join(Identification)
        .where(Identification.person == found.person_id)
    )
    anywhere = Site.id.in_(granted) | Site.id.in_(listed) | Site.id.in_(identified)
    query = Site.select(Site.id, Site.title).where(Site.state.in_(LIVE) & anywhere & _concerned(found))
    titles = dict(rows(query.order_by(Site.title, Site.id)))
    told = pages(titles, day)
    return [
        PagePlace(
            site_id,
            title,
            person.seen if (person := told[site_id].person(found.person_id)) else None,
            last.shared if (last := told[site_id].last) else "",
            passwords.get(site_id),
        )
        for site_id, title in titles.items()
    ]


def holding(person_ids: Collection[int], day: date) -> set[tuple[int, str, int | None]]:
    """Person, role and department of what these people hold on ``day``."""
    query = RoleAssignment.select(RoleAssignment.person, RoleAssignment.role, RoleAssignment.department).where(
        RoleAssignment.person.in_(list(person_ids))
        & (RoleAssignment.starts_on <= day)
        & (RoleAssignment.ends_on.is_null() | (RoleAssignment.ends_on >= day))
    )
    return set(rows(query))
