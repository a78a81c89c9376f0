"""The rules about contributors, as tables."""

from datetime import date

import pytest

from charlton_intranet.core.errors import Invalid, StaleState
from charlton_intranet.moderation.rules.contributors import (
    IN_EFFECT,
    LINK_MOVES,
    OPEN,
    RESTRICTION_MOVES,
    TERMS,
    Cause,
    Ground,
    LinkState,
    RestrictionState,
    Threshold,
    check_grounds,
    check_link_move,
    check_neutral_restriction,
    check_restriction_move,
    check_term,
    next_term,
    same_person,
)

TODAY = date(2026, 11, 23)
LIMITS = Threshold(3, 12)
HERE, THERE = 1, 2


@pytest.mark.parametrize("before", list(RestrictionState))
@pytest.mark.parametrize("after", list(RestrictionState))
def test_a_restriction_moves_by_the_table_alone(before: RestrictionState, after: RestrictionState) -> None:
    if after in RESTRICTION_MOVES[before]:
        check_restriction_move(before, after)
        assert before in OPEN
    else:
        with pytest.raises(StaleState, match=before.label.lower()):
            check_restriction_move(before, after)


@pytest.mark.parametrize("before", list(LinkState))
@pytest.mark.parametrize("after", list(LinkState))
def test_a_link_moves_by_the_table_alone(before: LinkState, after: LinkState) -> None:
    if after in LINK_MOVES[before]:
        check_link_move(before, after)
        assert before in {LinkState.PROPOSED, LinkState.STANDING}
    else:
        with pytest.raises(StaleState):
            check_link_move(before, after)


def test_nothing_lasts_for_ever() -> None:
    for state in RestrictionState:
        assert RESTRICTION_MOVES[state] or state not in OPEN
    assert IN_EFFECT < OPEN
    assert max(TERMS) == 365


def test_one_person_is_everybody_who_can_be_reached() -> None:
    links = [(1, 2), (2, 3), (5, 6)]
    assert same_person(links, 3) == {1, 2, 3}
    assert same_person(links, 6) == {5, 6}
    assert same_person(links, 9) == {9}


def ground(number: int, *, site: int = HERE, letters: str = "A", on: date = TODAY, used: bool = False) -> Ground:
    return Ground(number, site, frozenset(letters), on, used)


@pytest.mark.parametrize(
    ("cause", "grounds", "sentence"),
    [
        (Cause.REPEATED, [], "Tick the decisions"),
        (Cause.REPEATED, [ground(1), ground(2)], "It takes 3 decisions .* here are 2"),
        (Cause.REPEATED, [ground(1)], "here is 1"),
        (Cause.REPEATED, [ground(n, on=date(2025, 11, 22)) for n in range(3)], "of the last 12 months"),
        (Cause.REPEATED, [ground(n, site=THERE) for n in range(3)], "on this site"),
        (Cause.REPEATED, [ground(n, used=True) for n in range(3)], "takes a new one"),
        (Cause.THREAT, [ground(1, letters="A")], "category J"),
        (Cause.THREAT, [ground(1, letters="J", site=THERE)], "on this site"),
        (Cause.MALWARE, [ground(1, letters="J")], "category E or F"),
    ],
)
def test_a_proposal_without_what_it_needs_is_refused_with_the_sentence(
    cause: Cause, grounds: list[Ground], sentence: str
) -> None:
    with pytest.raises(Invalid, match=sentence) as refused:
        check_grounds(cause, grounds, site_id=HERE, threshold=LIMITS, today=TODAY)
    assert set(refused.value.problems) == {"grounds"}


@pytest.mark.parametrize(
    ("cause", "grounds"),
    [
        (Cause.REPEATED, [ground(1), ground(2, site=THERE), ground(3, on=date(2025, 11, 23))]),
        (Cause.REPEATED, [ground(1), ground(2, used=True), ground(3, used=True)]),
        (Cause.THREAT, [ground(1, letters="AJ")]),
        (Cause.MALWARE, [ground(1, letters="F")]),
    ],
)
def test_a_proposal_with_what_it_needs_is_open(cause: Cause, grounds: list[Ground]) -> None:
    check_grounds(cause, grounds, site_id=HERE, threshold=LIMITS, today=TODAY)
    assert LIMITS.reached([one.decided_on for one in grounds], TODAY) == (len(grounds) >= 3)


@pytest.mark.parametrize(("earlier", "days"), [(0, 30), (1, 90), (2, 365), (7, 365)])
def test_the_terms_follow_each_other(earlier: int, days: int) -> None:
    assert next_term(earlier) == days
    check_term(days, earlier=earlier, why="")
    other = next(term for term in TERMS if term != days)
    with pytest.raises(Invalid, match=f"{days} days is the next step"):
        check_term(other, earlier=earlier, why=" ")
    check_term(other, earlier=earlier, why="The first one was for a threat.")


@pytest.mark.parametrize("days", [0, 1, 366, 99_999])
def test_no_other_length_is_taken_whatever_the_reason(days: int) -> None:
    with pytest.raises(Invalid, match="never permanent"):
        check_term(days, earlier=0, why="We have had enough.")


@pytest.mark.parametrize("answer", [None, False])
def test_nobody_is_kept_away_without_the_neutral_answer(answer: bool | None) -> None:  # noqa: FBT001 - a table
    with pytest.raises(Invalid):
        check_neutral_restriction(same_if_praise=answer)
