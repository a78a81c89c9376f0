from datetime import date

import pytest

from charlton_intranet.core.calendar import BusinessCalendar
from charlton_intranet.core.errors import Invalid
from charlton_intranet.policy.rules import (
    CATEGORIES,
    MOVES,
    Change,
    DocumentState,
    Standing,
    check_document,
    check_grounds,
    check_signature,
    expiry,
    next_number,
    sign_by,
    standing,
)

TODAY = date(2026, 11, 23)
ALLOWED = {
    (DocumentState.DRAFT, DocumentState.PUBLISHED),
    (DocumentState.PUBLISHED, DocumentState.SUPERSEDED),
}


@pytest.mark.parametrize("to", DocumentState)
@pytest.mark.parametrize("start", DocumentState)
def test_every_pair_of_states(start: DocumentState, to: DocumentState) -> None:
    assert (to in MOVES[start]) == ((start, to) in ALLOWED)


@pytest.mark.parametrize(
    ("change", "last", "number"),
    [
        (Change.MAJOR, None, (1, 0)),
        (Change.MAJOR, (1, 0), (2, 0)),
        (Change.MINOR, (1, 0), (1, 1)),
        (Change.MINOR, (2, 9), (2, 10)),
        (Change.MAJOR, (2, 9), (3, 0)),
    ],
)
def test_numbers_follow_each_other(change: Change, last: tuple[int, int] | None, number: tuple[int, int]) -> None:
    assert next_number(change, last) == number


@pytest.mark.parametrize(
    ("expires", "covers_major", "stands"),
    [
        (None, True, Standing.MISSING),
        (date(2027, 11, 23), False, Standing.SUPERSEDED),
        (date(2025, 1, 1), False, Standing.SUPERSEDED),
        (date(2026, 11, 22), True, Standing.EXPIRED),
        (date(2026, 11, 23), True, Standing.EXPIRING),
        (date(2026, 12, 23), True, Standing.EXPIRING),
        (date(2026, 12, 24), True, Standing.CURRENT),
    ],
)
def test_where_a_signature_stands(expires: date | None, *, covers_major: bool, stands: Standing) -> None:
    assert standing(expires=expires, covers_major=covers_major, today=TODAY) == stands


@pytest.mark.parametrize(
    ("signed", "months", "last_day"),
    [
        (date(2026, 11, 23), 12, date(2027, 11, 23)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
    ],
)
def test_a_signature_holds_for_whole_months(signed: date, months: int, last_day: date) -> None:
    assert expiry(signed, months) == last_day


@pytest.mark.parametrize(
    ("expires", "covers_major", "due"),
    [
        (date(2027, 1, 9), True, date(2027, 1, 9)),
        # Ten business days after Monday 23 November step over Thanksgiving.
        (None, True, date(2026, 12, 8)),
        (date(2027, 1, 9), False, date(2026, 12, 8)),
    ],
)
def test_by_when_it_is_owed(expires: date | None, *, covers_major: bool, due: date) -> None:
    calendar = BusinessCalendar()
    found = sign_by(expires=expires, covers_major=covers_major, since=TODAY, calendar=calendar, business_days=10)
    assert found == due


def problems(**changes: object) -> set[str]:
    values = {"title": "Policy", "change": Change.MAJOR, "summary": "New.", "text": "Words", "first": False}
    try:
        check_document(**{**values, **changes})  # type: ignore[arg-type]
    except Invalid as refusal:
        return set(refusal.problems)
    return set()


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({}, set()),
        ({"title": " "}, {"title"}),
        ({"title": "x" * 201}, {"title"}),
        ({"first": True, "summary": ""}, set()),
        ({"first": True, "change": Change.MINOR}, {"change"}),
        ({"summary": " "}, {"summary"}),
        ({"summary": "x" * 501}, {"summary"}),
        ({"text": "\n"}, {"text"}),
        ({"text": "x" * 200_001}, {"text"}),
        ({"text": "a\0b"}, {"text"}),
        ({"text": "", "title": ""}, {"text", "title"}),
    ],
)
def test_a_version_names_what_it_lacks(changes: dict[str, object], fields: set[str]) -> None:
    assert problems(**changes) == fields


@pytest.mark.parametrize("typed", ["Uma Reyes", "  uma   REYES "])
def test_a_name_typed_in_other_case_is_the_name(typed: str) -> None:
    check_signature(typed_name=typed, account_name="Uma Reyes", read=True, agreed=True)
    with pytest.raises(Invalid):
        check_signature(typed_name=typed, account_name="Uma Keyes", read=True, agreed=True)


def test_all_that_a_signature_lacks_is_named_at_once() -> None:
    with pytest.raises(Invalid) as refusal:
        check_signature(typed_name="Uma", account_name="Uma Reyes", read=False, agreed=False)
    assert set(refusal.value.problems) == {"typed_name", "read", "agreed"}


def test_every_category_says_how_to_judge() -> None:
    assert "".join(CATEGORIES) == "ABCDEFGHIJK"
    assert all(category.test and category.guard for category in CATEGORIES.values())


@pytest.mark.parametrize(
    ("letters", "allowed"), [("A", True), ("AI", True), ("I", False), ("", False), ("Z", False), ("AZ", False)]
)
def test_which_grounds_may_stand(letters: str, *, allowed: bool) -> None:
    if allowed:
        check_grounds(frozenset(letters))
        return
    with pytest.raises(Invalid) as refusal:
        check_grounds(frozenset(letters))
    assert set(refusal.value.problems) == {"categories"}
