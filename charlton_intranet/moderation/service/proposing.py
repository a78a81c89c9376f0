"""A restriction of somebody who continues to post what breaks the policy (3.7-4): proposed, advised on, decided.

It is a determination of its own. It rests on decisions that stand, holds on one site, and ends on a day.
"""

from collections.abc import Sequence
from typing import Any

from charlton_intranet.accounts.service.exceptions import must_not_be_own
from charlton_intranet.core import audit
from charlton_intranet.core.clock import Clock, today
from charlton_intranet.core.database import rows, unit_of_work, update_current
from charlton_intranet.core.errors import Forbidden, Invalid, StaleState
from charlton_intranet.core.permissions import Actor, Permission, Role
from charlton_intranet.moderation.models import Determination, Restriction, RestrictionGround
from charlton_intranet.moderation.queries.grounds import earlier_on_sites, grounds_among, site_choices
from charlton_intranet.moderation.queries.standing import handles_of, threshold, visible_contributor
from charlton_intranet.moderation.rules import Position, check_all, check_reason, check_words, clean
from charlton_intranet.moderation.rules.contributors import (
    Cause,
    RestrictionState,
    check_grounds,
    check_neutral_restriction,
    check_restriction_move,
    check_term,
)
from charlton_intranet.moderation.service._cases import due
from charlton_intranet.moderation.service._restrictions import begin, check_still, move, subject, tell
from charlton_intranet.sites.queries import site_ref

PROPOSED = audit.declare(
    "restriction.proposed", "contributor", "site", "cause", "days", "reason", "deviation", "grounds"
)
VIEWED = audit.declare("restriction.viewed", "position", "text")
DECIDED = audit.declare(
    "restriction.decided", "before", "after", "days", "reason", "same_if_praise", "deviation", "acting"
)
WITHDRAWN = audit.declare("restriction.withdrawn", "before", "after", "reason")

S = RestrictionState


def propose(
    actor: Actor,
    contributor_id: int,
    *,
    site_id: int,
    writer_id: int,
    cause: Cause,
    grounds: Sequence[int],
    days: int,
    reason: str,
    deviation: str = "",
    clock: Clock,
) -> int:
    """Propose a restriction on one site, resting on the determinations ``grounds``; returns its id.

    ``writer_id`` is the handle that is to be kept away: ``contributor_id``, or one taken for the same person's. The
    department head is asked first; a head who proposes has said so already.
    """
    reason, deviation, day = clean(reason).strip(), clean(deviation).strip(), today(clock)
    with unit_of_work():
        standing = visible_contributor(actor, contributor_id, day)
        site = site_ref(site_id)
        actor.must_see(Permission.READ_CASES, site.department_id)
        actor.must_have(Permission.PROPOSE_RESTRICTION, site.department_id)
        choices = site_choices(actor, standing)
        if (site_id, writer_id) not in {(one.site_id, one.contributor_id) for one in choices}:
            raise Invalid(
                {"place": "Choose a site where a decision about this writer stands and no restriction is under way."}
            )
        ids = [one.id for one in standing.handles]
        earlier = earlier_on_sites(ids)[0].get(site_id, 0)
        found = grounds_among(grounds, ids, site_id)
        check_all(
            lambda: check_grounds(cause, found, site_id=site_id, threshold=threshold(), today=day),
            lambda: _all_stand(len(set(grounds)), len(found)),
            lambda: check_term(days, earlier=earlier, why=deviation),
            lambda: check_reason(reason),
            lambda: check_words("deviation", deviation, ask="") if deviation else None,
        )
        is_head = actor.holds(Role.DEPARTMENT_HEAD, site.department_id)
        view_due = due(clock, "advice.business_days")
        restriction_id = int(
            Restriction.insert(
                contributor=writer_id, site=site_id, department=site.department_id, cause=cause, asked_days=days,
                reason=reason, deviation=deviation, proposed_by=actor.person_id, proposed_at=clock.now(),
                view_due_on=view_due, due_on=due(clock, "determination.business_days") if is_head else view_due,
                **(_view(actor, Position.VIOLATION, "Proposed by the department head.", clock) if is_head else {}),
            ).execute()
        )  # fmt: skip
        _keep_grounds(restriction_id, [ground.determination_id for ground in found])
        audit.record(
            PROPOSED, actor, subject(restriction_id), clock=clock, contributor=writer_id, site=site_id, cause=cause,
            days=days, reason=audit.digest_of(reason), deviation=audit.digest_of(deviation),
            grounds=sorted(ground.determination_id for ground in found),
        )  # fmt: skip
        made = Restriction.get_by_id(restriction_id)
        if is_head:
            tell(Role.ADMINISTRATOR, "restriction_ready", made, clock=clock)
        else:
            tell(Role.DEPARTMENT_HEAD, "restriction_view_asked", made, clock=clock)
    return restriction_id


