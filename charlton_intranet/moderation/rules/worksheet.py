"""The worksheet of a determination: grounds with their quotes and answers, counsel, and what else follows. Pure.

Policy 3.6-3, 3.6-4; the guards of ``docs/law.md``.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum, auto

from charlton_intranet.core.errors import Invalid, StaleState
from charlton_intranet.moderation.rules.letters import LetterHow, check_letter
from charlton_intranet.moderation.rules.words import QUOTE_MAX, WORDS_MAX, check_words, clean

# For these the quoted words are the answer themselves: the profane words, the threat.
QUOTE_ANSWERS = frozenset("AJ")
ANSWER_MAX = 2_000
NAME_MAX = 200
HOW_MAX = 300
TO_COMPLETE = "[fill in"


class Consequence(StrEnum):
    """What follows for whoever wrote it, beside what happens with the content."""

    NOTHING = auto()
    WARNING = auto()
    RESTRICTION = auto()

    @property
    def label(self) -> str:
        return {"nothing": "Nothing", "warning": "A warning", "restriction": "A restriction is to be proposed"}[
            self.value
        ]


class ReferredTo(StrEnum):
    """To whom something is handed on."""

    IT = auto()
    POLICE = auto()
    HR = auto()
    COUNSEL = auto()

    @property
    def label(self) -> str:
        return {"it": "IT Technician", "police": "Police", "hr": "Human resources", "counsel": "Town counsel"}[
            self.value
        ]


class ReferralState(StrEnum):
    """How far a referral is."""

    ASKED = auto()
    SENT = auto()
    ANSWERED = auto()
    WITHDRAWN = auto()

    @property
    def label(self) -> str:
        return {"asked": "To be sent", "sent": "Waiting for an answer", "answered": "Answered"}.get(
            self.value, "Withdrawn"
        )


REFERRAL_MOVES: dict[ReferralState, frozenset[ReferralState]] = {
    ReferralState.ASKED: frozenset({ReferralState.SENT, ReferralState.WITHDRAWN}),
    ReferralState.SENT: frozenset({ReferralState.ANSWERED, ReferralState.WITHDRAWN}),
    ReferralState.ANSWERED: frozenset(),
    ReferralState.WITHDRAWN: frozenset(),
}
REFERRAL_OPEN = (ReferralState.ASKED, ReferralState.SENT)


@dataclass(frozen=True, slots=True)
class CounselSought:
    """Counsel was asked: on which day, who, and what they said."""

    on: date | None
    name: str
    said: str

    @property
    def is_empty(self) -> bool:
        return self.on is None and not self.name.strip() and not self.said.strip()


@dataclass(frozen=True, slots=True)
class Notice:
    """The letter that tells the writer, as it goes out, and how."""

    subject: str
    text: str
    how: LetterHow


@dataclass(frozen=True, slots=True)
class Worksheet:
    """What the form asks for beyond outcome, categories, words in question and reason.

    ``quotes`` are a category's own words in question (without any, those of the whole determination); ``answers``
    are those to a category's own question; ``referrals`` say to whom it is handed on, and why. Without ``notice`` the
    writer is told later, or not at all.
    """

    quotes: Mapping[str, Sequence[str]] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    counsel: CounselSought | None = None
    consequence: Consequence = Consequence.NOTHING
    referrals: Mapping[ReferredTo, str] = field(default_factory=dict)
    notice: Notice | None = None


def check_referral_move(now: ReferralState, then: ReferralState) -> None:
    """Raise ``StaleState`` when a referral can not go there from here."""
    if then not in REFERRAL_MOVES[now]:
        raise StaleState(f"This referral is “{now.label}” now, so this step is not open any more. Nothing was saved.")


def quotes_of(typed: str) -> tuple[str, ...]:
    """The quotes in one field: an empty line stands between two of them."""
    return tuple(part.strip() for part in re.split(r"\n\s*\n", clean(typed).replace("\r", "")) if part.strip())


def check_quotes(letter: str, quotes: Sequence[str], text: str) -> None:
    """Every quote of a category stands in the captured text, white space aside."""
    captured, name = " ".join(text.split()), f"quote_{letter}"
    for quote in quotes:
        if len(quote) > QUOTE_MAX:
            raise Invalid({name: f"Quote at most {QUOTE_MAX:,} characters: the words that matter."})
        if " ".join(quote.split()) not in captured:
            raise Invalid(
                {name: f"“{quote[:80]}” is not in the captured text. Copy it from there, an empty line between quotes."}
            )


def check_answer(letter: str, answer: str, question: str) -> None:
    """A category's own question is answered, in the case of A and J by the quoted words if by nothing else."""
    name = f"answer_{letter}"
    if not answer.strip() and letter not in QUOTE_ANSWERS:
        raise Invalid({name: f"Answer the question of category {letter}: {question}"})
    if len(answer) > ANSWER_MAX:
        raise Invalid({name: f"Use at most {ANSWER_MAX:,} characters."})


