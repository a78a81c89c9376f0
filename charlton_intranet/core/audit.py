"""The audit trail: an append-only hash chain written in the transaction of what it records.

Each event hashes the one before it: ``SHA-256(previous || canonical JSON)``. Content appears only as digests, so
the lawful disposal of a record never breaks the chain. Numbers are gap-free; database triggers refuse UPDATE and
DELETE. What the chain can not show: a rewrite by somebody who holds the database, since the last head that was
handed out.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

import peewee

from charlton_intranet.core.clock import Clock, as_utc
from charlton_intranet.core.database import Model, first_row, in_unit_of_work, is_unreadable, rows
from charlton_intranet.core.fields import UtcDateTimeField
from charlton_intranet.core.permissions import Actor

GENESIS = "0" * 64
# Events read at once on a walk.
BATCH = 5000
# A head that was handed out: the number of an event and its digest.
Anchor = tuple[int, str]

_declared: dict[str, frozenset[str]] = {}


class AuditEvent(Model):
    """One event; ``detail`` holds the canonical JSON that was hashed, to the letter."""

    number = peewee.BigIntegerField(primary_key=True)
    at = UtcDateTimeField(index=True)
    tag = peewee.CharField(max_length=80, index=True)
    actor_id = peewee.IntegerField(null=True, index=True)
    subject = peewee.CharField(max_length=80, index=True)
    detail = peewee.TextField()
    previous = peewee.FixedCharField(64)
    digest = peewee.FixedCharField(64)


class AuditHead(Model):
    """The one row that every writer locks, so that numbers have no gap and the chain no fork."""

    id = peewee.IntegerField(primary_key=True)
    number = peewee.BigIntegerField()
    digest = peewee.FixedCharField(64)


@dataclass(frozen=True, slots=True)
class Fault:
    """The first place where the chain does not hold."""

    number: int
    reason: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What :func:`verify` found; ``fault`` is None when the chain is whole."""

    events: int
    head: str
    fault: Fault | None


@dataclass(frozen=True, slots=True)
class Place:
    """How far a walk has come: the last event that holds, and the fault that ended it."""

    number: int = 0
    digest: str = GENESIS
    fault: Fault | None = None


def declare(tag: str, *keys: str) -> str:
    """Register a tag with the detail keys it may carry; returns the tag, to be used as a constant."""
    if _declared.setdefault(tag, frozenset(keys)) != frozenset(keys):
        raise ValueError(f"audit tag {tag} is declared twice with other keys")
    return tag


def declared() -> dict[str, frozenset[str]]:
    """All tags with their keys, for the house test and the audit page's filter."""
    return dict(_declared)


def digest_of(content: str | bytes) -> str:
    """How content appears in the trail: ``sha256:`` and the hex digest."""
    data = content.encode() if isinstance(content, str) else content
    return "sha256:" + hashlib.sha256(data).hexdigest()


