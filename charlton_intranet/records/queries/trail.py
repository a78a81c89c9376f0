"""The line of who did what and when, from the audit trail, and the trail's place at that moment."""

import json
from typing import Any

from peewee import JOIN

from charlton_intranet.core import audit
from charlton_intranet.core.audit import GENESIS, AuditEvent
from charlton_intranet.core.database import first_row, rows
from charlton_intranet.grants.models import Grant
from charlton_intranet.records.queries.about import About
from charlton_intranet.records.rules import Field, Release, Section, Value
from charlton_intranet.sites.models import Appointment, SiteWords
from charlton_intranet.sites.queries.sheets import EVENTS

# What a handed-out sheet leaves in the trail.
EXPORTED = audit.declare("record.exported", "what", "format", "sha256", "size", "head")
HISTORY = (
    Field("at", "When"),
    Field("who", "Who"),
    Field("what", "What"),
    Field("change", "From, to"),
    Field("words", "In words", Release.REVIEW, "d"),
    Field("record", "Record"),
    Field("number", "Event of the trail"),
)


def anchor() -> tuple[int, str]:
    """Number and digest of the newest event that is not itself a handing-out.

    So two exports of an unchanged town at the same moment are the same to the byte; each still pins the whole
    trail before it.
    """
    row = first_row(
        AuditEvent.select(AuditEvent.number, AuditEvent.digest)
        .where(AuditEvent.tag != EXPORTED)
        .order_by(AuditEvent.number.desc())
    )
    return (row[0], row[1]) if row else (0, GENESIS)


def history(about: About, newest: int | None) -> Section:
    """Events newest first, all of them or only the ``newest``; their total either way. Two or three queries."""
    told = AuditEvent.subject.in_(_subjects(about))
    query = (
        AuditEvent.select(AuditEvent.at, AuditEvent.tag, AuditEvent.detail, AuditEvent.number, SiteWords.text)
        .join(SiteWords, JOIN.LEFT_OUTER, on=(SiteWords.event == AuditEvent.number))
        .where(told)
        .order_by(AuditEvent.number.desc())
    )
    found = tuple(_event(row) for row in rows(query.limit(newest) if newest else query))
    total = AuditEvent.select().where(told).count() if newest else len(found)
    return Section("history", "Who did what, and when", "3.7-1", HISTORY, found, total=total)


def _subjects(about: About) -> list[str]:
    """The records whose events belong to the sheet, as the trail names them."""
    subjects = [f"site:{site_id}" for site_id in about.ids]
    subjects += [f"grant:{found}" for (found,) in rows(Grant.select(Grant.id).where(Grant.site.in_(about.ids)))]
    if about.whole:
        held = Appointment.select(Appointment.id).where(Appointment.department == about.department_id)
        subjects += [f"appointment:{found}" for (found,) in rows(held)]
        subjects.append(f"department:{about.department_id}")
    return subjects


def _event(row: tuple[Any, ...]) -> tuple[Value, ...]:
    at, tag, detail, number, said = row
    told = json.loads(detail)
    return at, told["actor"]["name"], _words(tag), _change(told["details"]), said or "", told["subject"], number


def _words(tag: str) -> str:
    """An event as the site's own page words it; other records say which kind they are."""
    kind, _, event = tag.partition(".")
    told = event if kind == "site" else f"{kind} {event}"
    return EVENTS.get(tag) or told.replace("_", " ").capitalize()


def _change(details: dict[str, Any]) -> str:
    """From which state to which; what was written stands in the trail as a digest only."""
    change = (details.get("before"), details.get("after"))
    words = [state.replace("_", " ") for state in change if isinstance(state, str) and not state.startswith("sha256:")]
    return " → ".join(words)
