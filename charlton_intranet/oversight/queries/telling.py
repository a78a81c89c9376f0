"""Who is to be told of which duty on a day: what the digests send and the preview shows."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from charlton_intranet.accounts.queries import Contact
from charlton_intranet.core.database import rows
from charlton_intranet.core.duties import Duty, Kind, Ladder, rung
from charlton_intranet.core.permissions import Role
from charlton_intranet.oversight.models import ReminderPause, SwitchedOff
from charlton_intranet.oversight.queries.confidential import is_confidential
from charlton_intranet.oversight.queries.ladders import chosen_ladders
from charlton_intranet.oversight.queries.roster import Roster, department_id_of
from charlton_intranet.oversight.rules.digests import Listener, listeners
from charlton_intranet.oversight.rules.ladders import MOST_DAYS

Key = tuple[str, str, date, int, int]


@dataclass(frozen=True, slots=True)
class Told:
    """A reminder that a person is to be told. ``owed_by`` is empty on the reader's own."""

    recipient: Contact
    duty: Duty
    rung: int
    owed_by: str
    courtesy: bool
    put_off: date | None = None  # until when whoever owes it does not want to hear of it

    @property
    def key(self) -> Key:
        """What is told once for ever: kind, subject, due date, rung and person."""
        return (self.duty.kind.name, self.duty.subject, self.duty.due, self.rung, self.recipient.person_id)


@dataclass(frozen=True, slots=True)
class Choices:
    """What the town and its people chose about reminders, as far as it counts on a day."""

    ladders: Mapping[str, Ladder] = field(default_factory=dict)
    paused: Mapping[tuple[str, str, date, int], date] = field(default_factory=dict)
    off: frozenset[tuple[int, str]] = frozenset()

    def ladder(self, kind: Kind) -> Ladder:
        return self.ladders.get(kind.name, kind.shipped)

    def furthest(self, kinds: Iterable[Kind]) -> int:
        """How many days before its due date anything is told at the earliest: what is due later is of no concern."""
        return max((before for kind in kinds for before in self.ladder(kind).before), default=MOST_DAYS)

    def wants(self, one: Told, day: date) -> bool:
        """Whether the person hears of it: not what they put off until later, nor a courtesy they switched off."""
        kind, subject, due, _rung, person_id = one.key
        if one.courtesy and (person_id, kind) in self.off:
            return False
        until = None if one.owed_by else self.paused.get((kind, subject, due, person_id))
        return until is None or until <= day

    def put_off(self, duty: Duty, names: Roster, day: date) -> date | None:
        """Until when those who owe it put their reminder off, for the ones who hear of it as well."""
        if not self.paused:
            return None
        about = (duty.kind.name, duty.subject, duty.due)
        ends = (self.paused.get((*about, owner.person_id)) for owner in names.owners(duty.owner))
        return max((until for until in ends if until and until > day), default=None)


def choices(day: date) -> Choices:
    """The choices that count on ``day``, in three queries."""
    p, s = ReminderPause, SwitchedOff
    paused = rows(p.select(p.kind, p.subject, p.due, p.person, p.until).where(p.until > day))
    return Choices(
        chosen_ladders(),
        {(kind, subject, due, person_id): until for kind, subject, due, person_id, until in paused},
        frozenset(rows(s.select(s.person, s.kind))),
    )


def to_tell(duties: Iterable[Duty], names: Roster, chosen: Choices, day: date) -> dict[Key, Told]:
    """Who is to hear of what on ``day``, each once; an owner who also listens hears as the owner."""
    reached = {one.key: one for one in _reached(duties, names, chosen, day)}
    return {key: one for key, one in reached.items() if chosen.wants(one, day)}


def _reached(duties: Iterable[Duty], names: Roster, chosen: Choices, day: date) -> Iterator[Told]:
    """Those who listen first, so that the owner's own line wins."""
    for duty in duties:
        ladder = chosen.ladder(duty.kind)
        step = rung(ladder, duty.due, day)
        if step is None:
            continue
        owed_by, put_off = names.describe(duty.owner), chosen.put_off(duty, names, day)
        for listener in _listening(duty, ladder, names, day):
            yield Told(listener, duty, step, owed_by, ladder.courtesy, put_off)
        for owner in names.owners(duty.owner):
            yield Told(owner, duty, step, "", ladder.courtesy)


def _listening(duty: Duty, ladder: Ladder, names: Roster, day: date) -> Iterator[Contact]:
    heard = listeners((day - duty.due).days, ladder.head_after, ladder.administrator_after)
    department_id = department_id_of(duty)
    if Listener.HEAD in heard and department_id is not None and not is_confidential(duty.subject):
        yield from names.holders(Role.DEPARTMENT_HEAD, department_id)
    if Listener.ADMINISTRATOR in heard:
        yield from names.holders(Role.ADMINISTRATOR)
