"""Hiding at once, before the determination, and putting back: grounds, states and moves. Pure.

Evidence comes first, nothing is removed, and the Town Administrator decides within days (``docs/law.md``; 3.7-3).
"""

from enum import StrEnum, auto

from charlton_intranet.core.errors import Invalid, StaleState
from charlton_intranet.moderation.rules.deciding import check_quote
from charlton_intranet.moderation.rules.states import CaseState, Outcome
from charlton_intranet.moderation.rules.words import LINK_MAX, REASON_MIN, check_words


class Ground(StrEnum):
    """The only grounds on which something may be hidden before it is determined."""

    ILLEGAL = "E"
    SAFETY = "F"
    VIOLENT = "J"
    CONFIDENTIAL = "K"
    MALWARE = "malware"

    @property
    def label(self) -> str:
        return {
            "E": "E. Illegal activity",
            "F": "F. Safety or security",
            "J": "J. Violent or threatening",
            "K": "K. Confidential information",
            "malware": "Malware or a harmful link",
        }[self.value]

    @property
    def question(self) -> str:
        """What the coordinator answers for this ground."""
        return {
            "E": "Which crime does it call for now, or which unlawful offer does it make?",
            "F": "Which information is it, and which harm may follow?",
            "J": "Which violence would a reasonable person fear from these very words?",
            "K": "Which information is it, and which law or duty does it breach?",
            "malware": "What does the link or file do, and how do you know?",
        }[self.value]

    @property
    def letter(self) -> str:
        """The category of policy 3.6-3 that the head is asked about; malware endangers public systems (F)."""
        return "F" if self is Ground.MALWARE else self.value


class EmergencyState(StrEnum):
    """Where an emergency hide stands. Nothing is called hidden before a picture shows it."""

    ORDERED = auto()
    STANDING = auto()
    FLAGGED = auto()
    CONFIRMED = auto()
    RESTORED = auto()
    ENDED = auto()

    @property
    def label(self) -> str:
        return {
            "ordered": "To be hidden now",
            "standing": "Hidden, to be decided",
            "flagged": "To be restored",
            "confirmed": "Hidden, confirmed",
            "restored": "Restored",
            "ended": "Ended: the post is not there any more",
        }[self.value]

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something about it."""
        return bool(EMERGENCY_MOVES[self])


E = EmergencyState

EMERGENCY_MOVES: dict[EmergencyState, frozenset[EmergencyState]] = {
    # Without proof it may still be hidden on the network, so to keep asks to restore here as well.
    E.ORDERED: frozenset({E.STANDING, E.FLAGGED, E.CONFIRMED, E.ENDED}),
    E.STANDING: frozenset({E.FLAGGED, E.CONFIRMED, E.ENDED}),
    # Flagged for restoring, by the calendar or by a determination to keep; until it is done it may be decided.
    E.FLAGGED: frozenset({E.CONFIRMED, E.RESTORED, E.ENDED}),
    E.CONFIRMED: frozenset(),
    E.RESTORED: frozenset(),
    E.ENDED: frozenset(),
}

# An emergency comes before the determination; afterwards there is an order to carry out.
HIDE_FROM = frozenset({CaseState.OPEN, CaseState.CONSULTING, CaseState.ADVISED})


class RestoreCause(StrEnum):
    """Why something goes back: its emergency hide was not upheld, or a determination was reversed."""

    EMERGENCY = auto()
    REVERSAL = auto()

    @property
    def words(self) -> str:
        """The cause, for the middle of a sentence."""
        return {
            "emergency": "it was hidden at once, and that was not upheld",
            "reversal": "the determination was reversed",
        }[self.value]


class RestoreState(StrEnum):
    """An order to restore; ``IMPOSSIBLE``: the network can not bring it back, ``VOID``: it is not to go back."""

    ORDERED = auto()
    DONE = auto()
    IMPOSSIBLE = auto()
    VOID = auto()

    @property
    def label(self) -> str:
        return {
            "ordered": "To be restored",
            "done": "Restored",
            "impossible": "Can not be restored",
            "void": "Not to be restored any more",
        }[self.value]


def ground_of(chosen: str) -> Ground:
    """The ground, or the reason why this one does not do."""
    try:
        return Ground(chosen)
    except ValueError:
        raise Invalid({"ground": NARROW if chosen else "Choose the ground."}) from None


NARROW = (
    "Only E, F, J, K or malware may be hidden before the Town Administrator decides: hiding other speech first is "
    "what courts strike down (see the law behind the rules). Raise a concern instead."
)


def check_hide_from(state: CaseState) -> None:
    """Raise ``StaleState`` once the case is decided, dismissed or over."""
    if state not in HIDE_FROM:
        raise StaleState(f"The case is “{state.label}”, so it can not be hidden at once any more. Nothing was saved.")


def check_emergency_move(now: EmergencyState, then: EmergencyState) -> None:
    """Raise ``StaleState`` when the emergency hide can not go there from here."""
    if then not in EMERGENCY_MOVES[now]:
        raise StaleState(f"The emergency hide is “{now.label}” now, so this is not open any more. Nothing was saved.")


def check_hidden_words(ground: Ground, words: str, text: str) -> None:
    """The exact words in the captured text; for malware the one link that leads to it."""
    if ground is not Ground.MALWARE:
        _about_words(words, text)
        return
    link = words.strip()
    if not link:
        raise Invalid({"words": "Copy the harmful link in, or the name of the file."})
    if len(link) > LINK_MAX:
        raise Invalid({"words": f"A link has at most {LINK_MAX:,} characters; this one has {len(link):,}."})
    if len(link.split()) != 1:
        raise Invalid({"words": "Give the link or file name alone; what it does goes into your answer."})


def _about_words(words: str, text: str) -> None:
    try:
        check_quote(words, text)
    except Invalid as refusal:
        raise Invalid({"words": refusal.problems["quote"]}) from None


def check_answer(ground: Ground, answer: str) -> None:
    """The ground's question, answered in a sentence."""
    if len(answer.strip()) < REASON_MIN:
        raise Invalid({"answer": f"Answer in a sentence: {ground.question}"})
    check_words("answer", answer, ask="")


def after_determination(state: EmergencyState, outcome: Outcome) -> EmergencyState:
    """What a determination makes of an emergency hide: to keep asks to restore it, anything else upholds it."""
    if not state.is_open:
        return state
    return EmergencyState.FLAGGED if outcome is Outcome.KEEP else EmergencyState.CONFIRMED
