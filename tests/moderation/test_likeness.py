"""Decisions on like words: found by the words they share, at the same cost at any size."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playhouse.test_utils import count_queries

from charlton_intranet.moderation.models import Case, DecisionKey, DecisionWords, LikePair
from charlton_intranet.moderation.queries.likeness import differing, earlier_like, earlier_under, like_words
from charlton_intranet.moderation.rules import Outcome
from charlton_intranet.moderation.rules.likeness import BANDS, alike, common, keys_of, share, words_of
from charlton_intranet.moderation.service.likeness import index_decisions
from tests.conftest import Town
from tests.moderation import factories
from tests.moderation import reconsideration_factories as asking

TEXT = factories.WORDS
SAME = "Tonight somebody ought to burn that branch down: I have matches!"
OTHER = "Story hour at the children's room was lovely, thank you all."


def kept(town: Town, text: str, department: str = "Library") -> int:
    """A case whose post was kept."""
    case = factories.advised(town, text, department=department)
    return factories.determine(town, case, Outcome.KEEP, categories=(), quote="").id


def removed(town: Town, text: str = TEXT, department: str = "Library") -> int:
    return factories.closed(town, text, department=department).id


# --- rules ------------------------------------------------------------------------------------------------


def test_words_are_compared_without_case_marks_or_the_commonest() -> None:
    assert words_of("The BRANCH, the branch! It\N{RIGHT SINGLE QUOTATION MARK}s  burning") == {
        "branch",
        "it's",
        "burning",
    }
    assert words_of("To be or not to be") == {"to", "be", "or", "not"}
    assert words_of("!!! ...") == frozenset()


@pytest.mark.parametrize(
    ("one", "other", "is_like"),
    [
        (TEXT, SAME, True),
        (TEXT, OTHER, False),
        ("Go away", "go AWAY!", True),
        ("Go away", "Go home", False),
        ("", "", False),
        ("burn branch", "burn branch library tonight matches", False),
    ],
)
def test_like_words_are_a_share_of_all_words(one: str, other: str, *, is_like: bool) -> None:
    assert alike(words_of(one), words_of(other)) is is_like


def test_why_two_texts_are_alike_can_be_said() -> None:
    one, other = words_of("burn that branch tonight"), words_of("Burn the branch tomorrow")
    assert common(one, other) == ("branch", "burn")
    assert share(one, other) == 50


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_texts_compare_the_same_both_ways(one: str, other: str) -> None:
    first, second = words_of(one), words_of(other)
    assert share(first, second) == share(second, first) <= 100
    assert alike(first, second) == alike(second, first)
    assert len(keys_of(first)) in {0, BANDS}
    assert all(0 <= key < 2**63 for key in keys_of(first))
    assert not first or share(first, first) == 100


# --- the index --------------------------------------------------------------------------------------------


def test_the_job_takes_in_what_is_new_and_only_once(town: Town) -> None:
    removed(town)
    kept(town, OTHER)
    assert index_decisions() == 2
    assert index_decisions() == 0
    assert DecisionWords.select().count() == 2
    assert DecisionKey.select().count() == 2 * BANDS


def test_a_backlog_is_taken_in_by_parts(town: Town) -> None:
    for number in range(3):
        removed(town, f"{TEXT} {number}")
    assert [index_decisions(batch=2), index_decisions(batch=2), index_decisions(batch=2)] == [2, 1, 0]


def test_like_words_are_found_likest_first_and_unlike_ones_not(town: Town) -> None:
    near, far = removed(town), kept(town, OTHER)
    same = removed(town, f"{TEXT} Truly, I swear it on everything holy.")
    index_decisions()
    found = earlier_like(town.actor("administrator"), 0, SAME)
    assert [one.case_id for one in found] == [near, same]
    assert far not in {one.case_id for one in found}
    assert "matches" in found[0].common
    assert found[0].share > found[1].share


def test_a_case_is_not_its_own_precedent(town: Town) -> None:
    case_id = removed(town)
    index_decisions()
    assert earlier_like(town.actor("administrator"), case_id, TEXT) == []


def test_decisions_under_a_category_newest_first_and_a_few_only(town: Town) -> None:
    cases = [removed(town, f"{TEXT} {number}") for number in range(7)]
    index_decisions()
    found = earlier_under(town.actor("administrator"), cases[-1], ["J", "A"])
    assert [one.case_id for one in found["J"]] == cases[-2:-7:-1]
    assert found["A"] == []


def test_another_departments_words_stay_with_it(town: Town) -> None:
    removed(town, department="Police")
    index_decisions()
    [one] = earlier_like(town.actor("head.library"), 0, SAME)
    assert not one.readable
    assert (one.text, one.reason) == ("", "")
    assert one.outcome is Outcome.REMOVE


# --- similar words, different outcome ---------------------------------------------------------------------


def pairs(town: Town, box: str = "administrator") -> list[tuple[int, int]]:
    index_decisions()
    return [(pair.newer.case_id, pair.older.case_id) for pair in differing(town.actor(box))[0]]


def test_a_pair_is_shown_when_it_came_out_differently(town: Town) -> None:
    gone, stays = removed(town), kept(town, SAME)
    removed(town, f"{TEXT} Yes.")
    kept(town, OTHER)
    assert (stays, gone) in pairs(town)
    assert all({one, other} & {stays} for one, other in pairs(town))


def test_a_reversal_ends_one_difference_and_makes_another(town: Town) -> None:
    first, stays, second = removed(town), kept(town, SAME), removed(town, f"{TEXT} Yes.")
    assert set(pairs(town)) == {(stays, first), (second, stays)}
    asking.answered(town, asking.request(town, Case.get_by_id(first)))
    assert set(pairs(town)) == {(second, first), (second, stays)}


def test_what_was_reversed_before_it_was_taken_in_counts_as_kept(town: Town) -> None:
    gone = removed(town)
    asking.answered(town, asking.request(town, Case.get_by_id(gone)))
    kept(town, SAME)
    assert pairs(town) == []
    assert LikePair.select().count() == 1


def test_a_head_sees_pairs_of_their_department(town: Town) -> None:
    gone, stays = removed(town), kept(town, SAME)
    kept(town, SAME, department="Police")
    assert pairs(town, "head.library") == [(stays, gone)]
    assert pairs(town, "head.police") == []


def test_pairs_come_page_by_page(town: Town) -> None:
    gone = removed(town)
    stays = [kept(town, f"{SAME} {number}") for number in range(3)]
    index_decisions()
    first, more = differing(town.actor("administrator"), size=2)
    rest, end = differing(town.actor("administrator"), more, size=2)
    assert [pair.newer.case_id for pair in (*first, *rest)] == stays[::-1]
    assert {pair.older.case_id for pair in (*first, *rest)} == {gone}
    assert end is None


def test_finding_costs_the_same_at_any_size(town: Town) -> None:
    removed(town)
    index_decisions()
    with count_queries() as few:
        assert len(like_words(SAME)) == 1
    for number in range(6):
        removed(town, f"{TEXT} {number}")
    index_decisions()
    with count_queries() as many:
        assert len(like_words(SAME)) == 7
    assert many.count == few.count == 2
