"""Taking in captured pieces and sealing them.

Bytes go to the store before the caller's unit of work opens (see ``core.store``); only then may a row name them.
"""

from collections.abc import Sequence

from charlton_intranet.core import audit
from charlton_intranet.core.clock import Clock
from charlton_intranet.core.database import in_unit_of_work
from charlton_intranet.core.errors import StaleState
from charlton_intranet.core.permissions import Actor
from charlton_intranet.core.store import Stored
from charlton_intranet.evidence.models import Act, Piece, PieceKind, Seal
from charlton_intranet.evidence.service.custody import note

CAPTURED = audit.declare("evidence.captured", "site", "kind", "sha256", "size")
SEALED = audit.declare("evidence.sealed", "about", "manifest", "pieces")


def record_piece(
    actor: Actor,
    *,
    site_id: int,
    kind: PieceKind,
    stored: Stored,
    media_type: str,
    file_name: str,
    source_address: str,
    clock: Clock,
) -> int:
    """Write the row of content that lies in the store, inside the caller's unit of work; returns the piece's id.

    The caller has authorised it for the site's department.
    """
    piece_id = int(
        Piece.insert(
            site=site_id, kind=kind, sha256=stored.sha256, size=stored.size, media_type=media_type,
            file_name=file_name, source_address=source_address, captured_at=clock.now(), captured_by=actor.person_id,
        ).execute()
    )  # fmt: skip
    note(actor, [piece_id], Act.CAPTURED, clock)
    audit.record(
        CAPTURED, actor, f"piece:{piece_id}", clock=clock,
        site=site_id, kind=kind, sha256=stored.sha256, size=stored.size,
    )  # fmt: skip
    return piece_id


def seal(actor: Actor, piece_ids: Sequence[int], *, about: str, clock: Clock) -> int:
    """Seal pieces under one manifest, inside the caller's unit of work; returns the seal's id.

    ``about`` names the matter as ``kind:id``. A piece is sealed once: ``StaleState`` when one of them is already.
    """
    if not in_unit_of_work():
        raise RuntimeError("a seal belongs in the transaction of what it is for")
    now = clock.now()
    pieces = list(Piece.select().where(Piece.id.in_(list(piece_ids)) & Piece.seal.is_null()).order_by(Piece.id))
    if not pieces or len(pieces) != len(set(piece_ids)):
        raise StaleState("Some of this evidence is sealed already. Nothing was saved.")
    manifest = audit.canonical(
        {
            "about": about,
            "sealed_at": now,
            "sealed_by": {"id": actor.person_id, "name": actor.name},
            "pieces": [
                {
                    "id": piece.id, "sha256": piece.sha256, "size": piece.size, "kind": piece.kind,
                    "type": piece.media_type, "name": piece.file_name, "source": piece.source_address,
                    "captured_at": piece.captured_at, "captured_by": piece.captured_by_id,
                }
                for piece in pieces
            ],
        }
    )  # fmt: skip
    digest = audit.digest_of(manifest)
    seal_id = int(
        Seal.insert(
            manifest=manifest, sha256=digest.removeprefix("sha256:"), sealed_at=now, sealed_by=actor.person_id
        ).execute()
    )
    Piece.update(seal=seal_id).where(Piece.id.in_([piece.id for piece in pieces])).execute()
    note(actor, [piece.id for piece in pieces], Act.SEALED, clock)
    audit.record(SEALED, actor, f"seal:{seal_id}", clock=clock, about=about, manifest=digest, pieces=len(pieces))
    return seal_id
