"""Several handles of one person: one says so with a reason, another person agrees, and anybody can undo it.

Two people, because a link adds up what counts against somebody (3.7-4).
"""

from charlton_intranet.accounts.service.exceptions import must_not_be_own
from charlton_intranet.core import audit
from charlton_intranet.core.clock import Clock, today
from charlton_intranet.core.database import rows, unit_of_work, update_current
from charlton_intranet.core.errors import Forbidden, Invalid, NotFound
from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.moderation.models import HandleLink, LinkedHandle
from charlton_intranet.moderation.queries.standing import find_handle, handles_of, visible_contributor
from charlton_intranet.moderation.rules import check_all, check_words, clean
from charlton_intranet.moderation.rules.contributors import LinkState, check_link_move, same_person

PROPOSED = audit.declare("handle_link.proposed", "a", "b", "reason")
DECIDED = audit.declare("handle_link.decided", "before", "after", "reason")
UNDONE = audit.declare("handle_link.undone", "before", "after", "reason")


def subject(link_id: int) -> str:
    """How a link is named in the trail."""
    return f"handle_link:{link_id}"


def propose_link(actor: Actor, contributor_id: int, *, network_id: int, handle: str, reason: str, clock: Clock) -> int:
    """Say that another handle is the same person's; returns the link's id. It counts once another person agrees."""
    handle, reason, day = clean(handle).strip(), clean(reason).strip(), today(clock)
    with unit_of_work():
        visible_contributor(actor, contributor_id, day)
        _may_link(actor)
        check_all(
            lambda: check_words("handle", handle, ask="Type the other name."),
            lambda: check_words("reason", reason, ask="Say what shows that both are one person."),
        )
        try:
            other = find_handle(actor, network_id, handle, day)
        except NotFound as unknown:
            raise Invalid({"handle": "Nobody of this name is in the ledger or in a case you may read."}) from unknown
        if other == contributor_id:
            raise Invalid({"handle": "This is the name you are looking at. Type the other one."})
        if other in {one.id for one in handles_of(contributor_id)}:
            raise Invalid({"handle": "Both are taken as one person already."})
        a, b = sorted((contributor_id, other))
        waiting = (HandleLink.a == a) & (HandleLink.b == b) & (HandleLink.state == LinkState.PROPOSED)
        if HandleLink.select().where(waiting).exists():
            raise Invalid({"handle": "This link is proposed already and waits for a second person."})
        link_id = int(
            HandleLink.insert(
                a=a, b=b, reason=reason, proposed_by=actor.person_id, proposed_at=clock.now()
            ).execute()
        )  # fmt: skip
        audit.record(PROPOSED, actor, subject(link_id), clock=clock, a=a, b=b, reason=audit.digest_of(reason))
    return link_id


def decide_link(
    actor: Actor, link_id: int, version: int, *, agree: bool, reason: str = "", exception: str = "", clock: Clock
) -> None:
    """Agree, or not, that two handles are one person's. Not by who proposed it, but by a recorded ``exception``."""
    reason = clean(reason).strip()
    with unit_of_work():
        link = _begin(actor, link_id)
        after = LinkState.STANDING if agree else LinkState.DECLINED
        check_link_move(link.state, after)
        if not agree:
            check_words("reason", reason, ask="Say why not, so that it is not proposed again.")
        must_not_be_own(
            actor, own=link.proposed_by_id == actor.person_id, exception=exception,
            step="confirm the link of two handles", subject=subject(link_id), clock=clock,
        )  # fmt: skip
        update_current(
            HandleLink, link_id, version, state=after, decided_by=actor.person_id, decided_at=clock.now(),
            decision=reason,
        )  # fmt: skip
        if agree:
            _regroup(link.a_id, link.b_id)
        audit.record(
            DECIDED, actor, subject(link_id), clock=clock,
            before=link.state, after=after, reason=audit.digest_of(reason),
        )  # fmt: skip


def undo_link(actor: Actor, link_id: int, version: int, *, reason: str, clock: Clock) -> None:
    """Take two handles for two people's again; that they were linked, and why, stays on record."""
    reason = clean(reason).strip()
    with unit_of_work():
        link = _begin(actor, link_id)
        check_link_move(link.state, LinkState.ENDED)
        check_words("reason", reason, ask="Say why they are not one person's after all.")
        update_current(
            HandleLink, link_id, version, state=LinkState.ENDED, ended_by=actor.person_id, ended_at=clock.now(),
            ended_reason=reason,
        )  # fmt: skip
        _regroup(link.a_id, link.b_id)
        audit.record(
            UNDONE, actor, subject(link_id), clock=clock,
            before=link.state, after=LinkState.ENDED, reason=audit.digest_of(reason),
        )  # fmt: skip


def _may_link(actor: Actor) -> None:
    if not actor.may(Permission.LINK_HANDLES, anywhere=True):
        raise Forbidden


def _begin(actor: Actor, link_id: int) -> HandleLink:
    if not actor.may(Permission.READ_CASES, anywhere=True):
        raise NotFound
    link: HandleLink | None = HandleLink.get_or_none(HandleLink.id == link_id)
    if link is None:
        raise NotFound
    _may_link(actor)
    return link


def _regroup(*contributor_ids: int) -> None:
    """Work out anew who is one person with these handles, from the links that stand now."""
    links = rows(HandleLink.select(HandleLink.a, HandleLink.b).where(HandleLink.state == LinkState.STANDING))
    before = {one.id for contributor_id in contributor_ids for one in handles_of(contributor_id)}
    groups = {same_person(links, one) for one in before}
    touched = sorted(before.union(*groups))
    LinkedHandle.delete().where(LinkedHandle.contributor.in_(touched)).execute()
    found = [(one, min(group)) for group in sorted(groups, key=min) if len(group) > 1 for one in sorted(group)]
    if found:
        LinkedHandle.insert_many(found, fields=[LinkedHandle.contributor, LinkedHandle.head]).execute()
