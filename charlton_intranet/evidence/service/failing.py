"""A capture that does not show what it was to show: it stays, and another takes its place."""

from charlton_intranet.core import audit
from charlton_intranet.core.clock import Clock
from charlton_intranet.core.database import in_unit_of_work
from charlton_intranet.core.errors import StaleState
from charlton_intranet.core.permissions import Actor
from charlton_intranet.evidence.models import Act, FailedCapture, Failing
from charlton_intranet.evidence.service.custody import note

FAILED = audit.declare("evidence.failed", "why", "reason", "replaced_by")


def mark_failed(
    actor: Actor, piece_id: int, *, why: Failing, reason: str, replaced_by: int | None, clock: Clock
) -> None:
    """Mark a piece, inside the caller's unit of work; the words of the first mark stay when a replacement comes later.

    ``StaleState`` when another piece has taken its place already. The caller has authorised it.
    """
    if not in_unit_of_work():
        raise RuntimeError("a mark belongs in the transaction of what took the piece's place")
    known = FailedCapture.get_or_none(FailedCapture.piece == piece_id)
    if known is None:
        FailedCapture.insert(
            piece=piece_id, why=why, reason=reason, marked_at=clock.now(), marked_by=actor.person_id,
            replaced_by=replaced_by,
        ).execute()  # fmt: skip
    elif known.replaced_by_id is not None or replaced_by is None:
        raise StaleState(f"Piece {piece_id} is marked as failed already. Nothing was saved.")
    else:
        FailedCapture.update(replaced_by=replaced_by).where(FailedCapture.piece == piece_id).execute()
    if replaced_by is not None:
        note(actor, [piece_id], Act.SUPERSEDED, clock)
    audit.record(
        FAILED, actor, f"piece:{piece_id}", clock=clock,
        why=why, reason=audit.digest_of(reason), replaced_by=replaced_by,
    )  # fmt: skip
