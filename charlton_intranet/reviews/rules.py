"""When a site's next review is due, from when it may be recorded, and what a record must say (policy 3.6-1). Pure.

A cadence is one of the words of ``sites.rules.Cadence``.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum, auto

from charlton_intranet.core.calendar import BusinessCalendar, add_months
from charlton_intranet.core.errors import Invalid

NOTE_MAX = 2000

# How many days before it is due a review may be recorded. Short, so that nobody reviews for weeks to come.
LEAD_DAYS = {"daily": 0, "weekly": 3, "monthly": 7, "quarterly": 14}

# What a review looks at: about three minutes on a quiet site.
CHECKLIST = (
    "Our posts: is each one ours, written by somebody with the right to post?",
    "Comments and messages: threats, scams, anything of the categories A to K?",
    "Followers and look-alikes: does somebody pose as the town or the department?",
    "Links and the profile: do they still lead where they should?",
)


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
    counts = {add_months(today.replace(day=1), -back): [0, 0] for back in reversed(range(months))}
    for due, done in reviews:
        if done.replace(day=1) in counts:
            counts[done.replace(day=1)][done > due] += 1
    return [MonthCount(month, on_time, late) for month, (on_time, late) in counts.items()]
