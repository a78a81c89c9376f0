"""Whom the lines of a pasted list may be: people here, and names that were confirmed before."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from charlton_intranet.access.models import AdminEntry, AdminList, Identification
from charlton_intranet.access.rules import EntryKind, Known, Line, Match, Taken, match, name_key
from charlton_intranet.accounts.models import Person
from charlton_intranet.core.database import rows
from charlton_intranet.grants.models import Grant

# What a list of choices can hold; anybody else is named by their official address.
CHOICES = 200
# Who these are depends on nothing that an earlier list could tell.
CONFIRMED = (EntryKind.PERSON, EntryKind.SHARED, EntryKind.WORDS)


def matches(site_id: int, lines: Sequence[Line]) -> list[Match]:
    """Whom each line is taken for, in three queries."""
    found = known(site_id, {line.key for line in lines})
    return [match(line, found) for line in lines]


def known(site_id: int, keys: Iterable[str]) -> Known:
    """Everybody with an account by official address and by name, and what earlier lists took these keys for."""
    by_email: dict[str, int] = {}
    by_name: dict[str, tuple[int, ...]] = defaultdict(tuple)
    for person_id, name, email in rows(Person.select(Person.id, Person.name, Person.email).order_by(Person.id)):
        by_email[email] = person_id
        by_name[name_key(name)] += (person_id,)
    same = AdminEntry.key.in_(list(keys))
    lists = (
        AdminEntry.select(AdminEntry.id, AdminEntry.key, AdminList.site, AdminEntry.kind, AdminEntry.person)
        .join(AdminList)
        .where(same)
        .order_by(AdminEntry.id)
    )
    later = (
        Identification.select(Identification.entry, Identification.kind, Identification.person)
        .join(AdminEntry)
        .where(same)
        .order_by(Identification.id)
    )
    turned_out = {entry_id: Taken(kind, person_id) for entry_id, kind, person_id in rows(later)}
    here: dict[str, Taken] = {}
    elsewhere: dict[str, Taken] = {}
    for entry_id, key, where, kind, person_id in rows(lists):
        taken = turned_out.get(entry_id, Taken(kind, person_id))
        if taken.kind in CONFIRMED:
            (here if where == site_id else elsewhere)[key] = taken
    return Known(by_email, by_name, here, elsewhere)


def person_choices(site_id: int, department_id: int, besides: Iterable[int | None]) -> list[tuple[int, str]]:
    """Those who are likely on a page: who ever had a grant, the department's people, and those in ``besides``."""
    granted = Grant.select(Grant.person).where(Grant.site == site_id)
    others = [person_id for person_id in besides if person_id is not None]
    query = (
        Person.select(Person.id, Person.name, Person.email)
        .where(Person.id.in_(granted) | (Person.department == department_id) | Person.id.in_(others))
        .order_by(Person.id.in_(others).desc(), Person.name, Person.id)
        .limit(CHOICES)
    )
    return [(person_id, f"{name} ({email})") for person_id, name, email in rows(query)]


def person_by_email(email: str) -> int | None:
    """The person with this official address, whatever the state of the account."""
    found = rows(Person.select(Person.id).where(Person.email == email.strip().lower()))
    return found[0][0] if found else None
