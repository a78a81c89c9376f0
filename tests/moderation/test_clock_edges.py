"""The clocks of advice, of a hide at once and of a reconsideration at the edges of the calendar and of the zone."""

from datetime import date, datetime

import pytest

from charlton_intranet.accounts import service as accounts
from charlton_intranet.accounts.models import Closure
from charlton_intranet.moderation.models import Consultation
from tests.conftest import Town
from tests.moderation import emergency_factories, factories, reconsideration_factories


@pytest.mark.parametrize(
    ("moment", "advise_by", "decide_by"),
    [
        ("2026-11-23T10:00-05:00", "2026-11-24", "2026-11-25"),  # a Monday like any other
        ("2026-11-25T16:00-05:00", "2026-11-27", "2026-11-30"),  # the eve of Thanksgiving
        ("2026-11-27T23:30-05:00", "2026-11-30", "2026-12-01"),  # Friday here, Saturday in UTC
        ("2026-11-28T12:00-05:00", "2026-12-01", "2026-12-02"),  # a Saturday counts as the Monday after
        ("2026-10-31T23:59-04:00", "2026-11-03", "2026-11-04"),  # the night when the clocks go back
        ("2026-11-01T01:30-04:00", "2026-11-03", "2026-11-04"),  # half past one, the first time
        ("2026-11-01T01:30-05:00", "2026-11-03", "2026-11-04"),  # and the second time
        ("2026-11-11T10:00-05:00", "2026-11-13", "2026-11-16"),  # Veterans Day itself
        ("2026-12-24T15:00-05:00", "2026-12-28", "2026-12-29"),  # Christmas on a Friday
        ("2026-12-31T20:00-05:00", "2027-01-04", "2027-01-05"),  # the old year here, the new one in UTC
        ("2027-03-12T19:30-05:00", "2027-03-15", "2027-03-16"),  # a Friday before the clocks go forward
        ("2027-03-14T03:30-04:00", "2027-03-16", "2027-03-17"),  # the hour after the missing one
        ("2027-07-02T09:00-04:00", "2027-07-06", "2027-07-07"),  # July 4 on a Sunday moves to Monday
    ],
)
def test_advice_and_decision_are_due_on_business_days_of_the_town(
    town: Town, moment: str, advise_by: str, decide_by: str
) -> None:
    town.clock.at = datetime.fromisoformat(moment)
    case = emergency_factories.hide(town)
    assert Consultation.get(Consultation.case == case.id).due_on == date.fromisoformat(advise_by)
    assert emergency_factories.of(case).decide_by == date.fromisoformat(decide_by)


def test_a_day_on_which_town_hall_is_closed_is_none_of_them(town: Town) -> None:
    accounts.add_closure(town.actor("it"), date(2026, 11, 24), "Snow", clock=town.clock)
    assert Closure.select().count() == 1
    case = emergency_factories.hide(town)
    assert Consultation.get(Consultation.case == case.id).due_on == date(2026, 11, 25)
    assert emergency_factories.of(case).decide_by == date(2026, 11, 27)


@pytest.mark.parametrize(
    ("moment", "answer_by"),
    [
        ("2026-10-30T23:45-04:00", "2026-11-16"),  # Friday here; over the end of summer time and Veterans Day
        ("2026-11-23T10:00-05:00", "2026-12-08"),  # over Thanksgiving
        ("2026-12-24T15:00-05:00", "2027-01-11"),  # over Christmas and New Year
        ("2027-03-05T19:30-05:00", "2027-03-19"),  # over the beginning of summer time; Saturday in UTC
    ],
)
def test_a_reconsideration_is_answered_within_ten_business_days(town: Town, moment: str, answer_by: str) -> None:
    town.clock.at = datetime.fromisoformat(moment)
    case = factories.closed(town)
    asked = reconsideration_factories.request(town, case)
    assert asked.asked_on.isoformat() == moment[:10]
    assert asked.answer_by == date.fromisoformat(answer_by)
