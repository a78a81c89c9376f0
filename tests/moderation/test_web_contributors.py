"""The pages about contributors, their restrictions and letters, as people use them."""

import io
from typing import Any

import pytest
from playhouse.test_utils import count_queries

from charlton_intranet.accounts.models import RecordedException
from charlton_intranet.moderation.models import HandleLink, Letter, Restriction
from charlton_intranet.moderation.rules.contributors import LinkState, RestrictionState
from charlton_intranet.moderation.rules.letters import LetterHow
from tests.conftest import Town
from tests.moderation import contributors_factories as made
from tests.moderation import factories

S = RestrictionState


def proof() -> dict[str, Any]:
    return {"screenshots": (io.BytesIO(factories.picture("red")), "blocked.png")}


def page(town: Town, box: str, path: str, status: int = 200) -> str:
    answer = town.client(box).get(path)
    assert answer.status_code == status, path
    return str(answer.get_data(as_text=True))


# --- beside a case and in the ledger ----------------------------------------------------------------------


def test_what_stands_against_the_writer_stands_beside_the_case_and_in_the_queue(town: Town) -> None:
    cases = made.upheld(town, 2)
    made.warn(town, cases[0])
    made.keep_case(town)
    case = factories.case(town, "New words", handle=made.HANDLE)
    for path in (f"/triage/{case.id}", f"/triage?state=open&case={case.id}"):
        text = page(town, "coordinator.library", path)
        assert [f"/triage/{one.id}" in text for one in cases] == [True, True]
        assert "Warned" in text
        assert "a restriction can be proposed" not in text
    made.upheld(town)
    assert "3 decisions within 12 months: a restriction can be proposed" in page(
        town, "coordinator.library", f"/triage/{case.id}"
    )


def test_the_case_itself_is_not_among_the_others(town: Town) -> None:
    [case] = made.upheld(town)
    text = page(town, "coordinator.library", f"/triage/{case.id}")
    assert "None but this." in text


def test_a_case_without_a_known_writer_says_so(town: Town) -> None:
    case = factories.case(town)
    assert "The writer is not known." in page(town, "coordinator.library", f"/triage/{case.id}")


def test_the_ledger_lists_who_has_decisions_that_stand_and_nobody_else(town: Town) -> None:
    made.upheld(town)
    factories.case(town, handle="@only-seen")
    text = page(town, "auditor", "/contributors")
    assert "@burner" in text
    assert "only-seen" not in text
    assert "Nobody found" in page(town, "auditor", "/contributors?q=somebody")
    assert "@burner" in page(town, "auditor", "/contributors?q=BURN")
    assert "Nobody found" in page(town, "auditor", "/contributors?restricted=y")


def test_another_department_reads_the_facts_without_the_words(town: Town) -> None:
    [case] = made.upheld(town)
    path = f"/contributors/{made.writer(case)}"
    own, other = page(town, "coordinator.library", path), page(town, "coordinator.police", path)
    assert "burn that branch down" in own
    assert f"/triage/{case.id}" in own
    assert "burn that branch down" not in other
    assert f"/triage/{case.id}" not in other
    assert "Charlton Library" in other
    assert "Another department" in other


def test_who_was_only_seen_has_no_page_for_others(town: Town) -> None:
    case = factories.case(town, handle="@quiet")
    assert "No decision stands" in page(town, "coordinator.library", f"/contributors/{made.writer(case)}")
    page(town, "coordinator.police", f"/contributors/{made.writer(case)}", 404)
    page(town, "coordinator.police", "/contributors/999999", 404)
    page(town, "it", f"/contributors/{made.writer(case)}", 403)


@pytest.mark.parametrize("address", ["/contributors", "/contributors/links", "/contributors/restrictions"])
def test_the_pages_about_writers_lead_back_to_the_queue(town: Town, address: str) -> None:
    text = page(town, "auditor", address)
    places = text[text.index('aria-label="Cases"') :].partition("</nav>")[0]
    assert 'href="/triage"' in places
    assert 'href="/contributors" aria-current="page"' in places


