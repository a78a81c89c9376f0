"""Listed accounts, the lists they came in, and whether an address is one of the town's."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import peewee

from charlton_intranet.accounts import queries as accounts
from charlton_intranet.accounts.models import Department
from charlton_intranet.core.database import rows
from charlton_intranet.core.errors import NotFound
from charlton_intranet.core.fields import as_date
from charlton_intranet.core.files import StoredFile
from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.core.tables import Line, read_table
from charlton_intranet.sites.models import Network, Site
from charlton_intranet.sites.models.registry import ListedAccount, RegistryImport, RegistryRefusal
from charlton_intranet.sites.rules import ENDED
from charlton_intranet.sites.rules.addresses import handle_of
from charlton_intranet.sites.rules.intake import Sorted, department_match, sort_out
from charlton_intranet.sites.rules.listings import Listing, Unusable, read_rows
from charlton_intranet.sites.rules.registry import (
    CatalogueEntry,
    ListedState,
    Networks,
    Sheet,
    guess_columns,
    sheet_of,
)

MOST_ROWS = 150_000
PAGE = 50
P = Permission


# --- listed accounts --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ListedFilter:
    """What the list is narrowed to; None and empty mean all. ``department_id`` 0 stands for accounts without one."""

    state: ListedState | None = ListedState.LISTED
    department_id: int | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class ListedRow:
    """One line of the registry."""

    id: int
    title: str
    network: str
    handle: str
    address: str
    department: str | None
    state: ListedState


def in_reach(actor: Actor, permission: Permission = P.READ_SITE_RECORDS) -> peewee.Expression:
    """The listed accounts of ``actor``'s departments, and those that nobody has been named for."""
    reach = actor.departments_for(permission)
    if reach is None:
        return ListedAccount.id.is_null(False)
    return ListedAccount.department.is_null() | ListedAccount.department.in_(list(reach))


def registry_page(
    actor: Actor, wanted: ListedFilter, *, after: int | None = None, size: int = PAGE
) -> tuple[list[ListedRow], int | None]:
    """Listed accounts by title, in one query; with the key of the next page, None on the last."""
    query = (
        ListedAccount.select(
            ListedAccount.id, ListedAccount.title, ListedAccount.network_name, ListedAccount.handle,
            ListedAccount.address, Department.name, ListedAccount.state,
        )
        .join(Department, peewee.JOIN.LEFT_OUTER)
        .where(in_reach(actor))
        .order_by(ListedAccount.title, ListedAccount.id)
        .limit(size + 1)
    )  # fmt: skip
    if wanted.state is not None:
        query = query.where(ListedAccount.state == wanted.state)
    if wanted.department_id is not None:
        own = wanted.department_id or None
        query = query.where(ListedAccount.department.is_null() if own is None else ListedAccount.department == own)
    if wanted.words:
        words = handle_of(wanted.words) or wanted.words
        query = query.where(ListedAccount.title.contains(words) | ListedAccount.handle.contains(words))
    if after is not None:
        last = ListedAccount.alias()
        title = last.select(last.title).where(last.id == after)
        query = query.where(
            (ListedAccount.title > title) | ((ListedAccount.title == title) & (ListedAccount.id > after))
        )
    found = [ListedRow(*row) for row in rows(query)]
    return found[:size], (found[size - 1].id if len(found) > size else None)


def load_listed(actor: Actor, listed_id: int) -> ListedAccount:
    """A listed account with its department and network, or ``NotFound`` when it is not this actor's to know about."""
    found: ListedAccount | None = (
        ListedAccount.select(ListedAccount, Department, Network)
        .join_from(ListedAccount, Department, peewee.JOIN.LEFT_OUTER)
        .join_from(ListedAccount, Network, peewee.JOIN.LEFT_OUTER)
        .where((ListedAccount.id == listed_id) & in_reach(actor))
        .first()
    )
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True, slots=True)
class ListedSheet:
    """A listed account as its page shows it, and what its reader may press."""

    account: ListedAccount
    facts: dict[str, str]
    names: dict[int, str]
    may_ask: bool
    may_strike: bool
    may_give: bool


def listed_sheet(actor: Actor, listed_id: int) -> ListedSheet:
    """Everything the page shows, in two queries."""
    found = load_listed(actor, listed_id)
    waits = found.state is ListedState.LISTED
    return ListedSheet(
        account=found,
        facts=json.loads(found.facts),
        names=accounts.names_of((found.listed_by_id, found.settled_by_id)),
        may_ask=waits and may_settle(actor, found, P.REQUEST_SITE),
        may_strike=waits and (may_settle(actor, found, P.REQUEST_SITE) or actor.may(P.LIST_ACCOUNTS)),
        may_give=waits and actor.may(P.LIST_ACCOUNTS),
    )


def may_settle(actor: Actor, found: ListedAccount, permission: Permission) -> bool:
    """Whether the account is this actor's to ask for: their department's, or nobody's yet."""
    return actor.may(permission, found.department_id, anywhere=found.department_id is None)


