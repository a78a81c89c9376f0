"""Recorded exceptions: who settled a matter of their own, and why (for the Town Administrator and the auditor)."""

from dataclasses import dataclass
from datetime import datetime

from charlton_intranet.accounts.models import Person, RecordedException
from charlton_intranet.core.database import rows

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


@dataclass(frozen=True, slots=True)
class ExceptionRow:
    """One exception; ``url`` is empty where the record has no page of its own."""

    id: int
    at: datetime
    person_id: int
    person: str
    step: str
    subject: str
    url: str
    reason: str


def exceptions_page(after: int | None = None) -> tuple[list[ExceptionRow], int | None]:
    """Exceptions newest first, and the key of the next page: one query whatever their number."""
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
    found = [
        ExceptionRow(number, at, person_id, name, step, subject, _page(subject), reason)
        for number, at, person_id, name, step, subject, reason in rows(query)
    ]
    return found[:PAGE_SIZE], found[PAGE_SIZE - 1].id if len(found) > PAGE_SIZE else None


def exceptions_count() -> int:
    """How many there are."""
    return int(RecordedException.select().count())


def _page(subject: str) -> str:
    kind, _, number = subject.partition(":")
    return _PAGES[kind].format(number) if kind in _PAGES and number.isdigit() else ""
