"""Proposals for a determination, made from the chosen categories. Each is edited by hand; none decides. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from charlton_intranet.moderation.rules.states import Outcome
from charlton_intranet.moderation.rules.worksheet import TO_COMPLETE, Consequence, ReferredTo

# To whom a ground is usually handed on, and what for.
_REFERRALS = {
    "E": (ReferredTo.POLICE, "Please look at whether this calls for or offers a crime."),
    "F": (ReferredTo.IT, "Please check what this discloses about our systems, and close it where you can."),
    "G": (ReferredTo.COUNSEL, "Is this a statement of fact that can be shown to be false? Please advise."),
    "I": (ReferredTo.COUNSEL, "Please advise whether this may be acted on at all."),
    "J": (ReferredTo.POLICE, "Please assess this threat."),
}


@dataclass(frozen=True, slots=True)
class DraftGround:
    """A chosen category with what was entered for it so far."""

    letter: str
    words: str
    question: str
    quotes: Sequence[str]
    answer: str


def draft_reason(grounds: Sequence[DraftGround]) -> str:
    """A reason about the content alone, a sentence for each ground, with a gap where an answer is missing."""
    return "\n".join(_sentence(ground) for ground in grounds)


def draft_consequence(letters: Collection[str], outcome: Outcome | None, *, known: bool) -> Consequence:
    """What usually follows for the writer: a threat may be acted on at once, anything else begins with a warning."""
    if not known or outcome in {None, Outcome.KEEP} or not letters:
        return Consequence.NOTHING
    return Consequence.RESTRICTION if "J" in letters else Consequence.WARNING


def draft_referrals(letters: Collection[str], quotes: Sequence[str]) -> dict[ReferredTo, str]:
    """To whom it is usually handed on, with a reason that says what about it."""
    words = " ".join(f"“{quote}”" for quote in quotes)
    found: dict[ReferredTo, str] = {}
    for letter in sorted(set(letters) & _REFERRALS.keys()):
        to, ask = _REFERRALS[letter]
        found.setdefault(to, f"{ask} The words: {words}" if words else ask)
    return found


def _sentence(ground: DraftGround) -> str:
    quoted = ", ".join(f"“{quote}”" for quote in ground.quotes) or f"{TO_COMPLETE}: the exact words]"
    answer = ground.answer.strip().rstrip(".") or f"{TO_COMPLETE}: {ground.question}]"
    return f"The words {quoted} fall under category {ground.letter} ({ground.words.lower()}): {answer}."
