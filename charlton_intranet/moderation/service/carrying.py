"""Carrying out an order, and the proof of it (3.7-3)."""

from charlton_intranet.core import audit
from charlton_intranet.core.clock import Clock
from charlton_intranet.core.database import unit_of_work
from charlton_intranet.core.errors import Invalid
from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.core.store import Stored
from charlton_intranet.core.uploads import Upload
from charlton_intranet.evidence import service as evidence
from charlton_intranet.evidence.models import PieceKind
from charlton_intranet.moderation.models import Determination, Order
from charlton_intranet.moderation.rules import CaseState, check_words, clean
from charlton_intranet.moderation.service._cases import at, move, record_closed, subject, write_note
from charlton_intranet.moderation.service.intake import attach

CARRIED_OUT = audit.declare("case.carried_out", "before", "after", "gone", "seal")


def carry_out(
    actor: Actor,
    case_id: int,
    version: int,
    *,
    upload: tuple[Upload, Stored] | None,
    gone_note: str = "",
    clock: Clock,
) -> None:
    """Record that the content is hidden or removed, with the picture that shows it, and close the case."""
    gone_note = clean(gone_note)
    with unit_of_work():
        case = at(actor, Permission.CARRY_OUT_CASE, case_id, version)
        if upload is None:
            raise Invalid(
                {"screenshots": "Add a picture of the place where the content was, so that its end is proven."}
            )
        if gone_note.strip():
            check_words("gone_note", gone_note, ask="")
        move(case, CaseState.CARRIED_OUT, CaseState.CLOSED, clock=clock, due_on=None, closed_at=clock.now())
        [gone] = attach(
            actor, case.id, case.site_id, [upload], kind=PieceKind.GONE, address=case.permalink, clock=clock
        )
        seal_id = evidence.seal(actor, [gone], about=subject(case.id), clock=clock)
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
