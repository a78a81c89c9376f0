from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from charlton_intranet.core.errors import Invalid
from charlton_intranet.incidents.rules import (
    ADVICE,
    MOVES,
    OPEN,
    IncidentKind,
    Status,
    acknowledge_by,
    check_note,
    check_report,
    reference_of,
)

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
LINE = ("reported", "acknowledged", "containment", "eradication", "recovery", "closed")
ALLOWED = {*pairwise(LINE), *((status, "false_alarm") for status in LINE[:-1])}


@pytest.mark.parametrize("to", Status)
@pytest.mark.parametrize("start", Status)
def test_every_pair_of_states(start: Status, to: Status) -> None:
    assert (to in MOVES[start]) == ((start.value, to.value) in ALLOWED)


def test_what_is_over_moves_no_more() -> None:
    assert set(Status) - OPEN == {Status.CLOSED, Status.FALSE_ALARM}


@pytest.mark.parametrize("kind", IncidentKind)
def test_each_kind_says_what_to_do_now(kind: IncidentKind) -> None:
    assert kind.label
    assert 2 <= len(ADVICE[kind]) <= 4


@pytest.mark.parametrize(("number", "reference"), [(1, "INC-2026-0001"), (12_345, "INC-2026-12345")])
def test_references(number: int, reference: str) -> None:
    assert reference_of(2026, number) == reference


def test_a_day_has_the_hours_that_pass_even_when_clocks_change() -> None:
    """The night of 1 November 2026 has 25 hours on the wall; 24 hours of waiting are 24 hours."""
    reported = datetime(2026, 10, 31, 14, 0, tzinfo=UTC)
    assert acknowledge_by(reported, 24) == reported + timedelta(days=1)


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({}, set()),
        ({"what": " "}, {"what"}),
        ({"what": "x" * 5_001}, {"what"}),
        ({"done": "x" * 5_001, "told": "x" * 5_001}, {"done", "told"}),
        ({"noticed_at": NOW}, set()),
        ({"noticed_at": NOW + timedelta(minutes=1)}, {"noticed_at"}),
        ({"started_at": NOW + timedelta(minutes=1)}, {"started_at"}),
        ({"started_at": NOW - timedelta(hours=2), "noticed_at": NOW - timedelta(hours=1)}, set()),
        ({"started_at": NOW - timedelta(hours=1), "noticed_at": NOW - timedelta(hours=2)}, {"noticed_at"}),
    ],
)
def test_a_report_names_what_is_wrong(changes: dict[str, object], fields: set[str]) -> None:
    values = {"what": "Odd.", "done": "", "told": "", "started_at": None, "noticed_at": None, "now": NOW, **changes}
    found: set[str] = set()
    try:
        check_report(**values)  # type: ignore[arg-type]
    except Invalid as refusal:
        found = set(refusal.problems)
    assert found == fields


@pytest.mark.parametrize("note", ["", " \n", "x" * 2_001])
def test_a_note_says_something_and_ends(note: str) -> None:
    with pytest.raises(Invalid) as refusal:
        check_note(note, "text")
    assert set(refusal.value.problems) == {"text"}
