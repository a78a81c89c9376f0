"""The life of a case as tables, and what counts as words, quotes, names and the same post."""

from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charlton_intranet.core.errors import Invalid, StaleState
from charlton_intranet.moderation import rules
from charlton_intranet.moderation.rules import CaseState, Step

# One line a state: where a case may go from there. Written out again, so that a change shows twice.
ALLOWED = {
    "open": "dismissed preserved vanished",
    "dismissed": "open",
    "preserved": "consulting vanished",
    "consulting": "advised vanished",
    "advised": "determined vanished",
    "determined": "carried_out closed vanished",
    "carried_out": "closed",
    "closed": "",
    "vanished": "",
}


@pytest.mark.parametrize(("now", "then"), list(product(CaseState, CaseState)))
def test_every_pair_of_states(now: CaseState, then: CaseState) -> None:
    if then.value in ALLOWED[now.value].split():
        rules.check_move(now, then)
    else:
        with pytest.raises(StaleState, match="not open any more"):
            rules.check_move(now, then)


def test_nothing_leads_around_the_seal_the_advice_or_the_determination() -> None:
    def reaches_end_without(left_out: CaseState) -> bool:
        seen, edge = set(), {CaseState.OPEN}
        while edge:
            seen |= edge
            edge = {then for now in edge for then in rules.MOVES[now]} - seen - {left_out}
        return bool(seen & {CaseState.CARRIED_OUT, CaseState.CLOSED})

    for needed in (CaseState.PRESERVED, CaseState.CONSULTING, CaseState.ADVISED, CaseState.DETERMINED):
        assert not reaches_end_without(needed)


def test_every_state_has_a_label_moves_and_steps() -> None:
    assert rules.LABELS.keys() == set(CaseState) == rules.MOVES.keys() == rules.STEPS.keys()


LEADS_TO = {
    Step.DISMISS: CaseState.DISMISSED,
    Step.UNDO: CaseState.OPEN,
    Step.CONCERN: CaseState.PRESERVED,
    Step.ADVISE: CaseState.ADVISED,
    Step.NO_ANSWER: CaseState.ADVISED,
    Step.DETERMINE: CaseState.DETERMINED,
    Step.CARRY_OUT: CaseState.CARRIED_OUT,
    Step.VANISH: CaseState.VANISHED,
}


@pytest.mark.parametrize(("state", "step"), list(product(CaseState, LEADS_TO)))
def test_a_step_is_offered_exactly_where_its_move_is_allowed(state: CaseState, step: Step) -> None:
    assert (step in rules.STEPS[state]) == (LEADS_TO[step] in rules.MOVES[state])


def test_a_note_can_be_written_in_every_state() -> None:
    assert all(Step.NOTE in steps for steps in rules.STEPS.values())


# --- quotes -------------------------------------------------------------------------------------------------

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


@given(before=words, quote=words.filter(str.strip), after=words)
def test_words_from_the_text_can_always_be_quoted(before: str, quote: str, after: str) -> None:
    # Cut at white space: half a word is not a quote of a word.
    rules.check_quote(quote, f"{before} {quote} {after}")


@given(text=words, quote=words.filter(str.strip))
def test_words_that_are_not_in_the_text_can_never_be_quoted(text: str, quote: str) -> None:
    if " ".join(quote.split()) in " ".join(text.split()):
        rules.check_quote(quote, text)
    else:
        with pytest.raises(Invalid) as refusal:
            rules.check_quote(quote, text)
        assert set(refusal.value.problems) == {"quote"}


@pytest.mark.parametrize("quote", ["", " \n\t", "x" * (rules.QUOTE_MAX + 1)])
def test_an_empty_or_endless_quote_is_refused(quote: str) -> None:
    with pytest.raises(Invalid) as refusal:
        rules.check_quote(quote, quote)
    assert set(refusal.value.problems) == {"quote"}


# --- words, names, origins ------------------------------------------------------------------------------------


@given(st.text(st.characters(), max_size=100))
def test_cleaned_text_can_be_stored_and_is_otherwise_the_same(text: str) -> None:
    kept = rules.clean(text)
    assert "\0" not in kept
    kept.encode()
    assert len(kept) == len(text)
    assert all(a == b for a, b in zip(kept, text, strict=True) if b != "\0" and not "\ud800" <= b <= "\udfff")


@pytest.mark.parametrize(
    ("text", "taken"), [("", False), (" \n ", False), ("x", True), ("x" * 50_000, True), ("x" * 50_001, False)]
)
def test_captured_words_are_some_and_not_a_book(text: str, *, taken: bool) -> None:
    if taken:
        rules.check_text(text)
    else:
        with pytest.raises(Invalid) as refusal:
            rules.check_text(text)
        assert set(refusal.value.problems) == {"text"}


@pytest.mark.parametrize(("one", "other"), [("@Jo", "jo"), ("JO  Doe", "jo doe"), ("Straße", "STRASSE"), (" @x ", "X")])
def test_two_spellings_of_one_name(one: str, other: str) -> None:
    assert rules.handle_key(one) == rules.handle_key(other) != ""


def test_the_networks_number_goes_before_the_link() -> None:
    assert rules.origin_key(link="x.com/a/1", external_id=" 7 ") == "id:7"
    assert rules.origin_key(link="x.com/a/1", external_id=" ") == "link:x.com/a/1"
    assert rules.origin_key() is None


@given(st.text(min_size=1, max_size=2000), st.text(min_size=1, max_size=2000))
def test_long_origins_fit_and_stay_different(one: str, other: str) -> None:
    first, second = rules.origin_key(link=one), rules.origin_key(link=other)
    assert first is not None
    assert second is not None
    assert len(first) <= rules.KEY_MAX
    assert (first == second) == (one == other)


@pytest.mark.parametrize(
    ("given_letters", "kept"),
    [("A,J", {"A", "J"}), (["a", " j "], {"A", "J"}), ([], set()), ("", set()), ([""], set())],
)
def test_letters_are_read_from_a_form_and_from_a_column(given_letters: list[str] | str, kept: set[str]) -> None:
    assert rules.letters_of(given_letters) == kept
    assert rules.letters_of(rules.written(frozenset(kept))) == kept


# --- deciding -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", [None, False])
def test_only_a_yes_to_the_neutral_question_lets_a_removal_through(*, answer: bool | None) -> None:
    rules.check_neutral(same_if_praise=True)
    with pytest.raises(Invalid) as refusal:
        rules.check_neutral(same_if_praise=answer)
    assert set(refusal.value.problems) == {"same_if_praise"}


@pytest.mark.parametrize(("today", "open_"), [(23, False), (24, False), (25, True), (30, True)])
def test_without_advice_one_goes_on_from_the_day_after_it_was_due(today: int, *, open_: bool) -> None:
    if open_:
        rules.check_no_answer(date(2026, 11, 24), date(2026, 11, today))
    else:
        with pytest.raises(Invalid, match="November 24"):
            rules.check_no_answer(date(2026, 11, 24), date(2026, 11, today))


def test_all_problems_are_told_at_once() -> None:
    with pytest.raises(Invalid) as refusal:
        rules.check_all(
            lambda: rules.check_quote("", "x"), lambda: rules.check_reason("short"), lambda: rules.check_text("fine")
        )
    assert set(refusal.value.problems) == {"quote", "reason"}
