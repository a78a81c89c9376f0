"""Reads of people, roles and departments as every feature needs them.

The pages' own reads are in the modules beside this one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import peewee

from charlton_intranet.accounts.models import Closure, Department, LoginSession, Person, RoleAssignment
from charlton_intranet.accounts.rules import PersonState
from charlton_intranet.core.calendar import BusinessCalendar
from charlton_intranet.core.database import first_row, rows
from charlton_intranet.core.errors import NotFound
from charlton_intranet.core.once import once
from charlton_intranet.core.permissions import Actor, Held, Permission, Role

# The town's roles without which nobody could give a role or open an account again.
KEYS = frozenset({Role.ADMINISTRATOR, Role.IT})


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to write to."""

    person_id: int
    name: str
    email: str


def on(day: date) -> peewee.Expression:
    """The assignments in force on ``day``."""
    return (RoleAssignment.starts_on <= day) & (RoleAssignment.ends_on.is_null() | (RoleAssignment.ends_on >= day))


def held_by(person_id: int, day: date) -> frozenset[Held]:
    """Everything a person holds on ``day``; everybody is an employee."""
    given = RoleAssignment.select(RoleAssignment.role, RoleAssignment.department, RoleAssignment.acting).where(
        (RoleAssignment.person == person_id) & on(day)
    )
    return frozenset(
        {Held(Role.EMPLOYEE)} | {Held(role, department_id, acting) for role, department_id, acting in rows(given)}
    )


def actor_of(person: Person, day: date, *, address: str = "") -> Actor:
    """The person as an actor with what they hold on ``day``."""
    return Actor(
        person_id=person.id,
        name=person.name,
        email=person.email,
        department_id=person.department_id,
        department_name=person.department.name if person.department else "",
        held=held_by(person.id, day),
        address=address,
    )


def actor_by_email(email: str, day: date) -> Actor:
    """An active person as an actor, for commands and the demo; ``NotFound`` when there is none."""
    person = Person.get_or_none((Person.email == email) & (Person.state == PersonState.ACTIVE))
    if person is None:
        raise NotFound(f"Nobody active has the address {email}.")
    return actor_of(person, day)


def session_by_digest(token_digest: str) -> LoginSession | None:
    """The session with its person and department, in one query."""
    found: LoginSession | None = (
        LoginSession.select(LoginSession, Person, Department)
        .join(Person)
        .join(Department, peewee.JOIN.LEFT_OUTER)
        .where(LoginSession.token_digest == token_digest)
        .first()
    )
    return found


def holders(role: Role, day: date, department_id: int | None = None) -> list[Contact]:
    """The active people who hold ``role`` on ``day`` for the department (None: for the town), acting ones too."""
    if role is Role.EMPLOYEE:
        people = Person.select(Person.id, Person.name, Person.email).where(Person.state == PersonState.ACTIVE)
    else:
        scope = (
            RoleAssignment.department.is_null() if department_id is None else RoleAssignment.department == department_id
        )
        people = (
            Person.select(Person.id, Person.name, Person.email)
            .join(RoleAssignment, on=(RoleAssignment.person == Person.id))
            .where((RoleAssignment.role == role) & scope & on(day) & (Person.state == PersonState.ACTIVE))
            .distinct()
        )
    return [Contact(*row) for row in rows(people.order_by(Person.id))]


def holds_within(person_id: int, role: Role, department_id: int | None, starts: date, ends: date | None) -> bool:
    """Whether a person holds this very role on a day from ``starts`` to ``ends`` (None: for good)."""
    scope = RoleAssignment.department.is_null() if department_id is None else RoleAssignment.department == department_id
    same = (RoleAssignment.person == person_id) & (RoleAssignment.role == role) & scope
    overlaps = (RoleAssignment.ends_on.is_null() | (RoleAssignment.ends_on >= starts)) & (
        RoleAssignment.ends_on.is_null() | (RoleAssignment.ends_on >= RoleAssignment.starts_on)
    )
    if ends is not None:
        overlaps &= RoleAssignment.starts_on <= ends
    return bool(RoleAssignment.select().where(same & overlaps).exists())