def check_own_words(reason: str, words: Sequence[str]) -> None:
    """A reason says what about this content decides: the words of a category do not, nor a draft with gaps."""
    if TO_COMPLETE in reason:
        raise Invalid({"reason": "The draft still has a gap in square brackets. Fill it in, or take it out."})
    said = _bare(reason)
    if any(said in {_bare(one), _bare(f"category {one}")} for one in words):
        raise Invalid({"reason": "This repeats the category. Say what about these very words meets it."})


def check_counsel(sought: CounselSought | None, letters: Sequence[str], *, referred: bool, today: date) -> None:
    """Counsel comes before a removal on certain grounds: asked and answered, or a referral that was recorded first."""
    if sought is None or sought.is_empty:
        if letters and not referred:
            named = f"Category {letters[0]} needs" if len(letters) == 1 else f"Categories {' and '.join(letters)} need"
            raise Invalid(
                {
                    "counsel_name": f"{named} counsel first. Say whom you asked, when, and what they "
                    "said, or refer the case to counsel before you decide."
                }
            )
        return
    problems = {}
    if not sought.name.strip() or len(sought.name) > NAME_MAX:
        problems["counsel_name"] = f"Name the counsel in at most {NAME_MAX} characters."
    if sought.on is None or sought.on > today:
        problems["counsel_on"] = "Enter the day on which counsel answered, today at the latest."
    if not sought.said.strip() or len(sought.said) > WORDS_MAX:
        problems["counsel_said"] = f"Say what counsel advised, in at most {WORDS_MAX:,} characters."
    if problems:
        raise Invalid(problems)


def check_consequence(consequence: Consequence, *, kept: bool, known: bool) -> None:
    """A consequence rests on content that goes, and needs somebody whom it can reach."""
    if consequence is Consequence.NOTHING:
        return
    if kept:
        raise Invalid({"consequence": "Who wrote what stays has done nothing: choose “Nothing”, or hide or remove it."})
    if not known:
        raise Invalid({"consequence": "No member of the public is known as the writer, so nobody can be warned."})


def check_referral(to: ReferredTo, reason: str) -> None:
    """Handing something on says what for."""
    check_words(f"refer_{to.value}", reason, ask=f"Say what {to.label} is to do or to look at.")


def check_notice(notice: Notice | None, today: date) -> None:
    """A letter that goes out with the determination is finished: it may quote the draft of the reason."""
    if notice is None:
        return
    try:
        check_letter(
            subject=notice.subject, text=notice.text, how=notice.how, why_not="known", sent_on=None, today=today
        )
    except Invalid as unfinished:
        raise Invalid({f"notice_{name}": why for name, why in unfinished.problems.items()}) from unfinished


def check_sent(how: str) -> None:
    """Handing something over leaves a trace: which way, to whom."""
    check_words("how", how, ask="Say how and to whom it went: a name, a number, a day.", most=HOW_MAX)


def _bare(text: str) -> str:
    return " ".join(re.sub(r"[\W_]+", " ", text.casefold()).split())
