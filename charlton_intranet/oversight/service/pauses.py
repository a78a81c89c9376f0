"""Putting one's own reminder of a duty off until a day."""

from dataclasses import dataclass
from datetime import date

from charlton_intranet.core import audit
from charlton_intranet.core.clock import Clock, today
from charlton_intranet.core.database import unit_of_work
from charlton_intranet.core.duties import Duty, Register, Scope
from charlton_intranet.core.errors import Invalid, NotFound
from charlton_intranet.core.permissions import Actor
from charlton_intranet.oversight.models import ReminderPause
from charlton_intranet.oversight.models.ladders import REASON_MAX, TITLE_MAX
from charlton_intranet.oversight.queries.roster import department_id_of
from charlton_intranet.oversight.rules.ladders import check_pause

PAUSED = audit.declare("reminder.put_off", "kind", "due", "until", "reason")
RESUMED = audit.declare("reminder.wanted_again", "kind", "due", "until")


@dataclass(frozen=True, slots=True)
class DutyKey:
    """What names a duty, which has no row of its own."""

    kind: str
    subject: str
    due: date


def duty_of(register: Register, actor: Actor, key: DutyKey, day: date) -> Duty:
    """The duty that ``actor`` owes, or ``NotFound``: somebody else's, done by now, or due on another day."""
    for duty in register.owed(Scope(day, actor)):
        if (duty.kind.name, duty.subject, duty.due) == (key.kind, key.subject, key.due):
            return duty
    raise NotFound("You do not owe this now: it is done, or it has another date.")


def put_off(actor: Actor, register: Register, key: DutyKey, until: date, reason: str, *, clock: Clock) -> None:
    """Let the actor hear no more of a duty before ``until``.

    The due date stays, and so does who else hears once it is late. A legal clock's reminder can not be put off.
    """
    day, reason = today(clock), reason.strip()
    duty = duty_of(register, actor, key, day)
    check_pause(until, day, legal_clock=duty.kind.legal_clock)
    if not reason or len(reason) > REASON_MAX:
        raise Invalid({"reason": f"Say why, in at most {REASON_MAX} characters."})
    what = {"until": until, "reason": reason, "paused_at": clock.now(), "title": duty.title[:TITLE_MAX]}
    p = ReminderPause
    with unit_of_work():
        p.insert(
            kind=key.kind, subject=key.subject, due=key.due, person=actor.person_id,
            department_id=department_id_of(duty), **what,
        ).on_conflict(conflict_target=[p.kind, p.subject, p.due, p.person], update=what).execute()  # fmt: skip
        audit.record(
            PAUSED, actor, key.subject, clock=clock,
            kind=key.kind, due=key.due, until=until, reason=audit.digest_of(reason),
        )  # fmt: skip


def want_again(actor: Actor, pause_id: int, *, clock: Clock) -> None:
    """Let the actor hear again from the next digest on. A second press finds nothing left to do."""
    with unit_of_work():
        pause = ReminderPause.get_or_none((ReminderPause.id == pause_id) & (ReminderPause.person == actor.person_id))
        if pause is None:
            raise NotFound
        day = today(clock)
        if pause.until <= day:
            return
        ReminderPause.update(until=day).where(ReminderPause.id == pause_id).execute()
        audit.record(RESUMED, actor, pause.subject, clock=clock, kind=pause.kind, due=pause.due, until=pause.until)
