"""Emergency hides as tables: every pair of states, every ground, every outcome."""

import itertools

import pytest

from charlton_intranet.core.errors import Invalid, StaleState
from charlton_intranet.moderation.rules import CaseState, Outcome
from charlton_intranet.moderation.rules.emergency import (
    EMERGENCY_MOVES,
    HIDE_FROM,
    EmergencyState,
    Ground,
    after_determination,
    check_answer,
    check_emergency_move,
    check_hidden_words,
    check_hide_from,
    ground_of,
)
from charlton_intranet.policy.rules import CATEGORIES

E = EmergencyState
ALLOWED = {
    (E.ORDERED, E.STANDING), (E.ORDERED, E.FLAGGED), (E.ORDERED, E.CONFIRMED), (E.ORDERED, E.ENDED),
    (E.STANDING, E.FLAGGED), (E.STANDING, E.CONFIRMED), (E.STANDING, E.ENDED),
    (E.FLAGGED, E.CONFIRMED), (E.FLAGGED, E.RESTORED), (E.FLAGGED, E.ENDED),
}  # fmt: skip


@pytest.mark.parametrize(("now", "then"), list(itertools.product(E, E)))
def test_every_pair_of_states(now: EmergencyState, then: EmergencyState) -> None:
    if (now, then) in ALLOWED:
        check_emergency_move(now, then)
        return
    with pytest.raises(StaleState, match=now.label):
        check_emergency_move(now, then)


def test_the_table_names_every_state_and_what_is_over_is_not_open() -> None:
    assert EMERGENCY_MOVES.keys() == set(E)
    assert {state for state in E if not state.is_open} == {E.CONFIRMED, E.RESTORED, E.ENDED}
    assert len({state.label for state in E}) == len(E)


@pytest.mark.parametrize("state", list(CaseState))
def test_only_before_the_determination(state: CaseState) -> None:
    if state in {CaseState.OPEN, CaseState.CONSULTING, CaseState.ADVISED}:
        assert state in HIDE_FROM
        check_hide_from(state)
        return
    with pytest.raises(StaleState, match=state.label):
        check_hide_from(state)


@pytest.mark.parametrize("letter", sorted(CATEGORIES))
def test_the_grounds_are_those_of_the_categories_that_say_so(letter: str) -> None:
    if CATEGORIES[letter].hide_at_once:
        assert ground_of(letter).letter == letter
        return
    with pytest.raises(Invalid, match="courts strike down") as refusal:
        ground_of(letter)
    assert refusal.value.problems.keys() == {"ground"}


def test_malware_is_a_ground_and_nothing_is_none() -> None:
    assert ground_of("malware").letter == "F"
    assert {ground.letter for ground in Ground} == {"E", "F", "J", "K"}
    with pytest.raises(Invalid, match="Choose the ground"):
        ground_of("")
    for other in ("j", "Z", "J,K", " J"):
        with pytest.raises(Invalid, match="Only E, F, J, K or malware"):
            ground_of(other)


@pytest.mark.parametrize("ground", [g for g in Ground if g is not Ground.MALWARE])
def test_the_words_stand_in_the_text(ground: Ground) -> None:
    check_hidden_words(ground, "burn  it\ndown", "I will burn it down.")
    for words in ("", "burn that down", "x" * 2001):
        with pytest.raises(Invalid) as refusal:
            check_hidden_words(ground, words, "I will burn it down.")
        assert refusal.value.problems.keys() == {"words"}


def test_for_malware_it_is_one_link() -> None:
    check_hidden_words(Ground.MALWARE, " https://gift.example/claim ", "You have won!")
    for words in ("", "see https://gift.example", "x" * 1001):
        with pytest.raises(Invalid) as refusal:
            check_hidden_words(Ground.MALWARE, words, "You have won!")
        assert refusal.value.problems.keys() == {"words"}


@pytest.mark.parametrize("ground", list(Ground))
def test_the_question_is_answered_in_a_sentence(ground: Ground) -> None:
    check_answer(ground, "It names the street of an officer.")
    with pytest.raises(Invalid) as refusal:
        check_answer(ground, "Danger")
    assert ground.question in refusal.value.problems["answer"]
    with pytest.raises(Invalid, match="5,000"):
        check_answer(ground, "x" * 5001)


@pytest.mark.parametrize(("state", "outcome"), list(itertools.product(E, Outcome)))
def test_what_a_determination_makes_of_it(state: EmergencyState, outcome: Outcome) -> None:
    then = after_determination(state, outcome)
    if state in {E.CONFIRMED, E.RESTORED, E.ENDED}:
        assert then is state
    elif outcome is Outcome.KEEP:
        assert then is E.FLAGGED
    else:
        assert then is E.CONFIRMED
