"""Calendar feeds: making and revoking an address, and keeping what it hands out."""

import uuid
from dataclasses import dataclass
from datetime import timedelta

from charlton_intranet.accounts import tokens
from charlton_intranet.accounts.models import Person
from charlton_intranet.accounts.rules import PersonState
from charlton_intranet.accounts.service.attempts import spend
from charlton_intranet.core import audit
from charlton_intranet.core.clock import Clock, today
from charlton_intranet.core.database import connection, rows, unit_of_work
from charlton_intranet.core.duties import Register
from charlton_intranet.core.errors import NotFound
from charlton_intranet.core.permissions import SYSTEM, Actor
from charlton_intranet.mail import service as mail
from charlton_intranet.oversight.models.calendars import CalendarEntry, CalendarFeed
from charlton_intranet.oversight.queries import calendars as queries
from charlton_intranet.oversight.rules.calendars import (
    READS_PER_FEED,
    TRIES_PER_ADDRESS,
    CalendarDetail,
    Changes,
    Entry,
    EntryState,
    Said,
    changes,
)

MADE = audit.declare("calendar.made", "detail")
CHANGED = audit.declare("calendar.changed", "before", "after")
REVOKED = audit.declare("calendar.revoked", "because")

# How closely the page tells when a calendar program read the feed last: no write for each reading.
READ_STEP = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """A feed as it is handed out: whose it is, and its entries."""

    owner: str
    entries: list[Entry]


def make_feed(actor: Actor, detail: CalendarDetail, *, clock: Clock) -> str:
    """Make the actor's calendar address; an earlier one ends. Returns the token that nobody can show again.

    Whoever knows the address reads without signing in, so the person is told by mail like of a new password.
    """
    token = tokens.new_token()
    digest = tokens.digest(token)
    with unit_of_work():
        CalendarFeed.delete().where(CalendarFeed.person == actor.person_id).execute()
        CalendarFeed.insert(person=actor.person_id, token_digest=digest, detail=detail, made_at=clock.now()).execute()
        audit.record(MADE, actor, _subject(actor.person_id), clock=clock, detail=detail)
        mail.queue(
            "calendar_made",
            occasion=f"calendar-made:{digest}",
            recipient=actor.email,
            recipient_name=actor.name,
            clock=clock,
            path="/account",
        )
    return token


def change_detail(actor: Actor, detail: CalendarDetail, *, clock: Clock) -> None:
    """Let the actor's feed say more or less from its next reading on."""
    with unit_of_work():
        feed = CalendarFeed.get_or_none(CalendarFeed.person == actor.person_id)
        if feed is None:
            raise NotFound
        if feed.detail is not detail:
            CalendarFeed.update(detail=detail).where(CalendarFeed.id == feed.id).execute()
            audit.record(
                CHANGED, actor, _subject(actor.person_id), clock=clock, before=feed.detail, after=detail
            )  # fmt: skip


def revoke_feed(actor: Actor, *, clock: Clock) -> bool:
    """End the actor's calendar address at once; False when there was none."""
    with unit_of_work():
        ended = CalendarFeed.delete().where(CalendarFeed.person == actor.person_id).execute()
        if ended:
            audit.record(REVOKED, actor, _subject(actor.person_id), clock=clock, because="by its owner")
    return bool(ended)


def read_feed(token: str, register: Register, *, address: str, clock: Clock) -> Calendar:
    """What the feed behind ``token`` hands out now; what changed since the last reading is written first.

    Raises ``NotFound`` for an address that is none, was revoked or whose account is not open, all alike, and
    ``TooMany`` when a calendar program asks as none should.
    """
    digest = tokens.digest(token)
    feed = queries.feed_of(digest)
    if feed is None:
        spend({f"no-calendar:{address}": TRIES_PER_ADDRESS}, clock=clock)
        raise NotFound
    spend({f"calendar:{digest}": READS_PER_FEED}, clock=clock)
    reader = queries.reader_of(feed, today(clock))
    wanted = queries.owed_by(register, reader, feed.detail, today(clock))
    entries = queries.entries_of(feed.id)
    if changes(entries, wanted, clock.now()):
        entries = _keep(feed.id, wanted, clock=clock)
    if feed.read_at is None or clock.now() - feed.read_at >= READ_STEP:
        CalendarFeed.update(read_at=clock.now()).where(CalendarFeed.id == feed.id).execute()
    return Calendar(reader.name, entries)


def _keep(feed_id: int, wanted: list[Said], *, clock: Clock) -> list[Entry]:
    """Write what changed, seen again inside the unit of work: two programs may read at once."""
    with unit_of_work():
        if not CalendarFeed.select().where(CalendarFeed.id == feed_id).exists():
            raise NotFound  # revoked meanwhile
        _write(feed_id, changes(queries.entries_of(feed_id), wanted, clock.now()), clock=clock)
        return queries.entries_of(feed_id)


def _write(feed_id: int, found: Changes, *, clock: Clock) -> None:
    now = clock.now()
    for said in found.new:
        CalendarEntry.insert(
            feed=feed_id, uid=uuid.uuid4().hex, created_at=now, modified_at=now, **_columns(said)
        ).execute()
    for entry, said in found.changed:
        _move_on(entry, clock=clock, state=EntryState.DUE, **_columns(said))
    for entry in found.over:
        _move_on(entry, clock=clock, state=EntryState.OVER)
    CalendarEntry.delete().where(CalendarEntry.id.in_([entry.id for entry in found.forgotten])).execute()


def _columns(said: Said) -> dict[str, object]:
    return {"key": said.key, "due": said.due, "summary": said.summary, "note": said.note, "path": said.path}


def _move_on(entry: Entry, *, clock: Clock, **changed: object) -> None:
    CalendarEntry.update(sequence=entry.sequence + 1, modified_at=clock.now(), **changed).where(
        CalendarEntry.id == entry.id
    ).execute()


def end_feeds(*, clock: Clock) -> int:
    """End the addresses of people whose account was closed, so that none revives with it; returns how many."""
    closed = (
        CalendarFeed.select(CalendarFeed.id, CalendarFeed.person)
        .join(Person)
        .where(Person.state == PersonState.DISABLED)
        .order_by(CalendarFeed.id)
    )
    with connection():
        found = rows(closed)
    if not found:
        return 0
    with unit_of_work():
        for feed_id, person_id in rows(closed):
            CalendarFeed.delete().where(CalendarFeed.id == feed_id).execute()
            audit.record(REVOKED, SYSTEM, _subject(person_id), clock=clock, because="the account was closed")
    return len(found)


def _subject(person_id: int | None) -> str:
    return f"person:{person_id}"
