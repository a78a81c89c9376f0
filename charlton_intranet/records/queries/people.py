"""Who stands behind a site: its coordinators with their letters, and who may do what on it (3.2, 3.3)."""

import peewee

from charlton_intranet.accounts.models import Person
from charlton_intranet.core.database import rows
from charlton_intranet.records.queries.about import About
from charlton_intranet.records.rules import Field, Release, Section
from charlton_intranet.sites.models import Appointment
from charlton_intranet.sites.queries.appointments import OPEN

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
        query = query.where(Appointment.state.in_(OPEN))
    found = tuple((person, state.label, *rest) for person, state, *rest in rows(query))
    title = "Social Media Coordinators, all on record" if about.whole else "Social Media Coordinators"
    empty = "No coordinator has been appointed here. Roles given without a letter show on the People page."
    return Section("coordinators", title, "3.2", COORDINATORS, found, empty=empty, url="/sites/coordinators")