def withdraw(actor: Actor, restriction_id: int, version: int, *, reason: str, clock: Clock) -> None:
    """Take a proposal back before it is decided; who proposed it may, and the Town Administrator."""
    reason = clean(reason).strip()
    with unit_of_work():
        found = begin(actor, Permission.PROPOSE_RESTRICTION, restriction_id, version)
        if found.state is not S.PROPOSED:
            raise StaleState("It is decided already, so it can not be taken back. Nothing was saved.")
        if actor.person_id != found.proposed_by_id and not actor.may(Permission.DECIDE_RESTRICTION):
            raise Forbidden("Somebody else proposed this.")
        check_words("reason", reason, ask="Say why; it stays on record.")
        move(found, S.WITHDRAWN, over_by=actor.person_id, over_at=clock.now(), over_reason=reason, due_on=None)
        audit.record(
            WITHDRAWN, actor, subject(found.id), clock=clock,
            before=found.state, after=S.WITHDRAWN, reason=audit.digest_of(reason),
        )  # fmt: skip


def give_view(actor: Actor, restriction_id: int, version: int, *, position: Position, text: str, clock: Clock) -> None:
    """The department head's view of a proposal; it stays on record whether or not it is followed."""
    text = clean(text).strip()
    with unit_of_work():
        found = begin(actor, Permission.ADVISE_CASE, restriction_id, version)
        if found.state is not S.PROPOSED or found.view is not None:
            raise StaleState("The view is given, or the proposal is decided already. Nothing was saved.")
        if position is Position.NO_ANSWER:
            raise Invalid({"position": "Choose what you advise."})
        check_words("text", text, ask="Say why, so that the Town Administrator can weigh it.")
        update_current(
            Restriction, found.id, found.version, due_on=due(clock, "determination.business_days"),
            **_view(actor, position, text, clock),
        )  # fmt: skip
        audit.record(VIEWED, actor, subject(found.id), clock=clock, position=position, text=audit.digest_of(text))
        tell(Role.ADMINISTRATOR, "restriction_ready", found, clock=clock)


def decide(
    actor: Actor,
    restriction_id: int,
    version: int,
    *,
    approve: bool,
    days: int,
    reason: str,
    deviation: str = "",
    same_if_praise: bool | None,
    exception: str = "",
    clock: Clock,
) -> None:
    """The Town Administrator's determination on a person (3.6-4, 3.7-4), after the head was consulted.

    What the proposal rests on is looked at again: a decision that no longer stands takes its ground away.
    """
    reason, deviation, day = clean(reason).strip(), clean(deviation).strip(), today(clock)
    with unit_of_work():
        found = begin(actor, Permission.DECIDE_RESTRICTION, restriction_id, version)
        after = S.APPROVED if approve else S.DECLINED
        check_restriction_move(found.state, after)
        if found.view is None and day <= found.view_due_on:
            raise Invalid(
                {"days": f"The head has until the end of {found.view_due_on:%B} {found.view_due_on.day} to answer."}
            )
        checks = [lambda: check_reason(reason)]
        if approve:
            earlier = earlier_on_sites([one.id for one in handles_of(found.contributor_id)])[0].get(found.site_id, 0)
            checks += [
                lambda: check_still(found, field="grounds"),
                lambda: check_term(days, earlier=earlier, why=deviation or found.deviation),
                lambda: check_neutral_restriction(same_if_praise=same_if_praise),
            ]
        check_all(*checks)
        must_not_be_own(
            actor, own=actor.person_id in {found.proposed_by_id, found.view_by_id}, exception=exception,
            step="decide on a restriction", subject=subject(found.id), clock=clock,
        )  # fmt: skip
        acting = actor.only_acts_as(Role.ADMINISTRATOR)
        missing = {"view": Position.NO_ANSWER} if found.view is None else {}
        move(
            found, after, days=days if approve else None, decision=reason,
            same_if_praise=same_if_praise if approve else None, deviation=deviation or found.deviation,
            decided_by=actor.person_id, decided_at=clock.now(), acting=acting,
            due_on=due(clock, "removal.business_days") if approve else None, **missing,
        )  # fmt: skip
        audit.record(
            DECIDED, actor, subject(found.id), clock=clock, before=found.state, after=after,
            days=days if approve else None, reason=audit.digest_of(reason), same_if_praise=same_if_praise,
            deviation=audit.digest_of(deviation), acting=acting,
        )  # fmt: skip
        if approve:
            tell(Role.COORDINATOR, "restriction_order", found, clock=clock)


def _view(actor: Actor, position: Position, text: str, clock: Clock) -> dict[str, Any]:
    return {"view": position, "view_text": text, "view_by": actor.person_id, "view_at": clock.now()}


def _keep_grounds(restriction_id: int, determination_ids: Sequence[int]) -> None:
    """Write what it rests on, with the sealed evidence of each: a proposal without can not be."""
    query = Determination.select(Determination.id, Determination.seal).where(
        Determination.id.in_(sorted(determination_ids))
    )
    RestrictionGround.insert_many(
        [(restriction_id, number, seal_id) for number, seal_id in rows(query)],
        fields=[RestrictionGround.restriction, RestrictionGround.determination, RestrictionGround.seal],
    ).execute()


def _all_stand(asked: int, found: int) -> None:
    if found < asked:
        raise Invalid({"grounds": "One of these decisions does not stand, or is not about this writer."})
