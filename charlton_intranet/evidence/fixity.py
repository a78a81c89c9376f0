"""Reading every captured piece, every file of a record and every seal again, and comparing them with their digests.

Everything is read in the order of its digest: content that several rows share is read once, and a reading that was
left goes on where it was, in a bounded amount of memory however much there is.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from charlton_intranet.core.audit import digest_of
from charlton_intranet.core.database import rows
from charlton_intranet.core.files import StoredFile
from charlton_intranet.core.store import Damaged, EvidenceStore
from charlton_intranet.evidence.models import Piece, Seal

BATCH = 200


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one piece or one file of a record; ``seal_id`` when it is the manifest over the piece."""

    reason: str
    piece_id: int | None = None
    file_id: int | None = None
    seal_id: int | None = None

    @property
    def which(self) -> str:
        """As the command names it."""
        return f"piece {self.piece_id}" if self.piece_id is not None else f"file {self.file_id}"


@dataclass(slots=True)
class Batch:
    """What one stretch of the reading came upon; ``bytes`` are those read from disk."""

    piece_ids: list[int] = field(default_factory=list)
    file_ids: list[int] = field(default_factory=list)
    seal_ids: list[int] = field(default_factory=list)
    bytes: int = 0
    faults: list[Fault] = field(default_factory=list)
    reached: str = ""
    reached_seal: int = 0


@dataclass(slots=True)
class Fixity:
    """What was read: pieces, files of records, bytes on disk, and faults as (which, reason)."""

    pieces: int = 0
    files: int = 0
    bytes: int = 0
    faults: list[tuple[str, str]] = field(default_factory=list)


def check(store: EvidenceStore) -> Fixity:
    """Read all pieces, files and seals, and keep nothing of it but what was found."""
    found, contents, seals = Fixity(), list[Fault](), list[Fault]()
    for batch in batches(store):
        found.pieces += len(batch.piece_ids)
        found.files += len(batch.file_ids)
        found.bytes += batch.bytes
        (seals if batch.seal_ids else contents).extend(batch.faults)
    contents.sort(key=lambda fault: (fault.piece_id is None, fault.piece_id or fault.file_id or 0))
    found.faults = [(fault.which, fault.reason) for fault in (*contents, *seals)]
    return found


def batches(store: EvidenceStore, *, reached: str = "", reached_seal: int = 0) -> Iterator[Batch]:
    """The reading from where it stands: first what is kept, by digest, then the seals."""
    while digests := _digests_after(reached):
        batch = _contents(store, digests, reached_seal)
        yield batch
        reached = batch.reached
    while sealed := _seals_after(reached_seal):
        batch = _seals(sealed, reached)
        yield batch
        reached_seal = batch.reached_seal


def _digests_after(reached: str) -> list[str]:
    """The next digests that a row points to."""
    found: set[str] = set()
    for model in (Piece, StoredFile):
        digests = model.select(model.sha256).where(model.sha256 > reached).distinct()
        found |= {sha256 for (sha256,) in rows(digests.order_by(model.sha256).limit(BATCH))}
    return sorted(found)[:BATCH]


def _contents(store: EvidenceStore, digests: list[str], reached_seal: int) -> Batch:
    batch = Batch(reached=digests[-1], reached_seal=reached_seal)
    pieces, files = _by_digest(Piece, digests), _by_digest(StoredFile, digests)
    for sha256 in digests:
        size, damage = _read(store, sha256)
        batch.bytes += size
        for piece_id, told in pieces.get(sha256, []):
            batch.piece_ids.append(piece_id)
            if reason := damage or _other_size(sha256, size, told):
                batch.faults.append(Fault(reason, piece_id=piece_id))
        for file_id, told in files.get(sha256, []):
            batch.file_ids.append(file_id)
            if reason := damage or _other_size(sha256, size, told):
                batch.faults.append(Fault(reason, file_id=file_id))
    return batch


def _by_digest(model: type[Piece] | type[StoredFile], digests: list[str]) -> dict[str, list[tuple[int, int]]]:
    """Ids and recorded sizes of the rows that share each digest."""
    found: dict[str, list[tuple[int, int]]] = {}
    query = model.select(model.sha256, model.id, model.size).where(model.sha256.in_(digests))
    for sha256, row_id, size in rows(query.order_by(model.id)):
        found.setdefault(sha256, []).append((row_id, size))
    return found


def _read(store: EvidenceStore, sha256: str) -> tuple[int, str]:
    """The size of one content, and what is wrong with it."""
    try:
        return len(store.get(sha256)), ""
    except Damaged as damage:
        return 0, str(damage)


def _other_size(sha256: str, size: int, told: int) -> str:
    return "" if size == told else f"{sha256} has another size than was recorded"


def _seals_after(reached_seal: int) -> list[tuple[Any, ...]]:
    seals = Seal.select(Seal.id, Seal.manifest, Seal.sha256).where(Seal.id > reached_seal)
    return rows(seals.order_by(Seal.id).limit(BATCH))


def _seals(sealed: list[tuple[Any, ...]], reached: str) -> Batch:
    """The pieces whose manifest is not the text that was sealed."""
    seal_ids = [seal_id for seal_id, _manifest, _sha256 in sealed]
    batch = Batch(seal_ids=seal_ids, reached=reached, reached_seal=seal_ids[-1])
    broken = [seal_id for seal_id, manifest, sha256 in sealed if digest_of(manifest) != f"sha256:{sha256}"]
    under = rows(Piece.select(Piece.id, Piece.seal).where(Piece.seal.in_(broken)).order_by(Piece.id)) if broken else []
    batch.faults = [
        Fault(
            f"the manifest of seal {seal_id} is not the one that was sealed", piece_id=piece_id, seal_id=seal_id
        )
        for piece_id, seal_id in under
    ]  # fmt: skip
    return batch


def check_piece(store: EvidenceStore, sha256: str, size: int) -> str:
    """What is wrong with one content, empty when nothing is."""
    found, damage = _read(store, sha256)
    return damage or _other_size(sha256, found, size)
