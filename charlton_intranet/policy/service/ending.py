"""Signatures that end: each is flagged once per step, and its person told."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from charlton_intranet.core import audit
from charlton_intranet.core.clock import Clock, today
from charlton_intranet.core.database import unit_of_work
from charlton_intranet.core.permissions import SYSTEM
from charlton_intranet.mail import service as mail
from charlton_intranet.policy import queries
from charlton_intranet.policy.models import Acknowledgement
from charlton_intranet.policy.rules import EXPIRING_DAYS, Told

EXPIRING = audit.declare("acknowledgement.expiring", "person", "signed", "in_force", "expires")
EXPIRED = audit.declare("acknowledgement.expired", "person", "signed", "in_force", "expires")
SUPERSEDED = audit.declare("acknowledgement.superseded", "person", "signed", "in_force", "expires")

# One unit of work tells at most this many people, so that a new major version never holds the database for long.
BATCH = 100


@dataclass(frozen=True, slots=True)
class Flagged:
    """How many signatures one batch flagged."""

    expiring: int
    lapsed: int


def flag(*, clock: Clock) -> Flagged:
    """Flag the next signatures that are for an old major version, have expired or expire soon, and tell their people.

    Each is claimed by one conditional update, so every signature is flagged once per step whoever runs this and how
    often. One step and at most ``BATCH`` signatures a call; call again until nothing is flagged.
    """
    day = today(clock)
    with unit_of_work():
        current = queries.in_force()
        if current is None:
            return Flagged(0, 0)
        # In this order: a step finds only what the steps before it have left.
        if rows := _claim(Told.LAPSED, Acknowledgement.major < current.major):
            _tell(SUPERSEDED, "policy_superseded", rows, current, clock=clock)
            return Flagged(0, len(rows))
        if rows := _claim(Told.LAPSED, Acknowledgement.expires_on < day):
            _tell(EXPIRED, "policy_expired", rows, current, clock=clock)
            return Flagged(0, len(rows))
        rows = _claim(Told.EXPIRING, Acknowledgement.expires_on <= day + timedelta(days=EXPIRING_DAYS))
        _tell(EXPIRING, "policy_expiring", rows, current, clock=clock)
        return Flagged(len(rows), 0)


def _claim(to: Told, due: Any) -> list[Any]:
    """Move what is due on to ``to`` in one statement and return those rows (person, expiry, major)."""
    before = (Told.NOTHING,) if to is Told.EXPIRING else (Told.NOTHING, Told.EXPIRING)
    waiting = Acknowledgement.told.in_(before) & due
    chosen = Acknowledgement.select(Acknowledgement.id).where(waiting).order_by(Acknowledgement.id).limit(BATCH)
    # The condition stands outside as well: another runner may have claimed a row between choosing and locking.
    return list(
        Acknowledgement.update(told=to)
        .where(Acknowledgement.id.in_(chosen) & waiting)
        .returning(Acknowledgement.id, Acknowledgement.person, Acknowledgement.expires_on, Acknowledgement.major)
        .execute()
    )


def _tell(tag: str, template: str, rows: list[Acknowledgement], current: queries.InForce, *, clock: Clock) -> None:
    """One event for each signature, and one mail to each person whose account is open."""
    if not rows:
        return
    people = queries.contacts(row.person_id for row in rows)
    for row in rows:
        audit.record(
            tag, SYSTEM, f"acknowledgement:{row.id}", clock=clock,
            person=row.person_id, signed=row.major, in_force=current.major, expires=row.expires_on,
        )  # fmt: skip
        contact = people.get(row.person_id)
        if contact is not None:
            mail.queue(
                template,
                occasion=f"acknowledgement:{row.id}:{template}",
                recipient=contact.email,
                recipient_name=contact.name,
                clock=clock,
                number=current.number,
                expires=row.expires_on,
            )
