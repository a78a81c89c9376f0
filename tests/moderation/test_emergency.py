"""Hiding at once: sealed first, on narrow grounds, shown by a picture, decided in days or put back."""

from datetime import date
from typing import Any

import peewee
import pytest

from charlton_intranet.core import audit
from charlton_intranet.core.database import database
from charlton_intranet.core.errors import Forbidden, Invalid, NotFound, StaleState
from charlton_intranet.evidence.models import Piece, PieceKind, Seal
from charlton_intranet.mail.models import OutboxMessage
from charlton_intranet.moderation import queries, service
from charlton_intranet.moderation.jobs import flag_hides
from charlton_intranet.moderation.models import Case, Consultation, Determination, EmergencyHide, Order, RestoreOrder
from charlton_intranet.moderation.rules import CaseState, Outcome
from charlton_intranet.moderation.rules.emergency import HIDE_FROM, EmergencyState, RestoreState
from tests.conftest import Town
from tests.moderation import emergency_factories as emergencies
from tests.moderation import factories

E = EmergencyState


def mails(kind: str) -> list[str]:
    """Who has a mail of this kind, in order."""
    return sorted(m.recipient.partition("@")[0] for m in OutboxMessage.select().where(OutboxMessage.kind == kind))


def everything() -> tuple[object, ...]:
    """What a refused press must leave as it was."""
    tables = (EmergencyHide, RestoreOrder, Consultation, Determination, Order, Seal, Piece, OutboxMessage)
    versions = [(case.id, case.version, case.state) for case in Case.select().order_by(Case.id)]
    return (audit.head(), versions, *(table.select().count() for table in tables))


def test_one_press_seals_asks_and_starts_every_clock(town: Town) -> None:
    case = emergencies.hide(town, uploads=[factories.upload(town, "red")])
    hide = emergencies.of(case)
    assert (case.state, case.urgent, case.due_on) == (CaseState.CONSULTING, True, date(2026, 11, 24))
    assert (hide.state, hide.seal_id, hide.decide_by) == (E.ORDERED, case.seal_id, date(2026, 11, 25))
    assert (hide.hidden_at, hide.proof_id) == (None, None)
    pieces = queries.pieces_of(case.id)
    assert [piece.kind for piece in pieces] == [PieceKind.SCREENSHOT, PieceKind.TEXT]
    assert {piece.seal_id for piece in pieces} == {case.seal_id}
    asked = Consultation.get(Consultation.case == case.id)
    assert (asked.categories, asked.concern) == ("J", emergencies.ANSWER)
    assert mails("case_emergency") == ["administrator", "head.library"]
    assert mails("case_advice_asked") == []
    [to_head] = OutboxMessage.select().where(OutboxMessage.recipient.startswith("head.library"))
    assert "Your advice as Department Head is asked by the end of Tue, Nov 24, 2026" in to_head.text
    assert "by the end of Wed, Nov 25, 2026" in to_head.text
    assert "burn" not in to_head.text + to_head.subject + to_head.html
    assert audit.verify().fault is None
    assert not any("burn" in event.detail or "fire" in event.detail for event in audit.AuditEvent.select())


@pytest.mark.parametrize("state", sorted(HIDE_FROM - {CaseState.OPEN}))
def test_later_it_stands_beside_what_runs_already(town: Town, state: CaseState) -> None:
    before = factories.in_state(town, state)
    case = emergencies.hide(town, before, uploads=[factories.upload(town, "red")])
    hide = emergencies.of(case)
    assert (case.state, case.due_on, case.urgent) == (state, before.due_on, True)
    assert hide.seal_id == before.seal_id
    assert all(piece.seal_id for piece in queries.pieces_of(case.id))
    assert Consultation.select().count() == 1
    [to_head] = OutboxMessage.select().where(
        (OutboxMessage.kind == "case_emergency") & OutboxMessage.recipient.startswith("head.library")
    )
    assert "Your advice as Department Head" not in to_head.text


@pytest.mark.parametrize("state", [s for s in factories.RESTING if s not in HIDE_FROM])
def test_never_once_it_is_over_or_decided(town: Town, state: CaseState) -> None:
    case = factories.in_state(town, state)
    before = everything()
    with pytest.raises(StaleState):
        emergencies.hide(town, case)
    assert everything() == before


@pytest.mark.parametrize("state", list(E))
def test_once_a_case(town: Town, state: EmergencyState) -> None:
    case = emergencies.in_state(town, state)
    before = everything()
    with pytest.raises(StaleState):
        emergencies.hide(town, case)
    assert everything() == before


