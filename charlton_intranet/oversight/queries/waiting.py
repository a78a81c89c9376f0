"""What somebody asked for and others owe: the same duties, seen from the other side."""

from dataclasses import dataclass
from datetime import date

from charlton_intranet.core.duties import Register
from charlton_intranet.core.permissions import Actor
from charlton_intranet.oversight.queries.roster import roster

# Rows on My work; the rest show up as these are settled.
MOST_WAITS = 50


@dataclass(frozen=True, slots=True)
class WaitRow:
    """One thing that others owe the reader; ``who`` has it ``since`` that day."""

    title: str
    url: str
    who: str
    since: date | None
    due: date
    clause: str
    late: bool


@dataclass(frozen=True, slots=True)
class Waits:
    """What the reader waits for: ``total`` of it, ``late`` of those, the first ones as rows."""

    total: int
    late: int
    rows: tuple[WaitRow, ...]


def waits(register: Register, actor: Actor, today: date) -> Waits:
    """What ``actor`` waits for, most urgent first. Who has it is read once for the whole town, and only if needed."""
    found = register.waited_for(actor, today)
    if not found:
        return Waits(0, 0, ())
    people = roster(today)
    rows = tuple(
        WaitRow(duty.title, duty.url, people.describe(duty.owner), duty.since, duty.due, duty.clause, duty.due < today)
        for duty in found[:MOST_WAITS]
    )
    return Waits(len(found), sum(duty.due < today for duty in found), rows)
