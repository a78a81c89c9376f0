"""Looking at a decision again: who may ask, who answers, and what an answer does."""

from datetime import timedelta

import pytest

from charlton_intranet.accounts.models import RecordedException
from charlton_intranet.core.errors import Forbidden, Invalid, NotFound, StaleState
from charlton_intranet.mail.models import OutboxMessage
from charlton_intranet.moderation.models import Determination, Letter, RestoreOrder
from charlton_intranet.moderation.queries.reconsiderations import counting, requests_page
from charlton_intranet.moderation.queries.request import request_view
from charlton_intranet.moderation.rules import CaseState, Outcome
from charlton_intranet.moderation.rules.emergency import RestoreCause
from charlton_intranet.moderation.rules.letters import LetterHow
from charlton_intranet.moderation.rules.reconsidering import (
    MOVES,
    CameBy,
    ReconsiderationState,
    check_answerable,
)
from charlton_intranet.moderation.service.reconsidering import Answer, answer, withdraw, write_to_asker
from tests.conftest import Town
from tests.moderation import factories
from tests.moderation import reconsideration_factories as asking

S = ReconsiderationState


def counted(case_id: int) -> bool:
    """Whether the decision on the case counts against its writer."""
    return Determination.select().where((Determination.case == case_id) & counting()).exists()


@pytest.mark.parametrize("then", sorted(S))
@pytest.mark.parametrize("now", sorted(S))
def test_only_an_open_request_moves_and_nothing_opens_one_again(now: S, then: S) -> None:
    if now is S.ASKED and then is not S.ASKED:
        check_answerable(now, then)
        assert then in MOVES[now]
        return
    with pytest.raises(StaleState, match=now.label):
        check_answerable(now, then)


def test_a_request_stops_the_count_and_starts_the_clock(town: Town) -> None:
    case = factories.closed(town)
    assert counted(case.id)
    one = asking.request(town, case)
    assert not counted(case.id)
    assert one.answer_by.isoformat() == "2026-12-08"  # ten business days, Thanksgiving not among them
    mail = OutboxMessage.get(OutboxMessage.kind == "reconsideration_asked")
    assert mail.recipient == "administrator@charlton.example"
    assert asking.ASKED not in mail.text


def test_upheld_counts_again_and_reversed_never_again(town: Town) -> None:
    stands = asking.answered(town, reverse=False)
    assert stands.state is S.UPHELD
    assert counted(stands.determination.case_id)
    other = asking.answered(town, asking.request(town, factories.closed(town, f"{factories.WORDS} Again.")))
    assert other.state is S.REVERSED
    assert not counted(other.determination.case_id)


def test_reversed_orders_the_content_back_and_tells_the_coordinator(town: Town) -> None:
    one = asking.answered(town)
    order = RestoreOrder.get(RestoreOrder.case == one.determination.case_id)
    assert order.cause is RestoreCause.REVERSAL
    told = {message.kind for message in OutboxMessage.select() if message.recipient.startswith("coordinator.library")}
    assert {"reconsideration_answered", "case_restore"} <= told


def test_what_is_not_carried_out_yet_is_not_to_be_any_more(town: Town) -> None:
    case = factories.determined(town)
    asking.answered(town, asking.request(town, case))
    assert factories.again(case).state is CaseState.CLOSED
    assert not RestoreOrder.select().exists()


def test_who_decided_answers_only_by_a_recorded_exception(town: Town) -> None:
    one = asking.request(town)
    own = Answer(reverse=True, reason=asking.REASON)
    ruth = town.actor("administrator")
    with pytest.raises(Forbidden, match="somebody else settles it"):
        answer(ruth, one.id, one.version, own, clock=town.clock)
    assert asking.again(one).state is S.ASKED
    answer(ruth, one.id, one.version, own, exception="Nobody else can act before Monday.", clock=town.clock)
    assert asking.again(one).state is S.REVERSED
    assert RecordedException.get(RecordedException.subject == f"reconsideration:{one.id}").person_id == ruth.person_id


def test_who_advised_does_not_answer_either(town: Town) -> None:
    one = asking.request(town)
    adviser = asking.acting(town, "head.library")
    with pytest.raises(Forbidden, match="somebody else settles it"):
        asking.answered(town, one, by=adviser)


def test_a_late_request_needs_a_reason(town: Town) -> None:
    case = factories.closed(town)
    town.clock.at += timedelta(days=30)
    with pytest.raises(Invalid) as refusal:
        asking.request(town, case)
    assert "December 8, 2026" in refusal.value.problems["late_reason"]
    one = asking.request(town, case, late_reason="Their letter was lost in the mail.")
    assert one.late_reason == "Their letter was lost in the mail."


