"""Several sites looked at in one press, and none of them skipped in silence."""

from datetime import date, timedelta
from typing import Any

import pytest
from playhouse.test_utils import count_queries

from charlton_intranet.reviews.models import Review
from charlton_intranet.reviews.rules import Result
from tests.conftest import Town
from tests.reviews.factories import make_site
from tests.reviews.test_service import MONDAY, record, without_coordinator

PAGE = "/reviews/together"


def text_of(answer: Any) -> str:
    return " ".join(answer.get_data(as_text=True).split())


def typed(*site_ids: int, clean: tuple[int, ...] = (), notes: dict[int, str] | None = None) -> dict[str, Any]:
    """The form with these lines; ``notes`` are the words, by site."""
    return {
        "site": [str(site_id) for site_id in site_ids],
        **{f"due_{site_id}": str(MONDAY) for site_id in site_ids},
        **{f"clean_{site_id}": "y" for site_id in clean},
        **{f"note_{site_id}": words for site_id, words in (notes or {}).items()},
    }


@pytest.fixture
def three(town: Town) -> tuple[int, int, int]:
    a, b, c = (make_site(town, title=f"{name} page") for name in ("First", "Second", "Third"))
    return a, b, c


def results() -> dict[int, Result]:
    return {review.site_id: review.result for review in Review.select()}


def test_ticked_and_described_are_recorded_and_the_rest_is_named(town: Town, three: tuple[int, int, int]) -> None:
    first, second, third = three
    client = town.client("coordinator.library")
    page = text_of(client.get(PAGE))
    assert page.count('type="checkbox"') == 3
    answer = client.submit(PAGE, typed(*three, clean=(first,), notes={second: "Spam under the post"}))
    assert results() == {first: Result.CLEAN, second: Result.FINDINGS}
    after = text_of(client.get(answer.location))
    assert "2 sites recorded. Still to look at: Third page." in after
    assert f'href="/reviews/{Review.get(Review.site == second).id}/case"' in after
    assert f'name="clean_{third}"' in after
    assert f'name="clean_{first}"' not in after


def test_a_tick_and_words_on_one_line_record_nothing(town: Town, three: tuple[int, int, int]) -> None:
    first, second, _ = three
    answer = town.client("coordinator.library").submit(
        PAGE, typed(*three, clean=(first, second), notes={second: "A false page"})
    )
    page = text_of(answer)
    assert answer.status_code == 422
    assert "Take back one of them" in page
    assert "A false page" in page
    assert page.count("checked") == 2
    assert not results()


@pytest.mark.parametrize(("words", "sentence"), [("", "Tick the sites where you found nothing"), ("x" * 2001, "2,001")])
def test_an_empty_press_and_an_essay_are_refused(
    town: Town, three: tuple[int, int, int], words: str, sentence: str
) -> None:
    answer = town.client("coordinator.library").submit(PAGE, typed(*three, notes={three[0]: words}))
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert not results()


def test_words_about_a_site_that_a_colleague_recorded_come_back(town: Town, three: tuple[int, int, int]) -> None:
    first, second, third = three
    record(town, first)
    client = town.client("coordinator.library")
    answer = client.submit(PAGE, typed(*three, clean=(second,), notes={first: "Somebody poses as us"}))
    page = text_of(answer)
    assert answer.status_code == 409
    assert "First page was not recorded" in page
    assert "Somebody poses as us" in page
    assert results() == {first: Result.CLEAN, second: Result.CLEAN}
    assert f'name="clean_{third}"' in page


def test_a_tick_for_a_site_that_a_colleague_recorded_is_named(town: Town, three: tuple[int, int, int]) -> None:
    first, second, _ = three
    record(town, first, result=Result.FINDINGS, note="Spam")
    client = town.client("coordinator.library")
    answer = client.submit(PAGE, typed(first, second, clean=(first, second)), follow_redirects=True)
    assert "1 site recorded. Recorded by a colleague meanwhile: First page." in text_of(answer)
    assert results()[first] is Result.FINDINGS


def test_the_same_press_twice_is_harmless(town: Town, three: tuple[int, int, int]) -> None:
    client = town.client("coordinator.library")
    for _ in range(2):
        assert client.submit(PAGE, typed(*three, clean=three)).status_code == 303
    assert Review.select().count() == 3


def test_another_departments_site_among_them_records_nothing(town: Town, three: tuple[int, int, int]) -> None:
    theirs = make_site(town, "Police", title="Police page")
    answer = town.client("coordinator.library").submit(PAGE, typed(three[0], theirs, clean=(three[0], theirs)))
    assert answer.status_code == 404
    assert not results()


def test_readers_have_nothing_to_tick(town: Town, three: tuple[int, int, int]) -> None:
    client = town.client("auditor")
    assert "Nothing to look at now" in text_of(client.get(PAGE))
    assert client.submit(PAGE, typed(*three, clean=three)).status_code == 403
    assert town.client("employee").get(PAGE).status_code == 403
    assert town.client("employee").submit(PAGE, typed(*three, clean=three)).status_code == 403
    assert not results()


def test_the_head_ticks_while_there_is_no_coordinator(town: Town, three: tuple[int, int, int]) -> None:
    without_coordinator(town)
    assert town.client("head.library").submit(PAGE, typed(*three, clean=three)).status_code == 303


def test_a_line_without_its_date_is_refused(town: Town, three: tuple[int, int, int]) -> None:
    answer = town.client("coordinator.library").submit(
        PAGE, typed(*three, clean=three) | {f"due_{three[0]}": "tomorrow"}
    )
    assert answer.status_code == 422
    assert not results()


def test_what_is_more_than_a_page_is_said_and_comes_next(town: Town) -> None:
    ids = [make_site(town, active_since=date(2026, 11, 16) - timedelta(days=n % 3)) for n in range(27)]
    client = town.client("coordinator.library")
    page = text_of(client.get(PAGE))
    assert page.count('type="checkbox"') == 25
    assert "2 more sites come after these." in page
    assert len(ids) == 27


def test_the_page_and_the_press_cost_the_same_however_many_sites_there_are(town: Town) -> None:
    client, costs = town.client("coordinator.library"), []
    for size in (30, 120):
        for _ in range(size):
            make_site(town)
        with count_queries() as shown:
            client.get(PAGE)
        costs.append(shown.count)
    assert costs[0] == costs[1]
