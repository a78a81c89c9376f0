"""What was handed on to others makes somebody owe: taking it there, and an answer."""

from collections.abc import Iterable
from typing import Any

from charlton_intranet.core.clock import town_time
from charlton_intranet.core.database import rows
from charlton_intranet.core.duties import Duty, Kind, Owner, Scope
from charlton_intranet.core.permissions import Actor, Role
from charlton_intranet.moderation.models import Case, Referral
from charlton_intranet.moderation.queries.referrals import SENDERS
from charlton_intranet.moderation.rules.worksheet import REFERRAL_OPEN, ReferralState, ReferredTo
from charlton_intranet.sites.models import Network, Site

SEND = Kind(
    "send_referral",
    "3.6-4",
    "Send it",
    ladder=(0,),
    repeat_days=1,
    escalate_after=2,
    label="Send on what was seen",
    by="Coordinator or Town Administrator",
)
FOLLOW = Kind(
    "follow_referral",
    "3.6-4",
    "Answer",
    ladder=(1, 0),
    repeat_days=3,
    escalate_after=5,
    label="Answer, or ask after the answer",
    by="Whoever sent it on, or IT",
)
KINDS = (SEND, FOLLOW)
# The kind of record in the subject of a personnel matter: boards and digests tell of it to whoever may read it alone.
PERSONNEL = "personnel"


def owed(scope: Scope) -> Iterable[Duty]:
    """One duty for each referral that is open: IT answers its own, whoever sends the others asks after them."""
    waiting: Any = (
        Referral.select(
            Referral.id, Referral.to, Referral.state, Referral.due_on, Case.department, Site.title, Network.name,
            Referral.asked_by, Referral.asked_at, Referral.sent_at,
        )
        .join_from(Referral, Case)
        .join_from(Case, Site)
        .join_from(Site, Network)
        .where(Referral.state.in_(list(REFERRAL_OPEN)))
        .order_by(Referral.id)
    )  # fmt: skip
    if scope.actor is not None:
        waiting = waiting.where(_theirs(scope.actor))
    if scope.asker is not None:
        waiting = waiting.where(Referral.asked_by == scope.asker)
    for referral_id, to, state, due, department_id, title, network, asked_by, asked_at, sent_at in rows(waiting):
        role = SENDERS[to]
        where = f"{title} ({network})"
        yield Duty(
            kind=SEND if state is ReferralState.ASKED else FOLLOW,
            subject=f"{PERSONNEL if to is ReferredTo.HR else 'referral'}:{referral_id}",
            title=_title(to, state, where),
            owner=Owner(role=role, department_id=None if role.town_wide else department_id),
            due=due,
            url=f"/referrals/{referral_id}",
            department_id=department_id,
            asked_by=asked_by,
            since=town_time(sent_at or asked_at).date(),
        )


def _title(to: ReferredTo, state: ReferralState, where: str) -> str:
    if to is ReferredTo.IT:
        return f"Answer what was handed on to you: {where}"
    step = "Take to" if state is ReferralState.ASKED else "Ask after the answer of"
    return f"{step} {to.label.lower() if to is not ReferredTo.HR else 'human resources'}: {where}"


def _theirs(actor: Actor) -> Any:
    """The referrals that the actor owes a step by a role they hold."""
    town_wide = [to for to, role in SENDERS.items() if role.town_wide and actor.holds(role)]
    ours = sorted(actor.departments_as(Role.COORDINATOR))
    return Referral.to.in_(town_wide) | ((Referral.to == ReferredTo.POLICE) & Case.department.in_(ours))
