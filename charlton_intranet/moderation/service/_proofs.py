"""Pictures that prove a step: never one that the case holds already."""

from charlton_intranet.core.clock import Clock
from charlton_intranet.core.database import first_row
from charlton_intranet.core.errors import Invalid
from charlton_intranet.core.permissions import Actor
from charlton_intranet.core.store import Stored
from charlton_intranet.core.uploads import Upload
from charlton_intranet.evidence import service as evidence
from charlton_intranet.evidence.models import Piece, PieceKind
from charlton_intranet.moderation.models import Case, CasePiece
from charlton_intranet.moderation.service._cases import subject
from charlton_intranet.moderation.service.intake import attach

# Any other picture of a case was taken of the post before something was done about it.
PROOFS = frozenset({PieceKind.HIDDEN, PieceKind.GONE, PieceKind.RESTORED})


def seal_proof(
    actor: Actor, case: Case, upload: tuple[Upload, Stored] | None, kind: PieceKind, *, ask: str, clock: Clock
) -> tuple[int, int]:
    """Put the picture to the case and seal it, inside the caller's unit of work; returns the piece and its seal.

    ``ask`` says which picture is missing when there is none.
    """
    if upload is None:
        raise Invalid({"screenshots": ask})
    _must_be_new(case.id, upload[1])
    [piece_id] = attach(actor, case.id, case.site_id, [upload], kind=kind, address=case.permalink, clock=clock)
    return piece_id, evidence.seal(actor, [piece_id], about=subject(case.id), clock=clock)


def _must_be_new(case_id: int, stored: Stored) -> None:
    """The same bytes can not show the place at two different times."""
    same = Piece.select(Piece.kind).join(CasePiece)
    known = first_row(same.where((CasePiece.case == case_id) & (Piece.sha256 == stored.sha256)).order_by(Piece.id))
    if known is None:
        return
    if known[0] in PROOFS:
        raise Invalid(
            {"screenshots": "This picture is on the case already. Take a new one of how the place looks now."}
        )
    raise Invalid({"screenshots": "This is a picture of the post itself. Take a new one of how it looks now."})
