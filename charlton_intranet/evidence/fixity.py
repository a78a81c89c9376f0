"""Reading every captured piece, every file of a record and every seal again, and comparing them with their digests."""

from dataclasses import dataclass, field

from charlton_intranet.core.audit import digest_of
from charlton_intranet.core.database import rows
from charlton_intranet.core.files import StoredFile
from charlton_intranet.core.store import Damaged, EvidenceStore
from charlton_intranet.evidence.models import Piece, Seal


@dataclass(slots=True)
class Fixity:
    """What was read: pieces, files of records, bytes on disk, and faults as (which, reason)."""

    pieces: int = 0
    files: int = 0
    bytes: int = 0
    faults: list[tuple[str, str]] = field(default_factory=list)


def check(store: EvidenceStore) -> Fixity:
    """Read all pieces, files and seals; content that several rows share is read once."""
    found = Fixity()
    pieces = rows(Piece.select(Piece.id, Piece.sha256, Piece.size).order_by(Piece.id))
    files = rows(StoredFile.select(StoredFile.id, StoredFile.sha256, StoredFile.size).order_by(StoredFile.id))
    found.pieces, found.files = len(pieces), len(files)
    read: dict[str, str | None] = {}
    for which, listed in (("piece", pieces), ("file", files)):
        for row_id, sha256, size in listed:
            if sha256 not in read:
                read[sha256] = _read(store, found, sha256, size)
            if (fault := read[sha256]) is not None:
                found.faults.append((f"{which} {row_id}", fault))
    found.faults += _broken_seals()
    return found


def _read(store: EvidenceStore, found: Fixity, sha256: str, size: int) -> str | None:
    """What is wrong with one content, None when nothing is."""
    try:
        data = store.get(sha256)
    except Damaged as damage:
        return str(damage)
    found.bytes += len(data)
    return None if len(data) == size else f"{sha256} has another size than was recorded"


def _broken_seals() -> list[tuple[str, str]]:
    """The pieces whose manifest is not the text that was sealed."""
    sealed = rows(Seal.select(Seal.id, Seal.manifest, Seal.sha256))
    broken = [seal_id for seal_id, manifest, sha256 in sealed if digest_of(manifest) != f"sha256:{sha256}"]
    under = rows(Piece.select(Piece.id, Piece.seal).where(Piece.seal.in_(broken)).order_by(Piece.id)) if broken else []
    return [
        (f"piece {piece_id}", f"the manifest of seal {seal_id} is not the one that was sealed")
        for piece_id, seal_id in under
    ]
