"""Who acts for whom: now, coming and past, with what the dates leave double or open."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import peewee

from charlton_intranet.accounts.models import Department, Person, RoleAssignment
from charlton_intranet.accounts.queries import role_label
from charlton_intranet.accounts.rules import Gap, Overlap, PersonState, Span, gaps, overlaps
from charlton_intranet.core.database import rows
from charlton_intranet.core.permissions import Actor, Permission, Role


@dataclass(frozen=True, slots=True)
class ActingRow:
    """One acting role; ``ends`` is its last day, before ``starts`` when it was withdrawn before it began."""

    id: int
    version: int
    person_id: int
    person: str
    office: str
    starts: date
    ends: date
    named_by: str
    reason: str
    may_end: bool


@dataclass(frozen=True, slots=True)
class OfficeNote:
    """What is double or open in an office that somebody acts in."""

    office: str
    overlaps: list[Overlap]
    gaps: list[Gap]


@dataclass(frozen=True, slots=True)
class ActingPage:
    """The page of acting roles; ``next_key`` is the last past one shown when more follow."""

    now: list[ActingRow]
    coming: list[ActingRow]
    past: list[ActingRow]
    notes: list[OfficeNote]
    next_key: int | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who can be named."""

    id: int
    name: str
    department: str


_Office = tuple[Role, int | None]


def acting_page(actor: Actor, day: date, *, after: int | None = None, size: int = 25) -> ActingPage:
    """The acting roles ``actor`` may read about: of the town, and of their departments. Four queries at most."""
    open_ones = _rows(actor, _visible(actor, RoleAssignment.ends_on >= day), RoleAssignment.starts_on)
    over = _visible(actor, RoleAssignment.ends_on < day)
    if after is not None:
        over &= RoleAssignment.id < after
    past = _rows(actor, over, RoleAssignment.id.desc(), size + 1)
    now = [row for row, _ in open_ones if row.starts <= day]
    coming = [row for row, _ in open_ones if row.starts > day]
    shown = [row for row, _ in past][:size]
    notes = _notes({office: row.office for row, office in open_ones}, day)
    return ActingPage(now, coming, shown, notes, shown[-1].id if len(past) > size else None)


def _visible(actor: Actor, days: peewee.Expression) -> peewee.Expression:
    """Acting roles of the town concern everybody who reads about people; a department's its own readers."""
    reach = actor.departments_for(Permission.READ_PEOPLE)
    wanted: peewee.Expression = days & RoleAssignment.acting
    if reach is not None:
        wanted &= RoleAssignment.department.is_null() | RoleAssignment.department.in_(reach)
    return wanted


def _rows(actor: Actor, wanted: peewee.Expression, order: object, size: int = 500) -> list[tuple[ActingRow, _Office]]:
    namer = Person.alias()
    query = (
        RoleAssignment.select(
            RoleAssignment.id, RoleAssignment.version, RoleAssignment.person, Person.name, RoleAssignment.role,
            RoleAssignment.department, Department.name, RoleAssignment.starts_on, RoleAssignment.ends_on, namer.name,
            RoleAssignment.reason,
        )
        .join_from(RoleAssignment, Person, on=(RoleAssignment.person == Person.id))
        .join_from(RoleAssignment, Department, peewee.JOIN.LEFT_OUTER)
        .join_from(RoleAssignment, namer, peewee.JOIN.LEFT_OUTER, on=(RoleAssignment.named_by == namer.id))
        .where(wanted)
        .order_by(order, RoleAssignment.id)
        .limit(size)
    )  # fmt: skip
    return [
        (
            ActingRow(
                held_id, version, person_id, name, role_label(role, dept, acting=False), starts, ends, by or "", reason,
                may_end=person_id != actor.person_id and actor.may(Permission.NAME_ACTING, dept_id),
            ),
            (role, dept_id),
        )
        for held_id, version, person_id, name, role, dept_id, dept, starts, ends, by, reason in rows(query)
    ]  # fmt: skip


def _notes(offices: dict[_Office, str], day: date) -> list[OfficeNote]:
    """Overlaps and gaps of the offices named, over everybody active who holds them from ``day`` on."""
    spans: dict[_Office, list[Span]] = {office: [] for office in offices}
    query = (
        RoleAssignment.select(
            RoleAssignment.role, RoleAssignment.department, Person.name, RoleAssignment.starts_on,
            RoleAssignment.ends_on, RoleAssignment.acting,
        )
        .join(Person, on=(RoleAssignment.person == Person.id))
        .where(
            RoleAssignment.role.in_({role for role, _ in offices})
            & (RoleAssignment.ends_on.is_null() | (RoleAssignment.ends_on >= day))
            & (Person.state == PersonState.ACTIVE)
        )
    )  # fmt: skip
    for role, department_id, name, starts, ends, acting in rows(query):
        if (role, department_id) in spans:
            spans[role, department_id].append(Span(name, starts, ends, acting))
    found = [OfficeNote(offices[office], overlaps(held, day), gaps(held, day)) for office, held in spans.items()]
    return [note for note in found if note.overlaps or note.gaps]


def candidates(actor: Actor) -> list[Candidate]:
    """Whom ``actor`` may name: active people of the departments they name for, but themselves."""
    reach = actor.departments_for(Permission.NAME_ACTING)
    query = (
        Person.select(Person.id, Person.name, Department.name)
        .join(Department, peewee.JOIN.LEFT_OUTER)
        .where((Person.state == PersonState.ACTIVE) & (Person.id != actor.person_id))
        .order_by(Person.name, Person.id)
    )
    if reach is not None:
        query = query.where(Person.department.in_(reach))
    return [Candidate(person_id, name, dept or "") for person_id, name, dept in rows(query)]


def department_choices(actor: Actor, departments: Iterable[Department]) -> dict[int, str]:
    """The departments for which ``actor`` names who acts."""
    reach = actor.departments_for(Permission.NAME_ACTING)
    return {found.id: found.name for found in departments if reach is None or found.id in reach}
