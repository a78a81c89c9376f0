"""What met each clause of the policy: counted from the audit trail, and the events themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import peewee

from charlton_intranet.core.audit import AuditEvent
from charlton_intranet.core.clock import town_midnight
from charlton_intranet.core.database import rows
from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.oversight.queries.confidential import may_know
from charlton_intranet.oversight.rules.clauses import (
    CONTROLS_CLAUSE,
    CONTROLS_DETAIL,
    CONTROLS_TAGS,
    MEASURED,
    MET_BY,
    MET_DAYS,
    sources_of,
)
from charlton_intranet.oversight.rules.trail import in_words

PAGE_SIZE = 50

# Where the records are that events are about, and who opens them.
_PLACES = {
    "case": ("/triage/{}", Permission.READ_CASES),
    "referral": ("/referrals/{}", Permission.FOLLOW_REFERRAL),
    "site": ("/sites/{}", Permission.READ_SITES),
}

# Days in the town: the first one, and the one after the last.
Window = tuple[date, date]


@dataclass(frozen=True, slots=True)
class MetBy:
    """One event that met a clause; ``url`` and ``subject`` are empty where the reader may not know the record."""

    number: int
    at: datetime
    what: str
    subject: str
    url: str


def _of_controls() -> Any:
    return AuditEvent.tag.in_(CONTROLS_TAGS) & AuditEvent.detail.contains(CONTROLS_DETAIL)


def met_within(windows: Sequence[Window]) -> list[dict[str, int]]:
    """How often each measured clause was met in each of ``windows``, in one query."""
    moments = [(town_midnight(start), town_midnight(end)) for start, end in windows]
    controls = peewee.Case(None, ((_of_controls(), 1),), 0)
    inside = [
        peewee.fn.SUM(peewee.Case(None, (((AuditEvent.at >= start) & (AuditEvent.at < end), 1),), 0))
        for start, end in moments
    ]
    counted = (
        AuditEvent.select(AuditEvent.tag, controls.alias("controls"), *inside)
        .where(
            AuditEvent.tag.in_(list(MET_BY))
            & (AuditEvent.at >= min(start for start, _ in moments))
            & (AuditEvent.at < max(end for _, end in moments))
        )
        .group_by(AuditEvent.tag, peewee.SQL("controls"))
    )
    found = [dict.fromkeys(MEASURED, 0) for _ in windows]
    for tag, of_controls, *counts in rows(counted):
        clause = CONTROLS_CLAUSE if of_controls else MET_BY[tag]
        for met, count in zip(found, counts, strict=True):
            met[clause] += count
    return found


def sees_the_town(actor: Actor) -> bool:
    """Whether the trail's counts are for ``actor``: it does not know departments, so not for who sees a part."""
    return actor.departments_for(Permission.READ_OVERSIGHT) is None


def met_lately(today: date) -> Window:
    """The days of the board's column: the last ``MET_DAYS``, today with them."""
    return today - timedelta(days=MET_DAYS), today + timedelta(days=1)


def what_met(actor: Actor, clause: str, after: int | None = None) -> tuple[list[MetBy], int | None]:
    """The events that met a clause, newest first, and the key of the next page; nothing for who sees a part."""
    if clause not in MEASURED or not sees_the_town(actor):
        return [], None
    conditions = AuditEvent.tag.in_(sources_of(clause))
    if clause == CONTROLS_CLAUSE:
        conditions &= AuditEvent.detail.contains(CONTROLS_DETAIL)
    else:
        conditions &= ~_of_controls()
    query = (
        AuditEvent.select(AuditEvent.number, AuditEvent.at, AuditEvent.tag, AuditEvent.subject)
        .where(conditions)
        .order_by(AuditEvent.number.desc())
        .limit(PAGE_SIZE + 1)
    )
    if after is not None:
        query = query.where(AuditEvent.number < after)
    found = [_seen(row, actor) for row in rows(query)]
    return found[:PAGE_SIZE], found[PAGE_SIZE - 1].number if len(found) > PAGE_SIZE else None


def _seen(row: tuple[Any, ...], actor: Actor) -> MetBy:
    number, at, tag, subject = row
    if not may_know(actor, subject):
        return MetBy(number, at, in_words(tag), "", "")
    kind, _, key = subject.partition(":")
    place, permission = _PLACES.get(kind, ("", Permission.USE_APP))
    url = place.format(key) if actor.may(permission, anywhere=True) else ""
    return MetBy(number, at, in_words(tag), f"{in_words(kind)} {key}", url)
