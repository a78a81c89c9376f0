"""What a request makes people owe, and that presses at the same moment have one effect."""

from datetime import timedelta

from charlton_intranet.core import database
from charlton_intranet.core.duties import Duty, Scope
from charlton_intranet.core.permissions import Actor
from charlton_intranet.moderation.duties.reconsidering import ANSWER, owed
from charlton_intranet.moderation.models import Reconsideration
from charlton_intranet.moderation.rules.letters import LetterHow
from charlton_intranet.moderation.rules.reconsidering import CameBy, ReconsiderationState
from charlton_intranet.moderation.service.reconsidering import Answer, Request, answer, log_request, write_to_asker
from charlton_intranet.parts import Parts
from tests.conftest import START, Town
from tests.moderation import factories
from tests.moderation import reconsideration_factories as asking
from tests.security.test_races import AT_ONCE, press_together


def duties(town: Town, box: str | None = None) -> list[Duty]:
    scope = Scope(town.today, town.actor(box) if box else None)
    return [duty for duty in owed(scope) if scope.actor is None or duty.owner.is_held_by(scope.actor)]


def test_the_answer_is_owed_by_the_administrator_and_whoever_acts(town: Town) -> None:
    one = asking.request(town)
    [duty] = duties(town, "administrator")
    assert (duty.kind, duty.due, duty.url) == (ANSWER, one.answer_by, f"/triage/reconsiderations/{one.id}")
    assert duties(town, asking.acting(town)) == [duty]
    assert duties(town, "coordinator.library") == []
    assert asking.ASKED not in duty.title


def test_the_letter_is_owed_by_the_departments_coordinator_until_it_is_kept(town: Town) -> None:
    one = asking.answered(town)
    [duty] = duties(town, "coordinator.library")
    assert duty.due == one.answer_by
    assert duties(town, "coordinator.police") == []
    assert duties(town) == [duty]
    write_to_asker(
        town.actor("coordinator.library"), one.id, one.version, subject="Your request", text="Your words are back.",
        how=LetterHow.COUNTER, sent_on=None, why_not="", clock=town.clock,
    )  # fmt: skip
    assert duties(town) == []


def test_a_late_answers_letter_is_due_on_its_day(town: Town) -> None:
    one = asking.request(town)
    town.clock.at += timedelta(days=40)
    asking.answered(town, one)
    [duty] = duties(town, "coordinator.library")
    assert duty.due == town.today


def test_my_work_leads_to_the_answer(town: Town) -> None:
    one = asking.request(town)
    page = town.client("administrator").get("/").text
    assert f'href="/triage/reconsiderations/{one.id}"' in page


def closed_case(parts: Parts) -> tuple[Town, int]:
    town = Town(parts, parts.clock, None)  # type: ignore[arg-type] # no page is opened
    return town, factories.closed(town).id


def test_a_request_is_logged_once(own_town: Parts) -> None:
    with database.connection():
        town, case_id = closed_case(own_town)
        clerk: Actor = town.actor("coordinator.library")
    asked = Request(START.date(), CameBy.MAIL, asking.ASKED)

    def press(_number: int) -> None:
        log_request(clerk, case_id, asked, [], clock=own_town.clock)

    assert press_together(press) == ["", *["StaleState"] * (AT_ONCE - 1)]
    with database.connection():
        assert Reconsideration.select().count() == 1


def test_a_request_is_answered_once(own_town: Parts) -> None:
    with database.connection():
        town, case_id = closed_case(own_town)
        asked = Request(START.date(), CameBy.MAIL, asking.ASKED)
        request_id = log_request(town.actor("records"), case_id, asked, [], clock=own_town.clock)
        judge = town.actor(asking.acting(town))

    def press(number: int) -> None:
        said = Answer(reverse=number % 2 == 0, reason=asking.REASON)
        answer(judge, request_id, 1, said, clock=own_town.clock)

    assert press_together(press) == ["", *["StaleState"] * (AT_ONCE - 1)]
    with database.connection():
        found = Reconsideration.get_by_id(request_id)
        assert found.state is not ReconsiderationState.ASKED
        assert found.version == 2
