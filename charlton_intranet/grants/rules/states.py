"""What a grant allows, and the moves of its life. Pure."""

from enum import StrEnum, auto

from charlton_intranet.core.errors import StaleState


class Capability(StrEnum):
    """The usage levels of policy 3.3-2; each holds those before it."""

    VIEW = auto()
    COMMENT = auto()
    EDIT = auto()
    PUBLISH = auto()

    @property
    def level(self) -> int:
        """1 to 4; what a signature's scope is compared by."""
        return list(Capability).index(self) + 1

    @property
    def label(self) -> str:
        return "View only" if self is Capability.VIEW else self.value.capitalize()


class GrantState(StrEnum):
    """Designated by the head, approved by the Town Administrator (3.3-3). That it lapsed is computed, never stored."""

    DESIGNATED = auto()
    APPROVED = auto()
    DECLINED = auto()
    REVOKED = auto()
    ENDED = auto()

    @property
    def label(self) -> str:
        return self.value.capitalize()


G = GrantState

MOVES: dict[GrantState, frozenset[GrantState]] = {
    # A designation ends undecided when its person leaves, or its head takes it back.
    G.DESIGNATED: frozenset({G.APPROVED, G.DECLINED, G.ENDED}),
    G.APPROVED: frozenset({G.REVOKED, G.ENDED}),
    G.DECLINED: frozenset(),
    G.REVOKED: frozenset(),
    G.ENDED: frozenset(),
}
OPEN = frozenset({G.DESIGNATED, G.APPROVED})


def check_move(before: GrantState, after: GrantState) -> None:
    """Refuse a move that the table does not allow."""
    if after not in MOVES[before]:
        raise StaleState(f"This step is not open now: the grant is “{before.label.lower()}”. Nothing was saved.")