def test_a_case_found_again_can_be_hidden_at_once(town: Town) -> None:
    link = "https://facebook.com/CharltonLibrary/posts/9"
    case = factories.case(town, permalink=link)
    service.dismiss(factories.coordinator(town), case.id, case.version, clock=town.clock)
    found = factories.case(town, permalink=link)
    assert found.id == case.id
    assert emergencies.of(emergencies.standing(town, found)).state is E.STANDING


@pytest.mark.parametrize(
    ("other", "fields"),
    [
        ({"ground": ""}, {"ground"}),
        ({"ground": "A"}, {"ground"}),
        ({"ground": "G", "words": "", "answer": ""}, {"ground"}),
        ({"ground": "I"}, {"ground"}),
        ({"words": "burn the library"}, {"words"}),
        ({"words": "", "answer": "Fear."}, {"words", "answer"}),
        ({"ground": "malware", "words": "click here"}, {"words"}),
    ],
)
def test_what_does_not_do_seals_nothing(town: Town, other: dict[str, Any], fields: set[str]) -> None:
    case = factories.case(town)
    before = everything()
    with pytest.raises(Invalid) as refusal:
        emergencies.hide(town, case, **other)
    assert refusal.value.problems.keys() == fields
    assert everything() == before


def test_for_malware_the_link_is_named_and_the_head_is_asked_about_safety(town: Town) -> None:
    case = emergencies.hide(town, ground="malware", words="https://gift.example/claim")
    assert emergencies.of(case).words == "https://gift.example/claim"
    assert Consultation.get(Consultation.case == case.id).categories == "F"


@pytest.mark.parametrize(
    ("box", "refusal"),
    [
        ("administrator", None),
        ("auditor", Forbidden),
        ("coordinator.library", None),
        ("coordinator.police", NotFound),
        ("employee", NotFound),
        ("head.library", Forbidden),
        ("it", NotFound),
        ("records", Forbidden),
        ("user.library", NotFound),
    ],
)
def test_who_may_hide_prove_and_put_back(town: Town, box: str, refusal: type[Exception] | None) -> None:
    opened, ordered = factories.case(town), emergencies.hide(town)
    late = emergencies.flagged(town)
    steps = (
        lambda: emergencies.hide(town, opened, by=box),
        lambda: emergencies.prove(town, factories.again(ordered), by=box),
        lambda: emergencies.restore(town, late, by=box),
    )
    # What the calendar flagged can not be shown hidden any more.
    EmergencyHide.update(state=E.ORDERED).where(EmergencyHide.case == ordered.id).execute()
    for step in steps:
        if refusal is None:
            step()
            continue
        before = everything()
        with pytest.raises(refusal):
            step()
        assert everything() == before


# --- proof --------------------------------------------------------------------------------------------------------


def test_it_is_called_hidden_once_a_picture_shows_it(town: Town) -> None:
    case = emergencies.hide(town)
    town.clock.advance(minutes=7)
    emergencies.prove(town, case)
    hide = emergencies.of(case)
    assert (hide.state, hide.hidden_at) == (E.STANDING, town.clock.now())
    proof = Piece.get_by_id(hide.proof_id)
    assert (proof.kind, proof.captured_by_id) == (PieceKind.HIDDEN, hide.hidden_by_id)
    assert proof.seal_id not in {None, case.seal_id}


def test_a_proof_is_a_new_picture(town: Town) -> None:
    case = emergencies.hide(town, uploads=[factories.upload(town, "gray")])
    before = everything()
    with pytest.raises(Invalid, match="a picture of the post itself"):
        emergencies.prove(town, case, "gray")
    with pytest.raises(Invalid, match="Add a picture"):
        service.prove_hidden(factories.coordinator(town), case.id, case.version, upload=None, clock=town.clock)
    assert everything() == before
    emergencies.prove(town, case, "white")
    with pytest.raises(Invalid, match="on the case already"):
        emergencies.restore(town, emergencies.flagged(town, case), "white")


def test_a_hide_is_shown_once(town: Town) -> None:
    case = emergencies.standing(town)
    with pytest.raises(StaleState, match="Hidden, to be decided"):
        emergencies.prove(town, case, "white")
    with pytest.raises(StaleState, match="No hide was ordered"):
        emergencies.prove(town, factories.case(town), "white")


