"""What becomes of the entries of a calendar feed when it is read again. Pure.

A calendar program tells entries apart by their UID and versions of one by SEQUENCE (RFC 5545 3.8.4.7, 3.8.7.4). So an
entry that is still owed keeps its UID, moves its sequence on when something about it changes and only then, and stays
for a while as cancelled when it is over: a program that reads seldom is told to take it away.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum, auto

# Long enough for a calendar program that was off over a long leave.
KEPT_CANCELLED = timedelta(days=60)

# Reads of one feed within a quarter of an hour, and tries at addresses that are none, from one place.
READS_PER_FEED = 30
TRIES_PER_ADDRESS = 60


class CalendarDetail(StrEnum):
    """How much a feed says: what is due, or only how much on which day."""

    TITLES = auto()
    COUNTS = auto()

    @property
    def label(self) -> str:
        return {"titles": "What is due", "counts": "Only how many things are due on a day"}[self.value]


class EntryState(StrEnum):
    """Whether something is still owed. What is over stays as cancelled for :data:`KEPT_CANCELLED`."""

    DUE = auto()
    OVER = auto()


@dataclass(frozen=True, slots=True)
class Said:
    """What an entry says. ``key`` names what is owed among all that this person owes; ``path`` is the own page."""

    key: str
    due: date
    summary: str
    note: str
    path: str


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as it was last handed out."""

    id: int
    uid: str
    said: Said
    sequence: int
    state: EntryState
    created_at: datetime
    modified_at: datetime


@dataclass(frozen=True, slots=True)
class Changes:
    """What to write before the feed is handed out; false when nothing changed."""

    new: tuple[Said, ...]
    changed: tuple[tuple[Entry, Said], ...]
    over: tuple[Entry, ...]
    forgotten: tuple[Entry, ...]

    def __bool__(self) -> bool:
        return bool(self.new or self.changed or self.over or self.forgotten)


def changes(kept: Iterable[Entry], wanted: Iterable[Said], now: datetime) -> Changes:
    """Compare what was handed out with what is owed now."""
    before = {entry.said.key: entry for entry in kept}
    after = {said.key: said for said in wanted}
    gone = [entry for key, entry in before.items() if key not in after]
    return Changes(
        new=tuple(said for key, said in after.items() if key not in before),
        changed=tuple(
            (before[key], said)
            for key, said in after.items()
            if key in before and (before[key].said != said or before[key].state is EntryState.OVER)
        ),
        over=tuple(entry for entry in gone if entry.state is EntryState.DUE),
        forgotten=tuple(
            entry for entry in gone if entry.state is EntryState.OVER and now - entry.modified_at > KEPT_CANCELLED
        ),
    )


def numbered(entries: Iterable[Said]) -> list[Said]:
    """Each with a key of its own: the second thing owed of one kind about one record gets a number, by due date."""
    seen: dict[str, int] = {}
    found = []
    for said in sorted(entries, key=lambda said: (said.due, said.key, said.summary)):
        seen[said.key] = seen.get(said.key, 0) + 1
        number = seen[said.key]
        key = said.key if number == 1 else f"{said.key}#{number}"
        found.append(Said(key, said.due, said.summary, said.note, said.path))
    return found


def counted(entries: Iterable[Said]) -> list[Said]:
    """One entry a day that says how many things are due, and nothing of what they are."""
    days: dict[date, int] = {}
    for said in entries:
        days[said.due] = days.get(said.due, 0) + 1
    return [
        Said(f"day:{day}", day, f"{number} {'thing' if number == 1 else 'things'} due", "", "/")
        for day, number in sorted(days.items())
    ]
