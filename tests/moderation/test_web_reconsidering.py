"""The pages of requests to look at a decision again."""

import io
from datetime import timedelta

import pytest
from playhouse.test_utils import count_queries

from charlton_intranet.accounts import service as accounts
from charlton_intranet.core.permissions import Role
from charlton_intranet.moderation import service
from charlton_intranet.moderation.models import Letter, Reconsideration
from charlton_intranet.moderation.rules.reconsidering import ReconsiderationState
from tests.conftest import Town
from tests.moderation import factories
from tests.moderation import reconsideration_factories as asking

S = ReconsiderationState
FILLED = {"text": asking.ASKED, "came_by": "counter", "asked_on": "2026-11-23", "asker": "Ada Sample"}


def page_of(one: Reconsideration) -> str:
    return f"/triage/reconsiderations/{one.id}"


def test_from_the_case_page_to_the_request_and_back_in_its_story(town: Town) -> None:
    case = factories.closed(town)
    clerk = town.client("coordinator.library")
    assert f'href="/triage/{case.id}/reconsideration"' in clerk.get(f"/triage/{case.id}").text
    answer = clerk.submit(f"/triage/{case.id}/reconsideration", FILLED, follow_redirects=True)
    assert asking.ASKED in answer.text
    assert "Dec 8, 2026" in answer.text
    story = clerk.get(f"/triage/{case.id}").text
    assert "Reconsideration asked" in story
    assert f'href="/triage/{case.id}/reconsideration"' not in story


def test_a_paper_is_read_for_what_it_is(town: Town) -> None:
    case = factories.closed(town)
    clerk = town.client("records")
    url = f"/triage/{case.id}/reconsideration"
    fake = {**FILLED, "papers": (io.BytesIO(b"not a picture"), "letter.pdf")}
    refused = clerk.submit(url, fake)
    assert refused.status_code == 422
    assert asking.ASKED in refused.text
    assert not Reconsideration.select().exists()
    real = {**FILLED, "papers": (io.BytesIO(factories.picture()), "letter.png")}
    assert "letter.png" in clerk.submit(url, real, follow_redirects=True).text


@pytest.mark.parametrize("missing", ["asked_on", "came_by", "text"])
def test_what_is_missing_is_said_and_what_was_typed_stays(town: Town, missing: str) -> None:
    case = factories.closed(town)
    answer = town.client("head.library").submit(f"/triage/{case.id}/reconsideration", {**FILLED, missing: ""})
    assert answer.status_code == 422
    assert "Ada Sample" in answer.text


def test_a_second_press_finds_the_first_request(town: Town) -> None:
    case = factories.closed(town)
    clerk = town.client("coordinator.library")
    url = f"/triage/{case.id}/reconsideration"
    clerk.submit(url, FILLED)
    again = clerk.submit(url, FILLED)
    assert again.status_code == 409
    assert "waits for its answer" in again.text
    assert clerk.get(url).status_code == 302
    assert Reconsideration.select().count() == 1


def test_the_decision_is_found_by_number_words_and_writer(town: Town) -> None:
    case = factories.closed(town, handle="@firepit")
    factories.determined(town, department="Police")
    clerk = town.client("coordinator.library")
    for words in (str(case.id), "burn branch", "firepit", ""):
        page = clerk.get("/triage/reconsiderations/new", query_string={"words": words}).text
        assert f"/triage/{case.id}/reconsideration" in page
        assert page.count('/reconsideration"') == 1
    assert "Nothing found" in clerk.get("/triage/reconsiderations/new?words=zebra").text


def test_an_acting_administrator_answers_and_the_letter_goes_out_as_it_was_sent(town: Town) -> None:
    one = asking.request(town)
    judge = town.client(asking.acting(town))
    filled = {"version": "1", "answer": "reverse", "reason": asking.REASON}
    page = judge.submit(f"{page_of(one)}/answer", filled, follow_redirects=True).text
    assert "Reversed" in page
    clerk = town.client("coordinator.library")
    page = clerk.get(page_of(one)).text
    assert asking.REASON in page
    assert "[fill in" not in page
    letter = {"version": "2", "subject": "Your request", "text": "Your words are back.", "how": "counter"}
    assert "Your words are back." in clerk.submit(f"{page_of(one)}/letter", letter, follow_redirects=True).text
    assert Letter.get().text == "Your words are back."
    assert "counts no more" in clerk.get(f"/triage/{one.determination.case_id}").text


