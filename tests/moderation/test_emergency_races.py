"""Presses at the same moment, on connections of their own: one emergency hide, one proof, one way it ends."""

import threading
from collections import Counter
from collections.abc import Callable

import pytest

from charlton_intranet import create_app
from charlton_intranet.core import audit, database
from charlton_intranet.core.clock import FixedClock
from charlton_intranet.core.errors import Refusal
from charlton_intranet.evidence.models import Piece, PieceKind, Seal
from charlton_intranet.mail.models import OutboxMessage
from charlton_intranet.moderation import service
from charlton_intranet.moderation.jobs import flag_hides
from charlton_intranet.moderation.models import Case, Consultation, EmergencyHide, RestoreOrder
from charlton_intranet.moderation.rules import CaseState, Outcome
from charlton_intranet.moderation.rules.emergency import EmergencyState, RestoreState
from charlton_intranet.parts import Parts
from tests.conftest import Town
from tests.moderation import emergency_factories as emergencies
from tests.moderation import factories

PRESSES = 20


@pytest.fixture
def busy(own_town: Parts) -> Town:
    """A town on a committed database of its own."""
    assert isinstance(own_town.clock, FixedClock)
    return Town(own_town, own_town.clock, create_app(parts=own_town))


def press_together(*acts: Callable[[], object]) -> Counter[str]:
    """What all of them, pressed at once, came to: the name of each refusal, or nothing."""
    start, came_to = threading.Barrier(len(acts)), Counter[str]()

    def press(act: Callable[[], object]) -> None:
        start.wait()
        try:
            with database.connection():
                act()
        except Refusal as refusal:
            came_to[type(refusal).__name__] += 1
        else:
            came_to[""] += 1

    threads = [threading.Thread(target=press, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return came_to


def test_twenty_presses_are_one_hide_one_proof_and_one_return(busy: Town) -> None:
    with database.connection():
        case = factories.case(busy)
    assert press_together(*[lambda: emergencies.hide(busy, case)] * PRESSES) == {"": 1, "StaleState": PRESSES - 1}
    with database.connection():
        assert EmergencyHide.select().count() == Consultation.select().count() == Seal.select().count() == 1
        assert OutboxMessage.select().where(OutboxMessage.kind == "case_emergency").count() == 2
        case = factories.again(case)
    assert press_together(*[lambda: emergencies.prove(busy, case)] * PRESSES)[""] == 1
    with database.connection():
        assert Piece.select().where(Piece.kind == PieceKind.HIDDEN).count() == 1
        case = emergencies.flagged(busy, factories.again(case))
    assert press_together(*[lambda: emergencies.restore(busy, case)] * PRESSES)[""] == 1
    with database.connection():
        assert Piece.select().where(Piece.kind == PieceKind.RESTORED).count() == 1
        assert emergencies.of(case).state is EmergencyState.RESTORED
        assert audit.verify().fault is None


def test_the_calendar_a_decision_and_an_end_at_once_leave_one_story(busy: Town) -> None:
    """Whoever comes first: never confirmed with an order to restore, never flagged without one."""
    with database.connection():
        case = emergencies.advised(busy, emergencies.standing(busy))
    busy.clock.advance(days=3)

    def vanish() -> None:
        service.mark_vanished(
            factories.coordinator(busy), case.id, case.version, note="Its writer deleted it.", clock=busy.clock
        )

    press_together(
        lambda: flag_hides(busy.parts),
        lambda: factories.determine(busy, case, Outcome.HIDE),
        lambda: factories.determine(busy, case, Outcome.KEEP),
        vanish,
        lambda: flag_hides(busy.parts),
    )
    with database.connection():
        hide, state = emergencies.of(case), Case.get_by_id(case.id).state
        orders = [order.state for order in RestoreOrder.select()]
        allowed = {
            CaseState.ADVISED: {EmergencyState.FLAGGED},
            CaseState.CLOSED: {EmergencyState.FLAGGED},
            CaseState.DETERMINED: {EmergencyState.CONFIRMED},
            CaseState.VANISHED: {EmergencyState.ENDED},
        }
        assert hide.state in allowed[state]
        assert (RestoreState.ORDERED in orders) == (hide.state is EmergencyState.FLAGGED)
        assert audit.verify().fault is None
