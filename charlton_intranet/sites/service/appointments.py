"""Social Media Coordinators: proposed by the head in writing, filed with the Town Administrator, started (2.3, 3.2)."""

from datetime import date
from typing import Any

from charlton_intranet.accounts import queries as people
from charlton_intranet.accounts import service as accounts
from charlton_intranet.accounts.service.exceptions import must_not_be_own
from charlton_intranet.core import audit
from charlton_intranet.core.clock import Clock, today
from charlton_intranet.core.database import unit_of_work, update_current
from charlton_intranet.core.errors import Forbidden, Invalid
from charlton_intranet.core.permissions import SYSTEM, Actor, Permission, Role
from charlton_intranet.sites.models import Appointment, HandOver, HandOverNote
from charlton_intranet.sites.queries import appointments as queries
from charlton_intranet.sites.queries.handovers import successor_of
from charlton_intranet.sites.queries.steps import APPOINTMENT_STEPS
from charlton_intranet.sites.rules import APPOINTMENT_MOVES, AppointmentState, check_move, last_day_problem

PROPOSED = audit.declare("appointment.proposed", "person", "department", "starts", "letter", "before", "after")
FILED = audit.declare("appointment.filed", "before", "after")
STARTED = audit.declare("appointment.started", "person", "department", "before", "after")
ENDED = audit.declare("appointment.ended", "person", "department", "before", "after")
HANDED_OVER = audit.declare("appointment.handed_over", "successor", "last_day")
NOTED = audit.declare("appointment.noted", "text")


def propose(actor: Actor, *, department_id: int, person_id: int, letter: str, starts_on: date, clock: Clock) -> int:
    """Appoint somebody in writing, in advance; returns the appointment's id."""
    with unit_of_work():
        actor.must_have(Permission.APPOINT_COORDINATOR, department_id)
        if problems := _problems(department_id, person_id, letter, starts_on, clock=clock):
            raise Invalid(problems)
        return _propose(actor, department_id, person_id, letter, starts_on, clock=clock)


def _problems(department_id: int, person_id: int, letter: str, starts_on: date, *, clock: Clock) -> dict[str, str]:
    day, person = today(clock), people.contact(person_id)
    problems = {}
    if person is None:
        problems["person"] = "Choose somebody with an open account."
    elif queries.has_open_appointment(person_id, department_id, day):
        problems["person"] = f"{person.name} is appointed, or proposed, for this department already."
    if starts_on < day:
        problems["starts_on"] = "Choose today or a later day: the letter is filed in advance (policy 3.2)."
    if not letter.strip():
        problems["letter"] = "Write the letter; it is filed as you write it."
    return problems


def _propose(actor: Actor, department_id: int, person_id: int, letter: str, starts_on: date, *, clock: Clock) -> int:
    appointment_id = int(
        Appointment.insert(
            department=department_id,
            person=person_id,
            letter=letter.strip(),
            proposed_by=actor.person_id,
            proposed_on=today(clock),
            starts_on=starts_on,
        ).execute()
    )
    audit.record(
        PROPOSED, actor, _subject(appointment_id), clock=clock,
        person=person_id, department=department_id, starts=starts_on,
        letter=audit.digest_of(letter.strip()), before=None, after=AppointmentState.PROPOSED,
    )  # fmt: skip
    return appointment_id


def hand_over(
    actor: Actor,
    appointment_id: int,
    version: int,
    *,
    person_id: int,
    letter: str,
    starts_on: date,
    last_day: date,
    notes: str = "",
    clock: Clock,
) -> int:
    """Appoint the next coordinator and set the present one's last day; returns the new appointment's id.

    The present one stays until the next is active, so the department is never without one.
    """
    with unit_of_work():
        leaving = _begin(actor, appointment_id, "hand_over")
        problems = _problems(leaving.department_id, person_id, letter, starts_on, clock=clock)
        if gap := last_day_problem(last_day, successor_starts=starts_on):
            problems["last_day"] = gap
        if successor_of(leaving.id) is not None:
            problems["person"] = "The next coordinator is appointed already. Withdraw that letter first."
        if problems:
            raise Invalid(problems)
        update_current(Appointment, leaving.id, version)
        successor_id = _propose(actor, leaving.department_id, person_id, letter, starts_on, clock=clock)
        HandOver.insert(leaving=leaving.id, successor=successor_id, last_day=last_day).execute()
        audit.record(HANDED_OVER, actor, _subject(leaving.id), clock=clock, successor=successor_id, last_day=last_day)
        if notes.strip():
            _note(actor, leaving.id, notes, clock=clock)
    return successor_id


