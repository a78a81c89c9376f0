from datetime import date, timedelta
from typing import Any

import pytest
from playhouse.test_utils import count_queries

from charlton_intranet.reviews.models import Review
from charlton_intranet.reviews.rules import Result
from charlton_intranet.sites.models import Site
from charlton_intranet.sites.rules import Cadence, SiteState
from tests.conftest import Town
from tests.page_checks import without_token
from tests.reviews.factories import make_site
from tests.reviews.test_service import MONDAY, record, without_coordinator


def filled(**changes: str) -> dict[str, str]:
    return {"due_on": "2026-11-23", "result": "clean", "note": "", **changes}


def done_on(site_id: int) -> int:
    return Review.select().where(Review.site == site_id).count()


def text_of(answer: Any) -> str:
    return " ".join(answer.get_data(as_text=True).split())


def test_the_board_opens_at_the_most_urgent_review(town: Town) -> None:
    make_site(town, title="Due later", active_since=date(2026, 11, 18))
    late = make_site(town, title="Overdue", active_since=date(2026, 11, 9))
    page = text_of(town.client("coordinator.library").get("/reviews"))
    assert f'action="/reviews/sites/{late}"' in page
    assert "Overdue by 7 days" in page
    assert page.index(">Overdue</a>") < page.index(">Due later</a>")


def test_recording_leads_to_the_next_due_site(town: Town) -> None:
    first = make_site(town, active_since=date(2026, 11, 9))
    second = make_site(town)
    client = town.client("coordinator.library")
    answer = client.submit(f"/reviews/sites/{first}", filled(due_on="2026-11-16"), follow_redirects=True)
    assert answer.status_code == 200
    page = text_of(answer)
    assert "Recorded. The next one is due Mon, Nov 30, 2026." in page
    assert f'action="/reviews/sites/{second}"' in page
    assert done_on(first) == 1


def test_htmx_gets_the_board_alone_with_the_flash_beside_it(town: Town) -> None:
    site_id = make_site(town)
    client = town.client("coordinator.library")
    answer = client.submit(
        f"/reviews/sites/{site_id}", filled(), headers={"HX-Request": "true"}, follow_redirects=False
    )
    assert answer.status_code == 303
    part = client.part(answer.location)
    page = text_of(part)
    assert "<html" not in page
    assert page.startswith('<div id="reviews">')
    assert 'id="flash" hx-swap-oob="innerHTML"' in page
    assert "data-focus" in page
    assert "Nothing is due" in page


def test_findings_lead_on_to_capturing(town: Town) -> None:
    site_id = make_site(town)
    client = town.client("coordinator.library")
    answer = client.submit(
        f"/reviews/sites/{site_id}", filled(result="findings", note="A look-alike"), follow_redirects=True
    )
    made = Review.get(Review.site == site_id)
    assert f'href="/reviews/{made.id}/case"' in text_of(answer)
    assert made.result is Result.FINDINGS


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"result": "findings"}, "Say what you found, in a sentence."),
        ({"result": ""}, "Choose one."),
        ({"result": "invented"}, "Not a valid choice"),
        ({"note": "x" * 2001}, "2,001"),
    ],
)
def test_bad_input_comes_back_with_what_was_typed(town: Town, changes: dict[str, str], sentence: str) -> None:
    site_id = make_site(town)
    typed = filled(note="I looked at \N{LEFT DOUBLE QUOTATION MARK}everything\N{RIGHT DOUBLE QUOTATION MARK}") | changes
    if changes == {"result": "findings"}:
        typed["note"] = "   "
    answer = town.client("coordinator.library").submit(f"/reviews/sites/{site_id}", typed)
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert typed["note"].strip() in text_of(answer)
    assert done_on(site_id) == 0


def test_the_same_press_twice_is_harmless(town: Town) -> None:
    site_id = make_site(town)
    client = town.client("coordinator.library")
    for _ in range(2):
        assert client.submit(f"/reviews/sites/{site_id}", filled()).status_code == 303
    assert done_on(site_id) == 1


def test_a_stale_press_keeps_what_was_typed(town: Town) -> None:
    site_id = make_site(town)
    record(town, site_id)
    answer = town.client("coordinator.library").submit(
        f"/reviews/sites/{site_id}", filled(result="findings", note="Somebody poses as us")
    )
    assert answer.status_code == 409
    assert "Somebody poses as us" in text_of(answer)
    assert done_on(site_id) == 1


def test_a_review_that_is_not_open_yet_says_from_when(town: Town) -> None:
    site_id = make_site(town, active_since=date(2026, 11, 20))
    client = town.client("coordinator.library")
    page = text_of(client.get(f"/reviews?site={site_id}"))
    assert "can be recorded from Tue, Nov 24, 2026" in page
    assert "Can be done from Tue, Nov 24, 2026 on" in town.client("coordinator.library").get("/").text
    assert "<textarea" not in page
    answer = client.submit(f"/reviews/sites/{site_id}", filled(due_on="2026-11-27"))
    assert (answer.status_code, done_on(site_id)) == (422, 0)


@pytest.mark.parametrize("box", ["head.library", "administrator", "records", "auditor"])
def test_readers_see_and_may_not_record(town: Town, box: str) -> None:
    site_id = make_site(town)
    client = town.client(box)
    page = text_of(client.get(f"/reviews?site={site_id}"))
    assert "The Social Media Coordinator of Library records its reviews." in page
    assert "<textarea" not in page
    assert client.get(f"/reviews/sites/{site_id}").status_code == 200
    assert client.submit(f"/reviews/sites/{site_id}", filled()).status_code == 403
    assert done_on(site_id) == 0


