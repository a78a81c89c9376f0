"""People by sites: pages of the matrix, and of the people of one site."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from charlton_intranet.accounts.models import Department, Person, RoleAssignment
from charlton_intranet.core.database import rows
from charlton_intranet.core.permissions import Actor, Permission, Role
from charlton_intranet.grants.models import Grant
from charlton_intranet.grants.queries.authority import Standing, ground
from charlton_intranet.grants.rules import OFFICE, Capability, GrantState
from charlton_intranet.sites.models import Network, Site
from charlton_intranet.sites.rules import LIVE

COLUMNS = 8
PEOPLE = 25


@dataclass(frozen=True, slots=True)
class MatrixFilter:
    """What the matrix is narrowed to; None and empty mean all. ``capability`` is what was granted."""

    department_id: int | None = None
    site_id: int | None = None
    words: str = ""
    capability: Capability | None = None
    lapsed: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A site as the head of a column."""

    id: int
    title: str
    network: str
    department: str


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One person with their standing on each site of the columns, by site."""

    person_id: int
    person: str
    cells: dict[int, Standing]


@dataclass(frozen=True, slots=True)
class Matrix:
    """One page; ``next_person`` and ``next_site`` are the keys of what follows below and to the right."""

    columns: list[Column]
    rows: list[MatrixRow]
    next_person: int | None
    next_site: int | None


def matrix(
    actor: Actor,
    wanted: MatrixFilter,
    day: date,
    *,
    after: int | None = None,
    site_after: int | None = None,
    size: int = PEOPLE,
) -> Matrix:
    """A page of people by name on a page of the sites whose records ``actor`` reads, by title; ten queries at most."""
    columns = _columns(actor, wanted, site_after)
    shown = columns[:COLUMNS]
    people, more = people_page([column.id for column in shown], wanted, day, after=after, size=size)
    return Matrix(
        columns=shown,
        rows=people,
        next_person=people[-1].person_id if more else None,
        next_site=shown[-1].id if len(columns) > COLUMNS else None,
    )


def people_page(
    site_ids: Collection[int], wanted: MatrixFilter, day: date, *, after: int | None = None, size: int = PEOPLE
) -> tuple[list[MatrixRow], bool]:
    """A page of those with an approved grant or the office on these sites, by name, and whether more follow.

    Whether something lapsed is computed, so a list of lapses looks at everybody on these few sites.
    """
    chosen = None if wanted.lapsed else _people(site_ids, wanted, day, after=after, size=size)
    found = ground(site_ids, chosen, day=day)
    rows_: dict[int, MatrixRow] = {}
    for person_id, site_id in found.pairs():
        row = rows_.setdefault(person_id, MatrixRow(person_id, found.people[person_id].name, {}))
        row.cells[site_id] = found.standing(person_id, site_id)
    listed = sorted(rows_.values(), key=lambda row: (row.person, row.person_id))
    if wanted.lapsed:
        listed = [row for row in listed if _matches(row, wanted)]
        if after is not None:
            last = next((i for i, row in enumerate(listed) if row.person_id == after), len(listed))
            listed = listed[last + 1 :]
    return listed[:size], len(listed) > size


def _matches(row: MatrixRow, wanted: MatrixFilter) -> bool:
    return wanted.words.lower() in row.person.lower() and any(
        cell.lapses and wanted.capability in {None, cell.granted} for cell in row.cells.values()
    )


def _columns(actor: Actor, wanted: MatrixFilter, after: int | None) -> list[Column]:
    held = Grant.select(Grant.site).where(Grant.state == GrantState.APPROVED)
    query = (
        Site.select(Site.id, Site.title, Network.name, Department.name)
        .join_from(Site, Network)
        .join_from(Site, Department)
        .where(Site.state.in_(LIVE) | Site.id.in_(held))
        .order_by(Site.title, Site.id)
        .limit(COLUMNS + 1)
    )
    reach = actor.departments_for(Permission.READ_SITE_RECORDS)
    if reach is not None:
        query = query.where(Site.department.in_(reach))
    if wanted.department_id is not None:
        query = query.where(Site.department == wanted.department_id)
    if wanted.site_id is not None:
        query = query.where(Site.id == wanted.site_id)
    if after is not None:
        last = Site.alias()
        title = last.select(last.title).where(last.id == after)
        query = query.where((Site.title > title) | ((Site.title == title) & (Site.id > after)))
    return [Column(*row) for row in rows(query)]


def _people(site_ids: Collection[int], wanted: MatrixFilter, day: date, *, after: int | None, size: int) -> list[int]:
    """The ids of one person more than the page holds."""
    granted = Grant.select(Grant.person).where((Grant.state == GrantState.APPROVED) & Grant.site.in_(list(site_ids)))
    if wanted.capability is not None:
        granted = granted.where(Grant.capability == wanted.capability)
    held: Any = Person.id.in_(granted)
    if wanted.capability in {None, OFFICE}:
        departments = Site.select(Site.department).where(Site.id.in_(list(site_ids)))
        heads = RoleAssignment.select(RoleAssignment.person).where(
            (RoleAssignment.role == Role.DEPARTMENT_HEAD)
            & RoleAssignment.department.in_(departments)
            & (RoleAssignment.starts_on <= day)
            & (RoleAssignment.ends_on.is_null() | (RoleAssignment.ends_on >= day))
        )
        held = held | Person.id.in_(heads)
    query = Person.select(Person.id).where(held).order_by(Person.name, Person.id).limit(size + 1)
    if wanted.words:
        query = query.where(Person.name.contains(wanted.words))
    if after is not None:
        last = Person.alias()
        name = last.select(last.name).where(last.id == after)
        query = query.where((Person.name > name) | ((Person.name == name) & (Person.id > after)))
    return [person_id for (person_id,) in rows(query)]