def add_note(actor: Actor, appointment_id: int, *, text: str, clock: Clock) -> None:
    """Leave word for the next coordinator: the one who leaves, or the department head."""
    with unit_of_work():
        found = queries.load_appointment(actor, appointment_id)
        if not queries.may_note(actor, found):
            raise Forbidden
        if not text.strip():
            raise Invalid({"text": "Write the note."})
        _note(actor, found.id, text, clock=clock)


def _note(actor: Actor, appointment_id: int, text: str, *, clock: Clock) -> None:
    HandOverNote.insert(
        appointment=appointment_id, text=text.strip(), written_by=actor.person_id, written_at=clock.now()
    ).execute()
    audit.record(NOTED, actor, _subject(appointment_id), clock=clock, text=audit.digest_of(text.strip()))


def file(actor: Actor, appointment_id: int, version: int, *, exception: str = "", clock: Clock) -> None:
    """Acknowledge receipt of the letter. The role starts now when its first day has come."""
    with unit_of_work():
        found = _begin(actor, appointment_id, "file")
        must_not_be_own(
            actor, own=actor.person_id in {found.proposed_by_id, found.person_id}, exception=exception,
            step="file the letter of appointment", subject=_subject(appointment_id), clock=clock,
        )  # fmt: skip
        filing = {"filed_by": actor.person_id, "filed_on": today(clock)}
        _move(actor, found, version, AppointmentState.FILED, FILED, clock=clock, changes=filing)
        if found.starts_on <= today(clock):
            _start(actor, queries.load_appointment(actor, appointment_id), clock=clock)


def start_due(*, clock: Clock) -> int:
    """Start the filed appointments whose day has come; returns how many started."""
    with unit_of_work():
        started = 0
        for found in queries.due_to_start(today(clock)):
            # Who was invited and has not come yet starts when they have.
            if people.contact(found.person_id) is not None:
                _start(SYSTEM, found, clock=clock)
                started += 1
    return started


def end_over(*, clock: Clock) -> int:
    """End the appointments that are over: the role ended, the account closed, or the next coordinator is there.

    Returns how many ended.
    """
    with unit_of_work():
        over = queries.handed_over(today(clock)) | queries.lapsed(today(clock))
        for appointment_id, since in over.items():
            found = queries.load_appointment(None, appointment_id)
            _end(SYSTEM, found, found.version, on=since, clock=clock)
    return len(over)


def _start(actor: Actor, found: Appointment, *, clock: Clock) -> None:
    day = today(clock)
    held = queries.role_held(found.person_id, found.department_id, day)
    assignment_id = held.id if held else _give_role(actor, found, clock=clock)
    _move(
        actor, found, found.version, AppointmentState.ACTIVE, STARTED, clock=clock,
        changes={"assignment": assignment_id}, person=found.person_id, department=found.department_id,
    )  # fmt: skip


def _give_role(actor: Actor, found: Appointment, *, clock: Clock) -> int:
    """The appointed one's role from today; it takes the place of one held for a while, as whoever acts does."""
    for held in queries.roles_not_over(found.person_id, found.department_id, today(clock)):
        accounts.end_assignment(actor, held, held.version, clock=clock)
    return accounts.assign(
        actor,
        found.person_id,
        Role.COORDINATOR,
        department_id=found.department_id,
        starts=today(clock),
        reason="Appointed in writing (policy 3.2)",
        clock=clock,
    )


def end(actor: Actor, appointment_id: int, version: int, *, clock: Clock) -> None:
    """End an appointment in whatever state; an active one's role ends with it."""
    with unit_of_work():
        _end(actor, _begin(actor, appointment_id, "end"), version, clock=clock)


def _end(actor: Actor, found: Appointment, version: int, *, on: date | None = None, clock: Clock) -> None:
    day = today(clock)
    _move(
        actor, found, version, AppointmentState.ENDED, ENDED, clock=clock,
        changes={"ended_on": on or day}, person=found.person_id, department=found.department_id,
    )  # fmt: skip
    held = found.assignment if found.assignment_id else None
    if held is not None and (held.ends_on is None or held.ends_on >= day):
        accounts.end_assignment(actor, held, held.version, clock=clock)


def _subject(appointment_id: int) -> str:
    return f"appointment:{appointment_id}"


def _begin(actor: Actor, appointment_id: int, step: str) -> Appointment:
    found = queries.load_appointment(actor, appointment_id)
    APPOINTMENT_STEPS[step].must_be_open(actor, found.state, found.department_id)
    return found


def _move(
    actor: Actor,
    found: Appointment,
    version: int,
    after: AppointmentState,
    tag: str,
    *,
    clock: Clock,
    changes: dict[str, Any],
    **details: Any,
) -> None:
    check_move(APPOINTMENT_MOVES, found.state, after)
    update_current(Appointment, found.id, version, state=after, **changes)
    audit.record(tag, actor, _subject(found.id), clock=clock, before=found.state, after=after, **details)
