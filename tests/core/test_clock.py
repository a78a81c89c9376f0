from datetime import UTC, date, datetime, timedelta, timezone

import pytest
import time_machine

from charlton_intranet.core.clock import FixedClock, SystemClock, as_utc, today, town_midnight, town_time


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]


def test_the_system_clock_tells_utc() -> None:
    with time_machine.travel(at(2026, 11, 23, 15), tick=False):
        assert SystemClock().now() == at(2026, 11, 23, 15)
        assert SystemClock().now().utcoffset() == timedelta(0)


def test_a_naive_moment_is_a_bug() -> None:
    naive = datetime(2026, 11, 23, 15)  # noqa: DTZ001 - the point
    with pytest.raises(ValueError, match="say which zone"):
        as_utc(naive)
    with pytest.raises(ValueError, match="say which zone"):
        FixedClock(naive)


def test_a_fixed_clock_stands_until_it_is_moved() -> None:
    clock = FixedClock(datetime(2026, 11, 23, 10, tzinfo=timezone(timedelta(hours=-5))))
    assert clock.now() == clock.now() == at(2026, 11, 23, 15)
    clock.advance(days=1, hours=2)
    assert clock.now() == at(2026, 11, 24, 17)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (at(2026, 11, 24, 4, 59), date(2026, 11, 23)),  # 23:59 in winter
        (at(2026, 11, 24, 5, 0), date(2026, 11, 24)),
        (at(2026, 7, 2, 3, 59), date(2026, 7, 1)),  # 23:59 in summer
        (at(2026, 7, 2, 4, 0), date(2026, 7, 2)),
    ],
)
def test_today_is_the_date_in_the_town(moment: datetime, day: date) -> None:
    assert today(FixedClock(moment)) == day


@pytest.mark.parametrize(
    ("day", "midnight", "length"),
    [
        (date(2026, 11, 23), at(2026, 11, 23, 5), 24),
        (date(2026, 3, 8), at(2026, 3, 8, 5), 23),  # clocks go forward
        (date(2026, 11, 1), at(2026, 11, 1, 4), 25),  # clocks go back
    ],
)
def test_a_day_in_the_town_begins_at_its_midnight(day: date, midnight: datetime, length: int) -> None:
    assert town_midnight(day) == midnight
    assert town_midnight(day + timedelta(days=1)) - town_midnight(day) == timedelta(hours=length)
    assert today(FixedClock(town_midnight(day))) == day
    assert today(FixedClock(town_midnight(day) - timedelta(seconds=1))) == day - timedelta(days=1)


def test_the_hour_that_happens_twice_is_told_apart() -> None:
    first, second = town_time(at(2026, 11, 1, 5, 30)), town_time(at(2026, 11, 1, 6, 30))
    assert (first.hour, first.tzname()) == (1, "EDT")
    assert (second.hour, second.tzname()) == (1, "EST")
