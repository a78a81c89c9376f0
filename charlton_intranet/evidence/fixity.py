"""Reading every sealed piece again and comparing it with its digest."""

from dataclasses import dataclass, field

from charlton_intranet.core.database import rows
from charlton_intranet.core.store import Damaged, EvidenceStore
from charlton_intranet.evidence.models import Piece


@dataclass(slots=True)
class Fixity:
    """What was read: pieces, bytes on disk, and faults as (piece, reason)."""

    pieces: int = 0
    bytes: int = 0
    faults: list[tuple[int, str]] = field(default_factory=list)


def check(store: EvidenceStore) -> Fixity:
    """Read all pieces; content that several pieces share is read once."""
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
    return found
