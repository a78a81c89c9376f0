"""A request to look at a decision again: its states, its moves, and what each step needs. Pure.

The contributor has 10 business days to ask and the town 10 to answer; somebody answers who did not decide first.
The policy is silent on all of it: the terms are the town's choice (``policy.rules.defaults``).
"""

from datetime import date
from enum import StrEnum, auto

from charlton_intranet.core.errors import Invalid, StaleState
from charlton_intranet.moderation.rules.letters import LetterKind
from charlton_intranet.moderation.rules.states import Outcome
from charlton_intranet.moderation.rules.words import check_words

NAME_MAX = 150
CONTACT_MAX = 300
COUNSEL_MAX = 150


class ReconsiderationState(StrEnum):
    """Where a request stands. Only ``REVERSED`` takes the decision back."""

    ASKED = auto()
    UPHELD = auto()
    REVERSED = auto()
    WITHDRAWN = auto()

    @property
    def label(self) -> str:
        return {"asked": "Waiting for an answer"}.get(self.value, self.value.capitalize())


class CameBy(StrEnum):
    """The way on which somebody asked."""

    MAIL = auto()
    LETTER = auto()
    COUNTER = auto()
    MESSAGE = auto()

    @property
    def label(self) -> str:
        return {
            "mail": "By email",
            "letter": "By letter",
            "counter": "At the counter",
            "message": "By a message on the network",
        }[self.value]


S = ReconsiderationState

MOVES: dict[ReconsiderationState, frozenset[ReconsiderationState]] = {
    S.ASKED: frozenset({S.UPHELD, S.REVERSED, S.WITHDRAWN}),
    S.UPHELD: frozenset(),
    S.REVERSED: frozenset(),
    S.WITHDRAWN: frozenset(),
}


def check_answerable(now: ReconsiderationState, then: ReconsiderationState) -> None:
    """Raise ``StaleState`` when the request can not go there from here."""
    if then not in MOVES[now]:
        raise StaleState(f"This request is “{now.label}” now, so it is not open any more. Nothing was saved.")


def check_decision(outcome: Outcome) -> None:
    """Only what took something off can be asked back; a post that was kept is still there."""
    if outcome is Outcome.KEEP:
        raise Invalid({"text": "The post was kept, so there is nothing to give back. A new concern is a new capture."})


def letter_owed(state: ReconsiderationState, *, received: bool, answer: bool) -> LetterKind | None:
    """The letter that is to be written now; ``received`` and ``answer`` say which are kept already."""
    if state is S.ASKED and not received:
        return LetterKind.RECONSIDERATION_RECEIVED
    if state in {S.UPHELD, S.REVERSED} and not answer:
        return LetterKind.RECONSIDERATION_ANSWERED
    return None


def check_asked(asked_on: date, *, decided_on: date, today: date, last_day: date, late_reason: str) -> None:
    """A day between the decision and today; after ``last_day`` only with the reason why it is taken all the same."""
    if asked_on > today:
        raise Invalid({"asked_on": "This day is still to come. Enter the day on which it came in."})
    if asked_on < decided_on:
        raise Invalid({"asked_on": f"The decision was made on {decided_on:%B} {decided_on.day}, {decided_on.year}."})
    if asked_on > last_day:
        check_words(
            "late_reason",
            late_reason,
            ask=f"The time to ask ended on {last_day:%B} {last_day.day}, {last_day.year}. Say why it is taken late.",
        )


def check_asker(asker: str, contact: str) -> None:
    """Who asked and how they are reached; both may stay open, as somebody may ask under the handle alone."""
    problems = {}
    if len(asker) > NAME_MAX:
        problems["asker"] = f"A name has at most {NAME_MAX} characters; this one has {len(asker)}."
    if len(contact) > CONTACT_MAX:
        problems["contact"] = f"Keep this under {CONTACT_MAX} characters; it has {len(contact)}."
    if problems:
        raise Invalid(problems)


def check_counsel(counsel: str, counsel_on: date | None, *, today: date) -> None:
    """Counsel is named with the day, or not at all."""
    problems = {}
    if counsel and counsel_on is None:
        problems["counsel_on"] = "Enter the day on which counsel was asked."
    if counsel_on is not None and not counsel:
        problems["counsel"] = "Name who was asked."
    if counsel_on is not None and counsel_on > today:
        problems["counsel_on"] = "This day is still to come."
    if len(counsel) > COUNSEL_MAX:
        problems["counsel"] = f"A name has at most {COUNSEL_MAX} characters; this one has {len(counsel)}."
    if problems:
        raise Invalid(problems)
