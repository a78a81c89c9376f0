"""A case opened from a review: the same form, and the way back from either side."""

from typing import Any

import pytest
from playhouse.test_utils import count_queries

from charlton_intranet.core import audit
from charlton_intranet.moderation import service as moderation
from charlton_intranet.moderation.models import Case
from charlton_intranet.moderation.rules import Source
from charlton_intranet.reviews.models import ReviewCase
from charlton_intranet.reviews.rules import Result
from charlton_intranet.sites.models import Site
from charlton_intranet.sites.rules import SiteState
from tests.conftest import Town
from tests.reviews.factories import findings, make_site
from tests.reviews.test_service import record


def typed(site_id: int, **changes: Any) -> dict[str, Any]:
    return {"site_id": str(site_id), "text": "Cheap sneakers, see my page", "author_kind": "public", **changes}


def text_of(answer: Any) -> str:
    return " ".join(answer.get_data(as_text=True).split())


def test_what_a_review_found_becomes_a_case_with_a_link_both_ways(town: Town) -> None:
    site_id = make_site(town, title="Library page")
    review_id = findings(town, site_id)
    client = town.client("coordinator.library")
    history = text_of(client.get(f"/reviews/sites/{site_id}"))
    assert f'href="/reviews/{review_id}/case"' in history
    form = text_of(client.get(f"/reviews/{review_id}/case"))
    assert "Found in the review of Library page that was due Mon, Nov 23, 2026: Spam under the post of Friday" in form
    assert f'<option selected value="{site_id}"' in form
    assert f'action="/reviews/{review_id}/case"' in form
    answer = client.submit(f"/reviews/{review_id}/case", typed(site_id))
    case = Case.get()
    assert answer.location == f"/triage/{case.id}"
    assert case.source is Source.REVIEW
    page = text_of(client.get(answer.location))
    assert f'Found in <a href="/reviews/sites/{site_id}">the review of' in page
    assert f'<a href="/triage/{case.id}">Case {case.id}</a>' in text_of(client.get(f"/reviews/sites/{site_id}"))
    assert [event.tag for event in audit.AuditEvent.select().order_by(audit.AuditEvent.number)][-1] == "site.case_found"


def test_a_post_that_is_a_case_already_is_joined_and_linked_once(town: Town) -> None:
    site_id = make_site(town)
    review_id, link = findings(town, site_id), f"{Site.get_by_id(site_id).address}/posts/1"
    there = moderation.capture(
        town.actor("coordinator.library"), site_id=site_id, text="Seen before", permalink=link, clock=town.clock
    )
    client = town.client("coordinator.library")
    for _ in range(2):
        client.submit(f"/reviews/{review_id}/case", typed(site_id, permalink=link))
    assert [(row.review_id, row.case_id) for row in ReviewCase.select()] == [(review_id, there.case_id)]
    assert Case.get().source is Source.FORM, "how it came in first"


def test_a_refused_form_comes_back_as_the_reviews(town: Town) -> None:
    site_id, other = make_site(town), make_site(town, title="Another page")
    review_id = findings(town, site_id)
    client = town.client("coordinator.library")
    for wrong, sentence in (({"text": " "}, "Copy the words in"), ({"site_id": str(other)}, "This review was of")):
        answer = client.submit(f"/reviews/{review_id}/case", typed(site_id, handle="@kept") | wrong)
        page = text_of(answer)
        assert answer.status_code == 422
        assert f'action="/reviews/{review_id}/case"' in page
        assert "@kept" in page
        assert sentence in page
    assert not Case.select().exists()
    assert not ReviewCase.select().exists()


def test_a_review_that_found_nothing_leads_to_no_case(town: Town) -> None:
    site_id = make_site(town)
    review_id = record(town, site_id, result=Result.CLEAN)
    client = town.client("coordinator.library")
    assert f"/reviews/{review_id}/case" not in text_of(client.get(f"/reviews/sites/{site_id}"))
    assert client.get(f"/reviews/{review_id}/case").status_code == 404
    assert client.submit(f"/reviews/{review_id}/case", typed(site_id)).status_code == 404
    assert client.get("/reviews/999999/case").status_code == 404
    assert client.get("/reviews/99999999999/case").status_code == 404
    assert client.put(f"/reviews/{review_id}/case").status_code == 405


@pytest.mark.parametrize(("box", "status"), [("coordinator.police", 404), ("head.police", 404), ("auditor", 403)])
def test_others_get_no_further(town: Town, box: str, status: int) -> None:
    site_id = make_site(town)
    review_id = findings(town, site_id)
    client = town.client(box)
    assert client.get(f"/reviews/{review_id}/case").status_code == status
    assert client.submit(f"/reviews/{review_id}/case", typed(site_id)).status_code == status
    assert not Case.select().exists()


def test_who_reads_reviews_only_sees_the_case_and_no_way_to_open_one(town: Town) -> None:
    site_id = make_site(town)
    review_id = findings(town, site_id)
    town.client("coordinator.library").submit(f"/reviews/{review_id}/case", typed(site_id))
    page = text_of(town.client("auditor").get(f"/reviews/sites/{site_id}"))
    assert f"Case {Case.get().id}" in page
    assert "/case" not in page


def test_a_site_that_is_over_takes_no_more_cases(town: Town) -> None:
    site_id = make_site(town)
    review_id = findings(town, site_id)
    Site.update(state=SiteState.DEACTIVATED).where(Site.id == site_id).execute()
    client = town.client("coordinator.library")
    assert "/case" not in text_of(client.get(f"/reviews/sites/{site_id}"))
    assert client.submit(f"/reviews/{review_id}/case", typed(site_id)).status_code == 422


def test_the_history_costs_the_same_with_many_cases(town: Town) -> None:
    site_id = make_site(town)
    review_id = findings(town, site_id)
    client = town.client("coordinator.library")
    path = f"/reviews/sites/{site_id}"
    costs = []
    for _ in range(2):
        client.submit(f"/reviews/{review_id}/case", typed(site_id))
        client.get(path)
        with count_queries() as counted:
            client.get(path)
        costs.append(counted.count)
    assert len(set(costs)) == 1
