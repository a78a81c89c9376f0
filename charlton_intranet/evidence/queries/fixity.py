"""The page of fixity: runs, what they found, and what a piece was found to be."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import peewee

from charlton_intranet.accounts.models import Person
from charlton_intranet.core.database import first_row, rows
from charlton_intranet.core.files import StoredFile
from charlton_intranet.evidence.models import FixityFault, FixityRun, Piece

RUNS, FAULTS, CHECKS = 12, 100, 10


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run; ``started_by`` is empty when the timetable began it, ``bytes`` counts what was read."""

    id: int
    started_at: datetime
    started_by: str
    ended_at: datetime | None
    total: int
    pieces: int
    files: int
    bytes: int
    faults: int

    @property
    def done(self) -> int:
        """How many of ``total`` were read."""
        return min(self.pieces + self.files, self.total)


@dataclass(frozen=True, slots=True)
class FaultRow:
    """What is not what was kept: a piece, or a file of a record."""

    id: int
    piece_id: int | None
    file_id: int | None
    name: str
    reason: str
    found_at: datetime


@dataclass(frozen=True, slots=True)
class Check:
    """A run that read a piece: when, and what was wrong (empty: nothing)."""

    run_id: int
    at: datetime
    fault: str


def _runs() -> Any:
    return FixityRun.select(
        FixityRun.id, FixityRun.started_at, Person.name, FixityRun.ended_at, FixityRun.total, FixityRun.pieces,
        FixityRun.files, FixityRun.bytes, FixityRun.faults,
    ).join(Person, peewee.JOIN.LEFT_OUTER, on=(FixityRun.started_by == Person.id))  # fmt: skip


def _row(row: tuple[Any, ...]) -> RunRow:
    run_id, started_at, by, *rest = row
    return RunRow(run_id, started_at, by or "", *rest)


def open_run() -> RunRow | None:
    """The run that has not ended."""
    found = first_row(_runs().where(FixityRun.ended_at.is_null()).order_by(FixityRun.id))
    return None if found is None else _row(found)


def recent_runs() -> list[RunRow]:
    """The last runs that ended, the newest first."""
    query = _runs().where(FixityRun.ended_at.is_null(False)).order_by(FixityRun.id.desc()).limit(RUNS)
    return [_row(row) for row in rows(query)]


def open_faults() -> list[FaultRow]:
    """What is damaged now, the oldest find first; :data:`FAULTS` at most."""
    query = (
        FixityFault.select(
            FixityFault.id, FixityFault.piece, FixityFault.file,
            peewee.fn.COALESCE(Piece.file_name, StoredFile.file_name), FixityFault.reason, FixityFault.found_at,
        )
        .join_from(FixityFault, Piece, peewee.JOIN.LEFT_OUTER)
        .join_from(FixityFault, StoredFile, peewee.JOIN.LEFT_OUTER)
        .where(FixityFault.mended_at.is_null())
        .order_by(FixityFault.id)
        .limit(FAULTS)
    )  # fmt: skip
    return [FaultRow(*row) for row in rows(query)]


def checks_of(piece_id: int, captured_at: datetime) -> list[Check]:
    """The last runs that read the piece, the newest first."""
    runs = rows(
        FixityRun.select(FixityRun.id, FixityRun.ended_at)
        .where(FixityRun.ended_at.is_null(False) & (FixityRun.started_at >= captured_at))
        .order_by(FixityRun.id.desc())
        .limit(CHECKS)
    )
    faults = rows(
        FixityFault.select(FixityFault.found_at, FixityFault.mended_at, FixityFault.reason)
        .where(FixityFault.piece == piece_id)
        .order_by(FixityFault.id)
    )

    def wrong(at: datetime) -> str:
        """What stood open when a run ended; a fault has one row, however many runs come upon it."""
        return next((why for found, mended, why in faults if found <= at and (mended is None or mended > at)), "")

    return [Check(run_id, at, wrong(at)) for run_id, at in runs]