def keepers(role: Role, day: date) -> frozenset[int]:
    """The active people who hold a role of the town in their own right on ``day``."""
    query = (
        RoleAssignment.select(RoleAssignment.person)
        .join(Person, on=(RoleAssignment.person == Person.id))
        .where((RoleAssignment.role == role) & ~RoleAssignment.acting & on(day) & (Person.state == PersonState.ACTIVE))
    )
    return frozenset(person_id for (person_id,) in rows(query))


def open_roles(person_id: int, department_id: int, day: date) -> list[RoleAssignment]:
    """The roles a person holds, or will hold, for a department."""
    return list(
        RoleAssignment.select()
        .where(
            (RoleAssignment.person == person_id)
            & (RoleAssignment.department == department_id)
            & (RoleAssignment.ends_on.is_null() | (RoleAssignment.ends_on >= day))
        )
        .order_by(RoleAssignment.id)
    )


@once
def departments_with(role: Role, day: date) -> frozenset[int]:
    """The departments in which somebody active holds ``role`` on ``day``."""
    query = (
        RoleAssignment.select(RoleAssignment.department)
        .join(Person, on=(RoleAssignment.person == Person.id))
        .where(
            (RoleAssignment.role == role)
            & RoleAssignment.department.is_null(False)
            & on(day)
            & (Person.state == PersonState.ACTIVE)
        )
        .distinct()
    )
    return frozenset(department_id for (department_id,) in rows(query))


def contact(person_id: int) -> Contact | None:
    """An active person's address, or None."""
    row = first_row(
        Person.select(Person.id, Person.name, Person.email).where(
            (Person.id == person_id) & (Person.state == PersonState.ACTIVE)
        )
    )
    return Contact(*row) if row else None


def departments() -> list[Department]:
    """Active departments by name."""
    return list(Department.select().where(Department.active).order_by(Department.name))


def department(department_id: int) -> Department:
    """One department, or ``NotFound``."""
    found = Department.get_or_none(Department.id == department_id)
    if found is None:
        raise NotFound
    return found


@once
def business_calendar() -> BusinessCalendar:
    """The town's calendar with its local closures."""
    return BusinessCalendar(day for (day,) in rows(Closure.select(Closure.day)))


def names_of(person_ids: Iterable[int | None]) -> dict[int, str]:
    """Names by id, in one query."""
    wanted = {person_id for person_id in person_ids if person_id is not None}
    if not wanted:
        return {}
    return dict(rows(Person.select(Person.id, Person.name).where(Person.id.in_(wanted))))


def in_reach(departments: frozenset[int], day: date) -> peewee.Expression:
    """People who belong to one of ``departments`` or hold a role for it on ``day``."""
    holding = RoleAssignment.select(RoleAssignment.person).where(RoleAssignment.department.in_(departments) & on(day))
    return Person.department.in_(departments) | Person.id.in_(holding)


def must_see_person(actor: Actor, person_id: int, day: date) -> None:
    """Raise ``NotFound`` unless ``actor`` may read about the person, who may not exist."""
    reach = actor.departments_for(Permission.READ_PEOPLE)
    if reach is not None and not Person.select().where((Person.id == person_id) & in_reach(reach, day)).exists():
        raise NotFound


def role_label(role: Role, department: str | None, *, acting: bool) -> str:
    """A role in the policy's words: ``Acting Department Head, Library``."""
    return f"{'Acting ' if acting else ''}{role.label}{f', {department}' if department else ''}"


def person(person_id: int) -> Person:
    """One person with department, or ``NotFound``."""
    found: Person | None = (
        Person.select(Person, Department).join(Department, peewee.JOIN.LEFT_OUTER).where(Person.id == person_id).first()
    )
    if found is None:
        raise NotFound
    return found
