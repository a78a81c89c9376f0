"""The case page: each step's form, for those who may take it and those who may not."""

import io
import re
from typing import Any

import pytest
from playhouse.test_utils import count_queries
from werkzeug.test import TestResponse

from charlton_intranet.core.permissions import Permission
from charlton_intranet.evidence.models import Piece
from charlton_intranet.moderation import queries
from charlton_intranet.moderation.models import Case, CaseNote, Consultation, Determination
from charlton_intranet.moderation.rules import CaseState, Outcome, Position
from charlton_intranet.moderation.web.place import Place
from tests.conftest import Town
from tests.moderation import factories
from tests.moderation.factories import WORDS

CONCERN: dict[str, Any] = {"concern": "A threat to set fire to the branch.", "categories": ["J"]}
ADVICE: dict[str, Any] = {"position": "violation", "text": "A reasonable person would fear this."}
DECISION: dict[str, Any] = {
    "outcome": "remove",
    "categories": ["J"],
    "quote": "burn that branch down",
    "reason": "These words threaten to set fire to a named building tonight.",
    "same_if_praise": "yes",
}


def html(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def picture(name: str = "seen.png") -> tuple[io.BytesIO, str]:
    """A file as a browser sends it."""
    return io.BytesIO(factories.picture()), name


def place_without_it() -> tuple[io.BytesIO, str]:
    """Another picture than that of the post."""
    return io.BytesIO(factories.picture("white")), "gone.png"


def take(client: Any, case: Case, step: str, data: dict[str, Any] | None = None, **more: Any) -> TestResponse:
    """Post a step's form as it stands on the case page."""
    answer: TestResponse = client.submit(f"/triage/{case.id}/{step}", {"version": case.version, **(data or {}), **more})
    return answer


def state_of(case: Case) -> CaseState:
    return CaseState(factories.again(case).state)


# (state before, box that may, step, what is typed, state after)
STEPS = [
    (CaseState.OPEN, "coordinator.library", "concern", CONCERN, CaseState.CONSULTING),
    (CaseState.CONSULTING, "head.library", "advice", ADVICE, CaseState.ADVISED),
    (CaseState.ADVISED, "administrator", "determination", DECISION, CaseState.DETERMINED),
    (CaseState.DETERMINED, "coordinator.library", "carry-out", {"screenshots": place_without_it}, CaseState.CLOSED),
    (CaseState.OPEN, "coordinator.library", "vanished", {"note": "Gone at noon."}, CaseState.VANISHED),
]
NAMES = [step[2] for step in STEPS]


def typed(data: dict[str, Any]) -> dict[str, Any]:
    """The form's data with a fresh file where one is needed: a client reads it once."""
    return {name: value() if callable(value) else value for name, value in data.items()}


@pytest.mark.parametrize(("before", "box", "step", "data", "after"), STEPS, ids=NAMES)
def test_each_step_moves_the_case_on(
    town: Town, *, before: CaseState, box: str, step: str, data: dict[str, Any], after: CaseState
) -> None:
    case = factories.in_state(town, before)
    client = town.client(box)
    page = html(client.get(f"/triage/{case.id}"))
    assert f'action="/triage/{case.id}/{step}"' in page
    answer = take(client, case, step, typed(data))
    assert (answer.status_code, answer.location) == (303, f"/triage/{case.id}")
    assert state_of(case) is after
    assert client.get(answer.location).status_code == 200


@pytest.mark.parametrize(("before", "box", "step", "data", "after"), STEPS, ids=NAMES)
def test_a_step_taken_twice_is_stale_and_keeps_what_was_typed(
    town: Town, *, before: CaseState, box: str, step: str, data: dict[str, Any], after: CaseState
) -> None:
    case = factories.in_state(town, before)
    client = town.client(box)
    take(client, case, step, typed(data))
    again = take(client, case, step, typed(data))
    assert again.status_code == 409
    for text in data.values():
        if isinstance(text, str):
            assert text in html(again)
    assert f'href="/triage/{case.id}"' in html(again)
    assert state_of(case) is after


@pytest.mark.parametrize(("before", "box", "step", "data", "after"), STEPS, ids=NAMES)
def test_others_may_not_take_the_step(
    town: Town, *, before: CaseState, box: str, step: str, data: dict[str, Any], after: CaseState
) -> None:
    case = factories.in_state(town, before)
    refused = {
        "auditor": 403, "employee": 403, "it": 403, "user.library": 403,
        "coordinator.police": {"advice": 403, "determination": 403}.get(step, 404),
        "head.police": 404 if step == "advice" else 403,
    }  # fmt: skip
    for other, status in refused.items():
        assert take(town.client(other), case, step, typed(data)).status_code == status, other
        page = town.client(other).get(f"/triage/{case.id}")
        assert page.status_code in {200, 403, 404}
        assert f'action="/triage/{case.id}/{step}"' not in html(page)
    assert state_of(case) is before


FORMS = {step: (before, box) for before, box, step, _data, _after in STEPS} | {
    "notes": (CaseState.OPEN, "coordinator.library")
}


@pytest.mark.parametrize(
    ("step", "data", "sentence", "kept"),
    [
        ("concern", {"concern": "Kept words"}, "Choose at least one", "Kept words"),
        ("concern", {"categories": ["J"]}, "Say what about the content", "checked"),
        ("concern", {"categories": ["Z"], "concern": "Kept"}, "valid choice", "Kept"),
        ("advice", {"text": "Kept words"}, "Choose what you advise", "Kept words"),
        ("advice", {"position": "no_answer"}, "alid choice", ""),
        ("advice", {"position": "violation"}, "Say why", "checked"),
        ("determination", {"reason": "Kept"}, "Choose what is to happen", "Kept"),
        ("determination", {**DECISION, "quote": "not there"}, "not in the captured", "not there"),
        ("determination", {**DECISION, "same_if_praise": "no"}, "turns on viewpoint", "burn that"),
        ("determination", {**DECISION, "categories": ["I"]}, "can not be the only ground", "burn that"),
        ("carry-out", {"gone_note": "Kept"}, "Add a screenshot", "Kept"),
        ("vanished", {"note": " "}, "Say when and how", ""),
        ("notes", {"text": " "}, "Type the note", ""),
    ],
)
def test_what_does_not_fit_comes_back_as_typed(
    town: Town, *, step: str, data: dict[str, Any], sentence: str, kept: str
) -> None:
    before, box = FORMS[step]
    case = factories.in_state(town, before)
    answer = take(town.client(box), case, step, data)
    assert answer.status_code == 422
    page = html(answer)
    assert 'id="error-summary"' in page
    assert sentence in page
    assert kept in page
    assert state_of(case) is before


def test_files_that_are_no_pictures_are_refused(town: Town) -> None:
    case = factories.case(town)
    client = town.client("coordinator.library")
    answer = take(client, case, "concern", {**CONCERN, "screenshots": (io.BytesIO(b"<svg/>"), "x.png")})
    assert answer.status_code == 422
    assert "is not a whole PNG" in html(answer)
    assert "A threat to set fire" in html(answer)
    assert Piece.select().count() == 0


def test_a_concern_seals_the_words_and_the_pictures(town: Town) -> None:
    case = factories.case(town)
    client = town.client("coordinator.library")
    take(client, case, "concern", {**CONCERN, "screenshots": [picture("one.png"), picture("two.png")]})
    page = html(client.get(f"/triage/{case.id}"))
    assert page.count('<img src="/evidence/') == 2
    assert page.count(">Sealed</span>") == 3
    for piece in Piece.select():
        assert client.get(f"/evidence/{piece.id}").status_code == 200


def test_from_the_queue_and_back_to_it(town: Town) -> None:
    case, other = factories.case(town), factories.case(town, "Other words")
    client = town.client("coordinator.library")
    onward = Place(tab="open", case=other.id)
    page = html(client.get(f"/triage/{case.id}?back={onward.packed.replace('&', '%26')}"))
    assert f'href="/triage?{onward.packed.replace("&", "&amp;")}"' in page
    answer = take(client, case, "concern", CONCERN, back=onward.packed)
    assert answer.location == f"/triage?state=open&answered={case.id}&case={other.id}"
    assert "Waiting for the head" in html(client.get(answer.location))


def test_htmx_leaves_the_page_only_for_the_queue(town: Town) -> None:
    case, other = factories.case(town), factories.case(town, "Other words")
    client, htmx = town.client("coordinator.library"), {"HX-Request": "true"}
    left = client.submit(
        f"/triage/{case.id}/concern", {"version": case.version, **CONCERN, "back": "state=open"}, headers=htmx
    )
    assert left.headers["HX-Redirect"] == f"/triage?state=open&answered={case.id}"
    stayed = client.submit(f"/triage/{other.id}/concern", {"version": other.version, **CONCERN}, headers=htmx)
    assert stayed.location == f"/triage/{other.id}"
    wrong = client.submit(f"/triage/{other.id}/concern", {"version": other.version}, headers=htmx)
    assert wrong.status_code == 409


def test_a_way_back_leads_nowhere_else(town: Town) -> None:
    case = factories.case(town)
    answer = take(town.client("coordinator.library"), case, "concern", CONCERN, back="//evil.example/?x=1")
    assert answer.location.startswith("/triage")


def test_a_department_is_not_told_of_others(town: Town) -> None:
    case = factories.case(town)
    for box in ("coordinator.police", "head.police"):
        assert town.client(box).get(f"/triage/{case.id}").status_code == 404
    for box in ("employee", "it", "user.library"):
        assert town.client(box).get(f"/triage/{case.id}").status_code == 403
    for number in ("999999", "2147483648", "x"):
        assert town.client("administrator").get(f"/triage/{number}").status_code == 404


@pytest.mark.parametrize("state", factories.RESTING)
def test_every_state_reads_as_a_line_of_steps(town: Town, state: CaseState) -> None:
    case = factories.in_state(town, state)
    for box in ("administrator", "head.library", "coordinator.library", "records", "auditor"):
        page = html(town.client(box).get(f"/triage/{case.id}"))
        assert page.count('aria-current="step"') == (0 if state.value in {"dismissed", "vanished", "closed"} else 1)
        assert WORDS in re.sub(r"</?mark[^>]*>", "", page)
        assert state.label.replace("'", "&#39;") in page


def test_the_neutral_question_stands_by_for_removals(town: Town) -> None:
    """Without scripts and styles it is there in any case; the style sheet shows it once hide or remove is chosen."""
    case = factories.advised(town)
    client = town.client("administrator")
    page = html(client.get(f"/triage/{case.id}"))
    assert re.search(r'class="only-removal">.*?name="same_if_praise"', page, re.DOTALL)
    assert re.search(r'name="categories"[^>]*checked[^>]*value="J"|checked[^>]*name="categories"[^>]*value="J"', page)
    take(client, case, "determination", {"outcome": "keep", "reason": "Strong words, and no threat in them."})
    assert state_of(case) is CaseState.CLOSED
    decided = Determination.get(Determination.case == case.id)
    assert (decided.outcome, decided.same_if_praise) == (Outcome.KEEP, None)


def test_only_who_reads_the_trail_is_led_to_that_of_the_case(town: Town) -> None:
    case = factories.advised(town)
    trail = f"/oversight/audit?subject=case:{case.id}"
    for box, led in (("administrator", True), ("auditor", True), ("coordinator.library", False)):
        assert (f'href="{trail}"' in html(town.client(box).get(f"/triage/{case.id}"))) is led
    assert "Case advised" in html(town.client("auditor").get(trail))


def test_a_determination_asks_for_the_password_again(town: Town) -> None:
    case = factories.advised(town)
    client = town.client("administrator")
    town.clock.advance(minutes=16)
    page = html(client.get(f"/triage/{case.id}"))
    assert f'action="/triage/{case.id}/determination"' not in page
    assert 'href="/confirm?next=' in page
    answer = take(client, case, "determination", DECISION)
    assert answer.status_code == 401
    assert DECISION["reason"] in html(answer)
    assert state_of(case) is CaseState.ADVISED


def test_going_on_without_advice_opens_when_it_is_late(town: Town) -> None:
    case = factories.consulting(town)
    action = f'action="/triage/{case.id}/no-answer"'
    client = town.client("administrator")
    assert action not in html(client.get(f"/triage/{case.id}"))
    early = take(client, case, "no-answer")
    assert early.status_code == 422
    assert "to answer" in html(early)
    town.clock.advance(days=2)
    client = town.client("administrator")
    assert action in html(client.get(f"/triage/{case.id}"))
    assert take(client, case, "no-answer").status_code == 303
    assert Consultation.get(Consultation.case == case.id).position is Position.NO_ANSWER
    assert take(town.client("head.library"), case, "no-answer").status_code == 403


def test_earlier_decisions_on_the_writer_stand_beside(town: Town) -> None:
    before = factories.closed(town, handle="@same")
    now = factories.case(town, "Other words", handle="@Same")
    page = html(town.client("coordinator.library").get(f"/triage/{now.id}"))
    assert f'<a href="/triage/{before.id}">Case {before.id}</a>' in page
    assert "J on Charlton Library" in page


def test_a_link_of_the_public_can_run_nothing(town: Town) -> None:
    case = factories.case(town, permalink="javascript:alert(1)")
    page = html(town.client("coordinator.library").get(f"/triage/{case.id}"))
    assert 'href="https://javascript:alert(1)"' in page
    assert 'href="javascript:' not in page


def test_undo_from_the_case_page(town: Town) -> None:
    case = factories.in_state(town, CaseState.DISMISSED)
    client = town.client("coordinator.library")
    assert take(client, case, "undo").location == f"/triage/{case.id}"
    assert state_of(case) is CaseState.OPEN
    opened = factories.again(case)
    assert take(client, opened, "dismiss").location == f"/triage/{case.id}"


def test_notes_are_for_whoever_works_on_the_case(town: Town) -> None:
    case = factories.case(town)
    assert take(town.client("head.library"), case, "notes", text="Please mind the tone.").status_code == 303
    assert CaseNote.get(CaseNote.case == case.id).text == "Please mind the tone."
    assert "Please mind the tone." in html(town.client("coordinator.library").get(f"/triage/{case.id}"))


@pytest.mark.parametrize("others", [10, 300])
def test_the_page_costs_the_same_however_much_there_is(town: Town, others: int) -> None:
    case = factories.advised(town, handle="@same")
    factories.copies(case, others)
    for n in range(others // 10):
        CaseNote.insert(
            case=case.id, text=f"Note {n}", written_by=town.person_id("head.library"), written_at=town.clock.now()
        ).execute()
    client = town.client("administrator")
    client.get(f"/triage/{case.id}")
    with count_queries() as counter:
        client.get(f"/triage/{case.id}")
    assert counter.count == 30


def test_every_reader_may_open_the_page(town: Town) -> None:
    """The guard asks for the same permission as the query behind it."""
    case = factories.case(town)
    for box in ("administrator", "records", "auditor", "head.library", "coordinator.library"):
        assert town.actor(box).may(Permission.READ_CASES, case.department_id)
        assert queries.case_view(town.actor(box), case.id).id == case.id
        assert town.client(box).get(f"/triage/{case.id}").status_code == 200