def prefill(actor: Actor, listed_id: int | None) -> dict[str, Any]:
    """What a request is filled in with from a listed account; nothing when it does not wait any more."""
    if listed_id is None:
        return {}
    found = load_listed(actor, listed_id)
    if found.state is not ListedState.LISTED:
        return {}
    told = {"address": found.address, "title": found.title}
    return told | ({"department": found.department_id} if found.department_id else {})


def waiting_by_department(department_ids: list[int] | None) -> list[tuple[int, str, int, date]]:
    """Departments whose listed accounts wait: id, name, how many, since when. None asks for all departments."""
    count, since = peewee.fn.COUNT(ListedAccount.id), peewee.fn.MIN(ListedAccount.listed_on)
    query = (
        ListedAccount.select(ListedAccount.department, Department.name, count, since.converter(as_date))
        .join(Department)
        .where(ListedAccount.state == ListedState.LISTED)
        .group_by(ListedAccount.department, Department.name)
        .order_by(Department.name)
    )
    if department_ids is not None:
        query = query.where(ListedAccount.department.in_(department_ids))
    return [(key, name, number, day) for key, name, number, day in rows(query)]


# --- lists that were handed in ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Preview:
    """A list as it would go in now; ``guesses`` are the town's departments that its names plainly mean.

    ``read`` is every account of it, usable or not, as the columns have it.
    """

    sheet: Sheet
    columns: dict[int, str]
    read: Sequence[Listing | Unusable]
    sorted: Sorted
    guesses: dict[str, int]
    departments: dict[int, str]


def networks() -> Networks:
    """The catalogue as the reader of a list needs it, in whatever state: what may be used is asked later."""
    query = Network.select(Network.id, Network.name, Network.slug, Network.hosts).order_by(Network.id)
    return Networks(
        [CatalogueEntry(found, name, slug, tuple(hosts.split())) for found, name, slug, hosts in rows(query)]
    )


def read_list(data: bytes) -> list[Line]:
    """The rows of a file, or ``Invalid`` for ``file``."""
    return read_table(data, most=MOST_ROWS)


def first_look(data: bytes) -> tuple[dict[int, str], int]:
    """What the columns of a new file probably are, and how many rows stand below its header."""
    known = networks()
    sheet = sheet_of([(line.number, line.cells) for line in read_list(data)], known)
    return guess_columns(sheet, known, [found.name for found in accounts.departments()]), len(sheet.rows)


def header_of(data: bytes) -> tuple[str, ...]:
    """The names of the columns of a file."""
    return sheet_of([(line.number, line.cells) for line in read_list(data)], networks()).header


def preview(run: RegistryImport, data: bytes) -> Preview:
    """What would happen to each row of the file now."""
    columns, known = columns_of(run), networks()
    sheet = sheet_of([(line.number, line.cells) for line in read_list(data)], known)
    read = list(read_rows(sheet, columns, known))
    found = sort_out(iter(read), known_accounts())
    own = {department.id: department.name for department in accounts.departments()}
    guesses = {name: key for name, _number in found.departments if (key := department_match(name, own)) is not None}
    return Preview(sheet, columns, read, found, guesses, own)


def columns_of(run: RegistryImport) -> dict[int, str]:
    """Which column holds what, by its place."""
    return {int(place): role for place, role in json.loads(run.columns).items()}


def known_accounts() -> dict[str, str]:
    """Why an account changes nothing when it is imported, by ``listed:`` key and ``site:`` key."""
    said = {
        ListedState.LISTED: "It is listed already.",
        ListedState.ASKED: "It was listed before, and its department has asked for it.",
        ListedState.STRUCK: "It was listed before and struck off.",
    }
    listed = ListedAccount.select(ListedAccount.address_key, ListedAccount.state)
    sites = Site.select(Site.address_key, Site.state).where(Site.state.not_in(ENDED))
    known = {f"listed:{key}": said[state] for key, state in rows(listed)}
    return known | {f"site:{key}": f"It is on record as a site ({state.label.lower()})." for key, state in rows(sites)}


def load_import(actor: Actor, import_id: int) -> RegistryImport:
    """A list that was handed in; its readers are those who may list accounts."""
    actor.must_see(P.LIST_ACCOUNTS)
    found: RegistryImport | None = (
        RegistryImport.select(RegistryImport, StoredFile).join(StoredFile).where(RegistryImport.id == import_id).first()
    )
    if found is None:
        raise NotFound
    return found


def recent_imports() -> list[RegistryImport]:
    """The latest lists, newest first."""
    query = RegistryImport.select(RegistryImport, StoredFile).join(StoredFile)
    return list(query.order_by(RegistryImport.id.desc()).limit(10))


def refusals(import_id: int, *, after: int = 0, size: int | None = PAGE) -> list[tuple[int, int, str, list[str]]]:
    """Rows that did not go in: key, row number, reason, cells; ``size`` None gives all that follow ``after``."""
    query = RegistryRefusal.select(
        RegistryRefusal.id, RegistryRefusal.row, RegistryRefusal.reason, RegistryRefusal.cells
    ).where((RegistryRefusal.registry_import == import_id) & (RegistryRefusal.id > after))
    return [
        (key, row, reason, json.loads(cells))
        for key, row, reason, cells in rows(query.order_by(RegistryRefusal.id).limit(size))
    ]
