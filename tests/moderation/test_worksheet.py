"""The worksheet of a determination: quotes, answers, counsel, what follows for the writer and for others."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from charlton_intranet.core.errors import Invalid
from charlton_intranet.mail.models import OutboxMessage
from charlton_intranet.moderation.models import (
    Case,
    ContributorWarning,
    Determination,
    Ground,
    Letter,
    Order,
    Referral,
    Worksheet,
)
from charlton_intranet.moderation.queries.worksheet import worksheet_of
from charlton_intranet.moderation.rules import AuthorKind, CaseState, Outcome
from charlton_intranet.moderation.rules.drafting import (
    DraftGround,
    draft_consequence,
    draft_reason,
    draft_referrals,
)
from charlton_intranet.moderation.rules.letters import LetterHow, LetterKind
from charlton_intranet.moderation.rules.worksheet import (
    REFERRAL_MOVES,
    Consequence,
    CounselSought,
    Notice,
    ReferralState,
    ReferredTo,
    check_own_words,
    quotes_of,
)
from charlton_intranet.moderation.rules.worksheet import Worksheet as Sheet
from charlton_intranet.policy.queries import categories
from charlton_intranet.policy.rules import CATEGORIES
from charlton_intranet.policy.service import publish_edition
from tests.conftest import Town
from tests.moderation import factories
from tests.moderation import worksheet_factories as worksheets

WORDS = "Burn that branch down tonight.\n\nCall Dana at 14 Alder Court, she is a thief."
HANDLE = "matchbox_44"


def refused(town: Town, case: Case, **other: Any) -> Mapping[str, str]:
    """What the determination is refused for; nothing of it is there afterwards."""
    with pytest.raises(Invalid) as refusal:
        factories.determine(town, case, **other)
    assert not Determination.select().exists()
    assert not Order.select().exists()
    assert not Referral.select().exists()
    assert factories.again(case).state is CaseState.ADVISED
    return refusal.value.problems


def test_each_category_keeps_its_quotes_and_its_answer(town: Town) -> None:
    case = factories.advised(town, WORDS)
    sheet = Sheet(
        quotes={"F": ("Dana at 14 Alder Court", "she is a thief")},
        answers={"F": "A private address; somebody may go there.", "J": ""},
    )
    factories.determine(town, case, categories=list("FJ"), quote="Burn that branch down", worksheet=sheet)
    view = worksheet_of(case.id)
    assert view is not None
    assert [(one.category.letter, one.quotes, one.answer) for one in view.grounds] == [
        ("F", ("Dana at 14 Alder Court", "she is a thief"), "A private address; somebody may go there."),
        ("J", ("Burn that branch down",), ""),
    ]
    assert (view.edition, view.consequence, view.counsel) == (1, Consequence.NOTHING, None)


def test_with_own_quotes_for_every_category_no_other_is_needed(town: Town) -> None:
    case = factories.advised(town, WORDS)
    sheet = Sheet(quotes={"J": ("Burn that branch down",), "K": ("14 Alder Court",)}, answers={"K": "c. 66A"})
    factories.determine(town, case, categories=list("JK"), quote="", worksheet=sheet)
    assert Determination.get().quote == "Burn that branch down\n\n14 Alder Court"


@pytest.mark.parametrize("letter", sorted(CATEGORIES.keys() - {"A", "J"}))
def test_each_categorys_own_question_is_answered(town: Town, letter: str) -> None:
    case = factories.advised(town, WORDS)
    sheet = replace(worksheets.filled(town, ""), answers={})
    problems = refused(town, case, categories=[letter, "J"], quote="Burn that branch down", worksheet=sheet)
    assert problems.keys() == {f"answer_{letter}"}
    assert CATEGORIES[letter].test in problems[f"answer_{letter}"]
    sheet = replace(sheet, answers={letter: "It is met by these words."})
    factories.determine(town, case, categories=[letter, "J"], quote="Burn that branch down", worksheet=sheet)
    assert Ground.select().count() == 2


@pytest.mark.parametrize("letter", "BGI")
def test_counsel_comes_first_where_the_edition_says_so(town: Town, letter: str) -> None:
    case = factories.advised(town)
    answered = replace(worksheets.filled(town, letter), counsel=None)
    facts: dict[str, Any] = {"categories": [letter, "J"], "worksheet": answered}
    assert refused(town, case, **facts).keys() == {"counsel_name"}
    factories.determine(town, case, **(facts | {"worksheet": replace(answered, counsel=worksheets.sought(town))}))
    view = worksheet_of(case.id)
    assert view is not None
    assert view.counsel == worksheets.sought(town)


def test_counsel_is_asked_for_by_all_letters_that_need_it(town: Town) -> None:
    sheet = replace(worksheets.filled(town, "BI"), counsel=None)
    problems = refused(town, factories.advised(town), categories=["B", "I", "J"], worksheet=sheet)
    assert problems["counsel_name"].startswith("Categories B and I need counsel first.")


def test_a_referral_to_counsel_that_was_recorded_first_counts_until_it_is_taken_back(town: Town) -> None:
    case = factories.advised(town)
    made = worksheets.referral(town, case, ReferredTo.COUNSEL)
    Referral.update(state=ReferralState.WITHDRAWN).where(Referral.id == made.id).execute()
    sheet = replace(worksheets.filled(town, "G"), counsel=None)
    with pytest.raises(Invalid, match="Category G needs counsel first"):
        factories.determine(town, case, categories="G", worksheet=sheet)
    Referral.update(state=ReferralState.SENT).where(Referral.id == made.id).execute()
    assert factories.determine(town, case, categories="G", worksheet=sheet).state is CaseState.DETERMINED


def test_to_keep_needs_neither_counsel_nor_answers(town: Town) -> None:
    case = factories.advised(town)
    kept = factories.determine(town, case, Outcome.KEEP, categories=list("GI"), quote="", same_if_praise=None)
    assert kept.state is CaseState.CLOSED
    assert Worksheet.get().categories_version_id == 1


@pytest.mark.parametrize(
    ("sought", "problems"),
    [
        (CounselSought(None, "Hale", "Yes."), {"counsel_on"}),
        (CounselSought(None, "", "Yes."), {"counsel_on", "counsel_name"}),
        (CounselSought(None, "Hale", " "), {"counsel_on", "counsel_said"}),
    ],
)
def test_counsels_answer_is_recorded_whole(town: Town, sought: CounselSought, problems: set[str]) -> None:
    sheet = replace(worksheets.filled(town, "G"), counsel=sought)
    assert refused(town, factories.advised(town), categories="G", worksheet=sheet).keys() == problems


def test_counsel_can_not_have_answered_tomorrow(town: Town) -> None:
    sheet = worksheets.filled(town, "G", counsel=replace(worksheets.sought(town), on=town.today + timedelta(days=1)))
    assert refused(town, factories.advised(town), categories="G", worksheet=sheet).keys() == {"counsel_on"}


def test_counsel_may_be_set_for_other_categories_and_i_alone_only_with_counsels_signature(town: Town) -> None:
    case, administrator = factories.advised(town), town.actor("administrator")
    assert "categories" in refused(town, case, categories="I", worksheet=worksheets.filled(town, "I"))
    entries = dict(categories().by_letter)
    entries["J"] = replace(entries["J"], counsel=True)
    entries["I"] = replace(entries["I"], alone=True)
    publish_edition(
        administrator, 1, entries, why="Counsel's letter.", counsel="Hale", signed_on=town.today, clock=town.clock
    )
    assert refused(town, case, categories="J").keys() == {"counsel_name"}
    factories.determine(town, case, categories="I", worksheet=worksheets.filled(town, "I"))
    assert Worksheet.get().categories_version_id == 2


def test_a_determination_is_read_by_its_own_edition_for_ever(town: Town) -> None:
    case = factories.determined(town)
    entries = dict(categories().by_letter)
    entries["J"] = replace(entries["J"], test="Another question?")
    publish_edition(town.actor("administrator"), 1, entries, why="Reworded.", clock=town.clock)
    view = worksheet_of(case.id)
    assert view is not None
    assert (view.edition, view.grounds[0].category.test) == (1, CATEGORIES["J"].test)
    page = town.client("auditor").get(f"/triage/{case.id}").get_data(as_text=True)
    assert CATEGORIES["J"].test in page
    assert "/policy/categories/1" in page


@pytest.mark.parametrize(
    "reason",
    [
        "Violent or threatening content",
        "violent, or threatening content.",
        "Category J: violent or threatening content",
    ],
)
def test_a_reason_that_only_repeats_the_category_is_refused(town: Town, reason: str) -> None:
    words = [CATEGORIES["J"].words, f"J {CATEGORIES['J'].words}"]
    with pytest.raises(Invalid) as refusal:
        check_own_words(reason, words)
    assert refusal.value.problems.keys() == {"reason"}
    check_own_words("These words threaten to burn a named building tonight.", words)
    assert "reason" in refused(town, factories.advised(town), reason="Violent or threatening content")


def test_everything_that_is_wrong_is_told_at_once(town: Town) -> None:
    sheet = Sheet(
        quotes={"G": ("not there",)}, consequence=Consequence.WARNING, referrals={ReferredTo.POLICE: " "},
        notice=Notice("", "Dear [fill in: handle]", LetterHow.MESSAGE),
    )  # fmt: skip
    problems = refused(
        town, factories.advised(town), categories=list("GI"), quote="nor this", reason="no", same_if_praise=None,
        worksheet=sheet,
    )  # fmt: skip
    assert problems.keys() == {
        "quote_G", "quote", "answer_G", "answer_I", "reason", "same_if_praise", "counsel_name", "consequence",
        "refer_police", "notice_subject", "notice_text",
    }  # fmt: skip


def test_several_outcomes_are_one_determination(town: Town) -> None:
    case = factories.advised(town, handle=HANDLE)
    sheet = Sheet(
        consequence=Consequence.WARNING,
        referrals={ReferredTo.IT: "Check the badge readers.", ReferredTo.POLICE: "Assess the threat."},
        notice=Notice("Your post", "It was removed, for its threat.", LetterHow.MESSAGE),
    )
    factories.determine(town, case, worksheet=sheet)
    decided = Determination.get()
    assert {(one.to, one.state, one.determination_id) for one in Referral.select()} == {
        (ReferredTo.IT, ReferralState.SENT, decided.id),
        (ReferredTo.POLICE, ReferralState.ASKED, decided.id),
    }
    letter = Letter.get()
    assert (letter.kind, letter.text) == (LetterKind.WARNING, "It was removed, for its threat.")
    assert ContributorWarning.get().letter_id == letter.id
    assert {m.recipient for m in OutboxMessage.select().where(OutboxMessage.kind == "case_referral")} == {
        "it@charlton.example", "coordinator.library@charlton.example",
    }  # fmt: skip


def test_who_wrote_for_the_town_or_is_unknown_is_not_warned(town: Town) -> None:
    sheet = Sheet(consequence=Consequence.RESTRICTION)
    for facts in ({}, {"handle": "clerk", "author_kind": AuthorKind.STAFF}):
        case = factories.advised(town, WORDS, **facts)
        assert "consequence" in refused(town, case, quote="Burn that branch", worksheet=sheet)
    kept = factories.advised(town, handle=HANDLE)
    assert "consequence" in refused(town, kept, outcome=Outcome.KEEP, worksheet=sheet)


def test_the_trail_has_the_worksheet_as_digests_alone(town: Town) -> None:
    factories.determine(
        town, factories.advised(town, WORDS), categories=list("GJ"), quote="Burn that branch down",
        worksheet=worksheets.filled(town, "GJ"),
    )  # fmt: skip
    trail = town.client("auditor").get("/oversight/audit").get_data(as_text=True)
    assert "Amara Hale" not in trail
    assert "is met by these words" not in trail


# --- drafting -----------------------------------------------------------------------------------------------------


def test_a_draft_names_the_words_and_leaves_a_gap_that_can_not_be_sent(town: Town) -> None:
    ground = DraftGround("F", CATEGORIES["F"].words, CATEGORIES["F"].test, ("14 Alder Court",), "")
    drafted = draft_reason([ground])
    assert "“14 Alder Court”" in drafted
    assert "[fill in: Which information is it, and which harm may follow?]" in drafted
    notice = Notice("Your post", f"It was removed. {drafted}", LetterHow.MESSAGE)
    problems = refused(town, factories.advised(town), reason=drafted, worksheet=Sheet(notice=notice))
    assert problems.keys() == {"reason", "notice_text"}
    whole = draft_reason([replace(ground, answer="A home address. Somebody may be harmed there.")])
    assert whole.endswith("A home address. Somebody may be harmed there.")
    assert "[" not in whole


@pytest.mark.parametrize(
    ("letters", "outcome", "known", "proposed"),
    [
        ("A", Outcome.REMOVE, True, Consequence.WARNING),
        ("AJ", Outcome.HIDE, True, Consequence.RESTRICTION),
        ("J", Outcome.KEEP, True, Consequence.NOTHING),
        ("J", None, True, Consequence.NOTHING),
        ("J", Outcome.REMOVE, False, Consequence.NOTHING),
        ("", Outcome.REMOVE, True, Consequence.NOTHING),
    ],
)
def test_which_consequence_is_proposed(
    letters: str, outcome: Outcome | None, proposed: Consequence, *, known: bool
) -> None:
    assert draft_consequence(letters, outcome, known=known) is proposed


def test_to_whom_a_ground_is_usually_handed_on() -> None:
    found = draft_referrals("FGJ", ("burn it down",))
    assert found.keys() == {ReferredTo.IT, ReferredTo.COUNSEL, ReferredTo.POLICE}
    assert "“burn it down”" in found[ReferredTo.POLICE]
    assert draft_referrals("AD", ()) == {}


def test_quotes_are_parted_by_an_empty_line() -> None:
    assert quotes_of("one\r\n\r\n two\nthree \n\n\n") == ("one", "two\nthree")
    assert quotes_of(" \n ") == ()


def test_referrals_end_answered_or_withdrawn() -> None:
    assert REFERRAL_MOVES.keys() == set(ReferralState)
    assert {state for state, then in REFERRAL_MOVES.items() if not then} == {
        ReferralState.ANSWERED, ReferralState.WITHDRAWN,
    }  # fmt: skip
