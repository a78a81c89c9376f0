"""Fixity runs: everything that is kept is read again, in stretches that the timetable takes up one after the other.

A stretch ends after a bounded amount of work, so that reminders and mail do not wait for it; the next tick goes on.
"""

from datetime import timedelta
from typing import Any

import peewee

from charlton_intranet.core import audit
from charlton_intranet.core.clock import Clock
from charlton_intranet.core.database import rows, unit_of_work
from charlton_intranet.core.errors import StaleState
from charlton_intranet.core.files import StoredFile
from charlton_intranet.core.permissions import SYSTEM, Actor, Permission
from charlton_intranet.core.store import EvidenceStore
from charlton_intranet.evidence.fixity import Batch, Fault, batches, check_piece
from charlton_intranet.evidence.models import Act, FixityFault, FixityRun, Piece
from charlton_intranet.evidence.service.custody import note
from charlton_intranet.policy.queries import default

STARTED = audit.declare("fixity.started", "total")
ENDED = audit.declare("fixity.ended", "pieces", "files", "bytes", "faults")
DAMAGED = audit.declare("fixity.damaged", "reason")
MENDED = audit.declare("fixity.mended", "found_at")

# A stretch ends after whichever comes first.
STRETCH_BYTES, STRETCH_ROWS = 1_000_000_000, 20_000


def start(actor: Actor, *, clock: Clock) -> int:
    """Begin a run now; ``StaleState`` while one is under way."""
    actor.must_have(Permission.CHECK_FIXITY)
    with unit_of_work():
        run_id = _begin(actor, clock)
        if run_id is None:
            raise StaleState("A check is under way already; this page shows how far it is.")
        return run_id


def start_when_due(clock: Clock) -> int | None:
    """Begin a run when the last one was begun long enough ago and something is kept; its id if so."""
    since = clock.now() - timedelta(days=default("fixity.days"))
    if FixityRun.select().where((FixityRun.started_at > since) | FixityRun.ended_at.is_null()).exists():
        return None
    with unit_of_work():
        return _begin(SYSTEM, clock) if Piece.select().exists() or StoredFile.select().exists() else None


def _begin(actor: Actor, clock: Clock) -> int | None:
    if FixityRun.select().where(FixityRun.ended_at.is_null()).exists():
        return None
    total = Piece.select().count() + StoredFile.select().count()
    run_id = int(FixityRun.insert(started_at=clock.now(), started_by=actor.person_id, total=total).execute())
    audit.record(STARTED, actor, f"fixity:{run_id}", clock=clock, total=total)
    return run_id


def work(store: EvidenceStore, *, clock: Clock, stretch_rows: int = STRETCH_ROWS) -> FixityRun | None:
    """Read on in the run that is under way, for one stretch; returns it as it is then, None without one."""
    run = FixityRun.select().where(FixityRun.ended_at.is_null()).order_by(FixityRun.id).first()
    if run is None:
        return None
    done, size = 0, 0
    for batch in batches(store, reached=run.reached, reached_seal=run.reached_seal):
        if not _note_batch(run, batch, clock):
            return FixityRun.get_by_id(run.id)
        done += len(batch.piece_ids) + len(batch.file_ids)
        size += batch.bytes
        run = FixityRun.get_by_id(run.id)
        if done >= stretch_rows or size >= STRETCH_BYTES:
            return run
    with unit_of_work():
        FixityRun.update(ended_at=clock.now()).where(FixityRun.id == run.id).execute()
        audit.record(
            ENDED, SYSTEM, f"fixity:{run.id}", clock=clock,
            pieces=run.pieces, files=run.files, bytes=run.bytes, faults=run.faults,
        )  # fmt: skip
    return FixityRun.get_by_id(run.id)


def _note_batch(run: FixityRun, batch: Batch, clock: Clock) -> bool:
    """Write what a batch found; False when another worker of the same run was quicker."""
    with unit_of_work():
        moved = (
            FixityRun.update(
                reached=batch.reached, reached_seal=batch.reached_seal,
                pieces=FixityRun.pieces + len(batch.piece_ids), files=FixityRun.files + len(batch.file_ids),
                bytes=FixityRun.bytes + batch.bytes, faults=FixityRun.faults + len(batch.faults),
            )
            .where(
                (FixityRun.id == run.id)
                & (FixityRun.reached == run.reached)
                & (FixityRun.reached_seal == run.reached_seal)
            )
            .execute()
        )  # fmt: skip
        if moved:
            _settle(run.id, batch, clock)
        return bool(moved)


def _settle(run_id: int | None, batch: Batch, clock: Clock) -> None:
    """Open a fault for what is damaged now and was not, and close those of what is whole again."""
    known = {
        (piece_id, file_id, seal_id): (fault_id, found_at)
        for fault_id, piece_id, file_id, seal_id, found_at in rows(
            FixityFault.select(
                FixityFault.id, FixityFault.piece, FixityFault.file, FixityFault.seal, FixityFault.found_at
            ).where(FixityFault.mended_at.is_null() & _read_in(batch))
        )
    }
    found = {(fault.piece_id, fault.file_id, fault.seal_id): fault for fault in batch.faults}
    for key in found.keys() - known.keys():
        _open_fault(run_id, found[key], clock)
    for key in known.keys() - found.keys():
        fault_id, found_at = known[key]
        FixityFault.update(mended_at=clock.now()).where(FixityFault.id == fault_id).execute()
        audit.record(MENDED, SYSTEM, _subject(key[0], key[1]), clock=clock, found_at=found_at)


def _read_in(batch: Batch) -> Any:
    """Faults of what the batch has read: of seals in one that read seals, of contents in one that read these."""
    if batch.seal_ids:
        return FixityFault.seal.in_(batch.seal_ids)
    contents: peewee.Expression = FixityFault.piece.in_(batch.piece_ids) | FixityFault.file.in_(batch.file_ids)
    return FixityFault.seal.is_null() & contents


def _open_fault(run_id: int | None, fault: Fault, clock: Clock) -> None:
    FixityFault.insert(
        run=run_id, piece=fault.piece_id, file=fault.file_id, seal=fault.seal_id, reason=fault.reason[:200],
        found_at=clock.now(),
    ).execute()  # fmt: skip
    audit.record(DAMAGED, SYSTEM, _subject(fault.piece_id, fault.file_id), clock=clock, reason=fault.reason)


def _subject(piece_id: int | None, file_id: int | None) -> str:
    return f"piece:{piece_id}" if piece_id is not None else f"file:{file_id}"


def check_now(actor: Actor, piece_id: int, store: EvidenceStore, *, clock: Clock) -> str:
    """Read one piece again, note it in its log, and return what is wrong, empty when nothing is.

    The caller has made sure that the actor may know of the piece.
    """
    piece = Piece.get_by_id(piece_id)
    reason = check_piece(store, piece.sha256, piece.size)
    batch = Batch(piece_ids=[piece_id], faults=[Fault(reason, piece_id=piece_id)] if reason else [])
    with unit_of_work():
        note(actor, [piece_id], Act.CHECKED, clock)
        _settle(None, batch, clock)
    return reason
