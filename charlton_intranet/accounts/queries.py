"""Reads of people, roles and departments."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

import peewee

from charlton_intranet.accounts.models import Closure, Department, LoginSession, Person, RoleAssignment
from charlton_intranet.accounts.rules import PersonState
from charlton_intranet.core.calendar import BusinessCalendar
from charlton_intranet.core.database import first_row, rows
from charlton_intranet.core.errors import NotFound
from charlton_intranet.core.permissions import Actor, Held, Role


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to write to."""

    person_id: int
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One line of the People page."""

    id: int
    name: str
    email: str
    title: str
    department: str
    department_id: int | None
    state: PersonState
    roles: tuple[str, ...]


def _on(day: date) -> peewee.Expression:
    """The assignments in force on ``day``."""
    return (RoleAssignment.starts_on <= day) & (RoleAssignment.ends_on.is_null() | (RoleAssignment.ends_on >= day))


def held_by(person_id: int, day: date) -> frozenset[Held]:
    """Everything a person holds on ``day``; everybody is an employee."""
    given = RoleAssignment.select(RoleAssignment.role, RoleAssignment.department, RoleAssignment.acting).where(
        (RoleAssignment.person == person_id) & _on(day)
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
            .where((RoleAssignment.role == role) & scope & _on(day) & (Person.state == PersonState.ACTIVE))
            .distinct()
        )
    return [Contact(*row) for row in rows(people.order_by(Person.id))]


def departments_with(role: Role, day: date) -> frozenset[int]:
    """The departments in which somebody active holds ``role`` on ``day``."""
    rows = (
        RoleAssignment.select(RoleAssignment.department)
        .join(Person, on=(RoleAssignment.person == Person.id))
        .where(
            (RoleAssignment.role == role)
            & RoleAssignment.department.is_null(False)
            & _on(day)
            & (Person.state == PersonState.ACTIVE)
        )
        .distinct()
    )
    return frozenset(department_id for (department_id,) in rows.tuples())


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


def business_calendar() -> BusinessCalendar:
    """The town's calendar with its local closures."""
    return BusinessCalendar(day for (day,) in rows(Closure.select(Closure.day)))


def names_of(person_ids: Iterable[int | None]) -> dict[int, str]:
    """Names by id, in one query."""
    wanted = {person_id for person_id in person_ids if person_id is not None}
    if not wanted:
        return {}
    return dict(rows(Person.select(Person.id, Person.name).where(Person.id.in_(wanted))))


def people_page(
    day: date, *, after: tuple[str, int] | None = None, words: str = "", size: int = 50
) -> tuple[list[PersonRow], tuple[str, int] | None]:
    """People by name with the roles they hold on ``day``: two queries whatever the size.

    Returns the rows and the key of the next page, None on the last.
    """
    query = (
        Person.select(
            Person.id,
            Person.name,
            Person.email,
            Person.title,
            Department.name,
            Person.department,
            Person.state,
        )
        .join(Department, peewee.JOIN.LEFT_OUTER)
        .order_by(Person.name, Person.id)
        .limit(size + 1)
    )
    if words:
        query = query.where(Person.name.contains(words) | Person.email.contains(words))
    if after is not None:
        query = query.where((Person.name > after[0]) | ((Person.name == after[0]) & (Person.id > after[1])))
    found = [
        PersonRow(pid, name, email, title, dept or "", dept_id, PersonState(state), ())
        for pid, name, email, title, dept, dept_id, state in rows(query)
    ]
    page, more = found[:size], len(found) > size
    roles: dict[int, list[str]] = {}
    held = (
        RoleAssignment.select(RoleAssignment.person, RoleAssignment.role, RoleAssignment.acting, Department.name)
        .join(Department, peewee.JOIN.LEFT_OUTER)
        .where(RoleAssignment.person.in_([row.id for row in page]) & _on(day))
        .order_by(RoleAssignment.id)
    )
    for person_id, role, acting, dept in rows(held):
        label = f"{'Acting ' if acting else ''}{Role(role).label}{f', {dept}' if dept else ''}"
        roles.setdefault(person_id, []).append(label)
    shown = [replace(row, roles=tuple(roles.get(row.id, ()))) for row in page]
    return shown, ((page[-1].name, page[-1].id) if more else None)


def person(person_id: int) -> Person:
    """One person with department, or ``NotFound``."""
    found: Person | None = (
        Person.select(Person, Department).join(Department, peewee.JOIN.LEFT_OUTER).where(Person.id == person_id).first()
    )
    if found is None:
        raise NotFound
    return found


def assignments_of(person_id: int) -> list[RoleAssignment]:
    """Every role a person holds, held or will hold, newest first, with department and who named them."""
    namer = Person.alias()
    return list(
        RoleAssignment.select(RoleAssignment, Department, namer)
        .join_from(RoleAssignment, Department, peewee.JOIN.LEFT_OUTER)
        .join_from(RoleAssignment, namer, peewee.JOIN.LEFT_OUTER, on=(RoleAssignment.named_by == namer.id))
        .where(RoleAssignment.person == person_id)
        .order_by(RoleAssignment.starts_on.desc(), RoleAssignment.id.desc())
    )
