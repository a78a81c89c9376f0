"""The states of a case, its allowed moves, and what may be done in each. Pure.

Policy 3.6-3, 3.6-4, 3.7-3: preserve before remove, consult before decide, the Town Administrator decides.
"""

from enum import StrEnum, auto

from charlton_intranet.core.errors import StaleState


class CaseState(StrEnum):
    """Where something seen on a site stands."""

    @property
    def label(self) -> str:
        return LABELS[self]

    OPEN = auto()
    DISMISSED = auto()
    PRESERVED = auto()
    CONSULTING = auto()
    ADVISED = auto()
    DETERMINED = auto()
    CARRIED_OUT = auto()
    CLOSED = auto()
    VANISHED = auto()


class Outcome(StrEnum):
    """What the determination says about the content."""

    KEEP = auto()
    HIDE = auto()
    REMOVE = auto()

    @property
    def label(self) -> str:
        return self.value.capitalize()


class AuthorKind(StrEnum):
    """Whose words these are: the public's, or written for the town."""

    PUBLIC = auto()
    STAFF = auto()

    @property
    def label(self) -> str:
        return "A member of the public" if self is AuthorKind.PUBLIC else "Staff, writing for the town"


class Source(StrEnum):
    """How a case came in."""

    FORM = auto()
    IMPORT = auto()
    REVIEW = auto()
    FEED = auto()

    @property
    def label(self) -> str:
        return {
            "form": "Captured by hand",
            "import": "Imported",
            "review": "Found in a review",
            "feed": "Handed in by a connector",
        }[self.value]


class Position(StrEnum):
    """What the department head advises (3.6-4); NO_ANSWER: asked, and one business day went by."""

    VIOLATION = auto()
    NO_VIOLATION = auto()
    NO_ANSWER = auto()

    @property
    def label(self) -> str:
        return {"violation": "A violation", "no_violation": "No violation", "no_answer": "No answer in time"}[
            self.value
        ]


class ImportState(StrEnum):
    """A comment import on its way."""

    WAITING = auto()
    RUNNING = auto()
    DONE = auto()
    FAILED = auto()

    @property
    def ended(self) -> bool:
        return self in {ImportState.DONE, ImportState.FAILED}


class Step(StrEnum):
    """What somebody can do to a case; whether they may is a matter of state and permission."""

    DISMISS = auto()
    UNDO = auto()
    CONCERN = auto()
    ADVISE = auto()
    NO_ANSWER = auto()
    DETERMINE = auto()
    CARRY_OUT = auto()
    VANISH = auto()
    NOTE = auto()


C = CaseState

MOVES: dict[CaseState, frozenset[CaseState]] = {
    C.OPEN: frozenset({C.DISMISSED, C.PRESERVED, C.VANISHED}),
    C.DISMISSED: frozenset({C.OPEN}),
    C.PRESERVED: frozenset({C.CONSULTING, C.VANISHED}),
    C.CONSULTING: frozenset({C.ADVISED, C.VANISHED}),
    C.ADVISED: frozenset({C.DETERMINED, C.VANISHED}),
    # A determination to keep closes the case at once; hide and remove are carried out first.
    C.DETERMINED: frozenset({C.CARRIED_OUT, C.CLOSED, C.VANISHED}),
    C.CARRIED_OUT: frozenset({C.CLOSED}),
    C.CLOSED: frozenset(),
    C.VANISHED: frozenset(),
}

STEPS: dict[CaseState, frozenset[Step]] = {
    C.OPEN: frozenset({Step.DISMISS, Step.CONCERN, Step.VANISH, Step.NOTE}),
    C.DISMISSED: frozenset({Step.UNDO, Step.NOTE}),
    C.PRESERVED: frozenset({Step.VANISH, Step.NOTE}),
    C.CONSULTING: frozenset({Step.ADVISE, Step.NO_ANSWER, Step.VANISH, Step.NOTE}),
    C.ADVISED: frozenset({Step.DETERMINE, Step.VANISH, Step.NOTE}),
    C.DETERMINED: frozenset({Step.CARRY_OUT, Step.VANISH, Step.NOTE}),
    C.CARRIED_OUT: frozenset({Step.NOTE}),
    C.CLOSED: frozenset({Step.NOTE}),
    C.VANISHED: frozenset({Step.NOTE}),
}

LABELS: dict[CaseState, str] = {
    C.OPEN: "Open",
    C.DISMISSED: "No concern",
    C.PRESERVED: "Preserved",
    C.CONSULTING: "Waiting for the head's advice",
    C.ADVISED: "Ready for determination",
    C.DETERMINED: "To be carried out",
    C.CARRIED_OUT: "Carried out",
    C.CLOSED: "Closed",
    C.VANISHED: "Vanished before action",
}


def check_move(now: CaseState, then: CaseState) -> None:
    """Raise ``StaleState`` when the case can not go there from here."""
    if then not in MOVES[now]:
        raise StaleState(f"The case is “{now.label}” now, so this step is not open any more. Nothing was saved.")
