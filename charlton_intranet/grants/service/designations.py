"""Designating people for sites, many at a time (3.3-1, 3.3-2)."""

from dataclasses import dataclass
from datetime import date

from charlton_intranet.core import audit
from charlton_intranet.core.clock import Clock, today
from charlton_intranet.core.database import unit_of_work
from charlton_intranet.core.errors import Invalid
from charlton_intranet.core.permissions import Actor
from charlton_intranet.grants.models import Grant
from charlton_intranet.grants.queries.designations import Planned, planned
from charlton_intranet.grants.rules import Capability, GrantState
from charlton_intranet.grants.service.grants import DESIGNATED, subject

MOST = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Whom a head designates for which sites; ``until`` is the last day, None for no end."""

    person_ids: tuple[int, ...]
    site_ids: tuple[int, ...]
    capability: Capability
    purpose: str
    limits: str = ""
    until: date | None = None


def preview(actor: Actor, wish: Wish, *, day: date) -> list[Planned]:
    """What :func:`designate` would do, row by row. Raises ``Invalid`` for what is missing in the wish."""
    problems = {}
    if not wish.person_ids:
        problems["people"] = "Choose at least one person."
    if not wish.site_ids:
        problems["sites"] = "Choose at least one site."
    if len(wish.person_ids) * len(wish.site_ids) > MOST:
        problems["people"] = f"These are more than {MOST} designations at once. Choose fewer people or sites."
    if not wish.purpose.strip():
        problems["purpose"] = "Say which town business it is for (policy 3.3-1)."
    if wish.until is not None and wish.until < day:
        problems["until"] = "Choose today or a later day, or leave it empty."
    if problems:
        raise Invalid(problems)
    return planned(actor, wish.person_ids, wish.site_ids)


def designate(actor: Actor, wish: Wish, *, clock: Clock) -> list[Planned]:
    """Write a designation for every row without a refusal; returns all rows, the refused ones too."""
    with unit_of_work():
        found = preview(actor, wish, day=today(clock))
        for row in found:
            if not row.refusal:
                _write(actor, row, wish, clock=clock)
    return found


def _write(actor: Actor, row: Planned, wish: Wish, *, clock: Clock) -> None:
    purpose, limits = wish.purpose.strip(), wish.limits.strip()
    grant_id = int(
        Grant.insert(
            person=row.person_id, site=row.site_id, capability=wish.capability, purpose=purpose, limits=limits,
            until=wish.until, designated_by=actor.person_id, designated_at=clock.now(),
        ).execute()
    )  # fmt: skip
    audit.record(
        DESIGNATED, actor, subject(grant_id), clock=clock, person=row.person_id, site=row.site_id,
        capability=wish.capability, purpose=audit.digest_of(purpose), limits=audit.digest_of(limits),
        until=wish.until, before=None, after=GrantState.DESIGNATED,
    )  # fmt: skip