def test_a_contributors_page_costs_the_same_however_much_there_is(town: Town) -> None:
    [one] = made.upheld(town)
    browser, costs = town.client("administrator"), []
    for more in (0, 3):
        for case in made.upheld(town, more):
            made.warn(town, case)
        with count_queries() as counted:
            assert browser.get(f"/contributors/{made.writer(one)}").status_code == 200
        costs.append(counted.count)
    assert costs[0] == costs[1]


# --- names of one person ----------------------------------------------------------------------------------


def test_a_link_from_the_proposal_to_its_undoing(town: Town) -> None:
    [one] = made.upheld(town)
    [other] = made.upheld(town, handle="@burner2")
    first, second = town.client("coordinator.library"), town.client("administrator")
    path = f"/contributors/{made.writer(one)}"
    network = str(factories.site(town).network_id)
    typed = {"network_id": network, "handle": "burner2", "reason": "They sign with the same name."}
    assert first.submit(f"{path}/links", typed).status_code == 303
    link = HandleLink.get()
    assert "@burner2" in page(town, "administrator", "/contributors/links")
    there = f"/contributors/links/{link.id}"
    assert second.submit(f"{there}/decide", {"version": link.version, "answer": "agree"}).status_code == 303
    assert f"/triage/{other.id}" in page(town, "coordinator.library", path)
    undo = {"version": link.version + 1, "reason": "Two sisters."}
    assert first.submit(f"{there}/undo", undo).status_code == 303
    assert HandleLink.get_by_id(link.id).state is LinkState.ENDED
    assert f"/triage/{other.id}" not in page(town, "coordinator.library", path)
    assert "Two sisters." in page(town, "auditor", there)
    assert first.submit(f"{there}/undo", undo).status_code == 409


def test_ones_own_link_asks_for_an_exception(town: Town) -> None:
    [one] = made.upheld(town)
    made.upheld(town, handle="@burner2")
    link = made.link(town, made.writer(one), "@burner2")
    browser, path = town.client("coordinator.library"), f"/contributors/links/{link.id}"
    assert "You proposed this yourself" in browser.get(path).get_data(as_text=True)
    assert "You proposed this yourself" not in page(town, "administrator", path)
    answer = {"version": link.version, "answer": "agree"}
    assert browser.submit(f"{path}/decide", answer).status_code == 403
    answer["exception"] = "Nobody else is in the house this week."
    assert browser.submit(f"{path}/decide", answer).status_code == 303
    assert RecordedException.select().count() == 1


def test_an_unfinished_link_comes_back_with_what_was_typed(town: Town) -> None:
    [one] = made.upheld(town)
    network = str(factories.site(town).network_id)
    answer = town.client("coordinator.library").submit(
        f"/contributors/{made.writer(one)}/links", {"network_id": network, "handle": "@unheard", "reason": "Same tone."}
    )
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Same tone." in text
    assert "Nobody of this name" in text


# --- restrictions -----------------------------------------------------------------------------------------


def test_a_restriction_from_the_proposal_to_its_end(town: Town) -> None:
    cases = made.upheld(town, 3)
    path = f"/contributors/{made.writer(cases[0])}"
    coordinator, head, administrator = (
        town.client(box) for box in ("coordinator.library", "head.library", "administrator")
    )
    assert f"{path}/restrict" in coordinator.get(path).get_data(as_text=True)
    form = coordinator.get(f"{path}/restrict").get_data(as_text=True)
    assert form.count("checked") == 5  # the cause, the three decisions, 30 days
    typed = {
        "place": f"{cases[0].site_id}-{made.writer(cases[0])}", "cause": "repeated", "days": "30",
        "grounds": [str(made.decision(case)) for case in cases], "reason": made.REASON,
    }  # fmt: skip
    assert coordinator.submit(f"{path}/restrict", typed).status_code == 303
    found = Restriction.get()
    there = f"/contributors/restrictions/{found.id}"
    view = {"version": 1, "position": "violation", "text": "The warnings did not help."}
    assert head.submit(f"{there}/view", view).status_code == 303
    decision = {
        "version": 2, "decision": "approve", "days": "30", "reason": made.REASON, "same_if_praise": "yes",
    }  # fmt: skip
    assert administrator.submit(f"{there}/decide", decision).status_code == 303
    assert coordinator.submit(f"{there}/carry-out", {"version": 3} | proof()).status_code == 303
    assert "Restricted" in page(town, "auditor", "/contributors?restricted=y")
    assert "In force" in page(town, "coordinator.library", f"/triage/{cases[0].id}")
    made.to_the_end(town, made.again(found))
    coordinator = town.client("coordinator.library")
    assert "Take it off at" in coordinator.get(there).get_data(as_text=True)
    assert coordinator.submit(f"{there}/take-off", {"version": 4} | proof()).status_code == 303
    assert made.again(found).state is S.ENDED
    text = page(town, "auditor", there)
    assert text.count("blocked.png") == 2
    assert "No decision" not in text


