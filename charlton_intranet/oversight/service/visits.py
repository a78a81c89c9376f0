"""Visits to My work: what is new, and when it no longer is."""

from charlton_intranet.core import audit
from charlton_intranet.core.clock import Clock, today
from charlton_intranet.core.database import unit_of_work
from charlton_intranet.core.permissions import Actor
from charlton_intranet.oversight.models.visits import Visit


def visit(actor: Actor, *, clock: Clock) -> int:
    """Up to which event the reader has seen what happened.

    Within a day nothing moves: a page that is reloaded by accident says the same again. The first visit of a new day
    takes what was there at the first visit of the day before for seen.
    """
    found = Visit.get_or_none(Visit.person == actor.person_id)
    if found is not None and found.day == today(clock):
        return int(found.seen)
    with unit_of_work():
        return _first_of_the_day(actor, clock)


def _first_of_the_day(actor: Actor, clock: Clock) -> int:
    head, day = audit.head()[0], today(clock)
    found = Visit.get_or_none(Visit.person == actor.person_id)
    if found is None:
        Visit.insert(person=actor.person_id, day=day, opened=head, seen=head).execute()
        return head
    seen = found.seen
    if found.day != day:
        seen = max(found.seen, found.opened)
        Visit.update(day=day, opened=head, seen=seen).where(Visit.person == actor.person_id).execute()
    return int(seen)


def mark_seen(actor: Actor, upto: int, *, clock: Clock) -> None:
    """The reader has seen what happened up to the event ``upto``; what came after their page was made stays new."""
    with unit_of_work():
        seen = max(_first_of_the_day(actor, clock), min(upto, audit.head()[0]))
        Visit.update(seen=seen).where(Visit.person == actor.person_id).execute()
