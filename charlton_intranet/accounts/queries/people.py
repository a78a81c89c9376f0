"""The People pages: everybody, and one person with every role."""

from dataclasses import dataclass, replace
from datetime import date, datetime

import peewee

from charlton_intranet.accounts.models import Department, Person, RoleAssignment
from charlton_intranet.accounts.queries import KEYS, in_reach, must_see_person, on, person, role_label
from charlton_intranet.accounts.rules import PersonState
from charlton_intranet.core.database import rows
from charlton_intranet.core.permissions import Actor, Role


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


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """One page of people; ``next_key`` is its last person when more follow."""

    rows: list[PersonRow]
    next_key: int | None


@dataclass(frozen=True, slots=True)
class RoleRow:
    """A role a person holds, held or will hold, as it stands on ``day``; ``ends`` is the last day.

    ``alone`` says that nobody else holds this office on ``day``, ``key`` that it is the town's last of its kind in
    its holder's own right, which nobody can take away.
    """

    id: int
    version: int
    label: str
    starts: date
    ends: date | None
    named_by: str
    reason: str
    day: date
    alone: bool
    key: bool

    @property
    def ended(self) -> bool:
        return self.ends is not None and self.ends < self.day

    @property
    def begun(self) -> bool:
        return self.starts <= self.day

    @property
    def in_force(self) -> bool:
        return self.begun and not self.ended


@dataclass(frozen=True, slots=True)
class PersonCard:
    """Everything the page of one person shows."""

    id: int
    version: int
    name: str
    email: str
    title: str
    department: str
    state: PersonState
    since: datetime
    closed_at: datetime | None
    roles: list[RoleRow]

    @property
    def in_force(self) -> list[RoleRow]:
        """The roles that would lapse with the account."""
        return [role for role in self.roles if role.in_force]

    @property
    def key(self) -> RoleRow | None:
        """The role for which the town can not do without this account; None when there is no such role."""
        return next((role for role in self.in_force if role.key), None)


def people_page(
    day: date,
    *,
    departments: frozenset[int] | None = None,
    after: int | None = None,
    words: str = "",
    size: int = 50,
) -> PeoplePage:
    """People of ``departments`` (None: the town) by name, with the roles they hold on ``day``.

    ``after`` is the person who ended the page before. Two queries whatever the size.
    """
    query = (
        Person.select(
            Person.id, Person.name, Person.email, Person.title, Department.name, Person.department, Person.state
        )
        .join(Department, peewee.JOIN.LEFT_OUTER)
        .order_by(Person.name, Person.id)
        .limit(size + 1)
    )
    if departments is not None:
        query = query.where(in_reach(departments, day))
    if words:
        query = query.where(Person.name.contains(words) | Person.email.contains(words))
    if after is not None:
        last = Person.alias()
        name = last.select(last.name).where(last.id == after)
        query = query.where((Person.name > name) | ((Person.name == name) & (Person.id > after)))
    found = [
        PersonRow(pid, name, email, title, dept or "", dept_id, PersonState(state), ())
        for pid, name, email, title, dept, dept_id, state in rows(query)
    ]
    page = found[:size]
    roles: dict[int, list[str]] = {}
    held = (
        RoleAssignment.select(RoleAssignment.person, RoleAssignment.role, RoleAssignment.acting, Department.name)
        .join(Department, peewee.JOIN.LEFT_OUTER)
        .where(RoleAssignment.person.in_([row.id for row in page]) & on(day))
        .order_by(RoleAssignment.id)
    )
    for person_id, role, acting, dept in rows(held):
        roles.setdefault(person_id, []).append(role_label(role, dept, acting=acting))
    shown = [replace(row, roles=tuple(roles.get(row.id, ()))) for row in page]
    return PeoplePage(shown, page[-1].id if len(found) > size else None)


def person_card(actor: Actor, person_id: int, day: date) -> PersonCard:
    """A person with every role, for those who may read about them; otherwise ``NotFound``."""
    must_see_person(actor, person_id, day)
    found = person(person_id)
    return PersonCard(
        id=found.id,
        version=found.version,
        name=found.name,
        email=found.email,
        title=found.title,
        department=found.department.name if found.department else "",
        state=found.state,
        since=found.created_at,
        closed_at=found.disabled_at,
        roles=_roles_of(person_id, day),
    )


def _roles_of(person_id: int, day: date) -> list[RoleRow]:
    """Every role a person holds, held or will hold, newest first."""
    namer = Person.alias()
    held = (
        RoleAssignment.select(
            RoleAssignment.id, RoleAssignment.version, RoleAssignment.role, RoleAssignment.department, Department.name,
            RoleAssignment.acting, RoleAssignment.starts_on, RoleAssignment.ends_on, namer.name, RoleAssignment.reason,
        )
        .join_from(RoleAssignment, Department, peewee.JOIN.LEFT_OUTER)
        .join_from(RoleAssignment, namer, peewee.JOIN.LEFT_OUTER, on=(RoleAssignment.named_by == namer.id))
        .where(RoleAssignment.person == person_id)
        .order_by(RoleAssignment.starts_on.desc(), RoleAssignment.id.desc())
    )  # fmt: skip
    found = rows(held)
    others = _held_by_others(person_id, {row[2] for row in found}, day)
    return [
        RoleRow(
            held_id, version, role_label(role, dept, acting=acting), starts, ends, by or "", reason, day,
            alone=(role, dept_id) not in others,
            key=role in KEYS and not acting and not others.get((role, dept_id), False),
        )
        for held_id, version, role, dept_id, dept, acting, starts, ends, by, reason in found
    ]  # fmt: skip


def _held_by_others(person_id: int, roles: set[Role], day: date) -> dict[tuple[Role, int | None], bool]:
    """The offices that other active people hold on ``day``, and whether one of them does so in their own right."""
    query = (
        RoleAssignment.select(RoleAssignment.role, RoleAssignment.department, RoleAssignment.acting)
        .join(Person, on=(RoleAssignment.person == Person.id))
        .where(
            RoleAssignment.role.in_(roles)
            & (RoleAssignment.person != person_id)
            & on(day)
            & (Person.state == PersonState.ACTIVE)
        )
        .distinct()
    )
    found: dict[tuple[Role, int | None], bool] = {}
    for role, department_id, acting in rows(query):
        found[role, department_id] = found.get((role, department_id), False) or not acting
    return found
