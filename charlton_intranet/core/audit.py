"""The audit trail: an append-only hash chain written in the transaction of what it records.

Each event hashes the one before it: ``SHA-256(previous || canonical JSON)``. Content appears only as digests, so
the lawful disposal of a record never breaks the chain. Numbers are gap-free; database triggers refuse UPDATE and
DELETE. What the chain can not show: a rewrite by somebody who holds the database, since the last head that was
handed out.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

import peewee

from charlton_intranet.core.clock import Clock, as_utc
from charlton_intranet.core.database import Model, in_unit_of_work
from charlton_intranet.core.fields import UtcDateTimeField
from charlton_intranet.core.permissions import Actor

GENESIS = "0" * 64

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


def verify(anchors: Iterable[tuple[int, str]] = ()) -> Verification:
    """Walk the whole chain; ``anchors`` are heads (number, digest) kept outside the database.

    Columns that repeat the hashed text for searching are compared with it, a cut tail shows against the head row
    and against the anchors.
    """
    expected_number, previous = 0, GENESIS
    wanted = dict(anchors)
    for event in _rows():
        expected_number += 1
        reason = _fault_of(event, expected_number, previous)
        if reason is None and wanted.pop(event["number"], event["digest"]) != event["digest"]:
            reason = "the event differs from the head that was handed out"
        if reason is not None:
            return Verification(expected_number, previous, Fault(expected_number, reason))
        previous = event["digest"]
    kept = AuditHead.get_or_none(AuditHead.id == 1)
    if kept is None or (kept.number, kept.digest) != (expected_number, previous):
        return Verification(expected_number, previous, Fault(expected_number + 1, "events are missing at the end"))
    if wanted:
        return Verification(expected_number, previous, Fault(min(wanted), "an event that was handed out is missing"))
    return Verification(expected_number, previous, None)


def _rows() -> Iterator[dict[str, Any]]:
    yield from AuditEvent.select().order_by(AuditEvent.number).dicts().iterator()


def _fault_of(event: dict[str, Any], number: int, previous: str) -> str | None:
    if event["number"] != number:
        return f"event {number} is missing"
    if event["previous"] != previous:
        return "the link to the event before it is broken"
    if link(previous, event["detail"]) != event["digest"]:
        return "the text does not match its digest"
    told = json.loads(event["detail"])
    columns = (event["number"], event["at"].isoformat(), event["tag"], event["actor_id"], event["subject"])
    if columns != (told["number"], told["at"], told["tag"], told["actor"]["id"], told["subject"]):
        return "a search column does not match the text"
    return None
