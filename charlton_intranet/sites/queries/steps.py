"""Which steps are open in which state, and to whom.

One table for the services, which hold to it, and for the pages, which show it.
"""

from dataclasses import dataclass

from charlton_intranet.core.errors import Forbidden
from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.sites.rules import (
    APPROVED,
    LIVE,
    AppointmentState,
    NetworkState,
    SiteState,
    Worded,
    not_open,
)

P, S, N, A = Permission, SiteState, NetworkState, AppointmentState


@dataclass(frozen=True, slots=True)
class Step:
    """A step, the states it starts from, and the permissions one of which it takes."""

    before: frozenset[Worded]
    permissions: tuple[Permission, ...]

    def is_for(self, actor: Actor, department_id: int | None) -> bool:
        """Whether it is ``actor``'s to take on a record of the department (None: of the town)."""
        town = department_id is None
        return any(actor.may(permission, department_id, anywhere=town) for permission in self.permissions)

    def is_open(self, actor: Actor, state: Worded, department_id: int | None) -> bool:
        """Whether ``actor`` could take it now: what a page asks before it shows the button."""
        return state in self.before and self.is_for(actor, department_id)

    def must_be_open(self, actor: Actor, state: Worded, department_id: int | None) -> None:
        """Raise ``Forbidden`` or ``StaleState`` unless ``actor`` can take it now."""
        if not self.is_for(actor, department_id):
            raise Forbidden
        if state not in self.before:
            raise not_open(state)


SITE_STEPS = {
    "advise": Step(frozenset({S.REQUESTED}), (P.ADVISE_SITE,)),
    "decide": Step(frozenset({S.ADVISED}), (P.APPROVE_SITE,)),
    "ask_again": Step(frozenset({S.CHANGES_ASKED}), (P.REQUEST_SITE,)),
    "withdraw": Step(frozenset({S.REQUESTED, S.ADVISED, S.CHANGES_ASKED, S.APPROVED}), (P.REQUEST_SITE,)),
    "activate": Step(frozenset({S.APPROVED}), (P.REQUEST_SITE, P.APPROVE_SITE)),
    "suspend": Step(frozenset({S.ACTIVE}), (P.APPROVE_SITE,)),
    "reactivate": Step(frozenset({S.SUSPENDED}), (P.APPROVE_SITE,)),
    "deactivate": Step(LIVE, (P.APPROVE_SITE,)),
    # Ahead of the deactivation, whoever looks after the site shows that its steps are done.
    "show_closing": Step(LIVE, (P.CHECK_SITE, P.APPROVE_SITE)),
    "change_record": Step(APPROVED, (P.REQUEST_SITE,)),
    "settle_change": Step(APPROVED, (P.APPROVE_SITE,)),
    "answer_need": Step(LIVE, (P.REQUEST_SITE,)),
    "renew": Step(LIVE, (P.APPROVE_SITE,)),
}
NETWORK_STEPS = {
    "assess": Step(frozenset({N.PROPOSED}), (P.ASSESS_NETWORK,)),
    "decide": Step(frozenset({N.ASSESSED}), (P.APPROVE_NETWORK,)),
    "withdraw": Step(frozenset({N.APPROVED}), (P.APPROVE_NETWORK,)),
    "propose_anew": Step(frozenset({N.DECLINED, N.WITHDRAWN}), (P.PROPOSE_NETWORK,)),
}
APPOINTMENT_STEPS = {
    "file": Step(frozenset({A.PROPOSED}), (P.FILE_APPOINTMENT,)),
    "end": Step(frozenset({A.PROPOSED, A.FILED, A.ACTIVE}), (P.APPOINT_COORDINATOR, P.FILE_APPOINTMENT)),
    "hand_over": Step(frozenset({A.ACTIVE}), (P.APPOINT_COORDINATOR,)),
}


def open_steps(steps: dict[str, Step], actor: Actor, state: Worded, department_id: int | None) -> frozenset[str]:
    """The names of the steps that ``actor`` could take now."""
    return frozenset(name for name, step in steps.items() if step.is_open(actor, state, department_id))
