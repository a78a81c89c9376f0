"""Carrying out an order, the proof of it, and what to do when the network refuses (3.7-3)."""

from charlton_intranet.core import audit
from charlton_intranet.core.clock import Clock
from charlton_intranet.core.database import first_row, unit_of_work, update_current
from charlton_intranet.core.errors import Invalid, StaleState
from charlton_intranet.core.permissions import Actor, Permission, Role
from charlton_intranet.core.store import Stored
from charlton_intranet.core.uploads import Upload
from charlton_intranet.evidence.models import Piece, PieceKind
from charlton_intranet.moderation.models import Case, Determination, EmergencyHide, Order, OrderObstacle
from charlton_intranet.moderation.rules import CaseState, Outcome, check_all, check_words, clean
from charlton_intranet.moderation.rules.emergency import EmergencyState
from charlton_intranet.moderation.service._cases import at, due, move, record_closed, subject, tell, write_note
from charlton_intranet.moderation.service._proofs import seal_proof

CARRIED_OUT = audit.declare("case.carried_out", "before", "after", "gone", "seal")
OBSTRUCTED = audit.declare("case.order_obstructed", "what", "reported")
REPORTED_MAX = 500


def carry_out(
    actor: Actor,
    case_id: int,
    version: int,
    *,
    upload: tuple[Upload, Stored] | None = None,
    still_hidden: bool = False,
    gone_note: str = "",
    clock: Clock,
) -> None:
    """Record that the content is hidden or removed, with the picture that shows it, and close the case.

    ``still_hidden``: the picture of the emergency hide that the order confirms, instead of a new one.
    """
    gone_note = clean(gone_note)
    with unit_of_work():
        case = at(actor, Permission.CARRY_OUT_CASE, case_id, version)
        if gone_note.strip():
            check_words("gone_note", gone_note, ask="")
        move(case, CaseState.CARRIED_OUT, CaseState.CLOSED, clock=clock, due_on=None, closed_at=clock.now())
        gone, seal_id = (
            _proof_of_hide(case)
            if still_hidden
            else seal_proof(
                actor, case, upload, PieceKind.GONE,
                ask="Add a picture of the place where the content was, so that its end is proven.", clock=clock,
            )
        )  # fmt: skip
        Order.update(done_at=clock.now(), done_by=actor.person_id, gone=gone).where(
            Order.determination.in_(Determination.select(Determination.id).where(Determination.case == case.id))
        ).execute()
        audit.record(
            CARRIED_OUT, actor, subject(case.id), clock=clock,
            before=case.state, after=CaseState.CARRIED_OUT, gone=gone, seal=seal_id,
        )  # fmt: skip
        record_closed(actor, case, CaseState.CARRIED_OUT, clock=clock)
        if gone_note.strip():
            write_note(actor, case.id, gone_note, clock=clock)


def _proof_of_hide(case: Case) -> tuple[int, int]:
    """The picture of the emergency hide that the order confirms, and its seal.

    What is to be removed, or was put back in the meantime, needs a new one.
    """
    proof = first_row(
        EmergencyHide.select(Piece.id, Piece.seal)
        .join(Piece, on=(EmergencyHide.proof == Piece.id))
        .where((EmergencyHide.case == case.id) & (EmergencyHide.state == EmergencyState.CONFIRMED))
    )
    if proof is None or _open_order(case).outcome is not Outcome.HIDE:
        raise Invalid({"screenshots": "Add a picture of how the place looks now."})
    return int(proof[0]), int(proof[1])


def report_obstacle(actor: Actor, case_id: int, version: int, *, what: str, reported: str, clock: Clock) -> None:
    """The network does not let the order be carried out: the order stays, and the Town Administrator decides on.

    ``reported``: how and under which number the coordinator reported it to the network.
    """
    what, reported = clean(what), clean(reported).strip()
    with unit_of_work():
        case = at(actor, Permission.CARRY_OUT_CASE, case_id, version)
        order = _open_order(case)
        check_all(
            lambda: check_words("what", what, ask="Say what you tried and what the network answered."),
            lambda: check_words("reported", reported, ask="Say how you reported it to the network, with its number."),
            lambda: _check_length(reported),
        )
        update_current(Case, case.id, case.version)
        obstacle = OrderObstacle.insert(
            order=order.id, what=what, reported=reported, noted_at=clock.now(), noted_by=actor.person_id
        ).execute()
        audit.record(
            OBSTRUCTED, actor, subject(case.id), clock=clock,
            what=audit.digest_of(what), reported=audit.digest_of(reported),
        )  # fmt: skip
        tell(
            Role.ADMINISTRATOR, "case_obstructed", case, clock=clock, outcome=order.outcome,
            due_on=due(clock, "removal.business_days"), occasion=f":{obstacle}",
        )  # fmt: skip


def _open_order(case: Case) -> Order:
    """The order that waits to be carried out."""
    waiting = Order.select().join(Determination).where((Determination.case == case.id) & Order.done_at.is_null())
    order: Order | None = waiting.first()
    if order is None or case.state is not CaseState.DETERMINED:
        raise StaleState(f"The case is “{case.state.label}” now, so nothing is to be carried out. Nothing was saved.")
    return order


def _check_length(reported: str) -> None:
    if len(reported) > REPORTED_MAX:
        raise Invalid({"reported": f"Keep this under {REPORTED_MAX} characters; it has {len(reported)}."})
