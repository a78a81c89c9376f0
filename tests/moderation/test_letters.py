"""Letters: drafted from what is known, kept as they were sent."""

from datetime import timedelta

import pytest

from charlton_intranet.core.audit import AuditEvent
from charlton_intranet.core.clock import today
from charlton_intranet.core.database import unit_of_work
from charlton_intranet.core.errors import Invalid, NotFound
from charlton_intranet.moderation.models import Letter
from charlton_intranet.moderation.queries import letters as queries
from charlton_intranet.moderation.rules import Outcome
from charlton_intranet.moderation.rules.letters import LetterHow, LetterKind, draft
from charlton_intranet.moderation.service import letters as service
from tests.conftest import Town
from tests.moderation import factories


@pytest.mark.parametrize("kind", list(LetterKind))
def test_every_kind_has_a_draft_whose_unknown_facts_are_blanks(kind: LetterKind) -> None:
    subject, text = draft(kind, {"town": "Charlton", "site": "Charlton Library", "handle": ""})
    assert "Charlton Library" in subject
    assert "[fill in: " in text
    assert "$" not in subject + text


def test_a_value_with_a_dollar_sign_stays_as_it_is() -> None:
    assert "costs $5 ${x}" in draft(LetterKind.WARNING, {"quote": "costs $5 ${x}"})[1]


def test_the_draft_of_a_notice_says_what_was_decided_and_until_when_to_ask(town: Town) -> None:
    case = factories.closed(town, handle="@burner")
    subject, text = draft(
        LetterKind.NOTICE_OF_DETERMINATION, queries.case_facts(town.actor("coordinator.library"), case.id)
    )
    assert subject == "Your post on Charlton Library is removed"
    assert "“burn that branch down”" in text
    assert "J. Violent or threatening content" in text
    assert "until Tue, Dec 8, 2026" in text  # ten business days from Nov 23, with Thanksgiving between
    assert "[fill in: " not in text


def sent(town: Town, **other: object) -> dict[str, object]:
    return {
        "kind": LetterKind.WARNING, "subject": "A warning", "text": "Dear writer,\n  two  spaces stay.",
        "how": LetterHow.MESSAGE, "sent_on": today(town.clock), "why_not": "", "clock": town.clock,
    } | other  # fmt: skip


def test_the_exact_text_is_kept_with_how_and_when_it_went(town: Town) -> None:
    case = factories.closed(town, handle="@burner")
    actor = town.actor("coordinator.library")
    letter_id = service.write_to_writer(actor, case.id, **sent(town))  # type: ignore[arg-type]
    seen = queries.letter_view(actor, letter_id)
    assert (seen.text, seen.how, seen.sent_on) == ("Dear writer,\n  two  spaces stay.", LetterHow.MESSAGE, town.today)
    assert (seen.case_id, seen.handle, seen.edition) == (case.id, "@burner", 1)
    assert [one.id for one in queries.letters_of_case(case.id)] == [letter_id]


def test_the_same_press_twice_keeps_a_letter_once_and_another_letter_beside_it(town: Town) -> None:
    case = factories.closed(town, handle="@burner")
    actor = town.actor("coordinator.library")
    first = service.write_to_writer(actor, case.id, **sent(town))  # type: ignore[arg-type]
    assert service.write_to_writer(actor, case.id, **sent(town)) == first  # type: ignore[arg-type]
    other = service.write_to_writer(actor, case.id, **sent(town, how=LetterHow.MAIL))  # type: ignore[arg-type]
    town.clock.advance(hours=2)
    later = service.write_to_writer(actor, case.id, **sent(town))  # type: ignore[arg-type]
    assert [one.id for one in queries.letters_of_case(case.id)] in ([first, other, later], [later, other, first])
    assert AuditEvent.select().where(AuditEvent.tag == "letter.kept").count() == 3


def test_a_letter_that_could_not_go_says_why_and_has_no_day(town: Town) -> None:
    case = factories.closed(town)
    letter_id = service.write_to_writer(
        town.actor("coordinator.library"), case.id,
        **sent(town, how=LetterHow.NOT_SENT, why_not="The network shows no name."),  # type: ignore[arg-type]
    )  # fmt: skip
    letter = Letter.get_by_id(letter_id)
    assert (letter.sent_on, letter.why_not, letter.contributor_id) == (None, "The network shows no name.", None)


@pytest.mark.parametrize(
    ("field", "other"),
    [
        ("sent_on", {"sent_on": "tomorrow"}),
        ("subject", {"subject": "  "}),
        ("text", {"text": "Dear [fill in: handle],"}),
        ("text", {"text": "x" * 20_001}),
        ("why_not", {"how": LetterHow.NOT_SENT}),
    ],
)
def test_what_is_not_finished_is_refused_beside_its_field(town: Town, field: str, other: dict[str, object]) -> None:
    case = factories.closed(town)
    if other.get("sent_on") == "tomorrow":
        other = {"sent_on": town.today + timedelta(days=1)}
    with pytest.raises(Invalid) as refused:
        service.write_to_writer(town.actor("coordinator.library"), case.id, **sent(town, **other))  # type: ignore[arg-type]
    assert set(refused.value.problems) == {field}
    assert Letter.select().count() == 0


def test_a_letter_is_kept_only_inside_a_unit_of_work(town: Town) -> None:
    with pytest.raises(RuntimeError):
        service.keep_letter(
            town.actor("administrator"), None, None, kind="restored", subject="x", text="y", how="mail",
            clock=town.clock,
        )  # fmt: skip


def test_other_departments_do_not_know_of_a_letter(town: Town) -> None:
    case = factories.closed(town, handle="@burner")
    letter_id = service.write_to_writer(town.actor("coordinator.library"), case.id, **sent(town))  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        queries.letter_view(town.actor("coordinator.police"), letter_id)
    contributors = [case.contributor_id or 0]
    assert queries.letters_to(town.actor("coordinator.police"), contributors) == ()
    assert len(queries.letters_to(town.actor("coordinator.library"), contributors)) == 1
    assert len(queries.letters_to(town.actor("administrator"), contributors)) == 1


def test_a_kept_case_has_its_own_words_for_what_was_done(town: Town) -> None:
    case = factories.determine(town, factories.advised(town, handle="@burner"), Outcome.KEEP)
    assert queries.case_facts(town.actor("administrator"), case.id)["outcome_did"] == "kept"


def test_other_parts_keep_a_letter_in_their_own_unit(town: Town) -> None:
    with unit_of_work():
        letter_id = service.keep_letter(
            town.actor("records"), None, None, kind=LetterKind.RECONSIDERATION_RECEIVED, subject="We have it",
            text="We have your request.", how=LetterHow.COUNTER, clock=town.clock,
        )  # fmt: skip
    assert Letter.get_by_id(letter_id).sent_on == town.today
