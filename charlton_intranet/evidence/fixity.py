"""Reading every captured piece and every seal again and comparing them with their digests."""

from dataclasses import dataclass, field

from charlton_intranet.core.audit import digest_of
from charlton_intranet.core.database import rows
from charlton_intranet.core.store import Damaged, EvidenceStore
from charlton_intranet.evidence.models import Piece, Seal


@dataclass(slots=True)
class Fixity:
    """What was read: pieces, bytes on disk, and faults as (piece, reason)."""

    pieces: int = 0
    bytes: int = 0
    faults: list[tuple[int, str]] = field(default_factory=list)


def check(store: EvidenceStore) -> Fixity:
    """Read all pieces and seals; content that several pieces share is read once."""
    found = Fixity()
    read: dict[str, str | None] = {}
    for piece_id, sha256, size in rows(Piece.select(Piece.id, Piece.sha256, Piece.size).order_by(Piece.id)):
        found.pieces += 1
        if sha256 not in read:
            try:
                data = store.get(sha256)
            except Damaged as damage:
                read[sha256] = str(damage)
            else:
                found.bytes += len(data)
                read[sha256] = None if len(data) == size else f"{sha256} has another size than was recorded"
        fault = read[sha256]
        if fault is not None:
            found.faults.append((piece_id, fault))
    found.faults += _broken_seals()
    return found


def _broken_seals() -> list[tuple[int, str]]:
    """The pieces whose manifest is not the text that was sealed."""
    sealed = rows(Seal.select(Seal.id, Seal.manifest, Seal.sha256))
    broken = [seal_id for seal_id, manifest, sha256 in sealed if digest_of(manifest) != f"sha256:{sha256}"]
    under = rows(Piece.select(Piece.id, Piece.seal).where(Piece.seal.in_(broken)).order_by(Piece.id)) if broken else []
    return [(piece_id, f"the manifest of seal {seal_id} is not the one that was sealed") for piece_id, seal_id in under]
