import json
from datetime import date, timedelta

import pytest

from charlton_intranet.accounts import service as accounts
from charlton_intranet.accounts.models import RoleAssignment
from charlton_intranet.core import audit
from charlton_intranet.core.audit import AuditEvent
from charlton_intranet.core.clock import today
from charlton_intranet.core.database import unit_of_work
from charlton_intranet.core.errors import Forbidden, Invalid, NotFound, StaleState
from charlton_intranet.core.permissions import Role
from charlton_intranet.reviews import queries, service
from charlton_intranet.reviews.models import Review
from charlton_intranet.reviews.rules import Result
from charlton_intranet.sites.rules import Cadence, SiteState
from tests.conftest import Town
from tests.reviews.factories import make_site

MONDAY = date(2026, 11, 23)


def record(town: Town, site_id: int, box: str = "coordinator.library", due: date = MONDAY, **more: object) -> int:
    given = {"result": Result.CLEAN, **more}
    return service.record(town.actor(box), site_id, due, clock=town.clock, **given).review_id  # type: ignore[arg-type]


def without_coordinator(town: Town) -> None:
    """The Library's coordinator steps down yesterday."""
    with unit_of_work():
        person = town.person_id("coordinator.library")
        held = RoleAssignment.get((RoleAssignment.person == person) & (RoleAssignment.role == Role.COORDINATOR))
        accounts.end_assignment(town.actor("administrator"), held, held.version, clock=town.clock)


def test_a_review_moves_the_next_one_on_and_is_in_the_trail(town: Town) -> None:
    site_id = make_site(town)
    made = service.record(
        town.actor("coordinator.library"), site_id, MONDAY, result=Result.FINDINGS, note=" Spam ", clock=town.clock
    )
    kept = Review.get_by_id(made.review_id)
    assert (kept.due_on, kept.done_at, kept.done_by_id, kept.result, kept.note) == (
        MONDAY, town.clock.now(), town.person_id("coordinator.library"), Result.FINDINGS, "Spam",
    )  # fmt: skip
    assert made.next_due == date(2026, 11, 30)
    event = AuditEvent.select().order_by(AuditEvent.number.desc()).first()
    assert (event.tag, event.subject) == ("site.reviewed", f"site:{site_id}")
    assert json.loads(event.detail)["details"] == {
        "due": "2026-11-23", "result": "findings", "note": audit.digest_of("Spam"),
    }  # fmt: skip


def test_the_same_press_twice_leaves_one_review(town: Town) -> None:
    site_id = make_site(town)
    events = audit.head()[0]
    assert record(town, site_id) == record(town, site_id)
    assert Review.select().where(Review.site == site_id).count() == 1
    assert audit.head()[0] == events + 1


def test_a_colleague_was_quicker(town: Town) -> None:
    site_id = make_site(town)
    acting = town.actor("administrator")
    accounts.give_role(
        acting, town.person_id("user.library"), Role.COORDINATOR, department_id=town.department_id("Library"),
        starts=town.today, ends=town.today, acting=True, reason="Leave", clock=town.clock,
    )  # fmt: skip
    record(town, site_id, "user.library")
    with pytest.raises(StaleState):
        record(town, site_id)
    with pytest.raises(StaleState):
        record(town, site_id, "user.library", note="second thoughts")
    assert Review.select().where(Review.site == site_id).count() == 1


def test_a_due_date_that_is_not_the_open_one_is_stale(town: Town) -> None:
    site_id = make_site(town)
    for wrong in (MONDAY - timedelta(days=7), MONDAY + timedelta(days=7)):
        with pytest.raises(StaleState):
            record(town, site_id, due=wrong)


def test_a_review_may_be_early_but_not_weeks_ahead(town: Town) -> None:
    site_id = make_site(town, active_since=date(2026, 11, 19))  # due on Friday the 27th, as Thursday is a holiday
    with pytest.raises(Invalid, match="November 24"):
        record(town, site_id, due=date(2026, 11, 27))
    town.clock.advance(days=1)
    record(town, site_id, due=date(2026, 11, 27))
    with pytest.raises(Invalid, match="can be recorded from"):
        record(town, site_id, due=queries.standing(site_id).due)


def test_a_late_review_counts_from_the_day_it_was_done(town: Town) -> None:
    site_id = make_site(town, cadence=Cadence.DAILY, active_since=date(2026, 11, 12))
    assert queries.standing(site_id).due == date(2026, 11, 13)
    assert record(town, site_id, due=date(2026, 11, 13))
    assert queries.standing(site_id).due == date(2026, 11, 24)
    assert [done.days_late for done in queries.history(site_id, today(town.clock)).rows] == [10]


def test_a_review_late_in_the_evening_counts_for_that_day_in_the_town(town: Town) -> None:
    site_id = make_site(town, cadence=Cadence.DAILY, active_since=date(2026, 11, 20))
    town.clock.advance(hours=13.5)  # 23:30 in the town, the 24th in UTC
    record(town, site_id)
    assert queries.standing(site_id).due == date(2026, 11, 24)
    assert queries.history(site_id, today(town.clock)).rows[0].days_late == 0


@pytest.mark.parametrize(
    ("box", "refusal"),
    [
        ("head.library", Forbidden),
        ("administrator", Forbidden),
        ("records", Forbidden),
        ("auditor", Forbidden),
        ("coordinator.police", NotFound),
        ("head.police", NotFound),
        ("user.library", NotFound),
        ("employee", NotFound),
        ("it", NotFound),
    ],
)
def test_only_the_departments_coordinator_records(town: Town, box: str, refusal: type[Exception]) -> None:
    site_id = make_site(town)
    with pytest.raises(refusal):
        record(town, site_id, box)
    assert not Review.select().where(Review.site == site_id).exists()


def test_the_head_records_while_there_is_no_coordinator(town: Town) -> None:
    site_id = make_site(town)
    without_coordinator(town)
    with pytest.raises(NotFound):
        record(town, site_id, "head.police")
    assert record(town, site_id, "head.library")


@pytest.mark.parametrize("state", [SiteState.REQUESTED, SiteState.APPROVED, SiteState.DEACTIVATED])
def test_a_site_that_is_not_live_has_no_review(town: Town, state: SiteState) -> None:
    site_id = make_site(town, state=state)
    with pytest.raises(NotFound):
        record(town, site_id)


def test_nothing_is_written_when_findings_lack_words(town: Town) -> None:
    site_id = make_site(town)
    events = audit.head()
    with pytest.raises(Invalid):
        record(town, site_id, result=Result.FINDINGS)
    assert audit.head() == events