def canonical(value: Any) -> str:
    """JSON with sorted keys, no spaces and no escapes but the needed ones (in the manner of RFC 8785)."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return as_utc(value).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} does not belong in an audit event")


def record(tag: str, actor: Actor, subject: str, *, clock: Clock, **details: Any) -> int:
    """Append one event and return its number.

    ``subject`` is ``kind:id``. Raises ``RuntimeError`` outside a unit of work and ``ValueError`` on an undeclared
    tag or key: an event that nobody planned can not be searched for.
    """
    if not in_unit_of_work():
        raise RuntimeError(f"audit event {tag} outside a unit of work")
    if tag not in _declared or not details.keys() <= _declared[tag]:
        raise ValueError(f"audit event {tag} with undeclared keys {sorted(details.keys() - _declared.get(tag, set()))}")
    head = AuditHead.get_by_id(1)
    number, at = head.number + 1, as_utc(clock.now())
    detail = canonical(
        {
            "number": number,
            "at": at,
            "tag": tag,
            "actor": {"id": actor.person_id, "name": actor.name, "address": actor.address},
            "subject": subject,
            "details": details,
        }
    )
    digest = link(head.digest, detail)
    AuditEvent.insert(
        number=number,
        at=at,
        tag=tag,
        actor_id=actor.person_id,
        subject=subject,
        detail=detail,
        previous=head.digest,
        digest=digest,
    ).execute()
    AuditHead.update(number=number, digest=digest).where(AuditHead.id == 1).execute()
    return int(number)


def link(previous: str, detail: str) -> str:
    """The digest of one link: SHA-256 over the previous digest and the canonical JSON."""
    return hashlib.sha256((previous + detail).encode()).hexdigest()


def head() -> tuple[int, str]:
    """Number and digest of the last event: what is handed out as an anchor."""
    row = AuditHead.get_by_id(1)
    return row.number, row.digest


def verify(anchors: Iterable[Anchor] = ()) -> Verification:
    """Walk the whole chain; ``anchors`` are heads (number, digest) kept outside the database.

    Columns that repeat the hashed text for searching are compared with it, a cut tail shows against the head row
    and against the anchors. What is written meanwhile is left to the next walk.
    """
    kept, handed_out, place = AuditHead.get_or_none(AuditHead.id == 1), list(anchors), Place()
    if kept is None or not isinstance(kept.number, int):
        return Verification(0, GENESIS, Fault(1, "the head of the chain is missing"))
    while place.fault is None and place.number < kept.number:
        place = walk(place, kept.number, handed_out)
    fault = place.fault or fault_at_end(place, (kept.number, kept.digest), handed_out)
    return Verification(place.number, place.digest, fault)


def walk(place: Place, last: int, anchors: Iterable[Anchor] = ()) -> Place:
    """Walk on from ``place`` by at most ``BATCH`` events, no further than event ``last``; returns how far it came.

    A fault ends the walk: it names the event that does not hold, the place is the one before it.
    """
    handed_out: dict[int, set[str]] = {}
    anchors = list(anchors)
    for number, digest in anchors:
        handed_out.setdefault(number, set()).add(digest)
    number, previous, through = place.number, place.digest, min(last, place.number + BATCH)
    try:
        events = rows(_columns().where(AuditEvent.number.between(number + 1, through)))
    except Exception as trouble:
        if not is_unreadable(trouble):
            raise
        if through > number + 1:  # one of many: halve them until it is known which
            return walk(place, number + (through - number) // 2, anchors)
        return Place(number, previous, Fault(number + 1, "the event can not be read"))
    for event in events:
        reason = _fault_of(event, number + 1, previous)
        if reason is None and handed_out.get(number + 1, {event[-1]}) != {event[-1]}:
            reason = "the event differs from the head that was handed out"
        if reason is not None:
            return Place(number, previous, Fault(number + 1, reason))
        number, previous = number + 1, event[-1]
    missing = Fault(number + 1, "events are missing at the end") if number < through else None
    return Place(number, previous, missing)


def fault_at_end(place: Place, walked_to: Anchor, anchors: Iterable[Anchor] = ()) -> Fault | None:
    """What is wrong at the end of a walk to the head as it stood when the walk began."""
    last, digest = walked_to
    if place.digest != digest:
        return Fault(last, "the head of the chain does not match the last event")
    beyond = [number for number, _digest in anchors if number > last]
    if beyond:
        return Fault(min(beyond), "an event that was handed out is missing")
    return _stray()


def _stray() -> Fault | None:
    """An event outside the chain, whose numbers go from 1 to the head's; head and events are read at one moment."""
    number, newest = AuditEvent.number, AuditHead.select(AuditHead.number).where(AuditHead.id == 1)
    found = first_row(AuditEvent.select(number).where((number < 1) | (number > newest)).order_by(number))
    if found is None:
        return None
    where = "before the first of the chain" if found[0] < 1 else "after the head of the chain"
    return Fault(found[0], f"an event stands {where}")


def _columns() -> Any:
    event = AuditEvent
    return event.select(
        event.number, event.at, event.tag, event.actor_id, event.subject, event.detail, event.previous, event.digest
    ).order_by(event.number)


def _fault_of(event: tuple[Any, ...], expected: int, before: str) -> str | None:
    """Why an event does not hold, as it stands in the database: nothing of it can be relied on."""
    number, at, tag, actor_id, subject, detail, previous, digest = event
    if number != expected:
        return f"event {expected} is missing"
    if previous != before:
        return "the link to the event before it is broken"
    try:
        if link(before, detail) != digest:
            return "the text does not match its digest"
        told = json.loads(detail)
        columns = (told["number"], told["at"], told["tag"], told["actor"]["id"], told["subject"])
        if columns != (number, at.isoformat(), tag, actor_id, subject):
            return "a search column does not match the text"
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError):
        return "the event can not be read"
    return None
