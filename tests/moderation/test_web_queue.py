"""The queue in a browser without scripts, and as htmx asks for it."""

import re
from typing import Any

import pytest
from playhouse.test_utils import count_queries
from werkzeug.test import TestResponse

from charlton_intranet.moderation.models import Case, CaseNote
from charlton_intranet.moderation.rules import CaseState
from charlton_intranet.moderation.web.place import ANSWERED_MAX, Place
from tests.conftest import Town
from tests.moderation import factories


def html(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def listed(answer: TestResponse) -> list[int]:
    """The cases in the list, in their order."""
    return [int(number) for number in re.findall(r"Case (\d+): </span>", html(answer))]


def chosen(answer: TestResponse) -> int | None:
    found = re.search(r'id="case-heading".*?Case (\d+)</h2>', html(answer), re.DOTALL)
    return int(found.group(1)) if found else None


def state_of(case: Case) -> CaseState:
    return CaseState(factories.again(case).state)


def press(client: Any, case: Case, action: str, place: Place | None = None, **data: Any) -> TestResponse:
    """Post one of the forms that stand in the queue."""
    fields = {"version": case.version, "board": (place or Place(tab="open")).packed, **data}
    answer: TestResponse = client.submit(f"/triage/{case.id}/{action}", fields)
    return answer


@pytest.fixture
def three(town: Town) -> list[Case]:
    """Three open cases, the last one urgent."""
    return [factories.case(town, f"Words number {n}", handle=f"@writer{n}", urgent=n == 3) for n in (1, 2, 3)]


# --- the list -------------------------------------------------------------------------------------------


def test_urgent_first_then_oldest_and_the_first_is_chosen(town: Town, three: list[Case]) -> None:
    answer = town.client("coordinator.library").get("/triage")
    first, second, urgent = three
    assert listed(answer) == [urgent.id, first.id, second.id]
    assert chosen(answer) == urgent.id
    assert "Words number 3" in html(answer)


def test_everybody_starts_with_what_they_can_act_on(town: Town, three: list[Case]) -> None:
    asked, ready = factories.consulting(town), factories.advised(town)
    for box, wanted in (
        ("coordinator.library", three[2].id),
        ("head.library", asked.id),
        ("administrator", ready.id),
        ("auditor", three[2].id),
    ):
        assert chosen(town.client(box).get("/triage")) == wanted, box


def test_filters_lie_in_the_address(town: Town, three: list[Case]) -> None:
    client = town.client("coordinator.library")
    assert listed(client.get("/triage?state=open&words=number+2&site=&urgent=")) == [three[1].id]
    assert listed(client.get("/triage?state=open&urgent=y")) == [three[2].id]
    assert listed(client.get(f"/triage?state=open&site={three[0].site_id}")) == [three[2].id, three[0].id, three[1].id]
    nothing = client.get("/triage?state=open&words=zebra")
    assert listed(nothing) == []
    assert "Nothing matches" in html(nothing)
    assert 'value="zebra"' in html(nothing)


def test_an_empty_queue_says_so(town: Town) -> None:
    assert "Everything that was seen has been answered" in html(town.client("coordinator.library").get("/triage"))


def test_long_and_hostile_words_stay_text(town: Town) -> None:
    words = "<script>alert(1)</script> " + "x" * 40_000
    case = factories.case(town, words, handle='"><b hx-get="/x">')
    page = html(town.client("coordinator.library").get("/triage"))
    assert "<script>alert" not in page
    assert "<b hx-get" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert page.count("x" * 40_000) == 1, "the list shows the beginning only"
    assert f"/triage/{case.id}/dismiss" in page


def test_older_pages_by_key(town: Town) -> None:
    cases = [factories.case(town, f"Words {n}") for n in range(30)]
    client = town.client("coordinator.library")
    first = client.get("/triage?state=open")
    assert listed(first) == [case.id for case in cases[:25]]
    more = re.search(r'rel="next" href="([^"]+)"', html(first))
    assert more is not None
    assert listed(client.get(more.group(1).replace("&amp;", "&"))) == [case.id for case in cases[25:]]
    assert client.get("/triage?after=nonsense").status_code == 404


def test_a_department_sees_its_own_cases_and_numbers(town: Town, three: list[Case]) -> None:
    other = factories.case(town, "Police words", department="Police")
    police = town.client("coordinator.police")
    assert listed(police.get("/triage?state=open")) == [other.id]
    assert re.search(r'Open\s*<span class="count">1</span>', html(police.get("/triage")))
    assert police.get(f"/triage?case={three[0].id}").status_code == 404
    kept = town.client("coordinator.police").get(f"/triage?state=open&answered={three[0].id}")
    assert listed(kept) == [other.id]
    assert set(listed(town.client("auditor").get("/triage?state=open"))) == {other.id, *(c.id for c in three)}


@pytest.mark.parametrize("box", ["employee", "user.library", "it"])
def test_who_does_not_read_cases_is_refused(town: Town, box: str) -> None:
    assert town.client(box).get("/triage").status_code == 403


def test_signed_out_goes_to_the_sign_in(town: Town) -> None:
    answer = town.client().get("/triage?state=open&case=3")
    assert answer.status_code == 303
    assert answer.location.endswith("/sign-in?next=%2Ftriage%3Fstate%3Dopen%26case%3D3")


def test_readers_see_no_button_that_they_may_not_press(town: Town, three: list[Case]) -> None:
    page = html(town.client("auditor").get(f"/triage?state=open&case={three[0].id}"))
    for action in ("dismiss", "undo", "notes", "look"):
        assert f'action="/triage/{three[0].id}/{action}"' not in page
    assert 'name="cases"' not in page


def test_htmx_gets_the_part_and_the_address(town: Town, three: list[Case]) -> None:
    answer = town.client("coordinator.library").part(f"/triage?state=open&case={three[0].id}&words=")
    page = html(answer)
    assert page.lstrip().startswith(f"<title>Case {three[0].id} · Triage")
    assert "<html" not in page
    assert answer.headers["HX-Push-Url"] == f"/triage?state=open&case={three[0].id}"
    assert "HX-Request" in answer.headers["Vary"]


def test_the_page_costs_the_same_however_many_cases_there_are(town: Town) -> None:
    case, client, costs = factories.case(town), town.client("coordinator.library"), []
    for more in (10, 290):
        factories.copies(case, more)
        client.get("/triage")
        for path in ("/triage?state=open", "/triage?state=open&words=words&claimed=nobody"):
            with count_queries() as counter:
                client.get(path)
            costs.append(counter.count)
    assert costs[:2] == costs[2:]


# --- pressing -------------------------------------------------------------------------------------------


def test_no_concern_moves_on_and_leaves_undo_in_the_row(town: Town, three: list[Case]) -> None:
    client = town.client("coordinator.library")
    answer = press(client, three[2], "dismiss", Place(tab="open", case=three[0].id))
    assert answer.status_code == 303
    assert state_of(three[2]) is CaseState.DISMISSED
    then = client.get(answer.location)
    assert listed(then) == [three[2].id, three[0].id, three[1].id]
    assert chosen(then) == three[0].id
    assert html(then).count('<li class="is-done">') == 1
    assert f'action="/triage/{three[2].id}/undo"' in html(then)


def test_undo_opens_the_case_again_and_chooses_it(town: Town, three: list[Case]) -> None:
    client = town.client("coordinator.library")
    press(client, three[0], "dismiss")
    town.clock.advance(days=60)
    client = town.client("coordinator.library")
    dismissed = factories.again(three[0])
    answer = press(client, dismissed, "undo", Place(tab="open", case=three[1].id, answered=(three[0].id,)))
    assert state_of(three[0]) is CaseState.OPEN
    then = client.get(answer.location)
    assert chosen(then) == three[0].id
    assert f"Case {three[0].id} is open again." in html(then)


def test_a_second_press_says_that_it_came_too_late(town: Town, three: list[Case]) -> None:
    client = town.client("coordinator.library")
    press(client, three[0], "dismiss")
    again = press(client, three[0], "dismiss")
    assert again.status_code == 409
    assert f"/triage?state=open&amp;case={three[0].id}" in html(again)
    assert press(client, three[0], "undo").status_code == 409
    assert state_of(three[0]) is CaseState.DISMISSED


def test_a_press_without_a_version_is_refused(town: Town, three: list[Case]) -> None:
    assert press(town.client("coordinator.library"), three[0], "dismiss", version="x").status_code == 409
    assert state_of(three[0]) is CaseState.OPEN


@pytest.mark.parametrize(
    ("box", "status"),
    [("coordinator.police", 404), ("head.police", 403), ("head.library", 403), ("auditor", 403), ("employee", 403)],
)
@pytest.mark.parametrize("action", ["dismiss", "undo"])
def test_others_may_not_press(town: Town, three: list[Case], box: str, status: int, action: str) -> None:
    assert press(town.client(box), three[0], action).status_code == status
    assert state_of(three[0]) is CaseState.OPEN


@pytest.mark.parametrize("action", ["dismiss", "undo", "look", "notes", "concern", "advice", "carry-out", "vanished"])
def test_presses_are_posts_on_cases_that_exist(town: Town, three: list[Case], action: str) -> None:
    client = town.client("administrator")
    assert client.get(f"/triage/{three[0].id}/{action}").status_code == 405
    for number in ("999999", "2147483647", "2147483648", "99999999999999999999", "x", "-1"):
        assert client.submit(f"/triage/{number}/{action}", {"version": 1}).status_code in {403, 404}, number


def test_many_at_once_and_one_undo(town: Town, three: list[Case]) -> None:
    client = town.client("coordinator.library")
    ticked = [f"{case.id}:{case.version}" for case in three[:2]]
    answer = client.submit("/triage/dismiss", {"cases": ticked, "board": Place(tab="open").packed})
    assert [state_of(case) for case in three] == [CaseState.DISMISSED, CaseState.DISMISSED, CaseState.OPEN]
    then = client.get(answer.location)
    assert listed(then) == [three[2].id, three[0].id, three[1].id]
    assert "2 cases together" in html(then)
    batch = re.search(r'name="batch" value="([^"]+)"', html(then))
    assert batch is not None
    undone = client.submit("/triage/undo", {"batch": batch.group(1), "board": Place(tab="open").packed})
    assert "2 cases are open again." in html(client.get(undone.location))
    assert state_of(three[0]) is CaseState.OPEN


def test_many_at_once_names_those_that_came_too_late(town: Town, three: list[Case]) -> None:
    client = town.client("coordinator.library")
    press(client, three[0], "dismiss")
    ticked = [f"{case.id}:{case.version}" for case in three[:2]]
    answer = client.submit("/triage/dismiss", {"cases": ticked, "board": Place(tab="open").packed})
    assert f"Somebody else was quicker with case {three[0].id}." in html(client.get(answer.location))
    assert state_of(three[1]) is CaseState.DISMISSED


@pytest.mark.parametrize("cases", [[], ["x"], ["1"], ["99999999999999999999:1"]])
def test_nothing_ticked_says_so(town: Town, three: list[Case], cases: list[str]) -> None:
    client = town.client("coordinator.library")
    answer = client.submit("/triage/dismiss", {"cases": cases, "board": Place(tab="open").packed})
    assert "Tick at least one post." in html(client.get(answer.location))
    assert state_of(three[0]) is CaseState.OPEN


def test_one_foreign_row_stops_them_all(town: Town, three: list[Case]) -> None:
    other = factories.case(town, "Police words", department="Police")
    ticked = [f"{case.id}:{case.version}" for case in (three[0], other)]
    answer = town.client("coordinator.library").submit("/triage/dismiss", {"cases": ticked})
    assert answer.status_code == 404
    assert state_of(three[0]) is CaseState.OPEN


# --- notes and presence ---------------------------------------------------------------------------------


def test_a_note_comes_back_to_the_same_place(town: Town, three: list[Case]) -> None:
    client = town.client("coordinator.library")
    place = Place(tab="open", case=three[1].id, words="number")
    answer = press(client, three[1], "notes", place, text="Third time this week.")
    assert answer.location == place.url
    assert "Third time this week." in html(client.get(answer.location))


def test_an_empty_note_is_refused_in_place(town: Town, three: list[Case]) -> None:
    client = town.client("coordinator.library")
    answer = press(client, three[1], "notes", Place(tab="open", case=three[1].id), text="  ")
    assert answer.status_code == 422
    assert chosen(answer) == three[1].id
    assert "Type the note." in html(answer)
    assert "HX-Push-Url" not in answer.headers
    long = press(client, three[1], "notes", text="kept " * 2000)
    assert long.status_code == 422
    assert "kept kept" in html(long)
    assert CaseNote.select().count() == 0


@pytest.mark.parametrize(("box", "status"), [("auditor", 403), ("head.police", 404), ("employee", 403)])
def test_others_may_not_write_notes(town: Town, three: list[Case], box: str, status: int) -> None:
    assert press(town.client(box), three[0], "notes", text="Hello").status_code == status


def test_who_else_has_it_open(town: Town, three: list[Case]) -> None:
    cody, ruth = town.client("coordinator.library"), town.client("administrator")
    htmx = {"HX-Request": "true"}
    url = f"/triage/{three[0].id}/look"
    alone = cody.submit(url, {"turn": 0}, headers=htmx)
    assert "looking" not in html(alone)
    assert "every 30s" in html(alone)
    assert "Cody Barnes is looking at this" in html(ruth.submit(url, {"turn": 0}, headers=htmx))
    town.clock.advance(minutes=3)
    assert "looking" not in html(ruth.submit(url, {"turn": 0}, headers=htmx))


def test_the_page_stops_asking_after_ten_minutes(town: Town, three: list[Case]) -> None:
    """Otherwise a page left open would keep the session from idling out."""
    last = town.client("coordinator.library").submit(
        f"/triage/{three[0].id}/look", {"turn": 19}, headers={"HX-Request": "true"}
    )
    assert "hx-trigger" not in html(last)


# --- the address ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "place",
    [
        Place(),
        Place(tab="open", site=3, words="a & b=c é", urgent=True, after="1-77", case=12, answered=(3, 4), batch="ab"),
    ],
)
def test_a_place_survives_the_address(place: Place) -> None:
    assert Place.unpack(place.packed) == place


def test_nonsense_in_an_address_is_left_out() -> None:
    assert Place.unpack("site=x&case=-1&answered=1,zwei,99999999999,3&urgent=") == Place(answered=(1, 3))


def test_answered_rows_stay_within_an_address() -> None:
    place = Place()
    for number in range(1, 500):
        place = place.with_answered(number)
    assert len(place.answered) == ANSWERED_MAX
    assert place.answered[-1] == 499
    assert len(place.url) < 2000
