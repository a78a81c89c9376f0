"""Who would get what on a day, with the ladder in force and with a proposed one. Nothing is sent or written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import peewee

from charlton_intranet.accounts.queries import Contact, business_calendar
from charlton_intranet.core.database import rows
from charlton_intranet.core.duties import Duty, Kind, Ladder, Register, Scope
from charlton_intranet.oversight.models import DigestDay, Reminder
from charlton_intranet.oversight.queries.roster import Roster, roster
from charlton_intranet.oversight.queries.telling import Choices, Key, Told, choices, to_tell

# How far ahead a day may lie: what is open by then nobody knows.
FURTHEST = timedelta(days=60)
MOST_PEOPLE = 50


@dataclass(frozen=True, slots=True)
class PersonPreview:
    """What one person would be told, now and as proposed; each line is the duty and who owes it."""

    person: str
    now: tuple[str, ...]
    proposed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """A day's digests of one kind of duty. ``people`` are the first ones of ``total``."""

    day: date
    people: tuple[PersonPreview, ...]
    total: int
    lines_now: int
    lines_proposed: int


def next_digest_day(today: date) -> date:
    """The next business day whose digests are still to be written."""
    calendar = business_calendar()
    day = calendar.on_or_after(today)
    return calendar.add(day, 1) if DigestDay.get_or_none(DigestDay.day == day) else day


def preview(register: Register, kind: Kind, proposed: Ladder, day: date, today: date) -> Preview:
    """What everybody would hear of ``kind`` on ``day``, if what is open now stays open and nothing comes up.

    A rung that the digest of an earlier day tells is not told again. The queries do not grow with the days between.
    """
    first = next_digest_day(today)
    duties = [duty for duty in register.owed(Scope(day)) if duty.kind.name == kind.name]
    chosen, told_before = choices(first), _told(duties)
    names, days = roster(day), _digest_days(first, day)
    now = _of_day(duties, names, chosen, told_before, days)
    other = replace(chosen, ladders={**chosen.ladders, kind.name: proposed})
    then = _of_day(duties, names, other, told_before, days)
    people = sorted({*now, *then}, key=lambda one: (one.name, one.person_id))
    return Preview(
        day,
        tuple(PersonPreview(one.name, _lines(now, one), _lines(then, one)) for one in people[:MOST_PEOPLE]),
        len(people),
        sum(map(len, now.values())),
        sum(map(len, then.values())),
    )


def _digest_days(first: date, day: date) -> list[date]:
    """The days on which digests go out from ``first`` to ``day``, which is one whatever the calendar says."""
    calendar, days = business_calendar(), [first]
    while days[-1] < day:
        days.append(calendar.add(days[-1], 1))
    return [*(one for one in days if one < day), day]


def _of_day(
    duties: Sequence[Duty], names: Roster, chosen: Choices, told_before: frozenset[Key], days: Sequence[date]
) -> Mapping[Contact, list[Told]]:
    """The lines of the last of ``days`` by person: what no digest before it has told."""
    told = set(told_before)
    for before in days[:-1]:
        told.update(to_tell(duties, names, chosen, before))
    found: dict[Contact, list[Told]] = {}
    for key, one in to_tell(duties, names, chosen, days[-1]).items():
        if key not in told:
            found.setdefault(one.recipient, []).append(one)
    return found


def _told(duties: Sequence[Duty]) -> frozenset[Key]:
    """What went out of these duties already."""
    columns = (Reminder.kind, Reminder.subject, Reminder.due, Reminder.rung, Reminder.recipient)
    found: set[Key] = set()
    for batch in peewee.chunked(sorted({duty.subject for duty in duties}), 500):
        query = Reminder.select(*columns).where((Reminder.kind == duties[0].kind.name) & Reminder.subject.in_(batch))
        found.update(rows(query))
    return frozenset(found)


def _lines(found: Mapping[Contact, list[Told]], person: Contact) -> tuple[str, ...]:
    return tuple(
        f"{one.duty.title}{f' (owed by {one.owed_by})' if one.owed_by else ''}" for one in found.get(person, ())
    )
