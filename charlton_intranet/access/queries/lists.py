"""Admin lists as they were entered, with whom their entries are taken for now."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import peewee

from charlton_intranet.access.models import AdminEntry, AdminList, Identification, PageChange
from charlton_intranet.access.rules import EntryKind, PageRole
from charlton_intranet.accounts.models import Person
from charlton_intranet.core.database import rows


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a list with whom it is taken for now, later identifications included."""

    id: int
    place: int
    text: str
    name: str
    key: str
    email: str
    role_words: str
    role: PageRole
    kind: EntryKind
    person_id: int | None


@dataclass(frozen=True, slots=True)
class LastList:
    """The newest list of a site."""

    id: int
    taken_at: datetime
    taken_by: str
    proof_id: int | None
    entries: tuple[Entry, ...]

    @property
    def shared(self) -> str:
        """The first shared account on it, empty without one."""
        return next((entry.name for entry in self.entries if entry.kind is EntryKind.SHARED), "")


def last_admin_list(site_ids: Collection[int]) -> dict[int, LastList]:
    """The newest list of each of these sites that has one, in three queries."""
    newest = (
        AdminList.select(peewee.fn.MAX(AdminList.id)).where(AdminList.site.in_(list(site_ids))).group_by(AdminList.site)
    )
    heads = rows(
        AdminList.select(AdminList.id, AdminList.site, AdminList.taken_at, Person.name, AdminList.proof)
        .join(Person)
        .where(AdminList.id.in_(newest))
    )
    by_list = entries([row[0] for row in heads])
    return {
        site_id: LastList(list_id, taken_at, by, proof_id, tuple(by_list.get(list_id, ())))
        for list_id, site_id, taken_at, by, proof_id in heads
    }


def entries(list_ids: Collection[int]) -> dict[int, list[Entry]]:
    """The entries of lists by list, in their order, each with whom it is taken for now; two queries."""
    later = {
        entry_id: (kind, person_id)
        for entry_id, kind, person_id in rows(
            Identification.select(Identification.entry, Identification.kind, Identification.person)
            .join(AdminEntry)
            .where(AdminEntry.admin_list.in_(list(list_ids)))
            .order_by(Identification.id)
        )
    }
    query = (
        AdminEntry.select(
            AdminEntry.admin_list, AdminEntry.id, AdminEntry.place, AdminEntry.text, AdminEntry.name, AdminEntry.key,
            AdminEntry.email, AdminEntry.role_words, AdminEntry.role, AdminEntry.kind, AdminEntry.person,
        )
        .where(AdminEntry.admin_list.in_(list(list_ids)))
        .order_by(AdminEntry.admin_list, AdminEntry.place)
    )  # fmt: skip
    found: dict[int, list[Entry]] = defaultdict(list)
    for list_id, *told in rows(query):
        told[-2:] = later.get(told[0], told[-2:])
        found[list_id].append(Entry(*told))
    return found


@dataclass(frozen=True, slots=True)
class ListRow:
    """A list in the history of a site."""

    id: int
    taken_at: datetime
    taken_by: str
    proof_id: int | None


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """What was shown of somebody's place."""

    role: PageRole
    made_at: datetime
    made_by: str
    proof_id: int


def lists_of(site_id: int) -> list[ListRow]:
    """Every list of a site, newest first: a few a year."""
    query = (
        AdminList.select(AdminList.id, AdminList.taken_at, Person.name, AdminList.proof)
        .join(Person)
        .where(AdminList.site == site_id)
        .order_by(AdminList.id.desc())
    )
    return [ListRow(*row) for row in rows(query)]


def changes_of(site_id: int, person_id: int) -> list[ChangeRow]:
    """What was shown of a person's place on a page, newest first."""
    query = (
        PageChange.select(PageChange.role, PageChange.made_at, Person.name, PageChange.proof)
        .join(Person, on=(PageChange.made_by == Person.id))
        .where((PageChange.site == site_id) & (PageChange.person == person_id))
        .order_by(PageChange.id.desc())
    )
    return [ChangeRow(*row) for row in rows(query)]


def names_on(list_ids: Collection[int]) -> dict[int, str]:
    """Names of everybody an entry of these lists is or was taken for."""
    on_lists = AdminEntry.select(AdminEntry.id).where(AdminEntry.admin_list.in_(list(list_ids)))
    taken = AdminEntry.select(AdminEntry.person).where(AdminEntry.id.in_(on_lists) & AdminEntry.person.is_null(False))
    later = Identification.select(Identification.person).where(
        Identification.entry.in_(on_lists) & Identification.person.is_null(False)
    )
    return dict(rows(Person.select(Person.id, Person.name).where(Person.id.in_(taken) | Person.id.in_(later))))
