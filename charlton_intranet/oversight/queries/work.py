"""My work: what somebody owes, from the register of duties."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from charlton_intranet.accounts.queries import names_of
from charlton_intranet.core.duties import Duty, Register, Scope, Urgency
from charlton_intranet.core.permissions import Actor
from charlton_intranet.mail.messages import long_day
from charlton_intranet.oversight.queries.pauses import paused_until

# Rows of one urgency on My work; the rest show up as these are done.
MOST_ROWS = 50

HEADINGS = {
    Urgency.OVERDUE: "Overdue",
    Urgency.TODAY: "Today",
    Urgency.WEEK: "Within a week",
    Urgency.LATER: "Later",
}


@dataclass(frozen=True, slots=True)
class WorkRow:
    """One duty as a row of My work. ``kind`` and ``subject`` name the duty.

    ``detail`` says who asked for it, and from when it can be done.
    """

    title: str
    url: str
    due: date
    clause: str
    action: str
    urgency: Urgency
    kind: str
    subject: str
    detail: str = ""
    later_url: str = ""  # where its reminder is put off; empty under a legal clock
    put_off: date | None = None  # until when the reader wants no reminder of it


@dataclass(frozen=True, slots=True)
class WorkGroup:
    """The duties of one urgency: ``total`` of them, the first ones as rows."""

    urgency: Urgency
    heading: str
    total: int
    rows: tuple[WorkRow, ...]


@dataclass(frozen=True, slots=True)
class MyWork:
    """What somebody owes, by urgency; groups without a duty are left out."""

    groups: tuple[WorkGroup, ...]

    def total(self, urgency: Urgency) -> int:
        """How many are of this urgency."""
        return next((group.total for group in self.groups if group.urgency is urgency), 0)

    @property
    def upcoming(self) -> WorkRow | None:
        """The next thing, when nothing is overdue and nothing due within the week; else None."""
        only_later = self.groups and self.groups[0].urgency is Urgency.LATER
        return self.groups[0].rows[0] if only_later else None


def my_work(register: Register, actor: Actor, today: date) -> MyWork:
    """Everything ``actor`` owes."""
    owed = register.owed(Scope(today, actor))
    names = names_of(duty.asked_by for duty in owed if duty.asked_by != actor.person_id)
    pauses = paused_until(actor.person_id, today)
    groups = []
    for urgency, heading in HEADINGS.items():
        duties = [duty for duty in owed if duty.urgency(today) is urgency]
        rows = tuple(_row(duty, names, pauses, today) for duty in duties[:MOST_ROWS])
        if rows:
            groups.append(WorkGroup(urgency, heading, len(duties), rows))
    return MyWork(tuple(groups))


def owed_row(register: Register, actor: Actor, today: date, kind: str, subject: str) -> WorkRow | None:
    """The duty of this kind about this record, as long as ``actor`` owes it."""
    for duty in register.owed(Scope(today, actor)):
        if (duty.kind.name, duty.subject) == (kind, subject):
            return _row(duty, names_of([duty.asked_by]), paused_until(actor.person_id, today), today)
    return None


def _row(duty: Duty, names: Mapping[int, str], pauses: Mapping[tuple[str, str, date], date], today: date) -> WorkRow:
    asker = names.get(duty.asked_by or 0)
    since = f", {long_day(duty.since)}" if duty.since else ""
    about = [f"Asked for by {asker}{since}"] if asker else []
    if duty.opens and duty.opens > today:
        about.append(f"Can be done from {long_day(duty.opens)} on")
    return WorkRow(
        title=duty.title,
        url=duty.url,
        due=duty.due,
        clause=duty.clause,
        action=duty.action,
        urgency=duty.urgency(today),
        kind=duty.kind.name,
        subject=duty.subject,
        detail=". ".join(about),
        later_url="" if duty.kind.legal_clock else f"/reminders/pause?{urlencode(_named(duty))}",
        put_off=None if duty.kind.legal_clock else pauses.get((duty.kind.name, duty.subject, duty.due)),
    )


def _named(duty: Duty) -> dict[str, str]:
    return {"kind": duty.kind.name, "subject": duty.subject, "due": duty.due.isoformat()}
