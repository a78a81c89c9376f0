"""The life of a case: states, allowed moves and what each step needs. Pure.

Policy 3.6-3, 3.6-4, 3.7-3: preserve before remove, consult before decide, the Town Administrator decides.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum, auto

from charlton_intranet.core.errors import Invalid, StaleState


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

    @property
    def label(self) -> str:
        return {"form": "Captured by hand", "import": "Imported", "review": "Found in a review"}[self.value]


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

TEXT_MAX = 50_000
WORDS_MAX = 5_000
QUOTE_MAX = 2_000
REASON_MIN = 15
HANDLE_MAX = 150
LINK_MAX = 1_000
KEY_MAX = 300


def check_move(now: CaseState, then: CaseState) -> None:
    """Raise ``StaleState`` when the case can not go there from here."""
    if then not in MOVES[now]:
        raise StaleState(f"The case is “{now.label}” now, so this step is not open any more. Nothing was saved.")


# --- words as they come in --------------------------------------------------------------------------------


def clean(text: str) -> str:
    """The text without what can not be stored: PostgreSQL takes no NUL, UTF-8 no half of a surrogate pair."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode()


def check_text(text: str) -> None:
    """The captured words: some, and not a book."""
    if not text.strip():
        raise Invalid({"text": "Copy the words in. For a picture, say what it shows and which words stand in it."})
    if len(text) > TEXT_MAX:
        raise Invalid(
            {"text": f"This is longer than {TEXT_MAX:,} characters ({len(text):,}). Capture the part in question."}
        )


def check_words(field: str, text: str, *, ask: str) -> None:
    """A remark that must be there: ``ask`` says for what."""
    if not text.strip():
        raise Invalid({field: ask})
    if len(text) > WORDS_MAX:
        raise Invalid({field: f"Keep this under {WORDS_MAX:,} characters; it has {len(text):,}."})


def check_source(permalink: str, handle: str) -> None:
    """Where the words stood and who wrote them, as far as it is known."""
    problems = {}
    if len(permalink) > LINK_MAX:
        problems["permalink"] = f"A link has at most {LINK_MAX:,} characters; this one has {len(permalink):,}."
    if len(handle) > HANDLE_MAX:
        problems["handle"] = f"A name has at most {HANDLE_MAX} characters; this one has {len(handle)}."
    if problems:
        raise Invalid(problems)


def handle_key(handle: str) -> str:
    """What makes two spellings of a contributor's name the same."""
    return " ".join(handle.split()).removeprefix("@").casefold()[:HANDLE_MAX]


def origin_key(*, link: str = "", external_id: str = "") -> str | None:
    """What makes two captures the same post: the network's own id, or else the normalised link.

    The id goes first, as some networks give all comments below a post that post's link.
    """
    kind, value = ("id", external_id.strip()) if external_id.strip() else ("link", link)
    if not value:
        return None
    key = f"{kind}:{value}"
    return key if len(key) <= KEY_MAX else f"{kind}:sha256:{hashlib.sha256(value.encode()).hexdigest()}"


def letters_of(categories: Iterable[str]) -> frozenset[str]:
    """The letters of policy 3.6-3, from a form or from a column (``"A,J"``)."""
    chosen = categories.split(",") if isinstance(categories, str) else categories
    return frozenset(letter.strip().upper() for letter in chosen if letter.strip())


def written(letters: frozenset[str]) -> str:
    """The letters as a column holds them."""
    return ",".join(sorted(letters))


# --- deciding ---------------------------------------------------------------------------------------------


def check_quote(quote: str, text: str) -> None:
    """The exact words in question must stand in the captured text, white space aside."""
    if not quote.strip():
        raise Invalid({"quote": "Quote the exact words that break the category."})
    if len(quote) > QUOTE_MAX:
        raise Invalid({"quote": f"Quote at most {QUOTE_MAX:,} characters: the words that matter."})
    if " ".join(quote.split()) not in " ".join(text.split()):
        raise Invalid({"quote": "These words are not in the captured text. Copy them from it."})


def check_reason(reason: str) -> None:
    """A content-only reason, long enough to be read by a court."""
    if len(reason.strip()) < REASON_MIN:
        raise Invalid({"reason": "Say in a sentence what about the content decides it, without the author's view."})
    check_words("reason", reason, ask="")


def check_neutral(*, same_if_praise: bool | None) -> None:
    """The neutral-viewpoint question of a hide or remove must be answered with yes."""
    if same_if_praise is None:
        raise Invalid({"same_if_praise": "Answer whether the same words in praise of the town would go as well."})
    if not same_if_praise:
        raise Invalid(
            {"same_if_praise": "Then this turns on viewpoint and the town may not remove it. Keep it, or ask counsel."}
        )


def check_no_answer(due_on: date, today: date) -> None:
    """Going on without the head's advice is open from the day after it was due (3.6-4)."""
    if today <= due_on:
        raise Invalid({"position": f"The head has until the end of {due_on:%B} {due_on.day} to answer."})


def check_all(*checks: Callable[[], None]) -> None:
    """Run every check and tell all problems at once, so that a form is mended in one go."""
    problems: dict[str, str] = {}
    for check in checks:
        try:
            check()
        except Invalid as invalid:
            problems.update(invalid.problems)
    if problems:
        raise Invalid(problems)


@dataclass(frozen=True, slots=True)
class Captured:
    """What a capture did: the case, whether it was there already, and whether that opened a dismissed one again."""

    case_id: int
    joined: bool = False
    reopened: bool = False


@dataclass(frozen=True, slots=True)
class Batch:
    """What one press on many cases did: its key for the undo, the cases it reached and those it came too late for."""

    batch: str
    done: tuple[int, ...]
    stale: tuple[int, ...]


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