def test_who_decided_is_told_what_to_do_instead(town: Town) -> None:
    one = asking.request(town)
    ruth = town.client("administrator")
    assert "name an acting Town Administrator" in ruth.get(page_of(one)).text
    filled = {"version": "1", "answer": "reverse", "reason": asking.REASON}
    refused = ruth.submit(f"{page_of(one)}/answer", filled)
    assert refused.status_code == 403
    assert asking.again(one).state is S.ASKED


def test_the_answer_asks_for_a_fresh_sign_in(town: Town) -> None:
    one = asking.request(town)
    judge = town.client(asking.acting(town))
    town.clock.at += timedelta(minutes=20)
    assert "Go on to the answer" in judge.get(page_of(one)).text
    judge.submit(f"{page_of(one)}/answer", {"version": "1", "answer": "uphold", "reason": asking.REASON})
    assert asking.again(one).state is S.ASKED


def test_an_answer_from_an_old_page_changes_nothing_and_keeps_the_words(town: Town) -> None:
    one = asking.request(town)
    asking.answered(town, one, reverse=False)
    judge = town.client(asking.acting(town))
    answer = judge.submit(f"{page_of(one)}/answer", {"version": "1", "answer": "reverse", "reason": "Typed at length."})
    assert answer.status_code == 409
    assert "Typed at length." in answer.text
    assert f'href="{page_of(one)}"' in answer.text
    assert asking.again(one).state is S.UPHELD


def test_withdrawn_is_closed(town: Town) -> None:
    one = asking.request(town)
    clerk = town.client("coordinator.library")
    empty = clerk.submit(f"{page_of(one)}/withdraw", {"version": "1", "reason": ""})
    assert empty.status_code == 422
    page = clerk.submit(
        f"{page_of(one)}/withdraw", {"version": "1", "reason": "By telephone today."}, follow_redirects=True
    )
    assert "Withdrawn" in page.text
    assert "The decision stands." in clerk.get(f"/triage/{one.determination.case_id}").text


def test_the_lists_part_open_from_answered(town: Town) -> None:
    one = asking.request(town)
    clerk = town.client("coordinator.library")
    assert page_of(one) in clerk.get("/triage/reconsiderations").text
    assert page_of(one) not in clerk.get("/triage/reconsiderations?answered=yes").text
    asking.answered(town, one)
    assert page_of(one) not in clerk.get("/triage/reconsiderations").text
    assert page_of(one) in clerk.get("/triage/reconsiderations?answered=yes&words=lawn").text
    assert "Nothing found" in clerk.get("/triage/reconsiderations?answered=yes&words=zebra").text
    assert page_of(one) not in town.client("coordinator.police").get("/triage/reconsiderations?answered=yes").text


@pytest.mark.parametrize("packed", ["", "2026-12-08", "x.1", "2026-12-08.99999999999999999999", "2026-13-40.1"])
def test_any_place_in_the_list_is_a_page(town: Town, packed: str) -> None:
    asking.request(town)
    assert town.client("records").get("/triage/reconsiderations", query_string={"after": packed}).status_code == 200


def test_the_list_costs_the_same_at_any_length(town: Town) -> None:
    records = town.client("records")

    def cost() -> int:
        with count_queries() as counted:
            assert records.get("/triage/reconsiderations").status_code == 200
        return int(counted.count)

    asking.request(town)
    before = cost()
    for number in range(4):
        asking.request(town, factories.closed(town, f"{factories.WORDS} {number}"))
    assert cost() == before


def test_a_case_that_is_not_decided_takes_no_request(town: Town) -> None:
    case = factories.case(town)
    answer = town.client("coordinator.library").get(f"/triage/{case.id}/reconsideration")
    assert answer.status_code == 409
    assert "Nothing was taken off" in answer.text


def test_the_queue_finds_a_case_by_what_was_asked_about_it(town: Town) -> None:
    one = asking.request(town, text="The lilacs were never mine to begin with.")
    service.add_note(town.actor("coordinator.library"), one.determination.case_id, "Filed.", clock=town.clock)
    page = town.client("coordinator.library").get("/triage?state=closed&words=lilacs").text
    assert f"Case {one.determination.case_id}" in page


def test_who_only_reads_is_refused_before_the_form_is_read(town: Town) -> None:
    one = asking.request(town)
    accounts.give_role(
        town.actor("administrator"), town.person_id("coordinator.police"), Role.AUDITOR, department_id=None,
        starts=town.today, clock=town.clock,
    )  # fmt: skip
    reader = town.client("coordinator.police")
    assert reader.get(page_of(one)).status_code == 200
    for step in ("letter", "withdraw"):
        assert reader.submit(f"{page_of(one)}/{step}", {"version": "1"}).status_code == 403
