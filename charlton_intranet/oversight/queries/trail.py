"""The audit trail as people read it."""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from charlton_intranet.accounts.models import Person
from charlton_intranet.core.audit import AuditEvent
from charlton_intranet.core.clock import town_midnight
from charlton_intranet.core.database import rows
from charlton_intranet.core.permissions import Actor
from charlton_intranet.oversight.queries.confidential import may_know
from charlton_intranet.oversight.rules.trail import in_words

PAGE_SIZE = 50
UNREADABLE = "can not be read: prove the chain"


@dataclass(frozen=True, slots=True)
class TrailFilter:
    """What of the trail is asked for. ``subject`` is ``kind:id`` or a kind alone; days are in the town."""

    tag: str = ""
    person: str = ""
    subject: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One event with its details as (label, text); ``at`` is None, and words are empty, where it can not be read."""

    number: int
    at: datetime | None
    what: str
    who: str
    address: str
    subject: str
    details: tuple[tuple[str, str], ...]
    digest: str


def trail_page(actor: Actor, wanted: TrailFilter, after: int | None = None) -> tuple[list[Event], int | None]:
    """Events newest first, and the key of the next page: one query whatever the length of the trail.

    Of a confidential record it shows that something happened, and no details.
    """
    query = (
        AuditEvent.select(AuditEvent.number, AuditEvent.at, AuditEvent.tag, AuditEvent.detail, AuditEvent.digest)
        .where(*_conditions(wanted))
        .order_by(AuditEvent.number.desc())
        .limit(PAGE_SIZE + 1)
    )
    if after is not None:
        query = query.where(AuditEvent.number < after)
    found = [_event(row, actor) for row in rows(query)]
    return found[:PAGE_SIZE], found[PAGE_SIZE - 1].number if len(found) > PAGE_SIZE else None


def _conditions(wanted: TrailFilter) -> list[Any]:
    conditions: list[Any] = [True]
    if wanted.tag:
        conditions.append(AuditEvent.tag == wanted.tag)
    if wanted.person:
        known = Person.name.contains(wanted.person) | Person.email.contains(wanted.person)
        conditions.append(AuditEvent.actor_id.in_(Person.select(Person.id).where(known)))
    if ":" in wanted.subject:
        conditions.append(AuditEvent.subject == wanted.subject)
    elif wanted.subject:
        conditions.append(AuditEvent.subject.startswith(f"{wanted.subject}:"))
    if wanted.since is not None:
        conditions.append(AuditEvent.at >= town_midnight(wanted.since))
    if wanted.until is not None:
        conditions.append(AuditEvent.at < town_midnight(wanted.until + timedelta(days=1)))
    return conditions


def _event(row: tuple[Any, ...], actor: Actor) -> Event:
    number, at, tag, detail, digest = row
    when = at if isinstance(at, datetime) else None
    try:
        told = json.loads(detail)
        who, subject = told["actor"], told["subject"]
        details = tuple((in_words(key), _text(value)) for key, value in told["details"].items() if value is not None)
        knows = may_know(actor, subject)
        name, address = who["name"], who["address"]
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError):
        # Somebody wrote over it. The page goes on, for this is when it is needed most; the proof names the event.
        return Event(number, when, in_words(tag), "", "", "", (("Details", UNREADABLE),), digest)
    return Event(
        number=number,
        at=when,
        what=in_words(tag),
        who=name,
        address=address,
        subject=subject,
        details=details if knows else (("Details", "confidential"),),
        digest=digest,
    )


def _text(value: Any) -> str:
    """A value of the details in words; what lies deeper shows as the JSON that was hashed."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list) and all(isinstance(item, str | int) for item in value):
        return ", ".join(map(str, value))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
