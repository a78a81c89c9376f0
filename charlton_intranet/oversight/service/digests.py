"""The daily digests: one mail a person and business day."""

from dataclasses import dataclass
from datetime import date, timedelta

import peewee

from charlton_intranet.accounts.queries import Contact, business_calendar
from charlton_intranet.core.clock import Clock, town_time
from charlton_intranet.core.database import unit_of_work
from charlton_intranet.core.duties import Register, Scope
from charlton_intranet.mail import service as mail
from charlton_intranet.oversight.models import DigestDay, Reminder
from charlton_intranet.oversight.queries.roster import roster
from charlton_intranet.oversight.queries.telling import Key, Told, choices, to_tell
from charlton_intranet.oversight.rules.digests import digest_subject, digests_may_go
from charlton_intranet.oversight.service.courtesies import make_link


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a digest; ``owed_by`` is empty on the reader's own, ``put_off`` the owner's wish not to hear."""

    title: str
    url: str
    due: date
    clause: str
    late: bool
    owed_by: str = ""
    put_off: date | None = None
    courtesy: bool = False


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
    chosen = choices(day)
    owed = register.owed(Scope(day, until=day + timedelta(days=chosen.furthest(register.kinds))))
    told = to_tell(owed, roster(day), chosen, day)
    with unit_of_work():
        if not _claim(day, clock):
            return ""
        letters: dict[Contact, list[Told]] = {}
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


def _first_told(keys: list[Key], day: date) -> list[Key]:
    """Keep the reminders nobody was told before; returns those, in the order given."""
    columns = [Reminder.kind, Reminder.subject, Reminder.due, Reminder.rung, Reminder.recipient]
    new: set[Key] = set()
    for batch in peewee.chunked(keys, 300):
        inserted = (
            Reminder.insert_many([(*key, day) for key in batch], fields=[*columns, Reminder.told_on])
            .on_conflict(conflict_target=columns, action="NOTHING")
            .returning(*columns)
            .execute()
        )
        new.update((r.kind, r.subject, r.due, r.rung, r.recipient_id) for r in inserted)
    return [key for key in keys if key in new]


def _queue(recipient: Contact, reminders: list[Told], day: date, clock: Clock) -> None:
    lines = [
        Line(r.duty.title, r.duty.url, r.duty.due, r.duty.clause, r.duty.due < day, r.owed_by, r.put_off, r.courtesy)
        for r in reminders
    ]
    courtesy = any(line.courtesy for line in lines)
    own, others = [line for line in lines if not line.owed_by], [line for line in lines if line.owed_by]
    mail.queue(
        "digest",
        occasion=f"digest:{recipient.person_id}:{day}",
        recipient=recipient.email,
        recipient_name=recipient.name,
        clock=clock,
        unsubscribe=f"/unsubscribe/{make_link(recipient.person_id, clock=clock)}" if courtesy else "",
        about=digest_subject(
            len(own),
            overdue=sum(line.late for line in own),
            today=sum(line.due == day for line in own),
            others=len(others),
        ),
        own=own,
        others=others,
        today=day,
    )
