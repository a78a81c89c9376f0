import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charlton_intranet.core.calendar import BusinessCalendar, add_months, legal_holidays

TOWN = BusinessCalendar()


@pytest.mark.parametrize(
    ("arrives", "received", "tenth", "twentieth", "twenty_fifth"),
    [
        (date(2026, 11, 26), date(2026, 11, 27), date(2026, 12, 11), date(2026, 12, 28), date(2027, 1, 5)),
        (date(2026, 12, 21), date(2026, 12, 21), date(2027, 1, 6), date(2027, 1, 21), date(2027, 1, 28)),
        (date(2026, 4, 17), date(2026, 4, 17), date(2026, 5, 4), date(2026, 5, 18), date(2026, 5, 26)),
    ],
)
def test_the_worked_dates_of_a_records_request(
    arrives: date, received: date, tenth: date, twentieth: date, twenty_fifth: date
) -> None:
    """950 CMR 32.03: received when the office opens; day 1 is the business day after."""
    assert TOWN.on_or_after(arrives) == received
    assert [TOWN.add(arrives, n) for n in (0, 10, 20, 25)] == [received, tenth, twentieth, twenty_fifth]


def test_every_legal_holiday_of_sixteen_years(shared_data: Path) -> None:
    (path,) = (shared_data / "business_days").glob("ma_holidays_*.csv")
    with path.open(encoding="utf-8", newline="") as file:
        expected = {date.fromisoformat(row["date"]) for row in csv.DictReader(file)}
    years = {day.year for day in expected}
    computed = {day for year in years for day in legal_holidays(year)}
    assert len(years) == 16
    assert computed == expected


@pytest.mark.parametrize(
    ("day", "is_open"),
    [
        (date(2026, 11, 23), True),
        (date(2026, 11, 21), False),  # Saturday
        (date(2026, 11, 22), False),  # Sunday
        (date(2026, 11, 26), False),  # Thanksgiving
        (date(2026, 11, 27), True),  # the day after is a business day
        (date(2026, 4, 20), False),  # Patriots' Day
        (date(2027, 7, 5), False),  # July 4 is a Sunday: Monday
        (date(2026, 7, 3), True),  # July 4 is a Saturday: does not move
        (date(2026, 6, 19), False),
    ],
)
def test_which_days_the_offices_are_open(day: date, is_open: object) -> None:
    assert TOWN.is_business_day(day) is is_open


def test_a_local_closure_is_no_business_day() -> None:
    snow = BusinessCalendar([date(2026, 11, 24)])
    assert snow.add(date(2026, 11, 23), 1) == date(2026, 11, 25)


def test_counting_backward_is_a_bug() -> None:
    with pytest.raises(ValueError, match="forward"):
        TOWN.add(date(2026, 11, 23), -1)


@given(st.dates(date(2020, 1, 1), date(2040, 12, 31)), st.integers(0, 60))
def test_adding_business_days_lands_open_and_adds_up(day: date, number: int) -> None:
    landed = TOWN.add(day, number)
    assert TOWN.is_business_day(landed)
    assert TOWN.add(TOWN.add(day, number // 2), number - number // 2) == landed
    opened = TOWN.on_or_after(day)
    between = (opened + timedelta(days=n) for n in range(1, (landed - opened).days + 1))
    assert sum(map(TOWN.is_business_day, between)) == number


@pytest.mark.parametrize(
    ("day", "months", "result"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 12, 15), 12, date(2027, 12, 15)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 1, 1), -1, date(2025, 12, 1)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
    ],
)
def test_months_later_or_earlier(day: date, months: int, result: date) -> None:
    assert add_months(day, months) == result
