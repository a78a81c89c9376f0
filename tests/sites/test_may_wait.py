"""The sweep looks only at sites on which something may be due, and misses none."""

from datetime import date, timedelta

import pytest

from charlton_intranet.core.clock import town_midnight
from charlton_intranet.core.database import rows
from charlton_intranet.sites.models import ChecklistRun, Site
from charlton_intranet.sites.queries import approvals, checklists
from charlton_intranet.sites.rules import SiteState, may_renew, renew_by
from charlton_intranet.sites.rules.checklists import DUE_DAYS, ChecklistKind, edition_in_force
from tests.conftest import Town
from tests.sites import factories

# The ends of months, a leap day and a day before it: counted in months they fall on other days.
BEGUN = (date(2026, 1, 31), date(2026, 2, 28), date(2026, 8, 31), date(2024, 2, 29), date(2027, 12, 30))


@pytest.mark.parametrize("begun", BEGUN, ids=str)
def test_no_year_that_ends_is_missed_and_most_days_nothing_is_read(town: Town, begun: date) -> None:
    site = factories.site(town, state=SiteState.ACTIVE, checked=False)
    Site.update(decided_on=begun).where(Site.id == site.id).execute()
    read = 0
    for days in range(420):
        day = begun + timedelta(days=days)
        found = bool(rows(Site.select(Site.id).where(approvals.may_wait(day) & (Site.id == site.id))))
        assert found or not may_renew(renew_by(begun, 12), day), day
        read += found
    assert read <= 420 - 329


@pytest.mark.parametrize("answered", BEGUN, ids=str)
def test_no_check_that_runs_out_is_missed_and_most_days_nothing_is_read(town: Town, answered: date) -> None:
    site = factories.site(town, state=SiteState.ACTIVE, checked=False)
    for kind in ChecklistKind:
        ChecklistRun.insert(
            site=site.id, kind=kind, number=1, edition=edition_in_force(kind), complete=True,
            answered_by=town.person_id("it"), answered_at=town_midnight(answered) + timedelta(hours=9),
        ).execute()  # fmt: skip
    read = 0
    for days in range(110):
        day = answered + timedelta(days=days)
        found = bool(rows(Site.select(Site.id).where(checklists.may_wait(day) & (Site.id == site.id))))
        dues = [one.renew_by for one in checklists.standing_of([site.id], day)[site.id].values()]
        assert found or all(due and due > day + timedelta(days=DUE_DAYS) for due in dues), day
        read += found
    assert read <= 110 - 70
