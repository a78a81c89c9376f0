from datetime import date, datetime

import pytest

from charlton_intranet.core.audit import declared
from charlton_intranet.core.calendar import BusinessCalendar
from charlton_intranet.core.clock import TOWN_ZONE
from charlton_intranet.incidents import duties as incidents
from charlton_intranet.moderation import duties as moderation
from charlton_intranet.oversight.rules.clauses import CLAUSES, MET_BY, Segment, bar, clause_order
from charlton_intranet.oversight.rules.digests import Listener, digest_subject, digests_may_go, listeners
from charlton_intranet.oversight.rules.trail import in_words
from charlton_intranet.policy import duties as policy
from charlton_intranet.reviews import duties as reviews
from charlton_intranet.sites import duties as sites

FEATURES = (policy, sites, moderation, reviews, incidents)
SNOW = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("local", "may"),
    [
        (datetime(2026, 11, 23, 7, 59, tzinfo=TOWN_ZONE), False),
        (datetime(2026, 11, 23, 8, 0, tzinfo=TOWN_ZONE), True),
        (datetime(2026, 11, 23, 23, 59, tzinfo=TOWN_ZONE), True),
        (datetime(2026, 11, 24, 9, 0, tzinfo=TOWN_ZONE), False),  # snow day
        (datetime(2026, 11, 26, 9, 0, tzinfo=TOWN_ZONE), False),  # Thanksgiving
        (datetime(2026, 11, 28, 9, 0, tzinfo=TOWN_ZONE), False),  # Saturday
    ],
)
def test_digests_go_from_eight_on_business_days(local: datetime, *, may: bool) -> None:
    assert digests_may_go(local, BusinessCalendar([SNOW])) is may


@pytest.mark.parametrize(
    ("late", "heard"),
    [
        (-7, set()),
        (0, set()),
        (2, set()),
        (3, {Listener.HEAD}),
        (5, {Listener.HEAD}),
        (6, {Listener.HEAD, Listener.ADMINISTRATOR}),
        (60, {Listener.HEAD, Listener.ADMINISTRATOR}),
    ],
)
def test_the_head_hears_first_and_the_administrator_at_twice_the_time(late: int, heard: set[Listener]) -> None:
    assert listeners(late, 3, 6) == heard


@pytest.mark.parametrize(
    ("own", "overdue", "today", "others", "subject"),
    [
        (1, 0, 0, 0, "1 thing for the town's social media"),
        (2, 0, 1, 0, "2 things for the town's social media: 1 due today"),
        (3, 1, 0, 0, "3 things for the town's social media: 1 overdue"),
        (3, 2, 1, 0, "3 things for the town's social media: 2 overdue, 1 due today"),
        (3, 2, 1, 9, "3 things for the town's social media: 2 overdue, 1 due today, 9 late with others"),
        (1, 0, 0, 1, "1 thing for the town's social media: 1 late with others"),
        (0, 0, 0, 2, "The town's social media: 2 late with others"),
    ],
)
def test_the_subject_counts_what_presses(own: int, overdue: int, today: int, others: int, subject: str) -> None:
    assert digest_subject(own, overdue=overdue, today=today, others=others) == subject


def test_bars_share_one_scale_and_never_leave_it() -> None:
    assert bar((1, 1, 2), 4) == [Segment(0, 25), Segment(25, 25), Segment(50, 50)]
    assert bar((0, 0, 0), 0) == [Segment(0, 0)] * 3
    thirds = bar((1, 1, 1), 3)
    assert thirds[-1].start + thirds[-1].length <= 100


def test_clauses_stand_in_the_order_of_the_policy() -> None:
    shuffled = ["9.9", "3.8", "3.6-1", "2.3", "3.3-4"]
    assert sorted(shuffled, key=clause_order) == ["2.3", "3.3-4", "3.6-1", "3.8", "9.9"]


def test_names_from_the_code_read_as_words() -> None:
    assert in_words("case.carried_out") == "Case carried out"
    assert in_words("before") == "Before"


def test_every_duty_of_every_feature_stands_under_a_clause_of_the_board() -> None:
    kinds = [kind for feature in FEATURES for kind in feature.KINDS]
    assert len(kinds) > len(FEATURES)
    assert {kind.clause for kind in kinds} <= CLAUSES.keys()
    assert len({kind.name for kind in kinds}) == len(kinds)


def test_what_counts_as_met_is_recorded_by_some_feature_under_a_clause_of_the_policy() -> None:
    assert MET_BY.keys() <= declared().keys()
    assert set(MET_BY.values()) <= CLAUSES.keys()
