"""The chain of the audit trail: how far it is proven, which heads were handed out, and who gets the next one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import peewee

from charlton_intranet.accounts.models import Person
from charlton_intranet.accounts.queries import Contact, holders
from charlton_intranet.accounts.rules import PersonState
from charlton_intranet.core.audit import Anchor, AuditEvent
from charlton_intranet.core.database import first_row, rows
from charlton_intranet.core.permissions import Role
from charlton_intranet.oversight.models import TrailAnchor, TrailCheck, TrailWitness
from charlton_intranet.oversight.rules.trail import WITNESSES

CHECKS, HEADS = 10, 20


@dataclass(frozen=True, slots=True)
class Check:
    """One walk along the chain; ``by`` is empty when the timetable began it, ``fault`` when nothing was wrong."""

    id: int
    started_at: datetime
    by: str
    ended_at: datetime | None
    total: int
    reached: int
    anchors: int
    fault_number: int | None
    fault: str


@dataclass(frozen=True, slots=True)
class HeadRow:
    """A head that was handed out; ``found`` is the digest its event has now, None when there is no such event."""

    day: date
    number: int
    digest: str
    handed_out_at: datetime
    witnesses: str
    found: str | None

    @property
    def holds(self) -> bool:
        return self.found == self.digest


def _checks() -> Any:
    return TrailCheck.select(
        TrailCheck.id, TrailCheck.started_at, Person.name, TrailCheck.ended_at, TrailCheck.total, TrailCheck.reached,
        TrailCheck.anchors, TrailCheck.fault_number, TrailCheck.fault,
    ).join(Person, peewee.JOIN.LEFT_OUTER, on=(TrailCheck.started_by == Person.id))  # fmt: skip


def _check(row: tuple[Any, ...]) -> Check:
    check_id, started_at, by, *rest = row
    return Check(check_id, started_at, by or "", *rest)


def open_check() -> Check | None:
    """The walk that is under way."""
    row = first_row(_checks().where(TrailCheck.ended_at.is_null()).order_by(TrailCheck.id))
    return _check(row) if row else None


def last_checks(number: int = CHECKS) -> list[Check]:
    """The last walks that ended, the newest first."""
    query = _checks().where(TrailCheck.ended_at.is_null(False)).order_by(TrailCheck.id.desc()).limit(number)
    return [_check(row) for row in rows(query)]


def handed_out() -> list[Anchor]:
    """All heads that were handed out, as a walk compares them."""
    return [(number, digest) for number, digest in rows(TrailAnchor.select(TrailAnchor.number, TrailAnchor.digest))]


def heads_page(before: date | None = None) -> tuple[list[HeadRow], date | None]:
    """Heads that were handed out, newest first, each beside what its event is now; and the key of the next page."""
    query = (
        TrailAnchor.select(
            TrailAnchor.day, TrailAnchor.number, TrailAnchor.digest, TrailAnchor.handed_out_at, TrailAnchor.witnesses,
            AuditEvent.digest.alias("found"),
        )
        .join(AuditEvent, peewee.JOIN.LEFT_OUTER, on=(AuditEvent.number == TrailAnchor.number))
        .order_by(TrailAnchor.day.desc())
        .limit(HEADS + 1)
    )  # fmt: skip
    if before is not None:
        query = query.where(TrailAnchor.day < before)
    found = [HeadRow(*row) for row in rows(query)]
    return found[:HEADS], found[HEADS - 1].day if len(found) > HEADS else None


def digest_now(number: int) -> str | None:
    """The digest that an event has now; None when there is no such event."""
    row = first_row(AuditEvent.select(AuditEvent.digest).where(AuditEvent.number == number))
    return row[0] if row else None


def chosen_witnesses() -> list[Contact]:
    """Whom the Town Administrator chose, those who still work here, by name."""
    query = (
        Person.select(Person.id, Person.name, Person.email)
        .join(TrailWitness, on=(TrailWitness.person == Person.id))
        .where(Person.state == PersonState.ACTIVE)
    )
    return [Contact(*row) for row in rows(query.order_by(Person.name, Person.id))]


def witnesses(day: date) -> list[Contact]:
    """Who gets the head on ``day``: whom was chosen, and where that makes fewer than two, the offices as well.

    Nobody who is IT that day: the head is there so that who runs the database can be checked.
    """
    offices = [*holders(Role.ADMINISTRATOR, day), *holders(Role.RECORDS, day)]
    chosen = outside_it(chosen_witnesses(), day)
    wanted = chosen if len(chosen) >= WITNESSES else [*chosen, *outside_it(offices, day)]
    return list({person.person_id: person for person in wanted}.values())


def outside_it(people: Iterable[Contact], day: date) -> list[Contact]:
    """Those of ``people`` who are not IT on ``day``."""
    inside = {person.person_id for person in holders(Role.IT, day)}
    return [person for person in people if person.person_id not in inside]
