"""Duties: what a named person or office owes by a date because a clause says so.

Every feature derives its duties from its own tables with one indexed query; nothing stores them twice. My work,
reminder mails, the clause board and the calendar feeds are all views of this one list.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum, auto

from charlton_intranet.core.once import reading_once
from charlton_intranet.core.permissions import Actor, Role


class Urgency(StrEnum):
    """Where a duty stands on My work."""

    OVERDUE = auto()
    TODAY = auto()
    WEEK = auto()
    LATER = auto()


def urgency_of(due: date, today: date) -> Urgency:
    """Overdue, today, within seven days, or later."""
    days = (due - today).days
    if days < 0:
        return Urgency.OVERDUE
    if days == 0:
        return Urgency.TODAY
    return Urgency.WEEK if days <= 7 else Urgency.LATER


@dataclass(frozen=True, slots=True)
class Owner:
    """Who owes it: one person, or whoever holds a role (for a department, or for the town)."""

    person_id: int | None = None
    role: Role | None = None
    department_id: int | None = None

    def is_held_by(self, actor: Actor) -> bool:
        """Whether ``actor`` owes it today. An acting person owes what the office owes."""
        if self.person_id is not None:
            return self.person_id == actor.person_id
        return any(h.role is self.role and h.department_id == self.department_id for h in actor.held)


@dataclass(frozen=True, slots=True)
class Ladder:
    """When people are reminded of a kind of duty.

    ``before`` holds days before the due date on which a reminder goes out; after it one goes every ``repeat_days``.
    From ``head_after`` days on the department head hears too, from ``administrator_after`` on the administrator.
    """

    before: tuple[int, ...]
    repeat_days: int
    head_after: int
    administrator_after: int
    courtesy: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of duty: its name in the code, the clause that asks for it, and its reminder ladder as shipped.

    ``label`` and ``by`` say in the settings what is owed and by whom. A ``legal_clock`` runs whether anybody is
    reminded or not: its reminders can be neither put off nor switched off. A ``courtesy`` nobody has to be reminded of.
    """

    name: str
    clause: str
    action: str
    ladder: tuple[int, ...] = (14, 7, 1, 0)
    repeat_days: int = 7
    escalate_after: int = 3
    label: str = ""
    by: str = ""
    legal_clock: bool = False
    courtesy: bool = False

    @property
    def shipped(self) -> Ladder:
        """The ladder while the town has chosen no other: the administrator hears twice as late as the head."""
        return Ladder(self.ladder, self.repeat_days, self.escalate_after, 2 * self.escalate_after, self.courtesy)


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing owed. ``subject`` is ``kind:id`` of the record; ``url`` is the own path where it is done.

    ``asked_by`` is the person who asked for it and waits, ``since`` the day since which the owner has it: None where
    nobody asked or no table knows. ``opens`` is the first day on which it can be done, where there is one.
    """

    kind: Kind
    subject: str
    title: str
    owner: Owner
    due: date
    url: str
    department_id: int | None = None
    asked_by: int | None = None
    since: date | None = None
    opens: date | None = None

    @property
    def clause(self) -> str:
        return self.kind.clause

    @property
    def action(self) -> str:
        return self.kind.action

    def urgency(self, today: date) -> Urgency:
        return urgency_of(self.due, today)


@dataclass(frozen=True, slots=True)
class Scope:
    """Which duties are asked for, so that a producer can narrow its query.

    ``actor`` None asks for everybody's. ``until`` leaves out what is due after that date. ``asker`` asks for what this
    person waits for, whoever owes it; only producers that know who asked are given such a scope.
    """

    today: date
    actor: Actor | None = None
    until: date | None = None
    asker: int | None = None


Producer = Callable[[Scope], Iterable[Duty]]


class Register:
    """The producers of all features, put together once by the assembly; ``asked`` are those that know who asked."""

    def __init__(
        self, producers: Sequence[Producer], kinds: Sequence[Kind] = (), asked: Sequence[Producer] = ()
    ) -> None:
        self.producers = tuple(producers)
        self.kinds = tuple(kinds)
        self.asked = tuple(asked)

    def owed(self, scope: Scope) -> list[Duty]:
        """Duties within ``scope``, most urgent first."""
        with reading_once():
            found = [
                duty
                for producer in self.producers
                for duty in producer(scope)
                if (scope.actor is None or duty.owner.is_held_by(scope.actor))
                and (scope.until is None or duty.due <= scope.until)
            ]
        return sorted(found, key=_urgency)

    def waited_for(self, actor: Actor, today: date) -> list[Duty]:
        """What ``actor`` asked for and others owe, most urgent first; what they owe themselves is among their own."""
        with reading_once():
            scope = Scope(today, asker=actor.person_id)
            found = [duty for producer in self.asked for duty in producer(scope) if not duty.owner.is_held_by(actor)]
        return sorted(found, key=_urgency)


def _urgency(duty: Duty) -> tuple[date, str, str]:
    return duty.due, duty.kind.name, duty.subject


def rung(ladder: Ladder, due: date, today: date) -> int | None:
    """The reminder that ``today`` has reached, in days from the due date, or None before the first one.

    A rung stays reached until the next, so a reminder that could not go out on a weekend or in an outage goes out
    on the next business day, and each rung once.
    """
    late = (today - due).days
    if late >= 0:
        return late - late % ladder.repeat_days
    return max((-before for before in ladder.before if -before <= late), default=None)
