"""Sharing the queue: what a press on several cases is called, and when a case may wait out of sight. Pure."""

from datetime import date, timedelta
from enum import StrEnum, auto

from charlton_intranet.core.errors import Invalid
from charlton_intranet.moderation.rules.states import CaseState
from charlton_intranet.moderation.rules.words import check_all, check_words

REASON_MAX = 300
VIEW_NAME_MAX = 60
VIEW_QUERY_MAX = 4_000
VIEWS_MAX = 20
# What a form proposes: a week is what most answers from elsewhere take.
USUAL_SNOOZE = timedelta(days=7)

# The states in which somebody has to do something by a day.
WAITING = (CaseState.OPEN, CaseState.CONSULTING, CaseState.ADVISED, CaseState.DETERMINED)


class Press(StrEnum):
    """What can be done to several cases at once; each is taken back by one Undo."""

    DISMISS = auto()
    CLAIM = auto()
    RELEASE = auto()
    SNOOZE = auto()
    WAKE = auto()

    @property
    def told(self) -> str:
        """How the screen says what was done."""
        return {
            "dismiss": "No concern",
            "claim": "Claimed",
            "release": "Released",
            "snooze": "Snoozed",
            "wake": "Back in the queue",
        }[self.value]

    def batch(self, token: str) -> str:
        """The name of one press."""
        return f"{self}-{token}"

    @classmethod
    def of(cls, batch: str) -> "Press":
        """What a press of that name did; the oldest names have no word in front and dismissed."""
        word = batch.partition("-")[0]
        return cls(word) if word in set(cls) else cls.DISMISS


class Claimed(StrEnum):
    """Whose cases a view of the queue holds."""

    ME = auto()
    NOBODY = auto()


def check_clock(state: CaseState) -> None:
    """Only what waits for a first look may wait longer: advice, determination and order have legal clocks."""
    if state is not CaseState.OPEN:
        raise Invalid(
            {"until": f"This case is “{state.label}”. Only an open case can be snoozed: later steps have their day."}
        )


def check_snooze(until: date | None, reason: str, today: date, longest: int) -> None:
    """A day after today, within ``longest`` days, and a few words that tell a colleague why the case waits."""
    check_all(
        lambda: _check_until(until, today, today + timedelta(days=longest)),
        lambda: check_words("reason", reason, ask="Say in a few words what it waits for.", most=REASON_MAX),
    )


def _check_until(until: date | None, today: date, last: date) -> None:
    if until is None or not today < until <= last:
        raise Invalid({"until": f"Choose a day from tomorrow to {last:%B} {last.day}, {last.year}."})


def check_view(name: str, query: str) -> None:
    """The name of a view that is kept, and how much it may hold."""
    if not name.strip():
        raise Invalid({"name": "Give the view a name."})
    if len(name) > VIEW_NAME_MAX:
        raise Invalid({"name": f"A name has at most {VIEW_NAME_MAX} characters; this one has {len(name)}."})
    if len(query) > VIEW_QUERY_MAX:
        raise Invalid({"name": "This view searches for too many words to be kept."})