@pytest.mark.parametrize(("days", "sentence"), [(-400, "The decision was made on"), (1, "still to come")])
def test_a_request_comes_between_the_decision_and_today(town: Town, days: int, sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence):
        asking.request(town, asked_on=town.today + timedelta(days=days))


def test_one_request_is_open_at_a_time_and_none_after_a_reversal(town: Town) -> None:
    case = factories.closed(town)
    one = asking.request(town, case)
    with pytest.raises(StaleState, match="waits for its answer"):
        asking.request(town, case)
    asking.answered(town, one)
    with pytest.raises(StaleState, match="taken back already"):
        asking.request(town, case)


def test_after_it_was_upheld_or_withdrawn_somebody_may_ask_again(town: Town) -> None:
    one = asking.answered(town, reverse=False)
    case = one.determination.case
    two = asking.request(town, case, asker="Their lawyer")
    withdraw(town.actor("records"), two.id, two.version, "They wrote that it is settled.", clock=town.clock)
    assert asking.again(two).state is S.WITHDRAWN
    assert counted(case.id)
    assert asking.request(town, case).state is S.ASKED


@pytest.mark.parametrize("box", ["administrator", "coordinator.library", "head.library", "records"])
def test_four_offices_log_a_request(town: Town, box: str) -> None:
    assert asking.request(town, by=box).logged_by_id == town.person_id(box)


@pytest.mark.parametrize(
    ("box", "refused"),
    [("auditor", Forbidden), ("coordinator.police", NotFound), ("it", NotFound), ("user.library", NotFound)],
)
def test_others_do_not(town: Town, box: str, refused: type[Exception]) -> None:
    case = factories.closed(town)
    with pytest.raises(refused):
        asking.request(town, case, by=box)


def test_what_was_kept_or_not_decided_can_not_be_asked_back(town: Town) -> None:
    kept = factories.determine(town, factories.advised(town), Outcome.KEEP, categories=(), quote="")
    with pytest.raises(Invalid, match="The post was kept"):
        asking.request(town, kept)
    with pytest.raises(StaleState, match="not decided"):
        asking.request(town, factories.case(town, "Something else"))


def test_papers_are_sealed_with_the_request(town: Town) -> None:
    one = asking.request(town, uploads=[factories.upload(town, "red")])
    [paper] = request_view(town.actor("records"), one.id).papers
    assert paper.seal_id is not None
    assert paper.file_name == "red.png"


def test_counsel_is_named_with_the_day_or_not_at_all(town: Town) -> None:
    one = asking.request(town)
    half = Answer(reverse=False, reason=asking.REASON, counsel="Town Counsel")
    with pytest.raises(Invalid, match="day on which counsel was asked"):
        answer(town.actor(asking.acting(town)), one.id, one.version, half, clock=town.clock)


def test_letters_are_kept_one_for_each_step(town: Town) -> None:
    one = asking.request(town)
    clerk = town.actor("coordinator.library")

    def write(text: str) -> None:
        now = asking.again(one)
        write_to_asker(
            clerk, now.id, now.version, subject="Your request", text=text, how=LetterHow.MAIL, sent_on=None,
            why_not="", clock=town.clock,
        )  # fmt: skip

    write("We have your request.")
    with pytest.raises(StaleState, match="no letter to keep"):
        write("We have it twice.")
    asking.answered(town, asking.again(one))
    write("Your words are back.")
    view = request_view(clerk, one.id)
    assert view.received is not None
    assert view.answer is not None
    assert (view.received.text, view.answer.text) == ("We have your request.", "Your words are back.")
    assert Letter.select().count() == 2


def test_the_asker_is_reached_by_those_who_write_not_by_the_auditor(town: Town) -> None:
    one = asking.request(town, contact="ada@example.org", came_by=CameBy.MAIL)
    assert request_view(town.actor("records"), one.id).contact == "ada@example.org"
    assert request_view(town.actor("auditor"), one.id).contact == ""


def test_the_list_goes_by_the_day_of_the_answer_and_is_found_by_words(town: Town) -> None:
    ids = []
    for number in range(5):
        case = factories.closed(town, f"{factories.WORDS} Number {number}.")
        ids.append(asking.request(town, case, text=f"Plea number {number} about the lawn.").id)
    clerk = town.actor("coordinator.library")
    first, more = requests_page(clerk, answered=False, size=3)
    rest, end = requests_page(clerk, answered=False, after=more, size=3)
    assert [row.id for row in (*first, *rest)] == ids
    assert end is None
    found, _ = requests_page(clerk, answered=False, words='"number 3"')
    assert [row.id for row in found] == [ids[3]]
    assert requests_page(town.actor("coordinator.police"), answered=False) == ([], None)
