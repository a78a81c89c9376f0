"""Appointments of Social Media Coordinators (2.3, 3.2)."""

from datetime import date

from flask import Response, request, url_for

from charlton_intranet.core.permissions import Permission
from charlton_intranet.sites.forms import AppointmentForm
from charlton_intranet.sites.queries import appointments as queries
from charlton_intranet.sites.service import appointments
from charlton_intranet.sites.web.shared import (
    RECORD,
    blueprint,
    department_choices,
    number,
    posted_version,
    tabs,
    taken,
)
from charlton_intranet.web import context
from charlton_intranet.web.guard import needs
from charlton_intranet.web.responding import done, respond

P = Permission
APPOINTMENT = f"/coordinators/<{RECORD}:appointment_id>"


@blueprint.get("/coordinators")
@needs(P.READ_SITE_RECORDS)
def coordinators() -> Response:
    """Who is appointed where, and which departments miss somebody."""
    actor = context.actor()
    rows, more = queries.appointments_page(actor, after=number("after"))
    return respond(
        "sites/coordinators.html",
        rows=rows,
        vacancies=queries.vacancies(context.today(), actor.departments_for(P.READ_SITE_RECORDS)),
        tabs=tabs(actor, "/sites/coordinators"),
        next_url=url_for("sites.coordinators", after=more) if more else None,
    )


@blueprint.route("/coordinators/propose", methods=["GET", "POST"])
@needs(P.APPOINT_COORDINATOR)
def propose_appointment() -> Response:
    """Write the letter that appoints somebody."""
    actor, made = context.actor(), list[int]()
    form = AppointmentForm(department=number("department") or actor.department_id)
    form.department.choices = department_choices(actor, P.APPOINT_COORDINATOR)
    form.person.choices = {"0": "Choose a person"} | queries.person_choices()

    def step() -> None:
        made.append(
            appointments.propose(
                actor, department_id=form.department.data, person_id=form.person.data,
                letter=form.letter.data or "", starts_on=form.starts_on.data or date.min, clock=context.clock(),
            )
        )  # fmt: skip

    if request.method == "POST" and taken(form, step):
        return done(
            url_for("sites.appointment", appointment_id=made[0]), "Sent. The Town Administrator files the letter next."
        )
    return respond("sites/propose_appointment.html", form=form, status=422 if form.is_submitted() else 200)


@blueprint.get(APPOINTMENT)
@needs(P.READ_SITE_RECORDS)
def appointment(appointment_id: int) -> Response:
    """The letter and what became of it."""
    found = queries.appointment_sheet(context.actor(), appointment_id)
    return respond("sites/appointment.html", "sites/_appointment.html", sheet=found, appointment=found.appointment)


@blueprint.post(f"{APPOINTMENT}/file")
@needs(P.FILE_APPOINTMENT)
def file_appointment(appointment_id: int) -> Response:
    """Acknowledge receipt of the letter."""
    appointments.file(context.actor(), appointment_id, posted_version(), clock=context.clock())
    return done(url_for("sites.appointment", appointment_id=appointment_id), "Filed.")


@blueprint.post(f"{APPOINTMENT}/end")
@needs(P.READ_SITE_RECORDS)
def end_appointment(appointment_id: int) -> Response:
    """End the appointment: the department head or the Town Administrator."""
    appointments.end(context.actor(), appointment_id, posted_version(), clock=context.clock())
    return done(url_for("sites.appointment", appointment_id=appointment_id), "The appointment has ended.")