def test_the_head_is_given_the_form_while_nobody_is_coordinator(town: Town) -> None:
    site_id = make_site(town)
    without_coordinator(town)
    client = town.client("head.library")
    assert f'action="/reviews/sites/{site_id}"' in text_of(client.get("/reviews"))
    assert client.submit(f"/reviews/sites/{site_id}", filled()).status_code == 303


@pytest.mark.parametrize("url", ["/reviews?site={id}", "/reviews/sites/{id}"])
def test_another_departments_site_and_a_missing_one_look_the_same(town: Town, url: str) -> None:
    site_id = make_site(town)
    client = town.client("coordinator.police")
    theirs, missing = client.get(url.format(id=site_id)), client.get(url.format(id=999_999))
    assert (theirs.status_code, missing.status_code) == (404, 404)
    assert without_token(theirs) == without_token(missing)
    posted = client.submit(f"/reviews/sites/{site_id}", filled())
    assert (posted.status_code, done_on(site_id)) == (404, 0)


@pytest.mark.parametrize("box", ["employee", "user.library", "it"])
def test_who_does_not_read_reviews_is_refused(town: Town, box: str) -> None:
    site_id = make_site(town)
    client = town.client(box)
    assert client.get("/reviews").status_code == 403
    assert client.get(f"/reviews/sites/{site_id}").status_code == 403
    assert client.submit(f"/reviews/sites/{site_id}", filled()).status_code == 403


@pytest.mark.parametrize(
    "url",
    ["/reviews?after=yesterday", "/reviews?after=2026-11-23.x", "/reviews/sites/{id}?after=x", "/reviews/sites/x"],
)
def test_addresses_that_lead_nowhere(town: Town, url: str) -> None:
    site_id = make_site(town)
    assert town.client("coordinator.library").get(url.format(id=site_id)).status_code == 404


def test_of_a_site_that_is_over_the_reviews_stay_and_none_is_due(town: Town) -> None:
    site_id = make_site(town)
    client = town.client("coordinator.library")
    client.submit(f"/reviews/sites/{site_id}", filled())
    Site.update(state=SiteState.DEACTIVATED).where(Site.id == site_id).execute()
    page = text_of(client.get(f"/reviews/sites/{site_id}"))
    assert "None: the site is not in use." in page
    assert "Nothing to act on" in page
    assert "Open its next review" not in page
    assert client.get(f"/reviews?site={site_id}").status_code == 404
    assert client.submit(f"/reviews/sites/{site_id}", filled()).status_code == 404
    assert done_on(site_id) == 1


def test_the_empty_board_says_why(town: Town) -> None:
    assert "Reviews begin when a site goes live." in text_of(town.client("coordinator.library").get("/reviews"))


def test_the_board_pages_by_key_without_gap_or_repeat(town: Town) -> None:
    ids = {make_site(town, active_since=date(2026, 11, 2) + timedelta(days=n // 3)) for n in range(30)}
    client = town.client("head.library")
    seen: list[str] = []
    url = "/reviews"
    for _ in range(3):
        page = client.get(url).get_data(as_text=True)
        rows = page.split('class="rows"')[1].split("</ul>")[0]
        seen += [part.split('"')[0].split("&")[0] for part in rows.split('<a href="/reviews?site=')[1:]]
        if 'rel="next"' not in page:
            break
        url = page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert [int(s) for s in seen] == sorted(ids, key=[int(s) for s in seen].index)
    assert len(seen) == 30


def history_of(town: Town, size: int) -> int:
    """A daily site with ``size`` reviews done, most of them in time."""
    site_id = make_site(town, cadence=Cadence.DAILY, active_since=town.today - timedelta(days=3 * size))
    Review.insert_many(
        [
            {
                "site": site_id,
                "due_on": town.today - timedelta(days=n + 1),
                "done_at": town.clock.now() - timedelta(days=n + 1 - (n == 2)),
                "done_by": town.person_id("coordinator.library"),
                "result": Result.CLEAN,
                "note": "",
            }
            for n in range(size)
        ]
    ).execute()
    return site_id


def test_the_history_shows_late_ones_and_pages(town: Town) -> None:
    site_id = history_of(town, 30)
    client = town.client("auditor")
    page = text_of(client.get(f"/reviews/sites/{site_id}"))
    assert page.count('data-label="Result"') == 25
    assert "1 day late" in page
    assert "29 in time, 1 late" in page
    rest = text_of(client.get(f"/reviews/sites/{site_id}?after={MONDAY - timedelta(days=25)}"))
    assert rest.count('data-label="Result"') == 5


@pytest.mark.parametrize(("url", "queries"), [("/reviews", 5), ("/reviews/sites/{id}", 7)])
def test_pages_cost_the_same_however_much_there_is(town: Town, url: str, queries: int) -> None:
    costs = []
    client = town.client("coordinator.library")
    for size in (3, 40):
        site_id = history_of(town, size)
        for _ in range(size):
            make_site(town)
        with count_queries() as counted:
            assert client.get(url.format(id=site_id)).status_code == 200
        costs.append(counted.count)
    assert costs == [queries, queries]
