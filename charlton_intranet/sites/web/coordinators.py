"""Appointments of Social Media Coordinators (2.3, 3.2)."""

from datetime import date

from flask import Response, request, url_for

from charlton_intranet.core.duties import Owner, Scope
from charlton_intranet.core.permissions import Permission, Role
from charlton_intranet.sites.forms import AppointmentForm, FilingForm, HandOverForm, NoteForm
from charlton_intranet.sites.queries import appointments as queries
from charlton_intranet.sites.queries.steps import APPOINTMENT_STEPS
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
    rows, more = queries.appointments_page(actor, context.today(), after=number("after"))
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
    form.person.choices = _people()

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
    return _appointment(appointment_id)


@blueprint.post(f"{APPOINTMENT}/file")
@needs(P.FILE_APPOINTMENT)
def file_appointment(appointment_id: int) -> Response:
    """Acknowledge receipt of the letter."""
    form = FilingForm()

    def step() -> None:
        appointments.file(
            context.actor(), appointment_id, posted_version(),
            exception=form.exception.data or "", clock=context.clock(),
        )  # fmt: skip

    if taken(form, step):
        return done(url_for("sites.appointment", appointment_id=appointment_id), "Filed.")
    return _appointment(appointment_id, form, status=422)


@blueprint.post(f"{APPOINTMENT}/end")
@needs(P.READ_SITE_RECORDS)
def end_appointment(appointment_id: int) -> Response:
    """End the appointment: the department head or the Town Administrator."""
    appointments.end(context.actor(), appointment_id, posted_version(), clock=context.clock())
    return done(url_for("sites.appointment", appointment_id=appointment_id), "The appointment has ended.")


@blueprint.post(f"{APPOINTMENT}/notes")
@needs(P.READ_SITE_RECORDS)
def note_appointment(appointment_id: int) -> Response:
    """Leave word for the next coordinator."""
    form = NoteForm()

    def step() -> None:
        appointments.add_note(context.actor(), appointment_id, text=form.text.data or "", clock=context.clock())

    if taken(form, step):
        return done(url_for("sites.appointment", appointment_id=appointment_id), "The note is kept.")
    return _appointment(appointment_id, note=form, status=422)


@blueprint.get(f"{APPOINTMENT}/hand-over")
@needs(P.APPOINT_COORDINATOR)
def new_hand_over(appointment_id: int) -> Response:
    """Who comes next, from when, and what goes over."""
    found = queries.load_appointment(context.actor(), appointment_id)
    APPOINTMENT_STEPS["hand_over"].must_be_open(context.actor(), found.state, found.department_id)
    return _hand_over(appointment_id, HandOverForm(formdata=None))


@blueprint.post(f"{APPOINTMENT}/hand-over")
@needs(P.APPOINT_COORDINATOR)
def hand_over(appointment_id: int) -> Response:
    """Appoint the next coordinator and set the present one's last day."""
    form, made = HandOverForm(), list[int]()
    form.person.choices = _people()

    def step() -> None:
        made.append(
            appointments.hand_over(
                context.actor(), appointment_id, posted_version(),
                person_id=form.person.data, letter=form.letter.data or "", notes=form.notes.data or "",
                starts_on=form.starts_on.data or date.min, last_day=form.last_day.data or date.min,
                clock=context.clock(),
            )
        )  # fmt: skip

    if taken(form, step):
        return done(
            url_for("sites.appointment", appointment_id=made[0]), "Sent. The Town Administrator files the letter next."
        )
    return _hand_over(appointment_id, form, status=422)


def _people() -> dict[str, str]:
    return {"0": "Choose a person"} | queries.person_choices()


def _appointment(
    appointment_id: int, form: FilingForm | None = None, note: NoteForm | None = None, *, status: int = 200
) -> Response:
    actor = context.actor()
    found = queries.appointment_sheet(actor, appointment_id, context.today())
    return respond(
        "sites/appointment.html", "sites/_appointment.html", status=status,
        may_appoint=actor.may(P.APPOINT_COORDINATOR, found.appointment.department_id),
        sheet=found, appointment=found.appointment, form=form or FilingForm(formdata=None),
        note=note or NoteForm(formdata=None), version=request.form.get("version", found.appointment.version),
    )  # fmt: skip


def _hand_over(appointment_id: int, form: HandOverForm, *, status: int = 200) -> Response:
    found = queries.appointment_sheet(context.actor(), appointment_id, context.today())
    form.person.choices = _people()
    owner = Owner(role=Role.COORDINATOR, department_id=found.appointment.department_id)
    owed = [duty for duty in context.parts().register.owed(Scope(context.today())) if duty.owner == owner]
    return respond(
        "sites/hand_over.html", status=status, sheet=found, appointment=found.appointment, form=form,
        duties=len(owed), overdue=sum(duty.due < context.today() for duty in owed),
        version=request.form.get("version", found.appointment.version),
    )  # fmt: skip
