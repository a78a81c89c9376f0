"""Who stands behind a site: its coordinators with their letters, and who may do what on it (3.2, 3.3)."""

import peewee

from charlton_intranet.accounts.models import Person
from charlton_intranet.core.database import rows
from charlton_intranet.grants.models import Grant
from charlton_intranet.grants.queries.authority import Standing, standings
from charlton_intranet.records.queries.about import About
from charlton_intranet.records.rules import Field, Release, Section, Value
from charlton_intranet.sites.models import Appointment
from charlton_intranet.sites.rules import LIVE, AppointmentState, SiteState

COORDINATORS = (
    Field("person", "Coordinator"),
    Field("state", "State"),
    Field("proposed_by", "Named by"),
    Field("proposed_on", "Named on"),
    Field("filed_by", "Filed by"),
    Field("filed_on", "Filed on"),
    Field("starts_on", "From"),
    Field("ended_on", "Until"),
    Field("letter", "Letter", Release.REVIEW, "c"),
)

AUTHORITY = (
    Field("person", "Person"),
    Field("may", "May do today"),
    Field("granted", "Granted"),
    Field("by", "By"),
    Field("purpose", "Business purpose"),
    Field("approved_by", "Approved by"),
    Field("approved_at", "Approved"),
    Field("until", "Last day"),
    Field("why_not", "Why not more", Release.REVIEW, "c"),
)


def coordinators(about: About) -> Section:
    """The appointments of the department: on a site's sheet those that are open, on its own sheet all."""
    proposer, filer = Person.alias(), Person.alias()
    left = peewee.JOIN.LEFT_OUTER
    query = (
        Appointment.select(
            Person.name, Appointment.state, proposer.name, Appointment.proposed_on, filer.name, Appointment.filed_on,
            Appointment.starts_on, Appointment.ended_on, Appointment.letter,
        )
        .join_from(Appointment, Person, on=(Appointment.person == Person.id))
        .join_from(Appointment, proposer, left, on=(Appointment.proposed_by == proposer.id))
        .join_from(Appointment, filer, left, on=(Appointment.filed_by == filer.id))
        .where(Appointment.department == about.department_id)
        .order_by(Appointment.id.desc())
    )  # fmt: skip
    if not about.whole:
        query = query.where(Appointment.state != AppointmentState.ENDED)
    found = tuple((person, state.label, *rest) for person, state, *rest in rows(query))
    title = "Social Media Coordinators, all on record" if about.whole else "Social Media Coordinators"
    empty = "No coordinator has been appointed here. Roles given without a letter show on the People page."
    return Section("coordinators", title, "3.2", COORDINATORS, found, empty=empty, url="/sites/coordinators")


def authority(about: About) -> Section:
    """Who may do what today, computed as everywhere, with the grant it stands on and why it lapsed (3.3)."""
    found = standings([site.id for site in about.sites if site.state in IN_SIGHT], day=about.day)
    grants = _grants([standing.grant_id for standing in found if standing.grant_id])
    told = ((standing.site_id, _authority(standing, grants.get(standing.grant_id or 0, _NONE))) for standing in found)
    return about.section(
        "people", "People and what they may do", "3.3-3", AUTHORITY, told,
        empty="Nobody holds authority, by office or by a grant.", url="/sites/{}/people",
    )  # fmt: skip


# Sites on which authority is or can be; in a request or over, a site gives none to anybody.
IN_SIGHT = LIVE | {SiteState.APPROVED}

# What stands for a grant with who holds authority by office: purpose, approved by and at, last day.
_NONE: tuple[Value, ...] = (None, None, None, None)


def _authority(standing: Standing, grant: tuple[Value, ...]) -> tuple[Value, ...]:
    return (
        standing.person,
        standing.capability.label if standing.capability else "Nothing",
        standing.granted.label if standing.granted else None,
        "Office" if standing.by_office else "Grant",
        *grant,
        " ".join(standing.lapses),
    )


def _grants(grant_ids: list[int]) -> dict[int, tuple[Value, ...]]:
    decider = Person.alias()
    query = (
        Grant.select(Grant.id, Grant.purpose, decider.name, Grant.decided_at, Grant.until)
        .join(decider, peewee.JOIN.LEFT_OUTER, on=(Grant.decided_by == decider.id))
        .where(Grant.id.in_(grant_ids))
    )
    return {row[0]: row[1:] for row in rows(query)}
