"""The day's head of the audit trail, handed to people outside IT: what was rewritten since then can be told from it."""

from collections.abc import Iterable
from datetime import date

from charlton_intranet.accounts.models import Person
from charlton_intranet.accounts.queries import Contact, business_calendar
from charlton_intranet.accounts.rules import PersonState
from charlton_intranet.core import audit
from charlton_intranet.core.clock import Clock, today, town_time
from charlton_intranet.core.database import rows, unit_of_work
from charlton_intranet.core.errors import Invalid
from charlton_intranet.core.permissions import SYSTEM, Actor, Permission
from charlton_intranet.mail import service as mail
from charlton_intranet.oversight.models import TrailAnchor, TrailWitness
from charlton_intranet.oversight.queries.chain import Check, last_checks, outside_it, witnesses
from charlton_intranet.oversight.rules.digests import digests_may_go
from charlton_intranet.oversight.rules.trail import WITNESSES

HANDED_OUT = audit.declare("trail.head_handed_out", "number", "digest", "people")
CHOSEN = audit.declare("trail.witnesses_chosen", "before", "after")


def hand_out_head(*, clock: Clock) -> str:
    """Mail the chain's head, once a business day from eight o'clock; the first transaction of the day wins."""
    local = town_time(clock.now())
    day = local.date()
    if not digests_may_go(local, business_calendar()) or _handed_out(day):
        return ""
    with unit_of_work():
        if _handed_out(day):
            return ""
        (number, digest), people = audit.head(), witnesses(day)
        TrailAnchor.insert(
            day=day, number=number, digest=digest, handed_out_at=clock.now(),
            witnesses=", ".join(person.name for person in people)[:500],
        ).execute()  # fmt: skip
        last = next(iter(last_checks(1)), None)
        for person in people:
            _write(person, number, digest, last, clock=clock)
        told = [person.person_id for person in people]
        audit.record(HANDED_OUT, SYSTEM, "trail:whole", clock=clock, number=number, digest=digest, people=told)
    return f"Mailed the head of the audit trail, {number:,}, to {len(people)} people"


def _handed_out(day: date) -> bool:
    return bool(TrailAnchor.select().where(TrailAnchor.day == day).exists())


def _write(person: Contact, number: int, digest: str, last: Check | None, *, clock: Clock) -> None:
    day = today(clock)
    mail.queue(
        "trail_head",
        occasion=f"trail-head:{day}",
        recipient=person.email,
        recipient_name=person.name,
        clock=clock,
        day=day,
        number=number,
        digest=digest,
        check=last,
    )


def choose_witnesses(actor: Actor, addresses: Iterable[str], *, clock: Clock) -> None:
    """Say who gets the day's head from now on; nobody named means the offices that get it by default.

    ``Forbidden`` for who assigns no roles; ``Invalid`` names who does not work here or is IT, and fewer than two.
    """
    actor.must_have(Permission.ASSIGN_ROLES)
    wanted = sorted({address.strip().lower() for address in addresses if address.strip()})
    query = Person.select(Person.id, Person.name, Person.email).where(
        Person.email.in_(wanted) & (Person.state == PersonState.ACTIVE)
    )
    found = [Contact(*row) for row in rows(query.order_by(Person.id))]
    fit = outside_it(found, today(clock))
    if unknown := sorted(set(wanted) - {person.email for person in found}):
        raise Invalid({"addresses": f"Nobody who works here has the address {unknown[0]}."})
    if inside := [person for person in found if person not in fit]:
        raise Invalid({"addresses": f"{inside[0].name} is IT. The head is kept by people outside IT."})
    if wanted and len(fit) < WITNESSES:
        raise Invalid({"addresses": "Name at least two people, or leave it empty for the usual offices."})
    with unit_of_work():
        before = [person_id for (person_id,) in rows(TrailWitness.select(TrailWitness.person).order_by("person_id"))]
        TrailWitness.delete().execute()
        for person in fit:
            TrailWitness.insert(person=person.person_id, named_at=clock.now(), named_by=actor.person_id).execute()
        after = [person.person_id for person in fit]
        audit.record(CHOSEN, actor, "trail:whole", clock=clock, before=before, after=after)
