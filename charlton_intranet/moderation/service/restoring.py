"""Bringing back what was hidden or removed, with the picture that shows it."""

from charlton_intranet.core import audit
from charlton_intranet.core.clock import Clock
from charlton_intranet.core.database import first_row, unit_of_work, update_current
from charlton_intranet.core.errors import StaleState
from charlton_intranet.core.permissions import Actor, Permission, Role
from charlton_intranet.core.store import Stored
from charlton_intranet.core.uploads import Upload
from charlton_intranet.evidence.models import PieceKind
from charlton_intranet.moderation.models import Case, EmergencyHide, RestoreOrder
from charlton_intranet.moderation.rules import check_words, clean
from charlton_intranet.moderation.rules.emergency import EmergencyState, RestoreCause, RestoreState
from charlton_intranet.moderation.service._cases import at, due, subject, tell, write_note
from charlton_intranet.moderation.service._proofs import seal_proof

ORDERED = audit.declare("case.restore_ordered", "cause", "due")
RESTORED = audit.declare("case.restored", "cause", "shown", "seal")
IMPOSSIBLE = audit.declare("case.restore_impossible", "cause", "note")
VOIDED = audit.declare("case.restore_voided", "cause")


def order_restore(actor: Actor, case: Case, *, cause: RestoreCause, clock: Clock) -> int:
    """Order that the content goes back and tell the coordinators, inside the caller's unit of work.

    Returns the order's id; what was ordered for this cause before is not ordered twice.
    """
    known = first_row(
        RestoreOrder.select(RestoreOrder.id).where((RestoreOrder.case == case.id) & (RestoreOrder.cause == cause))
    )
    if known is not None:
        return int(known[0])
    due_on = due(clock, "restore.business_days")
    order_id = int(
        RestoreOrder.insert(
            case=case.id, cause=cause, ordered_at=clock.now(), ordered_by=actor.person_id, due_on=due_on
        ).execute()
    )
    audit.record(ORDERED, actor, subject(case.id), clock=clock, cause=cause, due=due_on)
    tell(Role.COORDINATOR, "case_restore", case, clock=clock, occasion=f":{cause}", cause=cause, due_on=due_on)
    return order_id


def restore(actor: Actor, case_id: int, version: int, *, upload: tuple[Upload, Stored] | None, clock: Clock) -> None:
    """Record that the content is back, with the picture that shows it."""
    with unit_of_work():
        case, order = _ordered(actor, case_id, version)
        shown, seal_id = seal_proof(
            actor, case, upload, PieceKind.RESTORED,
            ask="Add a picture of the post in its place, so that its return is proven.", clock=clock,
        )  # fmt: skip
        _finish(actor, order, RestoreState.DONE, EmergencyState.RESTORED, clock=clock, shown=shown)
        audit.record(RESTORED, actor, subject(case.id), clock=clock, cause=order.cause, shown=shown, seal=seal_id)


def can_not_restore(actor: Actor, case_id: int, version: int, *, note: str, clock: Clock) -> None:
    """Record why the network can not bring it back; the Town Administrator reads it."""
    note = clean(note)
    with unit_of_work():
        case, order = _ordered(actor, case_id, version)
        check_words("note", note, ask="Say why it can not be brought back, and what was done instead.")
        _finish(actor, order, RestoreState.IMPOSSIBLE, EmergencyState.ENDED, clock=clock, note=note)
        write_note(actor, case.id, note, clock=clock)
        audit.record(IMPOSSIBLE, actor, subject(case.id), clock=clock, cause=order.cause, note=audit.digest_of(note))
        tell(Role.ADMINISTRATOR, "case_not_restored", case, clock=clock, occasion=f":{order.cause}", cause=order.cause)


def void_restore(actor: Actor, case: Case, *, clock: Clock) -> None:
    """Take back an open order to restore after an emergency, inside the caller's unit of work, if there is one."""
    taken_back = (
        RestoreOrder.update(state=RestoreState.VOID)
        .where(
            (RestoreOrder.case == case.id)
            & (RestoreOrder.cause == RestoreCause.EMERGENCY)
            & (RestoreOrder.state == RestoreState.ORDERED)
        )
        .execute()
    )
    if taken_back:
        audit.record(VOIDED, actor, subject(case.id), clock=clock, cause=RestoreCause.EMERGENCY)


def _ordered(actor: Actor, case_id: int, version: int) -> tuple[Case, RestoreOrder]:
    """The case with its oldest open order to restore, both now the actor's to change."""
    case = at(actor, Permission.CARRY_OUT_CASE, case_id, version)
    order = (
        RestoreOrder.select()
        .where((RestoreOrder.case == case_id) & (RestoreOrder.state == RestoreState.ORDERED))
        .order_by(RestoreOrder.id)
        .first()
    )
    if order is None:
        raise StaleState("Nothing is to be restored here. Nothing was saved.")
    update_current(Case, case.id, case.version)
    return case, order


def _finish(
    actor: Actor, order: RestoreOrder, state: RestoreState, hide: EmergencyState, *, clock: Clock, **facts: object
) -> None:
    """End the order, and with it the emergency hide that it was about."""
    RestoreOrder.update(state=state, done_at=clock.now(), done_by=actor.person_id, **facts).where(
        RestoreOrder.id == order.id
    ).execute()
    if order.cause is RestoreCause.EMERGENCY:
        EmergencyHide.update(state=hide).where(
            (EmergencyHide.case == order.case_id) & (EmergencyHide.state == EmergencyState.FLAGGED)
        ).execute()
