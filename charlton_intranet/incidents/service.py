"""Use cases around incidents: report, move on, label, note (policy 3.8)."""

from dataclasses import dataclass
from datetime import datetime

import peewee

from charlton_intranet.accounts import queries as accounts
from charlton_intranet.accounts.queries import Contact
from charlton_intranet.core import audit
from charlton_intranet.core.clock import Clock, today
from charlton_intranet.core.database import unit_of_work, update_current
from charlton_intranet.core.errors import Forbidden, Invalid, StaleState
from charlton_intranet.core.permissions import Actor, Permission, Role
from charlton_intranet.incidents import queries
from charlton_intranet.incidents.models import Incident, IncidentStep
from charlton_intranet.incidents.rules import (
    MOVES,
    SAME_REPORT,
    SEVERE,
    IncidentKind,
    Severity,
    Status,
    Tlp,
    check_note,
    check_report,
    reference_of,
)
from charlton_intranet.mail import service as mail
from charlton_intranet.reviews.service import SiteFinding, reports_incidents
from charlton_intranet.sites import queries as sites

REPORTED = audit.declare("incident.reported", "reference", "kind", "site", "text", "told")
MOVED = audit.declare("incident.moved", "reference", "before", "after", "note")
LABELLED = audit.declare("incident.labelled", "reference", "before", "after")
NOTED = audit.declare("incident.noted", "reference", "note")


@dataclass(frozen=True, slots=True)
class Report:
    """What somebody tells; only ``what`` is needed. Moments are aware."""

    what: str
    kind: IncidentKind = IncidentKind.NOT_SURE
    site_id: int | None = None
    started_at: datetime | None = None
    noticed_at: datetime | None = None
    done: str = ""
    told: str = ""


def _subject(incident_id: int) -> str:
    return f"incident:{incident_id}"


def report(actor: Actor, told: Report, *, clock: Clock) -> str:
    """Take a report in a unit of work of its own; returns the reference."""
    with unit_of_work():
        return take_in(actor, told, clock=clock)


def take_in(actor: Actor, told: Report, *, clock: Clock) -> str:
    """Take a report, mail it at once to IT (and the Town Administrator when severe); returns the reference.

    It is written inside the caller's unit of work. The same report again within ten minutes, from a second press or a
    page sent anew, is the one that was taken.
    """
    if actor.person_id is None:
        raise Forbidden("Only a person can report an incident.")
    now, day = clock.now(), today(clock)
    actor.must_have(Permission.REPORT_INCIDENT)
    check_report(
        what=told.what, done=told.done, told=told.told,
        started_at=told.started_at, noticed_at=told.noticed_at, now=now,
    )  # fmt: skip
    site = _site_name(actor, told.site_id)
    if (present := _same(actor, told, now)) is not None:
        return present
    last = Incident.select(peewee.fn.MAX(Incident.number)).where(Incident.year == day.year).scalar()
    number = int(last or 0) + 1
    reference = reference_of(day.year, number)
    incident_id = int(
        Incident.insert(
            year=day.year, number=number, reference=reference, kind=told.kind, site=told.site_id,
            what=told.what.strip(), done=told.done.strip(), told=told.told.strip(),
            started_at=told.started_at, noticed_at=told.noticed_at,
            reported_by=actor.person_id, reported_at=now, stepped_on=day,
        ).execute()
    )  # fmt: skip
    contacts = _to_tell(told.kind, clock=clock)
    names = ", ".join(contact.name for contact in contacts)
    note = f"Told by mail: {names}." if names else "Nobody could be told by mail: please call Town Hall."
    _step(actor, incident_id, Status.REPORTED, note, moved=True, clock=clock)
    for contact in contacts:
        _mail(contact, actor, incident_id, told, reference=reference, site=site, clock=clock)
    audit.record(
        REPORTED, actor, _subject(incident_id), clock=clock, reference=reference, kind=told.kind,
        site=told.site_id, text=audit.digest_of(told.what.strip()), told=[c.person_id for c in contacts],
    )  # fmt: skip
    return reference


@reports_incidents
def report_finding(actor: Actor, found: SiteFinding, *, clock: Clock) -> str:
    """Report what a regular review found on a site, inside its unit of work; returns the reference."""
    return take_in(actor, Report(found.what, IncidentKind(found.kind), found.site_id, told=found.told), clock=clock)


