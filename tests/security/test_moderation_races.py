"""Twenty presses at the same moment, on connections of their own: each step of moderation has one effect."""

from collections.abc import Callable
from datetime import timedelta

from charlton_intranet.core import database
from charlton_intranet.evidence.models import Failing, Piece, PieceKind
from charlton_intranet.moderation import service
from charlton_intranet.moderation.models import Case, CasePiece, Claim, LaterLook, Order, Referral, Snooze
from charlton_intranet.moderation.rules import CaseState, Outcome
from charlton_intranet.moderation.rules.looks import Seen
from charlton_intranet.moderation.rules.worksheet import ReferralState, ReferredTo
from charlton_intranet.moderation.service import desk, preserving, referring
from tests.conftest import Town
from tests.moderation import factories, worksheet_factories
from tests.moderation.test_emergency_races import PRESSES, busy, press_together

__all__ = ["busy"]


def test_a_case_is_handed_on_once(busy: Town) -> None:
    with database.connection():
        case = factories.consulting(busy)

    def press() -> object:
        return referring.refer_case(
            busy.actor("coordinator.library"), case.id, to=ReferredTo.IT, reason="Look at this.", clock=busy.clock
        )

    assert press_together(*[press] * PRESSES) == {"": 1, "Invalid": PRESSES - 1}
    with database.connection():
        assert Referral.select().count() == 1


def test_a_determination_with_referrals_is_made_once(busy: Town) -> None:
    with database.connection():
        case = factories.advised(busy)
    sheet = worksheet_factories.filled(busy, "J", referrals={ReferredTo.POLICE: "A threat.", ReferredTo.IT: "Look."})

    def press() -> None:
        service.determine(
            busy.actor("administrator"), case.id, case.version, outcome=Outcome.REMOVE, categories=["J"],
            quote=factories.WORDS, reason="These words threaten to set fire to a named building tonight.",
            same_if_praise=True, worksheet=sheet, clock=busy.clock,
        )  # fmt: skip

    def refer() -> object:
        return referring.refer_case(
            busy.actor("coordinator.library"), case.id, to=ReferredTo.IT, reason="Look at this.", clock=busy.clock
        )

    press_together(*[press] * (PRESSES // 2), *[refer] * (PRESSES // 2))
    with database.connection():
        assert Order.select().count() <= 1
        for to in (ReferredTo.IT, ReferredTo.POLICE):
            waiting = Referral.select().where((Referral.to == to) & (Referral.state != ReferralState.WITHDRAWN))
            assert waiting.count() <= 1, to
        # Whoever came second was refused whole: no referral of a determination that was not made.
        assert (
            Order.select().count() == Referral.select().where(Referral.determination.is_null(is_null=False)).count() / 2
        )


def _standing(model: type[Claim] | type[Snooze]) -> int:
    return int(model.select().where(model.ended_at.is_null()).count())


def test_claims_snoozes_and_their_undo_leave_one_of_each(busy: Town) -> None:
    with database.connection():
        case = factories.case(busy)
        actor = busy.actor("coordinator.library")
        first = desk.snooze_many(
            actor, [(case.id, case.version)], until=busy.today + timedelta(days=2), reason="Waits.", clock=busy.clock
        )
        woken = desk.wake_many(actor, [(case.id, case.version)], clock=busy.clock)
    day = busy.today + timedelta(days=3)
    acts: list[Callable[[], object]] = [
        lambda: desk.claim(actor, case.id, case.version, seen=None, clock=busy.clock),
        lambda: desk.snooze(actor, case.id, case.version, until=day, reason="Waits for the writer.", clock=busy.clock),
        lambda: desk.undo_batch(actor, woken.batch, clock=busy.clock),
        lambda: desk.undo_batch(actor, first.batch, clock=busy.clock),
        lambda: desk.wake(actor, case.id, clock=busy.clock),
    ]
    came_to = press_together(*acts * 4)
    assert came_to.total() == PRESSES
    with database.connection():
        assert _standing(Claim) <= 1
        assert _standing(Snooze) <= 1


def test_the_ticked_are_dismissed_once_and_brought_back_once(busy: Town) -> None:
    with database.connection():
        cases = [factories.case(busy, permalink=f"https://example.org/{n}") for n in range(5)]
        actor = busy.actor("coordinator.library")
        ticked = [(case.id, case.version) for case in cases]
    press_together(*[lambda: service.dismiss_many(actor, ticked, clock=busy.clock)] * PRESSES)
    with database.connection():
        assert {factories.again(case).version for case in cases} == {2}
        [batch] = {str(case.dismissed_batch) for case in Case.select()}
    press_together(*[lambda: desk.undo_batch(actor, batch, clock=busy.clock)] * PRESSES)
    with database.connection():
        assert {factories.again(case).state for case in cases} == {CaseState.OPEN}
        assert {factories.again(case).version for case in cases} == {3}


def test_a_capture_fails_once_and_a_look_is_taken_once(busy: Town) -> None:
    with database.connection():
        case = factories.consulting(busy)
        actor = busy.actor("coordinator.library")
        picture = Piece.select().join(CasePiece).where(Piece.kind == PieceKind.SCREENSHOT).get()
        other = factories.upload(busy, "olive")

    def replace() -> None:
        preserving.replace_failed(
            actor, case.id, case.version, piece_id=picture.id, why=next(iter(Failing)), reason="It shows nothing.",
            upload=other, clock=busy.clock,
        )  # fmt: skip

    assert press_together(*[replace] * PRESSES) == {"": 1, "StaleState": PRESSES - 1}
    with database.connection():
        case = factories.again(case)

    def look() -> None:
        preserving.look_again(
            actor, case.id, case.version, seen=Seen.CHANGED, words="Other words now.", remark="", upload=None,
            store=busy.parts.store, clock=busy.clock,
        )  # fmt: skip

    assert press_together(*[look] * PRESSES) == {"": 1, "StaleState": PRESSES - 1}
    with database.connection():
        assert LaterLook.select().count() == 1
