"""My work: what somebody owes, from the register of duties."""

from dataclasses import dataclass
from datetime import date

from charlton_intranet.core.duties import Register, Scope, Urgency
from charlton_intranet.core.permissions import Actor

# Rows of one urgency on My work; the rest show up as these are done.
MOST_ROWS = 50

_HEADINGS = {
    Urgency.OVERDUE: "Overdue",
    Urgency.TODAY: "Today",
    Urgency.WEEK: "Within a week",
    Urgency.LATER: "Later",
}


@dataclass(frozen=True, slots=True)
class WorkRow:
    """One duty as a row of My work."""

    title: str
    url: str
    due: date
    clause: str
    action: str
    urgency: Urgency


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

    @property
    def upcoming(self) -> WorkRow | None:
        """The next thing, when nothing is overdue and nothing due within the week; else None."""
        only_later = self.groups and self.groups[0].urgency is Urgency.LATER
        return self.groups[0].rows[0] if only_later else None


def my_work(register: Register, actor: Actor, today: date) -> MyWork:
    """Everything ``actor`` owes."""
    owed = register.owed(Scope(today, actor))
    groups = []
    for urgency, heading in _HEADINGS.items():
        duties = [duty for duty in owed if duty.urgency(today) is urgency]
        rows = tuple(
            WorkRow(duty.title, duty.url, duty.due, duty.clause, duty.action, urgency) for duty in duties[:MOST_ROWS]
        )
        if rows:
            groups.append(WorkGroup(urgency, heading, len(duties), rows))
    return MyWork(tuple(groups))
