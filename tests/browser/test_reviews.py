"""Reviews in a real browser: several sites on a phone in the morning, and a full review that finds something."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from charlton_intranet.core.clock import today
from charlton_intranet.core.database import rows
from charlton_intranet.incidents.models import Incident
from charlton_intranet.reviews.models import Review, Round
from charlton_intranet.reviews.rules import Result, ReviewKind, lines_of
from charlton_intranet.sites.models import Site
from charlton_intranet.sites.rules import Cadence
from tests.browser.conftest import Live, Visitor, has_sideways_scroll
from tests.browser.test_moderation import check

pytestmark = pytest.mark.browser


@pytest.fixture
def three(live: Live) -> list[int]:
    """Three more pages of the library, in use for long and never looked at."""
    found: Any = Site.select().where(Site.title == "Charlton Public Library").dicts().get()
    since = today(live.parts.clock) - timedelta(days=150)
    made = []
    for name in ("Morning", "Noon", "Evening"):
        changes = {
            "title": f"{name} Page", "handle": name, "address": f"https://www.facebook.com/{name}",
            "address_key": f"facebook/{name.lower()}", "active_since": since, "cadence": Cadence.WEEKLY,
        }  # fmt: skip
        made.append(int(Site.insert({key: value for key, value in found.items() if key != "id"} | changes).execute()))
    return made


@pytest.mark.parametrize("javascript", [True, False])
def test_several_sites_on_a_phone(visit: Visitor, three: list[int], axe: Any, *, javascript: bool) -> None:
    morning, noon, evening = three
    page = visit("coordinator.library", "/reviews/together", width=390, javascript=javascript)
    assert not has_sideways_scroll(page)
    if javascript:
        assert axe(page) == []
    page.get_by_text("Nothing to act on at Morning Page").click()
    line = page.locator("li").filter(has=page.locator(f"[name='note_{noon}']"))
    line.get_by_text("Something to act on").click()
    page.get_by_label("What did you find at Noon Page?").fill("Spam under the newest post")
    page.get_by_role("button", name="Record these looks").click()
    said = page.locator("#flash")
    expect(said).to_contain_text("2 sites recorded. Still to look at:")
    expect(said).to_contain_text("Evening Page")
    expect(page.get_by_role("link", name="Open a case from this review of Noon Page")).to_be_visible()
    assert not has_sideways_scroll(page)
    results = dict(rows(Review.select(Review.site, Review.result).where(Review.site.in_(three))))
    assert results == {morning: Result.CLEAN, noon: Result.FINDINGS}
    expect(page.locator(f"[name='clean_{evening}']")).to_have_count(1)


def test_a_full_review_keeps_what_was_typed_and_reports_what_it_found(visit: Visitor, three: list[int]) -> None:
    site_id = three[0]
    page = visit("coordinator.library", f"/reviews/sites/{site_id}/full", width=390)
    lines = list(lines_of(ReviewKind.FULL))
    for key in lines[:-1]:
        page.locator(f"label[for='{key}_answer-{1 if key == 'lookalikes' else 0}']").click()
    expect(page.locator("details[open]")).to_have_count(1)  # what was found is asked for at once
    page.locator("#lookalikes_note").fill("“Charlton Grants” shows our seal")
    page.get_by_role("button", name="Record the full review").click()
    expect(page.locator("#error-summary")).to_contain_text("Answer this line.")
    expect(page.locator("#lookalikes_note")).to_have_value("“Charlton Grants” shows our seal")
    assert not has_sideways_scroll(page)
    page.locator(f"label[for='{lines[-1]}_answer-0']").click()
    page.get_by_role("button", name="Record the full review").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Full review of Morning Page")
    made = Round.get(Round.site == site_id)
    incident = Incident.select().order_by(Incident.id.desc()).get()
    assert (made.result, incident.site_id) == (Result.FINDINGS, site_id)
    page.get_by_role("link", name=f"Incident {incident.reference}").click()
    expect(page.locator("main")).to_contain_text("“Charlton Grants” shows our seal")
    page.goto("/reviews/hand-overs")
    expect(page.locator(".tabs [aria-current]")).to_be_in_viewport(ratio=0.9)


def test_pages_of_reviews_fit_and_are_accessible(
    visit: Visitor, three: list[int], axe: Callable[[Page], list[str]]
) -> None:
    page = visit("coordinator.library", "/reviews")
    kept = Round.select().order_by(Round.id.desc()).get()
    site = f"/reviews/sites/{three[0]}"
    places = ("captures", "full", "together", "hand-overs", f"rounds/{kept.id}")
    for path in (*(f"/reviews/{place}" for place in places), f"{site}/capture", f"{site}/full", f"{site}?kind=full"):
        check(page, path, axe)
