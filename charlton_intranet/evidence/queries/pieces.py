"""Reads of captured pieces."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import peewee

from charlton_intranet.accounts.models import Person
from charlton_intranet.core.database import first_row, rows
from charlton_intranet.core.errors import NotFound
from charlton_intranet.core.files import StoredFile
from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.core.uploads import PICTURE_TYPES
from charlton_intranet.evidence.inspect import ARCHIVE_TYPES
from charlton_intranet.evidence.models import FailedCapture, Failing, FixityFault, Piece, PieceKind
from charlton_intranet.sites.models import Site


@dataclass(frozen=True, slots=True)
class PieceRow:
    """A captured piece as pages list it; ``size`` in bytes."""

    id: int
    kind: PieceKind
    sha256: str
    size: int
    media_type: str
    file_name: str
    captured_at: datetime
    captured_by_id: int | None
    seal_id: int | None

    @property
    def is_picture(self) -> bool:
        """Whether ``/evidence/<id>/picture`` shows it."""
        return self.media_type in PICTURE_TYPES

    @property
    def is_archive(self) -> bool:
        """Whether ``/evidence/<id>/records`` lists what is in it."""
        return self.media_type in ARCHIVE_TYPES


@dataclass(frozen=True, slots=True)
class PieceFacts:
    """What is said of a piece beside what it is: who captured it, whether it failed, what is wrong with it now.

    ``replaced_by`` and ``replaces`` are pieces; ``damage`` is empty while the piece is what was kept.
    """

    captured_by: str
    why: Failing | None
    reason: str
    marked_by: str
    marked_at: datetime | None
    replaced_by: int | None
    replaces: int | None
    damage: str


@dataclass(frozen=True, slots=True)
class PieceCount:
    """How many pieces of one kind were captured of a site, how many of them are sealed, and when the last was."""

    site_id: int
    kind: PieceKind
    pieces: int
    sealed: int
    last: datetime


COLUMNS = (
    Piece.id, Piece.kind, Piece.sha256, Piece.size, Piece.media_type, Piece.file_name, Piece.captured_at,
    Piece.captured_by, Piece.seal,
)  # fmt: skip


def piece_for(actor: Actor, piece_id: int) -> PieceRow:
    """One piece for somebody who may read the evidence of its site's department; otherwise ``NotFound``."""
    row = first_row(Piece.select(*COLUMNS, Site.department).join(Site).where(Piece.id == piece_id))
    if row is None:
        raise NotFound
    actor.must_see(Permission.READ_EVIDENCE, row[-1])
    return PieceRow(*row[:-1])


def facts_of(piece_ids: Collection[int]) -> dict[int, PieceFacts]:
    """The facts by piece; one query."""
    by, marker, failed, other = Person.alias(), Person.alias(), FailedCapture.alias(), FailedCapture.alias()
    damage = (
        FixityFault.select(peewee.fn.MAX(FixityFault.reason))
        .where((FixityFault.piece == Piece.id) & FixityFault.mended_at.is_null())
    )  # fmt: skip
    query = (
        Piece.select(
            Piece.id, by.name, failed.why, failed.reason, marker.name, failed.marked_at, failed.replaced_by,
            other.piece, damage,
        )
        .join_from(Piece, by, peewee.JOIN.LEFT_OUTER, on=(Piece.captured_by == by.id))
        .join_from(Piece, failed, peewee.JOIN.LEFT_OUTER, on=(failed.piece == Piece.id))
        .join_from(failed, marker, peewee.JOIN.LEFT_OUTER, on=(failed.marked_by == marker.id))
        .join_from(Piece, other, peewee.JOIN.LEFT_OUTER, on=(other.replaced_by == Piece.id))
        .where(Piece.id.in_(sorted(piece_ids)))
    )  # fmt: skip
    return {
        piece_id: PieceFacts(by_name or "", why, reason or "", marked_by or "", marked_at, then, before, wrong or "")
        for piece_id, by_name, why, reason, marked_by, marked_at, then, before, wrong in (
            rows(query) if piece_ids else []
        )
    }


def known_digests() -> set[str]:
    """The digests that a row points to: what the sweep of orphans must leave alone."""
    pointed = Piece.select(Piece.sha256) | StoredFile.select(StoredFile.sha256)  # a UNION: each once
    return {sha256 for (sha256,) in rows(pointed)}


def piece_counts(site_ids: Collection[int]) -> list[PieceCount]:
    """The captured pieces of these sites by kind; one query."""
    query = (
        Piece.select(
            Piece.site, Piece.kind, peewee.fn.COUNT(Piece.id), peewee.fn.COUNT(Piece.seal),
            peewee.fn.MAX(Piece.captured_at),
        )
        .where(Piece.site.in_(sorted(site_ids)))
        .group_by(Piece.site, Piece.kind)
        .order_by(Piece.site, Piece.kind)
    )  # fmt: skip
    return [PieceCount(*row) for row in rows(query)]
