"""States of networks, sites and appointments, and the moves between them. Pure."""

from collections.abc import Mapping
from enum import StrEnum, auto
from typing import TypeVar

from charlton_intranet.core.errors import StaleState


class Worded(StrEnum):
    """An enum whose members show as plain words."""

    @property
    def label(self) -> str:
        return self.value.replace("_", " ").capitalize()


class NetworkKind(Worded):
    """The kinds of social media that policy 1.1 names."""

    SOCIAL_NETWORK = auto()
    MICROBLOG = auto()
    VIDEO = auto()
    PHOTO = auto()
    BLOG = auto()
    PODCAST = auto()
    FORUM = auto()
    MESSAGING = auto()
    OTHER = auto()


class NetworkState(Worded):
    """Policy 1.3: assessed with IT, approved by the Town Administrator."""

    PROPOSED = auto()
    ASSESSED = auto()
    APPROVED = auto()
    DECLINED = auto()
    WITHDRAWN = auto()


class SiteState(Worded):
    """From the request of a department head to the end of a site."""

    REQUESTED = auto()
    ADVISED = auto()
    CHANGES_ASKED = auto()
    APPROVED = auto()
    DECLINED = auto()
    WITHDRAWN = auto()
    ACTIVE = auto()
    SUSPENDED = auto()
    DEACTIVATED = auto()


class AppointmentState(Worded):
    """A coordinator is proposed by the head and filed with the administrator before starting (3.2)."""

    PROPOSED = auto()
    FILED = auto()
    ACTIVE = auto()
    ENDED = auto()


class Cadence(Worded):
    """How often a site is reviewed (3.6-1)."""

    DAILY = auto()
    WEEKLY = auto()
    MONTHLY = auto()
    QUARTERLY = auto()


N, S, A = NetworkState, SiteState, AppointmentState

NETWORK_MOVES: dict[NetworkState, frozenset[NetworkState]] = {
    N.PROPOSED: frozenset({N.ASSESSED}),
    N.ASSESSED: frozenset({N.APPROVED, N.DECLINED}),
    N.APPROVED: frozenset({N.WITHDRAWN}),
    # Proposed anew, with a new assessment and decision.
    N.DECLINED: frozenset({N.PROPOSED}),
    N.WITHDRAWN: frozenset({N.PROPOSED}),
}
SITE_MOVES: dict[SiteState, frozenset[SiteState]] = {
    S.REQUESTED: frozenset({S.ADVISED, S.WITHDRAWN}),
    S.ADVISED: frozenset({S.APPROVED, S.DECLINED, S.CHANGES_ASKED, S.WITHDRAWN}),
    S.CHANGES_ASKED: frozenset({S.REQUESTED, S.WITHDRAWN}),
    S.APPROVED: frozenset({S.ACTIVE, S.WITHDRAWN}),
    S.ACTIVE: frozenset({S.SUSPENDED, S.DEACTIVATED}),
    S.SUSPENDED: frozenset({S.ACTIVE, S.DEACTIVATED}),
    S.DECLINED: frozenset(),
    S.WITHDRAWN: frozenset(),
    S.DEACTIVATED: frozenset(),
}
APPOINTMENT_MOVES: dict[AppointmentState, frozenset[AppointmentState]] = {
    A.PROPOSED: frozenset({A.FILED, A.ENDED}),
    A.FILED: frozenset({A.ACTIVE, A.ENDED}),
    A.ACTIVE: frozenset({A.ENDED}),
    A.ENDED: frozenset(),
}
# In use: reviewed, moderated, looked after.
LIVE = frozenset({S.ACTIVE, S.SUSPENDED})
# Approved and not over: a change of the record is flagged against what was approved.
APPROVED = LIVE | {S.APPROVED}
# The public could see them once, so every employee may ask whether they are official.
PUBLIC = LIVE | {S.DEACTIVATED}
# Over for good; their address may be asked for again.
ENDED = frozenset({S.DECLINED, S.WITHDRAWN, S.DEACTIVATED})

_State = TypeVar("_State", bound=Worded)


def not_open(state: Worded) -> StaleState:
    """The refusal of a step that the present state does not allow."""
    return StaleState(f"This step is not open now: the record is “{state.label.lower()}”. Nothing was saved.")


def check_move(moves: Mapping[_State, frozenset[_State]], before: _State, after: _State) -> None:
    """Refuse a move that the table does not allow."""
    if after not in moves[before]:
        raise not_open(before)
