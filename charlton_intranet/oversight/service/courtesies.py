"""Switching courtesy reminders off and on: each for oneself."""

from collections.abc import Collection, Iterable

from charlton_intranet.accounts import tokens
from charlton_intranet.accounts.models import Person
from charlton_intranet.core import audit
from charlton_intranet.core.clock import Clock
from charlton_intranet.core.database import rows, unit_of_work
from charlton_intranet.core.duties import Kind
from charlton_intranet.core.errors import Invalid, NotFound
from charlton_intranet.core.permissions import Actor
from charlton_intranet.oversight.models import SwitchedOff, UnsubscribeLink
from charlton_intranet.oversight.queries.ladders import courtesies

CHOSEN = audit.declare("courtesies.chosen", "before", "after", "by_mail")


def choose_courtesies(actor: Actor, kinds: Iterable[Kind], off: Collection[str], *, clock: Clock) -> None:
    """Hear of no courtesy in ``off`` from the next digest on, and of all others."""
    with unit_of_work():
        allowed = {kind.name for kind in courtesies(kinds)}
        if not allowed.issuperset(off):
            raise Invalid({"off": "Only courtesies can be switched off."})
        _set(actor, set(off), by_mail=False, clock=clock)


def make_link(person_id: int, *, clock: Clock) -> str:
    """A new private token for one digest, in its transaction; only its digest is kept."""
    token = tokens.new_token()
    UnsubscribeLink.insert(person=person_id, token_digest=tokens.digest(token), made_at=clock.now()).execute()
    return token


def holder_of(token: str) -> Person:
    """Whose link it is, or ``NotFound``."""
    link = UnsubscribeLink.get_or_none(UnsubscribeLink.token_digest == tokens.digest(token))
    if link is None:
        raise NotFound("This address is not known. Sign in to choose your reminders.")
    person: Person = link.person
    return person


def unsubscribe(token: str, kinds: Iterable[Kind], *, address: str, clock: Clock) -> Person:
    """Switch every courtesy off for whoever the mail went to. Legal clocks and duties are not touched."""
    with unit_of_work():
        person = holder_of(token)
        reader = Actor(person.id, person.name, person.email, address=address)
        _set(reader, {kind.name for kind in courtesies(kinds)}, by_mail=True, clock=clock)
        return person


def _set(actor: Actor, off: set[str], *, by_mail: bool, clock: Clock) -> None:
    mine = SwitchedOff.person == actor.person_id
    before = {kind for (kind,) in rows(SwitchedOff.select(SwitchedOff.kind).where(mine))}
    if by_mail:
        off |= before
    if off == before:
        return
    SwitchedOff.delete().where(mine & SwitchedOff.kind.in_(sorted(before - off))).execute()
    for kind in sorted(off - before):
        SwitchedOff.insert(person=actor.person_id, kind=kind, at=clock.now()).execute()
    audit.record(CHOSEN, actor, f"person:{actor.person_id}", clock=clock, before=before, after=off, by_mail=by_mail)
