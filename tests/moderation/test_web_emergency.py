"""The parts of the case page about hiding at once, putting back, and an order that a network refuses."""

import io
from typing import Any

import pytest
from playhouse.test_utils import count_queries
from werkzeug.test import TestResponse

from charlton_intranet.moderation import service
from charlton_intranet.moderation.models import Case, EmergencyHide, OrderObstacle, RestoreOrder
from charlton_intranet.moderation.rules import CaseState, Outcome
from charlton_intranet.moderation.rules.emergency import EmergencyState, RestoreState
from tests.conftest import Town
from tests.moderation import emergency_factories as emergencies
from tests.moderation import factories

HIDE: dict[str, Any] = {"ground": "J", "words": "burn that branch down", "answer": emergencies.ANSWER}
OBSTACLE = {"what": "The button is gray since the page was moved.", "reported": "Help form, number 4711"}


def html(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def picture(colour: str = "olive") -> tuple[io.BytesIO, str]:
    """A file as a browser sends it."""
    return io.BytesIO(factories.picture(colour)), "now.png"


def take(client: Any, case: Case, step: str, data: dict[str, Any] | None = None, **more: Any) -> TestResponse:
    """Post a form as it stands on the case page."""
    answer: TestResponse = client.submit(f"/triage/{case.id}/{step}", {"version": case.version, **(data or {}), **more})
    return answer


def confirmed(town: Town) -> Case:
    """Hidden at once, and now ordered to be hidden."""
    return emergencies.decided(town, emergencies.standing(town), Outcome.HIDE)


def outcome_of(case: Case) -> tuple[object, ...]:
    """What the steps of this page change."""
    hide = EmergencyHide.get_or_none(EmergencyHide.case == case.id)
    orders = [order.state for order in RestoreOrder.select().where(RestoreOrder.case == case.id)]
    return factories.again(case).state, hide and hide.state, orders, OrderObstacle.select().count()


# step: (the case before, what is typed, what comes of it)
STEPS: dict[str, tuple[Any, dict[str, Any], tuple[object, ...]]] = {
    "hide-now": (factories.case, HIDE, (CaseState.CONSULTING, EmergencyState.ORDERED, [], 0)),
    "hidden": (emergencies.hide, {"screenshots": picture}, (CaseState.CONSULTING, EmergencyState.STANDING, [], 0)),
    "not-restored": (
        emergencies.flagged,
        {"note": "Its writer deleted it meanwhile."},
        (CaseState.CONSULTING, EmergencyState.ENDED, [RestoreState.IMPOSSIBLE], 0),
    ),
    "obstacle": (factories.determined, OBSTACLE, (CaseState.DETERMINED, None, [], 1)),
    "restored": (
        emergencies.flagged,
        {"screenshots": picture},
        (CaseState.CONSULTING, EmergencyState.RESTORED, [RestoreState.DONE], 0),
    ),
    "still-hidden": (confirmed, {}, (CaseState.CLOSED, EmergencyState.CONFIRMED, [], 0)),
}


def typed(data: dict[str, Any]) -> dict[str, Any]:
    """The form's data with a fresh file where one is needed."""
    return {name: value() if callable(value) else value for name, value in data.items()}


@pytest.mark.parametrize("step", sorted(STEPS))
def test_each_step_stands_on_the_page_and_leaves_its_effect(town: Town, step: str) -> None:
    make, data, after = STEPS[step]
    case, client = make(town), town.client("coordinator.library")
    assert f'action="/triage/{case.id}/{step}"' in html(client.get(f"/triage/{case.id}"))
    answer = take(client, case, step, typed(data))
    assert (answer.status_code, answer.location) == (303, f"/triage/{case.id}")
    assert outcome_of(case) == after
    page = html(client.get(answer.location))
    assert (f'action="/triage/{case.id}/{step}"' in page) == (step == "obstacle")


@pytest.mark.parametrize("step", sorted(STEPS))
def test_a_step_pressed_again_is_stale_and_keeps_what_was_typed(town: Town, step: str) -> None:
    make, data, after = STEPS[step]
    case, client = make(town), town.client("coordinator.library")
    take(client, case, step, typed(data))
    again = take(client, case, step, typed(data))
    assert again.status_code == 409
    for text in data.values():
        if isinstance(text, str):
            assert text in html(again)
    assert outcome_of(case) == after


@pytest.mark.parametrize("step", sorted(STEPS))
def test_others_may_not_take_it(town: Town, step: str) -> None:
    make, data, _after = STEPS[step]
    case = make(town)
    before = outcome_of(case)
    refused = {"auditor": 403, "coordinator.police": 404, "employee": 403, "head.library": 403, "head.police": 403,
               "it": 403, "records": 403, "user.library": 403}  # fmt: skip
    for box, status in refused.items():
        assert take(town.client(box), case, step, typed(data)).status_code == status, box
        assert f'action="/triage/{case.id}/{step}"' not in html(town.client(box).get(f"/triage/{case.id}"))
    assert town.client("coordinator.library").get(f"/triage/{case.id}/{step}").status_code == 405
    assert town.client("coordinator.library").submit(f"/triage/999999/{step}", {"version": 1}).status_code == 404
    assert outcome_of(case) == before


@pytest.mark.parametrize(
    ("step", "data", "sentence", "kept"),
    [
        ("hide-now", {**HIDE, "ground": "A"}, "Only E, F, J, K or malware", emergencies.ANSWER),
        ("hide-now", {**HIDE, "ground": ""}, "Choose the ground", emergencies.ANSWER),
        ("hide-now", {**HIDE, "words": "not there"}, "not in the captured text", "not there"),
        ("hide-now", {**HIDE, "answer": "Fear"}, "Answer in a sentence", "Fear"),
        ("hidden", {}, "Add a picture of the place", ""),
        ("not-restored", {"note": " "}, "Say why it can not be brought back", ""),
        ("obstacle", {**OBSTACLE, "what": ""}, "Say what you tried", "number 4711"),
        ("obstacle", {**OBSTACLE, "reported": "x" * 501}, "under 500 characters", "The button is gray"),
        ("restored", {}, "Add a picture of the post in its place", ""),
    ],
)
def test_what_does_not_fit_comes_back_as_typed(
    town: Town, *, step: str, data: dict[str, Any], sentence: str, kept: str
) -> None:
    case = STEPS[step][0](town)
    before = outcome_of(case)
    answer = take(town.client("coordinator.library"), case, step, data)
    assert answer.status_code == 422
    assert 'id="error-summary"' in html(answer)
    assert sentence in html(answer)
    assert kept in html(answer)
    assert outcome_of(case) == before


@pytest.mark.parametrize("step", ["hidden", "restored"])
def test_a_file_that_is_no_picture_proves_nothing(town: Town, step: str) -> None:
    case = STEPS[step][0](town)
    answer = take(town.client("coordinator.library"), case, step, {"screenshots": (io.BytesIO(b"<svg/>"), "x.png")})
    assert answer.status_code == 422
    assert "is not a whole PNG" in html(answer)


def test_no_second_password_while_minutes_count(town: Town) -> None:
    case, client = factories.case(town), town.client("coordinator.library")
    town.clock.advance(minutes=20)
    assert take(client, case, "hide-now", HIDE).status_code == 303


def test_the_picture_of_the_post_itself_is_no_proof_of_its_end(town: Town) -> None:
    case = factories.determined(town)
    client = town.client("coordinator.library")
    answer = take(client, case, "carry-out", screenshots=picture("navy"))  # sealed with the concern
    assert answer.status_code == 422
    assert "a picture of the post itself" in html(answer)
    assert factories.again(case).state is CaseState.DETERMINED
    assert take(client, case, "carry-out", screenshots=picture()).status_code == 303


def test_what_is_to_be_removed_needs_a_new_picture(town: Town) -> None:
    case = emergencies.decided(town, emergencies.standing(town), Outcome.REMOVE)
    client = town.client("coordinator.library")
    assert "still-hidden" not in html(client.get(f"/triage/{case.id}"))
    assert take(client, case, "still-hidden").status_code == 422
    assert take(client, case, "carry-out", screenshots=picture("gray")).status_code == 422
    assert take(client, case, "carry-out", screenshots=picture()).status_code == 303
    assert factories.again(case).state is CaseState.CLOSED


def test_never_shown_hidden_needs_a_picture_too(town: Town) -> None:
    case = emergencies.decided(town, emergencies.hide(town), Outcome.HIDE)
    client = town.client("coordinator.library")
    assert take(client, case, "still-hidden").status_code == 422
    assert factories.again(case).state is CaseState.DETERMINED


def test_the_page_says_hidden_only_once_it_is_shown(town: Town) -> None:
    case = emergencies.hide(town)
    client = town.client("head.library")
    page = html(client.get(f"/triage/{case.id}"))
    assert "To be hidden now" in page
    assert "Not shown by a picture yet" in page
    emergencies.prove(town, case)
    page = html(client.get(f"/triage/{case.id}"))
    assert "Hidden, to be decided" in page
    assert "by the end of Wed, Nov 25, 2026" in page
    assert "The picture that shows it hidden" in page


def test_the_queue_says_what_waits(town: Town) -> None:
    opened = factories.case(town)
    client = town.client("coordinator.library")
    assert f"/triage/{opened.id}?back=" in html(client.get("/triage?state=open"))
    assert "Hide it at once" in html(client.get("/triage?state=open"))
    case = emergencies.flagged(town)
    page = html(town.client("coordinator.library").get(f"/triage?state=consulting&case={case.id}"))
    assert "To be put back by the end of Mon, Nov 30, 2026" in page
    assert f"/triage/{case.id}?" in page
    assert "Put it back" in page


def test_what_is_to_go_back_is_flagged_above_every_queue_and_on_oversight(town: Town) -> None:
    factories.case(town)
    case = emergencies.flagged(town)
    line = f'<a href="/triage/{case.id}">Case {case.id}</a>, by the end of Mon, Nov 30, 2026'
    for box in ("administrator", "auditor", "coordinator.library", "head.library"):
        page = html(town.client(box).get("/triage?state=consulting"))
        assert line in page
        assert "To be put back by Mon, Nov 30, 2026" in page
        assert line in html(town.client(box).get("/triage?state=open"))
    assert line in html(town.client("auditor").get("/oversight"))
    for address in ("/triage", "/oversight"):
        assert line not in html(town.client("head.police").get(address))
    emergencies.restore(town, case)
    assert line not in html(town.client("auditor").get("/oversight"))


def test_an_obstacle_stays_on_the_record_and_the_order_stands(town: Town) -> None:
    case = factories.determined(town)
    service.report_obstacle(
        factories.coordinator(town), case.id, case.version, what=OBSTACLE["what"], reported=OBSTACLE["reported"],
        clock=town.clock,
    )  # fmt: skip
    client = town.client("coordinator.library")
    assert take(client, factories.again(case), "obstacle", OBSTACLE).status_code == 303
    way_out = "stays due until a picture shows that the post is gone"
    assert way_out in html(town.client("administrator").get(f"/triage/{case.id}"))
    take(client, factories.again(case), "carry-out", screenshots=picture())
    page = html(town.client("auditor").get(f"/triage/{case.id}"))
    assert page.count("The network did not let it be carried out") == 2
    assert way_out not in page
    assert factories.again(case).state is CaseState.CLOSED


@pytest.mark.parametrize("state", list(EmergencyState))
def test_every_state_can_be_read_by_every_reader(town: Town, state: EmergencyState) -> None:
    case = emergencies.in_state(town, state)
    for box in ("administrator", "auditor", "coordinator.library", "head.library", "records"):
        page = html(town.client(box).get(f"/triage/{case.id}"))
        assert state.label in page
        assert emergencies.ANSWER in page


def test_a_harmful_link_is_shown_and_leads_nowhere(town: Town) -> None:
    case = emergencies.hide(town, ground="malware", words="https://gift.example/claim")
    page = html(town.client("head.library").get(f"/triage/{case.id}"))
    assert "https://gift.example/claim" in page
    assert 'href="https://gift.example' not in page


def test_a_case_without_a_seal_costs_nothing_more(town: Town) -> None:
    """Most cases never see any of this."""
    case = factories.case(town)
    client = town.client("coordinator.library")
    client.get(f"/triage/{case.id}")
    with count_queries() as counter:
        client.get(f"/triage/{case.id}")
    assert not [query for query in counter.get_queries() if "emergency_hide" in query.msg[0]]


def test_to_keep_what_is_hidden_says_that_it_goes_back(town: Town) -> None:
    hidden = emergencies.advised(town, emergencies.standing(town))
    other = factories.advised(town)
    client = town.client("administrator")
    goes_back, stays = "It goes back to its place", "It stays. The case closes."
    pages = [html(client.get(f"/triage/{case.id}")) for case in (hidden, other)]
    assert [(goes_back in page, stays in page) for page in pages] == [(True, False), (False, True)]


def test_the_letter_offered_after_putting_back_says_so(town: Town) -> None:
    case = emergencies.decided(town, emergencies.standing(town), Outcome.KEEP)
    client, letters = town.client("coordinator.library"), f'href="/triage/{case.id}/letters'
    assert f'{letters}"' in html(client.get(f"/triage/{case.id}"))
    emergencies.restore(town, case)
    assert f'{letters}?kind=restored"' in html(client.get(f"/triage/{case.id}"))
