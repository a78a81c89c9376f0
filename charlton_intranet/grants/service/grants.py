"""The life of a grant: designated by the head, decided by the Town Administrator, ended (3.3-1, 3.3-2, 3.3-3)."""

from collections.abc import Iterable

from charlton_intranet.accounts.service.exceptions import must_not_be_own
from charlton_intranet.core import audit
from charlton_intranet.core.clock import Clock
from charlton_intranet.core.database import unit_of_work, update_current
from charlton_intranet.core.errors import Forbidden, Invalid, NotFound
from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.grants.models import Grant
from charlton_intranet.grants.rules import GrantState, check_move

DESIGNATED = audit.declare(
    "grant.designated", "person", "site", "capability", "purpose", "limits", "until", "before", "after"
)
APPROVED = audit.declare("grant.approved", "person", "site", "capability", "before", "after")
DECLINED = audit.declare("grant.declined", "person", "site", "reason", "before", "after")
REVOKED = audit.declare("grant.revoked", "person", "site", "reason", "before", "after")
ENDED = audit.declare("grant.ended", "person", "site", "reason", "before", "after")

WHY = "Say why; it stays on the grant's record."
REPLACED = "Replaced by a newer grant."


def subject(grant_id: int) -> str:
    """How a grant is named in the trail."""
    return f"grant:{grant_id}"


def load(actor: Actor, grant_id: int) -> Grant:
    """A grant with its site, for those who read the site's records."""
    grant: Grant | None = Grant.get_or_none(Grant.id == grant_id)
    if grant is None:
        raise NotFound
    actor.must_see(Permission.READ_SITE_RECORDS, grant.site.department_id)
    return grant


def decide(
    actor: Actor,
    grant_id: int,
    version: int,
    *,
    approve: bool,
    reason: str = "",
    exception: str = "",
    clock: Clock,
) -> None:
    """Approve or decline a designation (3.3-3). An approved one takes the place of the one before it.

    Nobody decides on their own grant, nor on one they designated, but by a recorded ``exception``.
    """
    with unit_of_work():
        grant = load(actor, grant_id)
        actor.must_have(Permission.APPROVE_GRANT)
        after = GrantState.APPROVED if approve else GrantState.DECLINED
        check_move(grant.state, after)
        if not approve and not reason.strip():
            raise Invalid({"reason": "Say why, so that the Department Head can act on it."})
        must_not_be_own(
            actor,
            own=actor.person_id in {grant.person_id, grant.designated_by_id},
            exception=exception,
            step="approve the grant" if approve else "decline the grant",
            subject=subject(grant_id),
            clock=clock,
        )
        decided = {"decided_by": actor.person_id, "decided_at": clock.now()}
        if approve:
            same = (Grant.person == grant.person_id) & (Grant.site == grant.site_id)
            for earlier in Grant.select().where(same & (Grant.state == GrantState.APPROVED)):
                _finish(actor, earlier, earlier.version, GrantState.ENDED, reason=REPLACED, clock=clock)
            update_current(Grant, grant_id, version, state=after, **decided)
            audit.record(
                APPROVED, actor, subject(grant_id), clock=clock, person=grant.person_id, site=grant.site_id,
                capability=grant.capability, before=grant.state, after=after,
            )  # fmt: skip
        else:
            update_current(Grant, grant_id, version, state=after, reason=reason.strip(), **decided)
            audit.record(
                DECLINED, actor, subject(grant_id), clock=clock, person=grant.person_id, site=grant.site_id,
                reason=audit.digest_of(reason.strip()), before=grant.state, after=after,
            )  # fmt: skip


def revoke(actor: Actor, grant_id: int, version: int, *, reason: str, clock: Clock) -> None:
    """Take an approved grant back, or a designation that waits, inside the caller's unit of work.

    The head of the site's department and the Town Administrator may, at any time.
    """
    grant = load(actor, grant_id)
    if not (actor.may(Permission.DESIGNATE_GRANT, grant.site.department_id) or actor.may(Permission.APPROVE_GRANT)):
        raise Forbidden
    after = GrantState.ENDED if grant.state is GrantState.DESIGNATED else GrantState.REVOKED
    check_move(grant.state, after)
    if not reason.strip():
        raise Invalid({"reason": WHY})
    _finish(actor, grant, version, after, reason=reason.strip(), clock=clock)


def take_back(actor: Actor, grant_id: int, version: int, *, reason: str, clock: Clock) -> None:
    """:func:`revoke` as a use case of its own."""
    with unit_of_work():
        revoke(actor, grant_id, version, reason=reason, clock=clock)


def end_grants(actor: Actor, grants: Iterable[tuple[int, int]], *, reason: str, clock: Clock) -> None:
    """End grants and waiting designations, ``(id, version)`` each, inside the caller's unit of work.

    The caller has authorised it: a person leaves, or moves to another department.
    """
    if not reason.strip():
        raise Invalid({"reason": WHY})
    for grant_id, version in grants:
        grant = Grant.get_or_none(Grant.id == grant_id)
        if grant is None:
            raise NotFound
        check_move(grant.state, GrantState.ENDED)
        _finish(actor, grant, version, GrantState.ENDED, reason=reason.strip(), clock=clock)


_TAGS = {GrantState.REVOKED: REVOKED, GrantState.ENDED: ENDED}


def _finish(actor: Actor, grant: Grant, version: int, after: GrantState, *, reason: str, clock: Clock) -> None:
    update_current(Grant, grant.id, version, state=after, reason=reason, ended_by=actor.person_id, ended_at=clock.now())
    audit.record(
        _TAGS[after], actor, subject(grant.id), clock=clock, person=grant.person_id, site=grant.site_id,
        reason=audit.digest_of(reason), before=grant.state, after=after,
    )  # fmt: skip
