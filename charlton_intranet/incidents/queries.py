"""Reads of incidents: one's own for everybody, all of them for IT and the Town Administrator."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import peewee

from charlton_intranet.accounts.models import Person
from charlton_intranet.core.database import rows
from charlton_intranet.core.errors import NotFound
from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.incidents.models import Incident, IncidentStep
from charlton_intranet.incidents.rules import (
    MOVES,
    OPEN,
    STAGES,
    IncidentKind,
    Severity,
    Status,
)
from charlton_intranet.sites.models import Network, Site


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """One line of the list."""

    id: int
    reference: str
    kind: IncidentKind
    site: str
    status: Status
    severity: Severity | None
    reporter: str
    reported_at: datetime


@dataclass(frozen=True, slots=True)
class SiteIncident:
    """An incident on a site, without the words of its report; ``over_on`` is the day it was closed."""

    site_id: int
    reference: str
    kind: IncidentKind
    status: Status
    severity: Severity | None
    reported_at: datetime
    over_on: date | None


@dataclass(frozen=True, slots=True)
class IncidentPage:
    """A page of the list, the key of the next one, and how many are open and over."""

    rows: list[IncidentRow]
    next_key: int | None
    open: int
    over: int


@dataclass(frozen=True, slots=True)
class LogLine:
    """One event of an incident's log."""

    when: datetime
    who: str
    text: str
    detail: str


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of the straight line; ``state`` is ``done``, ``now`` or ``later``."""

    label: str
    state: str
    who: str = ""
    when: datetime | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class IncidentView:
    """Everything the page of one incident shows."""

    incident: Incident
    site: str
    reporter: str
    log: list[LogLine]
    stages: list[Stage]
    moves: list[Status]
    may_handle: bool
    is_reporter: bool


@dataclass(frozen=True, slots=True)
class OpenIncident:
    """An open incident, for the duties."""

    id: int
    reference: str
    status: Status
    reported_at: datetime
    stepped_on: date
    reported_by: int


def _visible(actor: Actor) -> peewee.Expression | None:
    """What narrows a query to the incidents ``actor`` may know of; None when that is all of them."""
    if actor.may(Permission.READ_INCIDENTS):
        return None
    return Incident.reported_by == actor.person_id


def _site_name(title: str | None, network: str | None) -> str:
    return f"{title} ({network})" if title else ""


def incidents_page(actor: Actor, *, over: bool = False, after: int | None = None, size: int = 25) -> IncidentPage:
    """Open incidents (or those that are over), newest first. Two queries."""
    mine = _visible(actor)
    query: Any = (
        Incident.select(
            Incident.id, Incident.reference, Incident.kind, Site.title, Network.name,
            Incident.status, Incident.severity, Person.name, Incident.reported_at,
        )
        .join_from(Incident, Person)
        .join_from(Incident, Site, peewee.JOIN.LEFT_OUTER)
        .join_from(Site, Network, peewee.JOIN.LEFT_OUTER)
        .where(Incident.status.not_in(OPEN) if over else Incident.status.in_(OPEN))
        .order_by(Incident.id.desc())
        .limit(size + 1)
    )  # fmt: skip
    counted: Any = Incident.select(Incident.status, peewee.fn.COUNT(Incident.id)).group_by(Incident.status)
    if mine is not None:
        query, counted = query.where(mine), counted.where(mine)
    if after is not None:
        query = query.where(Incident.id < after)
    found = [
        IncidentRow(incident_id, reference, kind, _site_name(title, network), status, severity, reporter, reported_at)
        for incident_id, reference, kind, title, network, status, severity, reporter, reported_at in rows(query)
    ]
    counts = dict(rows(counted))
    opened = sum(number for status, number in counts.items() if status in OPEN)
    shown = found[:size]
    return IncidentPage(shown, shown[-1].id if len(found) > size else None, opened, sum(counts.values()) - opened)


def incidents_of(actor: Actor, site_ids: Collection[int]) -> list[SiteIncident]:
    """The incidents on these sites, newest first; none for who does not read all incidents. One query."""
    if not actor.may(Permission.READ_INCIDENTS):
        return []
    query = (
        Incident.select(
            Incident.site, Incident.reference, Incident.kind, Incident.status, Incident.severity,
            Incident.reported_at, Incident.stepped_on,
        )
        .where(Incident.site.in_(sorted(site_ids)))
        .order_by(Incident.id.desc())
    )  # fmt: skip
    return [
        SiteIncident(site_id, reference, kind, status, severity, reported_at, None if status in OPEN else stepped_on)
        for site_id, reference, kind, status, severity, reported_at, stepped_on in rows(query)
    ]


def incident(actor: Actor, reference: str) -> Incident:
    """One incident with site and reporter; ``NotFound`` for whoever did not report and does not handle it."""
    found: Incident | None = (
        Incident.select(Incident, Person, Site, Network)
        .join_from(Incident, Person)
        .join_from(Incident, Site, peewee.JOIN.LEFT_OUTER)
        .join_from(Site, Network, peewee.JOIN.LEFT_OUTER)
        .where(Incident.reference == reference)
        .first()
    )
    if found is None or (found.reported_by_id != actor.person_id and not actor.may(Permission.READ_INCIDENTS)):
        raise NotFound
    return found


def incident_view(actor: Actor, reference: str) -> IncidentView:
    """One incident with its log. Two queries."""
    found = incident(actor, reference)
    steps = list(
        IncidentStep.select(IncidentStep, Person)
        .join(Person)
        .where(IncidentStep.incident == found.id)
        .order_by(IncidentStep.id)
    )
    may_handle, site = actor.may(Permission.HANDLE_INCIDENT), found.site
    return IncidentView(
        incident=found,
        site=_site_name(site.title, site.network.name) if site else "",
        reporter=found.reported_by.name,
        log=[LogLine(s.at, s.person.name, s.status.label if s.moved else "Note", s.note) for s in reversed(steps)],
        stages=_stages(found.status, {step.status: step for step in steps if step.moved}),
        moves=[status for status in Status if status in MOVES[found.status]] if may_handle else [],
        may_handle=may_handle,
        is_reporter=found.reported_by_id == actor.person_id,
    )


def _stages(status: Status, reached: dict[Status, IncidentStep]) -> list[Stage]:
    """The straight line: what was reached, where it stands if it is open, and the rest."""
    shown = [stage for stage in STAGES if stage in reached]
    if status is Status.FALSE_ALARM:
        shown.append(status)
    line = [
        Stage(
            stage.label,
            "now" if stage is status and status in OPEN else "done",
            reached[stage].person.name,
            reached[stage].at,
            reached[stage].note,
        )
        for stage in shown
    ]
    if status in OPEN:
        line += [Stage(stage.label, "later") for stage in STAGES[STAGES.index(status) + 1 :]]
    return line


def open_incidents(reported_by: int | None = None) -> list[OpenIncident]:
    """Every incident that is not over, oldest first; with ``reported_by`` those that this person reported."""
    query = (
        Incident.select(
            Incident.id, Incident.reference, Incident.status, Incident.reported_at, Incident.stepped_on,
            Incident.reported_by,
        )
        .where(Incident.status.in_(OPEN))
        .order_by(Incident.id)
    )  # fmt: skip
    if reported_by is not None:
        query = query.where(Incident.reported_by == reported_by)
    return [OpenIncident(*row) for row in rows(query)]
