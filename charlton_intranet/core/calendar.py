"""Business days of a Massachusetts town.

Legal holidays follow M.G.L. c. 4 § 7 cl. 18 as the ``holidays`` package computes them: a holiday on a Sunday
moves to Monday, one on a Saturday does not move. The town adds its own closures (snow, half days it counts as
closed) as data.
"""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache

import holidays

SATURDAY = 5


@lru_cache(maxsize=64)
def legal_holidays(year: int) -> dict[date, str]:
    """Legal holidays observed in ``year``, with their names."""
    return dict(holidays.country_holidays("US", subdiv="MA", years=year).items())


class BusinessCalendar:
    """Answers which days the town's offices are open."""

    def __init__(self, closures: Iterable[date] = ()) -> None:
        self.closures = frozenset(closures)

    def is_business_day(self, day: date) -> bool:
        return day.weekday() < SATURDAY and day not in legal_holidays(day.year) and day not in self.closures

    def on_or_after(self, day: date) -> date:
        """``day`` itself when the office is open, otherwise the next open day."""
        while not self.is_business_day(day):
            day += timedelta(days=1)
        return day

    def add(self, day: date, business_days: int) -> date:
        """The business day ``business_days`` after ``day``; day 1 is the first business day after it.

        A non-business ``day`` first moves to the next open day (950 CMR 32.03: received when the office opens).
        """
        if business_days < 0:
            raise ValueError("count business days forward")
        day = self.on_or_after(day)
        for _ in range(business_days):
            day = self.on_or_after(day + timedelta(days=1))
        return day


def add_months(day: date, months: int) -> date:
    """The same day ``months`` later, or that month's last day (Jan 31 + 1 month is Feb 28 or 29)."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def last_months(day: date, count: int = 12) -> list[date]:
    """The ``count`` months that end with the one of ``day``, each as its first day, oldest first."""
    return [add_months(day.replace(day=1), -back) for back in reversed(range(count))]
