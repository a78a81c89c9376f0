from datetime import date

import pytest

from charlton_intranet.core.calendar import BusinessCalendar
from charlton_intranet.core.errors import Invalid
from charlton_intranet.reviews.rules import (
    LEAD_DAYS,
    NOTE_MAX,
    MonthCount,
    Result,
    by_month,
    check_record,
    days_late,
    next_due,
    opens,
)
from charlton_intranet.sites.rules import Cadence


@pytest.mark.parametrize(
    ("cadence", "last", "due"),
    [
        (Cadence.DAILY, date(2026, 11, 23), date(2026, 11, 24)),
        (Cadence.DAILY, date(2026, 11, 20), date(2026, 11, 23)),  # Friday: over the weekend
        (Cadence.DAILY, date(2026, 11, 21), date(2026, 11, 23)),  # done on a Saturday
        (Cadence.DAILY, date(2026, 11, 25), date(2026, 11, 27)),  # over Thanksgiving
        (Cadence.WEEKLY, date(2026, 11, 16), date(2026, 11, 23)),
        (Cadence.WEEKLY, date(2026, 11, 19), date(2026, 11, 27)),  # Thanksgiving moves to Friday
        (Cadence.MONTHLY, date(2027, 1, 31), date(2027, 3, 1)),  # Feb 28 is a Sunday
        (Cadence.MONTHLY, date(2026, 11, 25), date(2026, 12, 28)),  # Christmas, then a weekend
        (Cadence.QUARTERLY, date(2026, 8, 31), date(2026, 11, 30)),
    ],
)
def test_the_next_review_is_due_on_a_business_day(cadence: Cadence, last: date, due: date) -> None:
    assert next_due(cadence, last, BusinessCalendar()) == due


def test_a_local_closure_moves_the_due_date() -> None:
    snow = BusinessCalendar([date(2026, 11, 24)])
    assert next_due(Cadence.DAILY, date(2026, 11, 23), snow) == date(2026, 11, 25)


def test_every_cadence_has_its_rhythm_and_its_lead() -> None:
    assert LEAD_DAYS.keys() == {cadence.value for cadence in Cadence}
    for cadence in Cadence:
        last = date(2026, 3, 3)
        due = next_due(cadence, last, BusinessCalendar())
        assert last < opens(cadence, due) <= due, "a review can not be recorded twice on one day"


def test_an_unknown_cadence_is_a_bug() -> None:
    with pytest.raises(ValueError, match="hourly"):
        next_due("hourly", date(2026, 3, 3), BusinessCalendar())


@pytest.mark.parametrize(("done", "late"), [(date(2026, 11, 20), 0), (date(2026, 11, 23), 0), (date(2026, 11, 25), 2)])
def test_days_late(done: date, late: int) -> None:
    assert days_late(date(2026, 11, 23), done) == late


def test_findings_need_words_and_a_note_has_its_limit() -> None:
    check_record(Result.CLEAN, "")
    check_record(Result.FINDINGS, "Somebody poses as the library.")
    with pytest.raises(Invalid) as refused:
        check_record(Result.FINDINGS, "  ")
    assert refused.value.problems == {"note": "Say what you found, in a sentence."}
    check_record(Result.CLEAN, "x" * NOTE_MAX)
    with pytest.raises(Invalid, match="2,001"):
        check_record(Result.CLEAN, "x" * (NOTE_MAX + 1))


def test_a_year_is_counted_by_the_month_of_doing() -> None:
    counted = by_month(
        [
            (date(2026, 11, 2), date(2026, 11, 2)),
            (date(2026, 10, 30), date(2026, 11, 3)),
            (date(2025, 12, 1), date(2025, 12, 1)),
            (date(2025, 11, 30), date(2025, 11, 30)),  # more than twelve months ago
        ],
        date(2026, 11, 23),
    )
    assert len(counted) == 12
    assert counted[0] == MonthCount(date(2025, 12, 1), 1, 0)
    assert counted[-1] == MonthCount(date(2026, 11, 1), 1, 1)
    assert sum(month.on_time + month.late for month in counted) == 3
