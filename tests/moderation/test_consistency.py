"""A quarter's decisions side by side: figures, their cases, and the file of them."""

from datetime import date

import pytest
from playhouse.test_utils import count_queries

from charlton_intranet.moderation.models import Case
from charlton_intranet.moderation.rules import Outcome
from charlton_intranet.moderation.rules.consistency import (
    Decided,
    Dimension,
    Quarter,
    part_of,
    parts_of,
    quarter_of,
    read_quarter,
)
from charlton_intranet.moderation.service.likeness import index_decisions
from tests.conftest import Town
from tests.moderation import factories
from tests.moderation import reconsideration_factories as asking

TODAY = date(2026, 11, 23)
NOW = "/triage/consistency?quarter=2026-4"


def decided(outcome: Outcome = Outcome.REMOVE, letters: str = "J", *, hours: float = 4, back: bool = False) -> Decided:
    return Decided(
        categories=tuple(letters), site_id=1, site="Library", decider_id=7, decider="Ruth", outcome=outcome,
        taken_back=back, hours=hours,
    )  # fmt: skip


def kept(town: Town, text: str = factories.WORDS, department: str = "Library") -> int:
    case = factories.advised(town, text, department=department)
    return factories.determine(town, case, Outcome.KEEP, categories=(), quote="").id


# --- rules ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "quarter"),
    [
        (date(2026, 1, 1), Quarter(2026, 1)),
        (date(2026, 3, 31), Quarter(2026, 1)),
        (date(2026, 10, 1), Quarter(2026, 4)),
        (date(2026, 12, 31), Quarter(2026, 4)),
    ],
)
def test_a_quarter_holds_three_months(day: date, quarter: Quarter) -> None:
    assert quarter_of(day) == quarter
    assert quarter.starts <= day < quarter.moved(1).starts


def test_quarters_follow_each_other_over_the_year() -> None:
    assert Quarter(2026, 4).moved(1) == Quarter(2027, 1)
    assert Quarter(2026, 1).moved(-1) == Quarter(2025, 4)
    assert Quarter(2026, 1).moved(-8) == Quarter(2024, 1)


@pytest.mark.parametrize("text", ["", "2026", "2026-5", "9999999999-1", "2027-1", "x-1", "1999-4", "²-1"])
def test_what_is_no_quarter_is_the_present_one(text: str) -> None:
    assert read_quarter(text, TODAY) == Quarter(2026, 4)


def test_a_decision_counts_in_each_of_its_categories_and_once_by_site() -> None:
    found = [decided(letters="AJ"), decided(Outcome.KEEP, "", hours=10), decided(Outcome.HIDE, back=True)]
    by_letter = {
        part.name: (part.all, part.kept, part.hidden, part.removed) for part in parts_of(found, Dimension.CATEGORY)
    }
    assert by_letter == {"A": (1, 0, 0, 1), "J": (2, 0, 1, 1), "None named": (1, 1, 0, 0)}
    [site] = parts_of(found, Dimension.SITE)
    assert (site.all, site.taken_back, site.hours) == (3, 1, 4)
    assert part_of(found).all == 3


# --- pages ------------------------------------------------------------------------------------------------


def test_the_quarter_shows_its_figures_and_leads_to_the_cases(town: Town) -> None:
    gone, stays = factories.closed(town).id, kept(town)
    asking.answered(town, asking.request(town, Case.get_by_id(gone)))
    index_decisions()
    auditor = town.client("auditor")
    page = auditor.get(NOW).text
    assert "None named: 1 kept, 0 hidden, 0 removed" in page
    assert "<svg" in page
    for link, case_id in (("letter=J&amp;outcome=remove", gone), ("letter=J&amp;outcome=reversed", gone)):
        assert f'href="/triage/decisions?quarter=2026-4&amp;{link}"' in page
        cases = auditor.get(f"/triage/decisions?quarter=2026-4&{link.replace('&amp;', '&')}").text
        assert f'href="/triage/{case_id}"' in cases
        assert f'href="/triage/{stays}"' not in cases


