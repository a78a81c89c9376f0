"""The daily digests: one mail a person and business day."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

import peewee

from charlton_intranet.accounts.queries import Contact, business_calendar
from charlton_intranet.core.clock import Clock, town_time
from charlton_intranet.core.database import unit_of_work
from charlton_intranet.core.duties import Duty, Register, Scope, rung
from charlton_intranet.core.permissions import Role
from charlton_intranet.mail import service as mail
from charlton_intranet.oversight.models import DigestDay, Reminder
from charlton_intranet.oversight.queries.confidential import is_confidential
from charlton_intranet.oversight.queries.roster import Roster, department_id_of, roster
from charlton_intranet.oversight.rules.digests import Listener, digest_subject, digests_may_go, listeners

_Key = tuple[str, str, date, int, int]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a digest; ``owed_by`` is empty on the reader's own."""

    title: str
    url: str
    due: date
    clause: str
    late: bool
    owed_by: str = ""


@dataclass(frozen=True, slots=True)
class _Told:
    """A reminder that a person is to be told."""

    recipient: Contact
    duty: Duty
    rung: int
    owed_by: str

    @property
    def key(self) -> _Key:
        return (self.duty.kind.name, self.duty.subject, self.duty.due, self.rung, self.recipient.person_id)


def send_digests(register: Register, *, clock: Clock) -> str:
    """Queue today's digest for everybody whose duties have reached a new rung; once a business day.

    The day, the reminders and the mails are one transaction, and the first one of the day wins: run it as often
    and from as many processes as you like. A rung that nobody could be told of, on a weekend or in an outage,
    is still reached on the next business day.
    """
    local = town_time(clock.now())
    day = local.date()
    if not digests_may_go(local, business_calendar()) or DigestDay.get_or_none(DigestDay.day == day):
        return ""
    names = roster(day)
    told = {reminder.key: reminder for reminder in _reached(register.owed(Scope(day)), names, day)}
    with unit_of_work():
        if not _claim(day, clock):
            return ""
        letters: dict[Contact, list[_Told]] = {}
        for key in _first_told(list(told), day):
            letters.setdefault(told[key].recipient, []).append(told[key])
        for recipient, reminders in letters.items():
            _queue(recipient, reminders, day, clock)
        DigestDay.update(mails=len(letters)).where(DigestDay.day == day).execute()
    return f"Queued {len(letters)} {'digest' if len(letters) == 1 else 'digests'}."


def _claim(day: date, clock: Clock) -> bool:
    """Whether this transaction is the first of the day."""
    made = (
        DigestDay.insert(day=day, queued_at=clock.now())
        .on_conflict(conflict_target=[DigestDay.day], action="NOTHING")
        .returning(DigestDay.day)
        .execute()
    )
    return bool(list(made))


def _reached(duties: Iterable[Duty], names: Roster, day: date) -> Iterator[_Told]:
    """Who is to hear of what on ``day``: those who listen first, so that the owner's own line wins."""
    for duty in duties:
        step = rung(duty.kind.shipped, duty.due, day)
        if step is None:
            continue
        owed_by = names.describe(duty.owner)
        for listener in _listening(duty, names, day):
            yield _Told(listener, duty, step, owed_by)
        for owner in names.owners(duty.owner):
            yield _Told(owner, duty, step, "")


def _listening(duty: Duty, names: Roster, day: date) -> Iterator[Contact]:
    heard = listeners((day - duty.due).days, duty.kind.escalate_after)
    department_id = department_id_of(duty)
    if Listener.HEAD in heard and department_id is not None and not is_confidential(duty.subject):
        yield from names.holders(Role.DEPARTMENT_HEAD, department_id)
    if Listener.ADMINISTRATOR in heard:
        yield from names.holders(Role.ADMINISTRATOR)


def _first_told(keys: list[_Key], day: date) -> list[_Key]:
    """Keep the reminders nobody was told before; returns those, in the order given."""
    columns = [Reminder.kind, Reminder.subject, Reminder.due, Reminder.rung, Reminder.recipient]
    new: set[_Key] = set()
    for batch in peewee.chunked(keys, 300):
        inserted = (
            Reminder.insert_many([(*key, day) for key in batch], fields=[*columns, Reminder.told_on])
            .on_conflict(conflict_target=columns, action="NOTHING")
            .returning(*columns)
            .execute()
        )
        new.update((r.kind, r.subject, r.due, r.rung, r.recipient_id) for r in inserted)
    return [key for key in keys if key in new]


def _queue(recipient: Contact, reminders: list[_Told], day: date, clock: Clock) -> None:
    lines = [Line(r.duty.title, r.duty.url, r.duty.due, r.duty.clause, r.duty.due < day, r.owed_by) for r in reminders]
    mail.queue(
        "digest",
        occasion=f"digest:{recipient.person_id}:{day}",
        recipient=recipient.email,
        recipient_name=recipient.name,
        clock=clock,
        about=digest_subject(
            len(lines), overdue=sum(line.late for line in lines), today=sum(line.due == day for line in lines)
        ),
        own=[line for line in lines if not line.owed_by],
        others=[line for line in lines if line.owed_by],
        today=day,
    )