def test_a_proposal_without_enough_comes_back_with_the_sentence_and_what_was_typed(town: Town) -> None:
    cases = made.upheld(town, 2)
    answer = town.client("coordinator.library").submit(
        f"/contributors/{made.writer(cases[0])}/restrict",
        {"place": f"{cases[0].site_id}-{made.writer(cases[0])}", "cause": "repeated", "days": "30",
         "grounds": [str(made.decision(case)) for case in cases], "reason": "Twice was enough for everybody."},
    )  # fmt: skip
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "It takes 3 decisions" in text
    assert "Twice was enough for everybody." in text
    assert Restriction.select().count() == 0


@pytest.mark.parametrize("place", ["", "-", "x-y", "999999999999-1", "1", "-1--2"])
def test_a_forged_place_is_refused(town: Town, place: str) -> None:
    cases = made.upheld(town, 3)
    answer = town.client("coordinator.library").submit(
        f"/contributors/{made.writer(cases[0])}/restrict",
        {"place": place, "cause": "repeated", "days": "30", "grounds": [str(made.decision(cases[0]))], "reason": "x"},
    )
    assert answer.status_code == 422
    assert Restriction.select().count() == 0


@pytest.mark.parametrize("state", list(S))
def test_every_state_has_its_page_for_readers_and_none_for_others(town: Town, state: RestrictionState) -> None:
    found = made.in_state(town, state)
    path = f"/contributors/restrictions/{found.id}"
    for box in ("coordinator.library", "head.library", "administrator", "auditor", "records"):
        text = page(town, box, path)
        assert state.label in text
        if box in {"auditor", "records"}:
            assert "<form" not in text.partition('id="restriction"')[2].partition("</main>")[0]
    page(town, "coordinator.police", path, 404)
    page(town, "user.library", path, 403)
    listed = page(town, "auditor", "/contributors/restrictions?all=yes")
    assert path in listed


@pytest.mark.parametrize(
    ("step", "state", "box"),
    [
        ("view", S.PROPOSED, "head.library"),
        ("withdraw", S.PROPOSED, "coordinator.library"),
        ("carry-out", S.APPROVED, "coordinator.library"),
        ("review", S.IN_FORCE, "administrator"),
        ("take-off", S.LIFTING, "coordinator.library"),
    ],
)
def test_steps_keep_to_their_people_their_version_and_what_was_typed(
    town: Town, step: str, state: RestrictionState, box: str
) -> None:
    found = made.in_state(town, state)
    path = f"/contributors/restrictions/{found.id}/{step}"
    typed = {
        "position": "violation", "text": "Typed words", "reason": "Typed words, long enough", "stays": "yes",
    }  # fmt: skip
    assert town.client(box).get(path).status_code == 405
    assert town.client("auditor").submit(path, typed).status_code == 403
    outsider = box.replace("library", "police") if "library" in box else "it"
    assert town.client(outsider).submit(path, {"version": found.version} | typed).status_code in {403, 404}
    stale = town.client(box).submit(path, {"version": found.version + 7} | typed | proof())
    assert stale.status_code == 409
    if step in {"view", "withdraw", "review"}:
        assert "Typed words" in stale.get_data(as_text=True)
    wrong = town.client(box).submit(path, {"version": found.version, "text": "Half", "reason": "Half"})
    assert wrong.status_code == 422 if step != "withdraw" else wrong.status_code == 303
    if step in {"view", "review"}:
        assert "Half" in wrong.get_data(as_text=True)


