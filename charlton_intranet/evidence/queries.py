"""Reads of captured pieces."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import peewee

from charlton_intranet.core.database import first_row, rows
from charlton_intranet.core.errors import NotFound
from charlton_intranet.core.files import StoredFile
from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.core.uploads import PICTURE_TYPES
from charlton_intranet.evidence.models import Piece, PieceKind
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
