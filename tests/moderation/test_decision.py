"""Preserve before remove, consult before decide, the Town Administrator decides: tried from every side."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import peewee
import pytest

from charlton_intranet.accounts import service as accounts
from charlton_intranet.core import audit
from charlton_intranet.core.database import database, unit_of_work
from charlton_intranet.core.errors import Forbidden, Invalid, NotFound, Refusal, StaleState
from charlton_intranet.core.permissions import SYSTEM, Role
from charlton_intranet.evidence.models import Piece, Seal
from charlton_intranet.mail.models import OutboxMessage
from charlton_intranet.moderation import queries, service
from charlton_intranet.moderation.models import Case, Consultation, Determination, Order
from charlton_intranet.moderation.rules import CaseState, Outcome, Position, Step
from tests.conftest import Town
from tests.moderation import factories
from tests.moderation import worksheet_factories as worksheets


def concern(town: Town, case: Case, box: str = "coordinator.library", **other: Any) -> None:
    facts: dict[str, Any] = {"concern": "A threat.", "categories": {"J"}, "uploads": [], "store": town.parts.store}
    service.raise_concern(town.actor(box), case.id, case.version, clock=town.clock, **(facts | other))


def advise(town: Town, case: Case, box: str = "head.library", **other: Any) -> None:
    facts: dict[str, Any] = {"position": Position.NO_VIOLATION, "text": "An opinion."}
    service.give_advice(town.actor(box), case.id, case.version, clock=town.clock, **(facts | other))


def carry_out(town: Town, case: Case, box: str = "coordinator.library", **other: Any) -> None:
    facts: dict[str, Any] = {"upload": factories.upload(town, "white")}
    service.carry_out(town.actor(box), case.id, case.version, clock=town.clock, **(facts | other))


def act_as(town: Town, box: str, role: Role, department: str | None = None) -> None:
    """Let somebody stand in today."""
    with unit_of_work():
        accounts.assign(
            SYSTEM, town.person_id(box), role, department_id=town.department_id(department) if department else None,
            starts=town.today, ends=town.today + timedelta(days=3), acting=True, reason="Away", clock=town.clock,
        )  # fmt: skip


# Every step of a case, as it is taken when all is well; the name is the step that the page offers.
STEPS: dict[Step, Callable[[Town, Case], object]] = {
    Step.DISMISS: lambda town, case: service.dismiss(
        factories.coordinator(town), case.id, case.version, clock=town.clock
    ),
    Step.UNDO: lambda town, case: service.undo_dismiss(
        factories.coordinator(town), case.id, case.version, clock=town.clock
    ),
    Step.CONCERN: concern,
    Step.ADVISE: advise,
    Step.NO_ANSWER: lambda town, case: service.note_no_answer(
        town.actor("administrator"), case.id, case.version, clock=town.clock
    ),
    Step.DETERMINE: factories.determine,
    Step.CARRY_OUT: carry_out,
    Step.VANISH: lambda town, case: service.mark_vanished(
        factories.coordinator(town), case.id, case.version, note="Gone.", clock=town.clock
    ),
}


def everything(case: Case) -> tuple[object, ...]:
    """What a refused step must leave as it was."""
    tables = (Consultation, Determination, Order, Seal, Piece, OutboxMessage)
    return (case.state, case.version, audit.head(), *(table.select().count() for table in tables))


@pytest.mark.parametrize("state", factories.RESTING)
def test_in_every_state_exactly_the_steps_of_that_state_can_be_taken(town: Town, state: CaseState) -> None:
    case = factories.in_state(town, state)
    town.clock.advance(days=9)  # advice is late by now, so that going on without it is open
    offered = {
        step
        for box in ("coordinator.library", "head.library", "administrator")
        for step in queries.case_view(town.actor(box), case.id).steps
    }
    before = everything(case)
    taken = set()
    for step, take in STEPS.items():
        with database.atomic() as trial:
            try:
                take(town, factories.again(case))
                taken.add(step)
            except StaleState:
                assert everything(factories.again(case)) == before
            trial.rollback()
    assert taken == offered - {Step.NOTE}


@pytest.mark.parametrize("step", STEPS)
def test_a_step_on_a_case_that_somebody_moved_on_is_stale_and_writes_nothing(town: Town, step: Step) -> None:
    state = {
        Step.UNDO: CaseState.DISMISSED,
        Step.ADVISE: CaseState.CONSULTING,
        Step.NO_ANSWER: CaseState.CONSULTING,
        Step.DETERMINE: CaseState.ADVISED,
        Step.CARRY_OUT: CaseState.DETERMINED,
    }.get(step, CaseState.OPEN)
    case = factories.in_state(town, state)
    town.clock.advance(days=9)
    Case.update(version=case.version + 1).where(Case.id == case.id).execute()
    before = everything(factories.again(case))
    with pytest.raises(StaleState):
        STEPS[step](town, case)
    assert everything(factories.again(case)) == before


def refusal_of(town: Town, step: Any, case: Case, box: str) -> type[Refusal] | None:
    """What stands between ``box`` and a step."""
    try:
        with database.atomic() as trial:
            step(town, case, box)
            trial.rollback()
    except Refusal as refusal:
        return type(refusal)
    return None


WHO = {
    "coordinator.library": "concern gone",
    "head.library": "advise",
    "administrator": "concern no_answer determine gone",
    "records": "",
    "auditor": "",
}


@pytest.mark.parametrize("box", [*WHO, "coordinator.police", "head.police", "user.library", "it", "employee"])
def test_each_step_is_for_its_role_and_hidden_from_strangers(town: Town, box: str) -> None:
    open_, asked = factories.case(town), factories.consulting(town)
    advised, ordered = factories.advised(town), factories.determined(town)
    town.clock.advance(days=9)
    steps = {
        "concern": (concern, open_),
        "advise": (advise, asked),
        "no_answer": (lambda t, c, b: service.note_no_answer(t.actor(b), c.id, c.version, clock=t.clock), asked),
        "determine": (lambda t, c, b: factories.determine(t, c, by=b), advised),
        "gone": (carry_out, ordered),
    }
    found = {name: refusal_of(town, step, case, box) for name, (step, case) in steps.items()}
    otherwise = Forbidden if box in WHO else NotFound
    assert found == {name: None if name in WHO.get(box, "").split() else otherwise for name in steps}


# --- preserve and consult -------------------------------------------------------------------------------------


def test_a_concern_seals_words_and_pictures_and_starts_the_heads_clock(town: Town) -> None:
    case = factories.consulting(town, "Words with ünï and 🚲", uploads=[factories.upload(town, "red")])
    view = queries.case_view(town.actor("head.library"), case.id)
    assert [(p.kind.value, p.media_type) for p in view.pieces] == [
        ("screenshot", "image/png"), ("screenshot", "image/png"), ("text", "text/plain"),
    ]  # fmt: skip
    assert town.parts.store.get(view.pieces[-1].sha256).decode() == "Words with ünï and 🚲"
    assert view.seal is not None
    assert (view.seal.by, view.due_on) == ("Cody Barnes", date(2026, 11, 24))
    assert view.steps == {Step.ADVISE, Step.NOTE}


def test_advice_waited_for_over_a_holiday_is_due_on_the_next_business_day(town: Town) -> None:
    town.clock.advance(days=2)  # Wednesday; Thursday is Thanksgiving
    assert factories.consulting(town).due_on == date(2026, 11, 27)


@pytest.mark.parametrize(
    ("other", "fields"),
    [
        ({"concern": " "}, {"concern"}),
        ({"concern": "x" * 5001}, {"concern"}),
        ({"categories": []}, {"categories"}),
        ({"categories": ["Z"]}, {"categories"}),
        ({"concern": "", "categories": []}, {"concern", "categories"}),
    ],
)
def test_a_concern_names_what_and_which_category(town: Town, other: dict[str, Any], fields: set[str]) -> None:
    case = factories.case(town)
    before = everything(case)
    with pytest.raises(Invalid) as refusal:
        concern(town, case, **other)
    assert refusal.value.problems.keys() == fields
    assert everything(factories.again(case)) == before


def test_every_head_of_the_department_is_asked_acting_ones_too(town: Town) -> None:
    act_as(town, "user.library", Role.DEPARTMENT_HEAD, "Library")
    factories.consulting(town)
    asked = {m.recipient for m in OutboxMessage.select().where(OutboxMessage.kind == "case_advice_asked")}
    assert asked == {"head.library@charlton.example", "user.library@charlton.example"}


def test_advice_takes_a_position_and_a_reason(town: Town) -> None:
    case = factories.consulting(town)
    for other in ({"position": Position.NO_ANSWER}, {"text": "  "}):
        with pytest.raises(Invalid) as refusal:
            advise(town, case, **other)
        assert refusal.value.problems.keys() == other.keys()
    advise(town, case)
    assert factories.again(case).due_on == date(2026, 11, 25)


def test_silence_opens_the_determination_only_after_the_day_it_was_due(town: Town) -> None:
    case, administrator = factories.consulting(town), town.actor("administrator")
    town.clock.advance(days=1)
    with pytest.raises(Invalid, match="November 24"):
        service.note_no_answer(administrator, case.id, case.version, clock=town.clock)
    with pytest.raises(StaleState):
        factories.determine(town, case)
    town.clock.advance(days=1)
    service.note_no_answer(administrator, case.id, case.version, clock=town.clock)
    determined = factories.determine(town, factories.again(case))
    asked = queries.case_view(administrator, determined.id).consultation
    assert asked is not None
    assert (asked.position, asked.text, asked.given_by) == (Position.NO_ANSWER, "", "Ruth Okafor")


# --- determine ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("other", "fields"),
    [
        ({"categories": []}, {"categories"}),
        ({"categories": ["I"]}, {"categories", "answer_I", "counsel_name"}),
        ({"categories": ["Q", "J"]}, {"categories"}),
        ({"quote": "burn the branch"}, {"quote"}),
        ({"quote": ""}, {"quote"}),
        ({"reason": "because"}, {"reason"}),
        ({"same_if_praise": None}, {"same_if_praise"}),
        ({"same_if_praise": False}, {"same_if_praise"}),
        (
            {"categories": [], "quote": "", "reason": "", "same_if_praise": None},
            {"categories", "quote", "reason", "same_if_praise"},
        ),
    ],
)
@pytest.mark.parametrize("outcome", [Outcome.HIDE, Outcome.REMOVE])
def test_a_removal_needs_grounds_a_quote_a_reason_and_the_neutral_answer(
    town: Town, outcome: Outcome, other: dict[str, Any], fields: set[str]
) -> None:
    case = factories.advised(town)
    before = everything(case)
    with pytest.raises(Invalid) as refusal:
        factories.determine(town, case, outcome, **other)
    assert refusal.value.problems.keys() == fields
    assert everything(factories.again(case)) == before


@pytest.mark.parametrize("outcome", [Outcome.HIDE, Outcome.REMOVE])
def test_a_removal_is_ordered_at_once_and_due_the_next_business_day(town: Town, outcome: Outcome) -> None:
    case = factories.determine(
        town, factories.advised(town), outcome, categories=["I", "J"], worksheet=worksheets.filled(town, "IJ")
    )
    view = queries.case_view(town.actor("coordinator.library"), case.id)
    assert view.order is not None
    assert (view.order.outcome, view.order.ordered_at) == (outcome, town.clock.now())
    assert (view.order.due_on, view.order.done_at) == (date(2026, 11, 24), None)
    assert view.determination is not None
    assert view.determination.categories == ("I", "J")
    assert view.steps == {Step.CARRY_OUT, Step.VANISH, Step.NOTE}


def test_to_keep_needs_a_reason_only_and_closes_the_case(town: Town) -> None:
    case = factories.advised(town)
    with pytest.raises(Invalid) as refusal:
        factories.determine(town, case, Outcome.KEEP, categories=["Z"], quote="not there", reason="")
    assert refusal.value.problems.keys() == {"categories", "quote", "reason"}
    kept = factories.determine(town, case, Outcome.KEEP, categories=[], quote="", same_if_praise=None)
    assert (kept.state, kept.closed_at, kept.due_on) == (CaseState.CLOSED, town.clock.now(), None)
    assert not Order.select().exists()
    assert not OutboxMessage.select().where(OutboxMessage.kind == "case_order").exists()


def test_an_acting_administrator_decides_and_it_shows(town: Town) -> None:
    act_as(town, "records", Role.ADMINISTRATOR)
    case = factories.determine(town, factories.advised(town), by="records")
    decided = queries.case_view(town.actor("auditor"), case.id).determination
    assert decided is not None
    assert (decided.by, decided.acting) == ("Priya Natarajan", True)
    own = factories.determine(town, factories.advised(town))
    decided = queries.case_view(town.actor("auditor"), own.id).determination
    assert decided is not None
    assert not decided.acting


def test_who_gave_the_heads_advice_does_not_decide(town: Town) -> None:
    act_as(town, "administrator", Role.DEPARTMENT_HEAD, "Library")
    act_as(town, "records", Role.ADMINISTRATOR)
    case = factories.consulting(town)
    advise(town, case, "administrator")
    case = factories.again(case)
    before = everything(case)
    with pytest.raises(Forbidden, match="somebody else must decide"):
        factories.determine(town, case)
    assert everything(factories.again(case)) == before
    assert factories.determine(town, case, by="records").state is CaseState.DETERMINED


# --- carry out ----------------------------------------------------------------------------------------------------


def test_gone_needs_a_picture(town: Town) -> None:
    case = factories.determined(town)
    with pytest.raises(Invalid) as refusal:
        carry_out(town, case, upload=None)
    assert refusal.value.problems.keys() == {"screenshots"}
    assert factories.again(case).state is CaseState.DETERMINED


def test_the_time_from_order_to_gone_is_on_the_record(town: Town) -> None:
    case = factories.determined(town)
    town.clock.advance(minutes=12)
    carry_out(town, case, gone_note="Took it down at the desk.")
    view = queries.case_view(town.actor("auditor"), case.id)
    assert view.order is not None
    assert view.order.done_at is not None
    assert view.order.done_at - view.order.ordered_at == timedelta(minutes=12)
    assert [note.text for note in view.notes] == ["Took it down at the desk."]
    assert Piece.get_by_id(view.order.gone_id).kind.value == "gone"


# --- what the tables themselves refuse --------------------------------------------------------------------------


@pytest.mark.parametrize("left_out", ["determination", "seal"])
@pytest.mark.parametrize("instead", [None, 999_999])
def test_no_order_can_exist_without_determination_and_seal(town: Town, left_out: str, instead: int | None) -> None:
    case = factories.determine(town, factories.advised(town), Outcome.KEEP)
    decided = Determination.get(Determination.case == case.id)
    facts: dict[str, Any] = {
        "determination": decided.id, "seal": case.seal_id, "outcome": Outcome.REMOVE,
        "ordered_at": town.clock.now(), "due_on": town.today,
    }  # fmt: skip
    with pytest.raises(peewee.IntegrityError), database.atomic():
        Order.insert(**(facts | {left_out: instead})).execute()
    assert not Order.select().exists()
    with database.atomic():
        Order.insert(**facts).execute()


@pytest.mark.parametrize("left_out", ["seal", "consultation", "case"])
@pytest.mark.parametrize("instead", [None, 999_999])
def test_no_determination_can_exist_without_case_seal_and_consultation(
    town: Town, left_out: str, instead: int | None
) -> None:
    case = factories.advised(town)
    facts: dict[str, Any] = {
        "case": case.id, "seal": case.seal_id, "consultation": Consultation.get(Consultation.case == case.id).id,
        "outcome": Outcome.REMOVE, "categories": "J", "quote": "x", "reason": "x",
        "decided_by": town.person_id("administrator"), "decided_at": town.clock.now(),
    }  # fmt: skip
    with pytest.raises(peewee.IntegrityError), database.atomic():
        Determination.insert(**(facts | {left_out: instead})).execute()
    with database.atomic():
        Determination.insert(**facts).execute()


def test_the_seal_under_an_order_can_not_be_taken_away(town: Town) -> None:
    case = factories.determined(town)
    with pytest.raises(peewee.IntegrityError), database.atomic():
        Seal.delete().where(Seal.id == case.seal_id).execute()
    with pytest.raises(peewee.IntegrityError), database.atomic():
        Determination.delete().where(Determination.case == case.id).execute()