def test_a_step_that_is_not_open_changes_nothing(town: Town) -> None:
    found = made.in_state(town, S.IN_FORCE)
    path = f"/contributors/restrictions/{found.id}"
    assert (
        town.client("coordinator.library").submit(f"{path}/take-off", {"version": found.version} | proof()).status_code
        == 422
    )
    assert (
        town.client("administrator")
        .submit(
            f"{path}/decide",
            {
                "version": found.version,
                "decision": "approve",
                "days": "365",
                "reason": made.REASON,
                "same_if_praise": "yes",
            },
        )
        .status_code
        == 409
    )
    assert made.again(found).state is S.IN_FORCE


# --- letters ----------------------------------------------------------------------------------------------


def test_a_letter_is_drafted_edited_kept_and_printed(town: Town) -> None:
    case = factories.closed(town, handle="@burner")
    browser = town.client("coordinator.library")
    path = f"/triage/{case.id}/letters"
    assert path in browser.get(f"/triage/{case.id}").get_data(as_text=True)
    draft = browser.get(path).get_data(as_text=True)
    assert "Your post on Charlton Library is removed" in draft
    typed = {"subject": "About your post", "text": "Dear Jo,\n\nit is gone.", "how": "message", "sent_on": "2026-11-23"}
    assert browser.submit(path, typed).status_code == 303
    letter = Letter.get()
    assert (letter.text.replace("\r\n", "\n"), letter.how) == ("Dear Jo,\n\nit is gone.", LetterHow.MESSAGE)
    there = f"/contributors/letters/{letter.id}"
    assert there in browser.get(f"/triage/{case.id}").get_data(as_text=True)
    assert "it is gone." in page(town, "auditor", there)
    page(town, "coordinator.police", there, 404)
    assert there in page(town, "coordinator.library", f"/contributors/{made.writer(case)}")


def test_a_letter_that_is_not_finished_comes_back(town: Town) -> None:
    case = factories.closed(town, handle="@burner")
    answer = town.client("coordinator.library").submit(
        f"/triage/{case.id}/letters?kind=warning", {"subject": "x", "text": "Dear [fill in: name]", "how": "mail"}
    )
    assert answer.status_code == 422
    assert "Dear [fill in: name]" in answer.get_data(as_text=True)
    assert Letter.select().count() == 0


def test_only_letters_of_a_kind_that_fits_are_written(town: Town) -> None:
    case = factories.closed(town, handle="@burner")
    assert town.client("coordinator.library").get(f"/triage/{case.id}/letters?kind=restriction").status_code == 404
    assert town.client("head.library").get(f"/triage/{case.id}/letters").status_code == 403
    assert town.client("coordinator.police").get(f"/triage/{case.id}/letters").status_code == 404


def test_the_letter_of_a_warning_stands_with_the_warning(town: Town) -> None:
    [case] = made.upheld(town)
    made.warn(town, case)
    browser = town.client("administrator")
    typed = {"subject": "A warning", "text": "Please mind the policy.", "how": "not_sent", "why_not": "No address."}
    assert browser.submit(f"/triage/{case.id}/letters?kind=warning", typed).status_code == 303
    letter = Letter.get()
    assert letter.sent_on is None
    assert f"/contributors/letters/{letter.id}" in page(town, "auditor", f"/contributors/{made.writer(case)}")


def test_the_notice_of_a_restriction_says_from_when_till_when_and_why(town: Town) -> None:
    found = made.in_force(town)
    path = f"/contributors/restrictions/{found.id}"
    browser = town.client("coordinator.library")
    assert f"{path}/letters?kind=restriction" in browser.get(path).get_data(as_text=True)
    draft = browser.get(f"{path}/letters?kind=restriction").get_data(as_text=True)
    for words in ("Mon, Nov 23, 2026", "Wed, Dec 23, 2026", made.REASON, "category J"):
        assert words in draft
    assert "[fill in: " not in draft
    typed = {"subject": "A notice", "text": "You can not write there.", "how": "post", "sent_on": "2026-11-23"}
    assert browser.submit(f"{path}/letters?kind=restriction", typed).status_code == 303
    assert Letter.get().restriction_id == found.id