@pytest.mark.parametrize(
    "changes",
    [
        {"hidden_at": "now"},
        {"proof": "piece"},
        {"state": E.STANDING},
        {"seal": None},
        {"seal": 999_999},
    ],
)
def test_the_database_itself_calls_nothing_hidden_without_its_picture(town: Town, changes: dict[str, Any]) -> None:
    case = emergencies.hide(town)
    real = {"now": town.clock.now(), "piece": queries.pieces_of(case.id)[0].id}
    facts = {name: real.get(value, value) for name, value in changes.items()}
    with pytest.raises(peewee.IntegrityError), database.atomic():
        EmergencyHide.update(**facts).where(EmergencyHide.case == case.id).execute()


# --- decision -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("outcome", [Outcome.HIDE, Outcome.REMOVE])
@pytest.mark.parametrize("state", [E.ORDERED, E.STANDING, E.FLAGGED])
def test_a_removal_confirms_it_and_nothing_goes_back(town: Town, state: EmergencyState, outcome: Outcome) -> None:
    case = emergencies.decided(town, emergencies.in_state(town, state), outcome)
    assert case.state is CaseState.DETERMINED
    assert emergencies.of(case).state is E.CONFIRMED
    assert [order.state for order in RestoreOrder.select()] == ([RestoreState.VOID] if state is E.FLAGGED else [])


@pytest.mark.parametrize("state", [E.ORDERED, E.STANDING, E.FLAGGED])
def test_to_keep_orders_it_back_by_the_next_business_day(town: Town, state: EmergencyState) -> None:
    case = emergencies.decided(town, emergencies.in_state(town, state), Outcome.KEEP)
    assert case.state is CaseState.CLOSED
    assert emergencies.of(case).state is E.FLAGGED
    order = emergencies.order(case)
    assert (order.state, order.due_on) == (
        RestoreState.ORDERED, date(2026, 11, 30) if state is E.FLAGGED else date(2026, 11, 24),
    )  # fmt: skip
    assert mails("case_restore") == ["coordinator.library"]
    emergencies.restore(town, case)
    assert emergencies.of(case).state is E.RESTORED
    assert factories.again(case).state is CaseState.CLOSED


def test_not_decided_in_its_days_it_is_flagged_and_may_still_be_decided(town: Town) -> None:
    case = emergencies.standing(town)
    town.clock.advance(days=2)
    assert flag_hides(town.parts) == ""
    town.clock.advance(days=1)
    assert flag_hides(town.parts) == f"To be put back, as no decision came: case {case.id}"
    assert flag_hides(town.parts) == ""
    assert emergencies.of(case).state is E.FLAGGED
    order = emergencies.order(case)
    assert (order.ordered_by_id, order.due_on) == (None, date(2026, 11, 30))  # flagged on Thanksgiving
    assert (mails("case_restore"), mails("case_flagged")) == (["coordinator.library"], ["administrator"])
    case = emergencies.restore(town, factories.again(case))
    assert emergencies.of(case).state is E.RESTORED
    assert case.state is CaseState.CONSULTING
    decided = emergencies.decided(town, case, Outcome.REMOVE)
    assert (decided.state, emergencies.of(case).state) == (CaseState.DETERMINED, E.RESTORED)


@pytest.mark.parametrize("state", [E.ORDERED, E.STANDING, E.FLAGGED])
def test_what_goes_away_by_itself_ends_it(town: Town, state: EmergencyState) -> None:
    case = emergencies.in_state(town, state)
    service.mark_vanished(
        factories.coordinator(town), case.id, case.version, note="Its writer deleted it.", clock=town.clock
    )
    assert factories.again(case).state is CaseState.VANISHED
    assert emergencies.of(case).state is E.ENDED
    assert [order.state for order in RestoreOrder.select()] == ([RestoreState.VOID] if state is E.FLAGGED else [])
    town.clock.advance(days=9)
    assert flag_hides(town.parts) == ""


def test_each_step_is_on_the_record(town: Town) -> None:
    case = emergencies.restore(town, emergencies.flagged(town))
    tags = [
        event.tag
        for event in audit.AuditEvent.select()
        .where(audit.AuditEvent.subject == f"case:{case.id}")
        .order_by(audit.AuditEvent.number)
    ]
    assert tags == [
        "case.captured", "case.preserved", "case.advice_asked", "case.hide_ordered", "case.hidden",
        "case.hide_settled", "case.restore_ordered", "case.restored",
    ]  # fmt: skip