@pytest.mark.parametrize("by", ["category", "decider", "nonsense", "site"])
def test_every_way_to_part_them_is_a_page(town: Town, by: str) -> None:
    factories.closed(town)
    assert town.client("administrator").get(f"{NOW}&by={by}").status_code == 200


def test_an_empty_quarter_says_so(town: Town) -> None:
    assert "Nothing was decided in 2025 Q1" in town.client("records").get("/triage/consistency?quarter=2025-1").text


def test_a_head_sees_the_figures_of_their_department(town: Town) -> None:
    kept(town, department="Police")
    assert "Nothing was decided" in town.client("head.library").get(NOW).text
    assert "1 kept" in town.client("head.police").get(NOW).text


@pytest.mark.parametrize("box", ["coordinator.library", "employee", "it"])
def test_others_do_not_read_it(town: Town, box: str) -> None:
    for path in ("/triage/consistency", "/triage/consistency.csv", "/triage/consistency/pairs"):
        assert town.client(box).get(path).status_code == 403


def test_the_file_holds_the_quarter_by_all_three(town: Town) -> None:
    factories.closed(town)
    answer = town.client("administrator").get("/triage/consistency.csv?quarter=2026-4")
    assert answer.mimetype == "text/csv"
    lines = answer.text.splitlines()
    assert '"2026 Q4","Category","J","1","0","0","1","0","0.0"' in lines
    assert len(lines) == 4


def test_pairs_are_shown_with_the_words_in_common(town: Town) -> None:
    gone, stays = factories.closed(town).id, kept(town, f"{factories.WORDS} Truly.")
    index_decisions()
    page = town.client("administrator").get("/triage/consistency/pairs").text
    assert f"Case {stays} and case {gone}" in page
    assert "branch, burn, matches" in page


def test_kept_posts_stay_findable_by_filter_and_by_words(town: Town) -> None:
    gone, stays = factories.closed(town).id, kept(town, "The lilac garden is a disgrace and so is its keeper.")
    clerk = town.client("coordinator.library")
    for query in ("outcome=keep", "words=lilac", "outcome=keep&words=lilac&quarter=2026-4"):
        page = clerk.get(f"/triage/decisions?{query}").text
        assert f'href="/triage/{stays}"' in page
        assert f'href="/triage/{gone}"' not in page
    assert "No decision found" in clerk.get("/triage/decisions?outcome=keep&words=zebra").text
    assert "No decision found" in town.client("coordinator.police").get("/triage/decisions").text


@pytest.mark.parametrize(
    "query", ["before=0", "before=99999999999999999999", "letter=Z", "outcome=x", "quarter=9-9", "site=x"]
)
def test_any_address_is_a_page(town: Town, query: str) -> None:
    kept(town)
    assert town.client("records").get(f"/triage/decisions?{query}").status_code == 200


def test_the_list_opens_without_a_complaint(town: Town) -> None:
    clerk = town.client("records")
    for address in ("/triage/decisions", "/triage/decisions?words=zebra", "/triage/decisions?quarter=2026-4&letter=J"):
        assert "Not a valid choice" not in clerk.get(address).text
    assert "Not a valid choice" in clerk.get("/triage/decisions?letter=Z").text


def test_the_pages_cost_the_same_at_any_size(town: Town) -> None:
    auditor = town.client("auditor")

    def costs() -> list[int]:
        found = []
        for path in (NOW, "/triage/decisions", "/triage/consistency/pairs", "/triage/consistency.csv"):
            with count_queries() as counted:
                assert auditor.get(path).status_code == 200
            found.append(counted.count)
        return found

    factories.closed(town)
    kept(town)
    index_decisions()
    before = costs()
    for number in range(4):
        factories.closed(town, f"{factories.WORDS} {number}")
    index_decisions()
    assert costs() == before


def test_the_case_page_shows_what_was_decided_on_like_words(town: Town) -> None:
    gone = factories.closed(town).id
    index_decisions()
    case = factories.consulting(town, f"{factories.WORDS} Truly.")
    page = town.client("head.library").get(f"/triage/{case.id}").text
    assert "Decisions on like words" in page
    assert f'href="/triage/{gone}"' in page
    assert "Latest decisions under J" in page
    assert "These words threaten to set fire to a named building" in page