def _mail(
    contact: Contact, reporter: Actor, incident_id: int, told: Report, *, reference: str, site: str, clock: Clock
) -> None:
    mail.queue(
        "incident_reported",
        occasion=f"incident:{incident_id}:reported",
        recipient=contact.email,
        recipient_name=contact.name,
        clock=clock,
        reference=reference,
        kind=told.kind.label,
        site=site,
        what=told.what.strip(),
        done=told.done.strip(),
        reporter=reporter.name,
        reporter_email=reporter.email,
    )


def _site_name(actor: Actor, site_id: int | None) -> str:
    """The site as the reporter may name it."""
    if site_id is None:
        return ""
    name = dict(sites.site_choices(actor)).get(site_id)
    if name is None:
        raise Invalid({"site": "This site is not in the list any more. Choose another, or none."})
    return name


def _same(actor: Actor, told: Report, now: datetime) -> str | None:
    """The reference under which this very report was taken a moment ago."""
    found = (
        Incident.select(Incident.reference)
        .where(
            (Incident.reported_by == actor.person_id)
            & (Incident.reported_at > now - SAME_REPORT)
            & (Incident.what == told.what.strip())
            & (Incident.done == told.done.strip())
            & (Incident.told == told.told.strip())
            & (Incident.kind == told.kind)
            & (Incident.site.is_null() if told.site_id is None else Incident.site == told.site_id)
        )
        .first()
    )
    return None if found is None else str(found.reference)


def _to_tell(kind: IncidentKind, *, clock: Clock) -> list[Contact]:
    """IT; the Town Administrator too when it is severe or nobody is IT today."""
    day = today(clock)
    contacts = accounts.holders(Role.IT, day)
    if kind in SEVERE or not contacts:
        contacts += accounts.holders(Role.ADMINISTRATOR, day)
    return list({contact.person_id: contact for contact in contacts}.values())


def _step(actor: Actor, incident_id: int, status: Status, note: str, *, moved: bool, clock: Clock) -> None:
    IncidentStep.insert(
        incident=incident_id, at=clock.now(), person=actor.person_id, status=status, moved=moved, note=note
    ).execute()


def move(actor: Actor, reference: str, version: int, to: Status, *, note: str, clock: Clock) -> None:
    """Move the incident on, or find it a false alarm; every move but taking it up says what was found or done."""
    with unit_of_work():
        found = _handled(actor, reference)
        if to not in MOVES[found.status]:
            raise StaleState(f"This incident stands at “{found.status.label}” by now. Nothing of yours was saved.")
        if to is not Status.ACKNOWLEDGED or note.strip():
            check_note(note, "note")
        update_current(Incident, found.id, version, status=to, stepped_on=today(clock))
        _step(actor, found.id, to, note.strip(), moved=True, clock=clock)
        audit.record(
            MOVED, actor, _subject(found.id), clock=clock, reference=reference,
            before=found.status, after=to, note=audit.digest_of(note.strip()),
        )  # fmt: skip


def label(actor: Actor, reference: str, version: int, *, severity: Severity | None, tlp: Tlp, clock: Clock) -> None:
    """Set how bad it is and who may be told."""
    with unit_of_work():
        found = _handled(actor, reference)
        update_current(Incident, found.id, version, severity=severity, tlp=tlp)
        audit.record(
            LABELLED, actor, _subject(found.id), clock=clock, reference=reference,
            before=[found.severity, found.tlp], after=[severity, tlp],
        )  # fmt: skip


def add_note(actor: Actor, reference: str, text: str, *, clock: Clock) -> None:
    """Write a note into the log: whoever reported it, and whoever may read it. IT's note counts as the day's step."""
    with unit_of_work():
        found = queries.incident(actor, reference)
        check_note(text, "text")
        last = IncidentStep.select().where(IncidentStep.incident == found.id).order_by(IncidentStep.id.desc()).first()
        if last is not None and (last.person_id, last.note, last.moved) == (actor.person_id, text.strip(), False):
            return  # the button was pressed twice
        _step(actor, found.id, found.status, text.strip(), moved=False, clock=clock)
        if actor.may(Permission.HANDLE_INCIDENT):
            Incident.update(stepped_on=today(clock)).where(Incident.id == found.id).execute()
        audit.record(
            NOTED, actor, _subject(found.id), clock=clock, reference=reference, note=audit.digest_of(text.strip())
        )


def _handled(actor: Actor, reference: str) -> Incident:
    """The incident, for those who handle it; a reporter may see it but not move it."""
    found = queries.incident(actor, reference)
    actor.must_have(Permission.HANDLE_INCIDENT)
    return found
