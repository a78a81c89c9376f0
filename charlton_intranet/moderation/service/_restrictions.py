"""What the steps of a restriction begin and end with."""

from dataclasses import replace
from typing import Any

from charlton_intranet.core.clock import Clock, town_time
from charlton_intranet.core.database import rows, update_current
from charlton_intranet.core.errors import Invalid, NotFound, StaleState
from charlton_intranet.core.permissions import Actor, Permission, Role
from charlton_intranet.moderation.models import Restriction, RestrictionGround
from charlton_intranet.moderation.queries.grounds import grounds_among
from charlton_intranet.moderation.queries.standing import handles_of, threshold
from charlton_intranet.moderation.rules.contributors import RestrictionState, check_grounds, check_restriction_move
from charlton_intranet.moderation.service._mails import tell_holders


def subject(restriction_id: int) -> str:
    """How a restriction is named in the trail."""
    return f"restriction:{restriction_id}"


def begin(actor: Actor, permission: Permission, restriction_id: int, version: int) -> Restriction:
    found: Restriction | None = Restriction.get_or_none(Restriction.id == restriction_id)
    if found is None:
        raise NotFound
    actor.must_see(Permission.READ_CASES, found.department_id)
    actor.must_have(permission, found.department_id)
    if found.version != version:
        raise StaleState
    return found


def move(found: Restriction, after: RestrictionState, **changes: Any) -> None:
    check_restriction_move(found.state, after)
    update_current(Restriction, found.id, found.version, state=after, **changes)


def grounds_of(restriction_id: int) -> list[int]:
    query = RestrictionGround.select(RestrictionGround.determination).where(
        RestrictionGround.restriction == restriction_id
    )
    return [row[0] for row in rows(query)]


def open_grounds_of(restriction_id: int) -> list[int]:
    """The same without those that a review took notice of when they were reversed."""
    query = RestrictionGround.select(RestrictionGround.determination).where(
        (RestrictionGround.restriction == restriction_id) & RestrictionGround.reviewed.is_null()
    )
    return [row[0] for row in rows(query)]


def check_still(found: Restriction, *, field: str) -> None:
    """What it rested on when it was proposed must still carry it; months are counted to that day."""
    ids = [one.id for one in handles_of(found.contributor_id)]
    standing = [replace(ground, used=False) for ground in grounds_among(grounds_of(found.id), ids, found.site_id)]
    proposed_on = town_time(found.proposed_at).date()
    try:
        check_grounds(found.cause, standing, site_id=found.site_id, threshold=threshold(), today=proposed_on)
    except Invalid as refusal:
        raise Invalid({field: f"What it rests on has changed since. {refusal.message}"}) from refusal


def tell(role: Role, template: str, found: Restriction, *, clock: Clock) -> None:
    """Mail whoever holds the role that a step waits for them; the writer's name stays in the app."""
    tell_holders(
        role, template, site_id=found.site_id, department_id=found.department_id, occasion=str(found.id),
        path=f"/contributors/restrictions/{found.id}", clock=clock,
    )  # fmt: skip
