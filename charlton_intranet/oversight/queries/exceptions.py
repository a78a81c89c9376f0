"""Recorded exceptions: who settled a matter of their own, and why (for the Town Administrator and the auditor)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from charlton_intranet.accounts.models import Person, RecordedException
from charlton_intranet.core.database import rows
from charlton_intranet.sites.models import Network, Site

PAGE_SIZE = 50

# Where the record of an exception is read, by the kind in ``subject``.
_PAGES = {
    "appointment": "/sites/coordinators/{}",
    "case": "/triage/{}",
    "departure": "/access/departures/{}",
    "grant": "/grants/{}",
    "network": "/sites/networks/{}",
    "person": "/people/{}",
    "site": "/sites/{}",
}

_NAMED: tuple[tuple[str, Any, Any], ...] = (
    ("network", Network, Network.name),
    ("person", Person, Person.name),
    ("site", Site, Site.title),
)


@dataclass(frozen=True, slots=True)
class ExceptionRow:
    """One exception; ``url`` is empty where the record has no page of its own."""

    id: int
    at: datetime
    person_id: int
    person: str
    step: str
    subject: str
    named: str
    url: str
    reason: str


def exceptions_page(after: int | None = None) -> tuple[list[ExceptionRow], int | None]:
    """Exceptions newest first, and the key of the next page: at most four queries whatever their number."""
    query = (
        RecordedException.select(
            RecordedException.id, RecordedException.at, RecordedException.person, Person.name, RecordedException.step,
            RecordedException.subject, RecordedException.reason,
        )
        .join(Person)
        .order_by(RecordedException.id.desc())
        .limit(PAGE_SIZE + 1)
    )  # fmt: skip
    if after is not None:
        query = query.where(RecordedException.id < after)
    read = rows(query)
    names = _names({row[5] for row in read})
    found = [
        ExceptionRow(number, at, person_id, name, step, subject, names.get(subject, ""), _page(subject), reason)
        for number, at, person_id, name, step, subject, reason in read
    ]
    return found[:PAGE_SIZE], found[PAGE_SIZE - 1].id if len(found) > PAGE_SIZE else None


def exceptions_count() -> int:
    """How many there are."""
    return int(RecordedException.select().count())


def _names(subjects: Collection[str]) -> dict[str, str]:
    """What people call those records that have a name."""
    found = {}
    for kind, record, name in _NAMED:
        ids = [number for asked, _, number in (one.partition(":") for one in subjects) if asked == kind]
        if ids:
            query = record.select(record.id, name).where(record.id.in_(list(map(int, ids))))
            found.update({f"{kind}:{number}": said for number, said in rows(query)})
    return found


def _page(subject: str) -> str:
    kind, _, number = subject.partition(":")
    return _PAGES[kind].format(number) if kind in _PAGES and number.isdigit() else ""
