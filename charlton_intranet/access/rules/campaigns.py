"""Access reviews: once a quarter every grant is looked at anew (3.3-3). Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum, auto

from charlton_intranet.core.calendar import BusinessCalendar

NOTE_MAX = 2000


class Answer(StrEnum):
    """Where the review of one grant stands; asked is still open."""

    OPEN = auto()
    ASKED = auto()
    KEPT = auto()
    REVOKED = auto()

    @property
    def label(self) -> str:
        return _ANSWERS[self]


_ANSWERS = {
    Answer.OPEN: "To answer",
    Answer.ASKED: "Question asked",
    Answer.KEPT: "Kept",
    Answer.REVOKED: "Revoked",
}


class Asked(StrEnum):
    """Who a question about a grant goes to."""

    PERSON = auto()
    COORDINATOR = auto()


class Flag(StrEnum):
    """Why a grant is worth a second look; such rows are never kept in bulk."""

    LEFT = auto()
    OTHER_DEPARTMENT = auto()
    SHARED_ACCOUNT = auto()
    MORE_THAN_NEEDED = auto()
    NOT_ACKNOWLEDGED = auto()
    EXPIRED = auto()

    @property
    def label(self) -> str:
        return self.value.replace("_", " ").capitalize()


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """A quarter of a calendar year, 1 to 4."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"

    @property
    def starts(self) -> date:
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def next(self) -> "Quarter":
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)


def quarter_of(day: date) -> Quarter:
    """The quarter that a day lies in."""
    return Quarter(day.year, (day.month + 2) // 3)


def coming(last: str, today: date) -> Quarter | None:
    """The quarter whose review may be opened by hand: this one's, or the next one's ahead of time.

    ``last`` names the newest review there is, empty without one. None when the next quarter's is open already.
    """
    now = quarter_of(today)
    return next((quarter for quarter in (now, now.next) if str(quarter) > last), None)


def opens_on(quarter: Quarter, calendar: BusinessCalendar) -> date:
    """The day on which a quarter's review opens by itself."""
    return calendar.on_or_after(quarter.starts)


@dataclass(frozen=True, slots=True)
class GrantFacts:
    """What is known of a grant under review. ``seen_level`` is None when the last list does not tell."""

    active: bool
    person_department: str
    site_department: str
    level: int
    seen_level: int | None
    on_list: bool
    shared: str
    until: date | None
    covered: bool


def flags_of(facts: GrantFacts, today: date) -> Iterator[tuple[Flag, str]]:
    """The flags of a grant, each with the sentence that says why."""
    if not facts.active:
        yield Flag.LEFT, "The account here is closed."
    if facts.person_department != facts.site_department:
        yield Flag.OTHER_DEPARTMENT, f"Works for {facts.person_department or 'no department'} today."
    if facts.shared:
        yield Flag.SHARED_ACCOUNT, f"The page has a shared account, “{facts.shared}”: it may be used through that."
    if facts.on_list and facts.seen_level is not None and facts.seen_level < facts.level:
        yield Flag.MORE_THAN_NEEDED, "The last list of the page shows them with less than the grant allows."
    if not facts.on_list:
        yield Flag.MORE_THAN_NEEDED, "They were not on the last list of the page."
    if not facts.covered:
        yield Flag.NOT_ACKNOWLEDGED, "No signature covers this grant today (3.3-4)."
    if facts.until is not None and facts.until < today:
        yield Flag.EXPIRED, "The last day of the grant has passed."
