"""From seen to gone: the middle and the longest, by month, site and category, for whoever reads the cases."""

import csv
import io
from datetime import date, timedelta
from typing import Any

import pytest
from playhouse.test_utils import count_queries

from charlton_intranet.moderation import service
from charlton_intranet.moderation.queries.times import moments
from charlton_intranet.moderation.rules import Outcome
from charlton_intranet.moderation.rules.times import Measure, Moments, row_of, rows_of, said
from tests.conftest import START, Town
from tests.moderation import emergency_factories as emergencies
from tests.moderation import factories

SINCE = date(2026, 1, 1)


def case_of(**hours: float) -> Moments:
    """A case whose steps came so many hours after it was seen."""
    names = ("preserved_at", "advised_at", "decided_at", "ordered_at", "done_at", "hide_ordered_at", "hidden_at")
    at: dict[str, Any] = {name: START + timedelta(hours=hours[name]) if name in hours else None for name in names}
    return Moments(date(2026, 11, 1), "Library", ("E", "J"), START, **at)


def test_the_middle_and_the_longest_of_what_is_over() -> None:
    cases = [case_of(preserved_at=1), case_of(preserved_at=2), case_of(preserved_at=9, decided_at=12)]
    row = row_of("All", cases)
    assert row.cases == 3
    span = row.spans[Measure.PRESERVED]
    assert (span.count, span.middle, span.longest) == (3, timedelta(hours=2), timedelta(hours=9))
    assert row.spans[Measure.DECIDED].count == 1
    assert Measure.GONE not in row.spans


def test_a_case_counts_in_each_of_its_categories() -> None:
    rows = rows_of([case_of(), case_of()], lambda case: case.letters)
    assert [(row.name, row.cases) for row in rows] == [("E", 2), ("J", 2)]


def test_what_was_hidden_at_once_was_gone_then_only_if_that_was_carried_out() -> None:
    assert case_of(hidden_at=1, ordered_at=20, done_at=24).spans()[Measure.GONE] == timedelta(hours=1)
    assert Measure.GONE not in case_of(hidden_at=1, decided_at=20).spans()
    both = case_of(hide_ordered_at=0.5, hidden_at=1, decided_at=20, ordered_at=20, done_at=24).spans()
    assert both[Measure.CARRIED_OUT] == timedelta(hours=4)
    assert both[Measure.HIDE_DECIDED] == timedelta(hours=19.5)


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(), "0 min"),
        (timedelta(seconds=29), "0 min"),
        (timedelta(minutes=59, seconds=40), "1 h"),
        (timedelta(hours=3, minutes=20), "3 h 20 min"),
        (timedelta(days=1), "1 day"),
        (timedelta(days=2, hours=4, minutes=50), "2 days 4 h"),
        (timedelta(days=2, minutes=50), "2 days"),
    ],
)
def test_a_stretch_of_time_as_people_say_it(span: timedelta, words: str) -> None:
    assert said(span) == words


def test_each_reader_sees_the_times_of_their_departments(town: Town) -> None:
    factories.closed(town)
    factories.closed(town, department="Police")
    factories.case(town)
    for box, cases in (("auditor", 2), ("coordinator.library", 1), ("head.police", 1)):
        assert len(moments(town.actor(box), SINCE)) == cases
    assert moments(town.actor("auditor"), date(2026, 11, 24)) == []


def test_the_times_of_an_emergency(town: Town) -> None:
    case = emergencies.hide(town)
    town.clock.advance(minutes=30)
    case = emergencies.decided(town, emergencies.prove(town, case), Outcome.KEEP)
    [found] = moments(town.actor("auditor"), SINCE)
    assert found.spans()[Measure.HIDDEN] == timedelta(minutes=30)
    assert found.spans()[Measure.HIDE_DECIDED] == timedelta(minutes=30)
    assert Measure.GONE not in found.spans()


@pytest.mark.parametrize("by", ["month", "site", "category"])
def test_the_page_and_its_file_say_the_same(town: Town, by: str) -> None:
    case = factories.determined(town)
    town.clock.advance(hours=3)
    service.carry_out(
        factories.coordinator(town), case.id, case.version, upload=factories.upload(town, "white"), clock=town.clock
    )
    client = town.client("auditor")
    page = client.get(f"/triage/times?by={by}").get_data(as_text=True)
    assert "3 h" in page
    assert 'id="chart"' in page
    assert {"month": "November 2026", "site": "Charlton Library (", "category": "Category J"}[by] in page
    answer = client.get(f"/triage/times.csv?by={by}")
    assert answer.headers["Content-Disposition"].endswith(f'times-by-{by}-2026-11-23.csv"')
    [head, *lines] = csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff")))
    assert head[head.index("Order to gone: cases") + 1] == "Order to gone: middle (hours)"
    at = head.index("Order to gone: cases")
    assert [line[at : at + 3] for line in lines] == [["1", "3.0", "3.0"]] * 2


def test_nothing_to_measure_says_so(town: Town) -> None:
    factories.case(town)
    page = town.client("auditor").get("/triage/times?by=nonsense").get_data(as_text=True)
    assert "Nothing to measure yet" in page
    assert 'id="chart"' not in page


def test_who_reads_no_cases_reads_no_times(town: Town) -> None:
    for box in ("employee", "it", "user.library"):
        for address in ("/triage/times", "/triage/times.csv"):
            assert town.client(box).get(address).status_code == 403
    assert town.client("auditor").post("/triage/times").status_code == 405


@pytest.mark.parametrize("more", [0, 6])
def test_the_page_costs_the_same_however_many_cases_there_are(town: Town, more: int) -> None:
    for n in range(more + 1):
        factories.closed(town, f"{factories.WORDS} {n}")
    client = town.client("auditor")
    client.get("/triage/times")
    with count_queries() as counter:
        client.get("/triage/times")
    assert counter.count == 3
