"""The life of a case: states, allowed moves and what each step needs. Pure.

Policy 3.6-3, 3.6-4, 3.7-3: preserve before remove, consult before decide, the Town Administrator decides.
"""

from enum import StrEnum, auto

from charlton_intranet.core.errors import Invalid, StaleState


class CaseState(StrEnum):
    """Where something seen on a site stands."""

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


class AuthorKind(StrEnum):
    """Whose words these are: the public's, or written for the town."""

    PUBLIC = auto()
    STAFF = auto()


class Source(StrEnum):
    """How a case came in."""

    FORM = auto()
    IMPORT = auto()
    REVIEW = auto()


class Position(StrEnum):
    """What the department head advises (3.6-4); NO_ANSWER: asked, and one business day went by."""

    VIOLATION = auto()
    NO_VIOLATION = auto()
    NO_ANSWER = auto()


class ImportState(StrEnum):
    """A comment import on its way."""

    WAITING = auto()
    RUNNING = auto()
    DONE = auto()
    FAILED = auto()


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
LIVE = frozenset({C.OPEN, C.PRESERVED, C.CONSULTING, C.ADVISED, C.DETERMINED, C.CARRIED_OUT})
ENDED = frozenset({C.DISMISSED, C.CLOSED, C.VANISHED})

QUOTE_MAX = 2000
REASON_MIN = 15


def check_move(now: CaseState, then: CaseState) -> None:
    """Raise ``StaleState`` when the case can not go there from here."""
    if then not in MOVES[now]:
        raise StaleState(f"The case is {LABELS[now].lower()} now, so this step is not open any more.")


def check_quote(quote: str, text: str) -> None:
    """The exact words in question must stand in the captured text, white space aside."""
    if not quote.strip():
        raise Invalid({"quote": "Quote the exact words that break the category."})
    if " ".join(quote.split()) not in " ".join(text.split()):
        raise Invalid({"quote": "These words are not in the captured text. Copy them from it."})


def check_reason(reason: str) -> None:
    """A content-only reason, long enough to be read by a court."""
    if len(reason.strip()) < REASON_MIN:
        raise Invalid({"reason": "Say in a sentence what about the content decides it, without the author's view."})


def check_neutral(same_if_praise: bool | None) -> None:
    """The neutral-viewpoint question of a hide or remove must be answered with yes."""
    if same_if_praise is None:
        raise Invalid({"same_if_praise": "Answer whether the same words in praise of the town would go as well."})
    if not same_if_praise:
        raise Invalid(
            {"same_if_praise": "Then this turns on viewpoint and the town may not remove it. Keep it, or ask counsel."}
        )


LABELS: dict[CaseState, str] = {
    C.OPEN: "Open",
    C.DISMISSED: "No concern",
    C.PRESERVED: "Preserved",
    C.CONSULTING: "Waiting for the head's advice",
    C.ADVISED: "Ready for determination",
    C.DETERMINED: "Determined, to be carried out",
    C.CARRIED_OUT: "Carried out",
    C.CLOSED: "Closed",
    C.VANISHED: "Vanished before action",
}
