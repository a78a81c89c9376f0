"""The only module that asks the system for the time.

A clock is passed to everything that needs one, so that a test, the demo and the simulated month can stand at
any moment. Moments are stored in UTC; due dates are dates in the town.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

TOWN_ZONE = ZoneInfo("America/New_York")


class Clock(Protocol):
    """Tells the present moment as an aware datetime in UTC."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass
class FixedClock:
    """A clock that stands still until it is moved."""

    at: datetime

    def __post_init__(self) -> None:
        self.at = as_utc(self.at)

    def now(self) -> datetime:
        return self.at

    def advance(self, **delta: float) -> None:
        """Move on by ``timedelta(**delta)`` of elapsed time."""
        self.at += timedelta(**delta)


def as_utc(moment: datetime) -> datetime:
    """The same moment in UTC; a naive datetime is a bug and raises ``ValueError``."""
    if moment.tzinfo is None:
        raise ValueError(f"naive datetime {moment.isoformat()}: say which zone")
    return moment.astimezone(UTC)


def town_time(moment: datetime) -> datetime:
    """The moment on the clock at Town Hall."""
    return as_utc(moment).astimezone(TOWN_ZONE)


def today(clock: Clock) -> date:
    """The date in the town: due dates are counted in these."""
    return town_time(clock.now()).date()


def town_midnight(day: date) -> datetime:
    """The first moment of ``day`` in the town, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=TOWN_ZONE).astimezone(UTC)
