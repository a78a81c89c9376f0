"""When something is due on a site again, from when it may be recorded, and what a record must say (3.6-1). Pure.

A look follows the site's cadence, one of the words of ``sites.rules.Cadence``; a capture and a full review come every
so many months.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum, auto

from charlton_intranet.core.calendar import BusinessCalendar, add_months, last_months
from charlton_intranet.core.errors import Invalid

NOTE_MAX = 2000

# How many days before it is due a look may be recorded. Short, so that nobody reviews for weeks to come.
LEAD_DAYS = {"daily": 0, "weekly": 3, "monthly": 7, "quarterly": 14}

# What a look goes through, each line with its clause: about three minutes on a quiet site.
CHECKLIST = {
    "Our posts: is each one ours, written by somebody with the right to post?": "3.3-3",
    "Comments and messages: threats, scams, anything of the categories A to K?": "3.6-1",
    "Followers and look-alikes: does somebody pose as the town or the department?": "3.5",
    "Links and the profile: do they still lead where they should?": "3.5-2",
}


class ReviewKind(StrEnum):
    """What is done on a site regularly: a look at what goes on, a capture for the record, or a full review."""

    LOOK = auto()
    CAPTURE = auto()
    FULL = auto()

    @property
    def label(self) -> str:
        return _KINDS[self][0]

    @property
    def clause(self) -> str:
        """The clause of the policy that asks for it."""
        return _KINDS[self][1]

    @property
    def verb(self) -> str:
        """What its duty tells somebody to do with a site."""
        return _KINDS[self][2]


_KINDS = {
    ReviewKind.LOOK: ("Look", "3.6-1", "Review"),
    ReviewKind.CAPTURE: ("Capture", "3.6-2", "Capture"),
    ReviewKind.FULL: ("Full review", "3.6-1", "Review in full"),
}
# Captures and full reviews are rarer: they are counted in months, and may be done this many days ahead.
ROUND_LEAD_DAYS = {ReviewKind.CAPTURE: 7, ReviewKind.FULL: 14}
MAX_MONTHS = 12


class Result(StrEnum):
    """What the look at a site found."""

    CLEAN = auto()
    FINDINGS = auto()


@dataclass(frozen=True, slots=True)
class MonthCount:
    """Reviews done in one month; ``month`` is its first day."""

    month: date
    on_time: int
    late: int

    @property
    def total(self) -> int:
        return self.on_time + self.late


def next_due(cadence: str, last: date, calendar: BusinessCalendar) -> date:
    """The business day on which the review after ``last`` is due.

    ``last`` is the day of the last review, or the day the site went live.
    """
    match cadence:
        case "daily":
            day = last + timedelta(days=1)
        case "weekly":
            day = last + timedelta(days=7)
        case "monthly":
            day = add_months(last, 1)
        case "quarterly":
            day = add_months(last, 3)
        case _:
            raise ValueError(f"no such cadence: {cadence}")
    return calendar.on_or_after(day)


def opens(cadence: str, due: date) -> date:
    """The first day on which the review due on ``due`` may be recorded."""
    return due - timedelta(days=LEAD_DAYS[cadence])


def next_round(months: int, last: date, calendar: BusinessCalendar) -> date:
    """The business day on which the capture or full review after ``last`` is due; ``months`` is 1 to 12."""
    return calendar.on_or_after(add_months(last, months))


def round_opens(kind: ReviewKind, due: date) -> date:
    """The first day on which the capture or full review due on ``due`` may be recorded."""
    return due - timedelta(days=ROUND_LEAD_DAYS[kind])


# No period is shorter, whatever the months and the weekends.
_LEAST_DAYS = {"daily": 1, "weekly": 7, "monthly": 28, "quarterly": 84}


def last_look_for(cadence: str, until: date) -> date:
    """The latest due date of the last look with which the next can be due by ``until``; some days generous."""
    return until + timedelta(days=LEAD_DAYS[cadence] - _LEAST_DAYS[cadence])


def last_round_for(kind: ReviewKind, months: int, until: date) -> date:
    """The same for captures and full reviews."""
    return until + timedelta(days=ROUND_LEAD_DAYS[kind] - 28 * months)


def every(months: int) -> str:
    """A rhythm in words."""
    return {1: "Monthly", 3: "Quarterly", 12: "Yearly"}.get(months, f"Every {months} months")


def check_rhythm(months: int | None) -> None:
    """Refuse a rhythm that is none; None is the town's, 0 leaves it out on this site."""
    if months is not None and not 0 <= months <= MAX_MONTHS:
        raise Invalid({"months": f"Choose from 0 to {MAX_MONTHS} months."})


def days_late(due: date, done: date) -> int:
    """Calendar days after the due date; 0 when in time."""
    return max(0, (done - due).days)


def check_record(result: Result, note: str) -> None:
    """Refuse findings that nobody wrote down, and a note that is an essay."""
    if result is Result.FINDINGS and not note.strip():
        raise Invalid({"note": "Say what you found, in a sentence."})
    if len(note) > NOTE_MAX:
        raise Invalid({"note": f"Keep the note below {NOTE_MAX:,} characters; this one has {len(note):,}."})


def by_month(reviews: Iterable[tuple[date, date]], today: date, months: int = 12) -> list[MonthCount]:
    """Reviews, as (due, done) days, counted by the month they were done in; the last ``months``, oldest first."""
    counts = {month: [0, 0] for month in last_months(today, months)}
    for due, done in reviews:
        if done.replace(day=1) in counts:
            counts[done.replace(day=1)][done > due] += 1
    return [MonthCount(month, on_time, late) for month, (on_time, late) in counts.items()]
