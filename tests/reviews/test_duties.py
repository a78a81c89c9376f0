from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from charlton_intranet.core.clock import TOWN_ZONE
from charlton_intranet.core.duties import Duty, Owner, Scope, rung
from charlton_intranet.core.permissions import Role
from charlton_intranet.reviews import queries
from charlton_intranet.reviews.duties import REVIEW_SITE, owed
from charlton_intranet.reviews.models import Review, Round
from charlton_intranet.reviews.rules import LEAD_DAYS, ROUND_LEAD_DAYS, Result, ReviewKind
from charlton_intranet.sites.rules import Cadence, SiteState
from tests.conftest import Town
from tests.reviews.factories import make_site
from tests.reviews.test_service import record, without_coordinator


def duties(town: Town, box: str | None = None) -> list[Duty]:
    return list(owed(Scope(today=town.today, actor=town.actor(box) if box else None)))


def test_each_live_site_owes_its_coordinator_a_review(town: Town) -> None:
    site_id = make_site(town, title="Charlton Library")
    make_site(town, state=SiteState.REQUESTED)
    (duty,) = duties(town)
    assert duty.owner == Owner(role=Role.COORDINATOR, department_id=town.department_id("Library"))
    assert (duty.kind, duty.due, duty.clause) == (REVIEW_SITE, date(2026, 11, 23), "3.6-1")
    assert (duty.subject, duty.url) == (f"site:{site_id}", f"/reviews?site={site_id}")
    assert duty.title == "Review Charlton Library (Facebook)"


def test_recording_ends_the_duty_and_opens_the_next(town: Town) -> None:
    site_id = make_site(town)
    record(town, site_id)
    assert [duty.due for duty in duties(town)] == [date(2026, 11, 30)]


def test_without_a_coordinator_the_head_owes_it(town: Town) -> None:
    make_site(town)
    without_coordinator(town)
    assert [d.owner.role for d in duties(town)] == [Role.DEPARTMENT_HEAD]


@pytest.mark.parametrize(
    ("box", "found"),
    [("coordinator.library", 1), ("head.library", 1), ("coordinator.police", 0), ("employee", 0), ("administrator", 0)],
)
def test_the_scope_narrows_to_the_actors_departments(town: Town, box: str, found: int) -> None:
    make_site(town)
    assert len(duties(town, box)) == found


def test_a_reminder_goes_on_the_day_and_then_daily() -> None:
    due = date(2026, 11, 23)
    reached = [rung(REVIEW_SITE.shipped, due, due + timedelta(days=late)) for late in (-7, -1, 0, 1, 2)]
    assert reached == [None, None, 0, 1, 2]


def test_a_capture_and_a_full_review_are_owed_from_the_day_they_may_be_recorded(town: Town) -> None:
    site_id = make_site(town, active_since=date(2026, 8, 30))  # a full review is due on November 30
    found = {duty.kind.name: duty for duty in duties(town)}
    assert found.keys() == {"review_site", "capture_site", "review_site_fully"}
    full, capture = found["review_site_fully"], found["capture_site"]
    assert (full.due, full.clause, full.url) == (date(2026, 11, 30), "3.6-1", f"/reviews/sites/{site_id}/full")
    assert (capture.due, capture.clause) == (date(2026, 9, 30), "3.6-2")
    town.clock.at -= timedelta(days=8)
    assert "review_site_fully" not in {duty.kind.name for duty in duties(town)}


@pytest.mark.parametrize("cadence", list(Cadence))
@pytest.mark.parametrize("start", [date(2026, 1, 31), date(2026, 2, 28), date(2026, 11, 20)])
def test_what_is_left_out_in_the_database_is_never_due(town: Town, cadence: Cadence, start: date) -> None:
    """Whatever day is asked for, the narrowed reading finds what the whole one finds."""
    site_id = make_site(town, cadence=cadence, active_since=start)
    for kind in ReviewKind:
        town.clock.at = datetime.combine(start, time(9), TOWN_ZONE)
        for _ in range(3):
            due = queries.standing(site_id, kind).due
            lead = LEAD_DAYS[cadence] if kind is ReviewKind.LOOK else ROUND_LEAD_DAYS[kind]
            _keep(town, site_id, kind, due, done=due - timedelta(days=lead))
        whole = queries.standings(None, kind)
        for days in range(-3, 4):
            until = whole[0].due + timedelta(days=days)
            assert queries.standings(None, kind, until=until) == [one for one in whole if one.due <= until]


def _keep(town: Town, site_id: int, kind: ReviewKind, due: date, *, done: date) -> None:
    """What was recorded as early as it may be."""
    table: Any = Review if kind is ReviewKind.LOOK else Round
    more = {} if kind is ReviewKind.LOOK else {"kind": kind, "edition": 1}
    table.insert(
        site=site_id, due_on=due, done_at=datetime.combine(done, time(9), TOWN_ZONE), result=Result.CLEAN,
        done_by=town.person_id("coordinator.library"), **more,
    ).execute()  # fmt: skip
