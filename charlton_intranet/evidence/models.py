"""Tables of captured pieces and the seals over them."""

from enum import StrEnum, auto
from typing import TYPE_CHECKING

import peewee

from charlton_intranet.accounts.models import Person
from charlton_intranet.core.database import Model
from charlton_intranet.core.fields import ChoiceField, UtcDateTimeField
from charlton_intranet.sites.models import Site

# The media type of a text piece.
TEXT_TYPE = "text/plain"


class PieceKind(StrEnum):
    """What a piece shows.

    ``ARCHIVE`` is a whole page as WARC or WACZ, ``DOCUMENT`` a paper (PDF) that came with the matter, ``CONTEXT`` what
    the words answered. Later captures: ``LATER`` compares the live page with what was kept, ``HIDDEN`` and ``GONE``
    show that the content is out of sight or no longer there, ``RESTORED`` that it is back.
    """

    TEXT = auto()
    SCREENSHOT = auto()
    GONE = auto()
    ARCHIVE = auto()
    DOCUMENT = auto()
    CONTEXT = auto()
    LATER = auto()
    RESTORED = auto()
    HIDDEN = auto()

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    PieceKind.TEXT: "Words",
    PieceKind.SCREENSHOT: "Screenshot",
    PieceKind.GONE: "After the removal",
    PieceKind.ARCHIVE: "Web archive",
    PieceKind.DOCUMENT: "Document",
    PieceKind.CONTEXT: "What it answered",
    PieceKind.LATER: "Looked at again",
    PieceKind.RESTORED: "After it was restored",
    PieceKind.HIDDEN: "After it was hidden",
}


class Seal(Model):
    """A manifest over the pieces of one matter. ``manifest`` is the canonical JSON, to the letter, that was hashed."""

    manifest = peewee.TextField()
    sha256 = peewee.FixedCharField(64, unique=True)
    sealed_at = UtcDateTimeField()
    sealed_by = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
    if TYPE_CHECKING:
        sealed_by_id: int


class Piece(Model):
    """One captured piece: its content lies in the store under ``sha256``. Never rewritten."""

    site = peewee.ForeignKeyField(Site, on_delete="RESTRICT")
    kind = ChoiceField(PieceKind)
    sha256 = peewee.FixedCharField(64, index=True)
    size = peewee.IntegerField()
    media_type = peewee.CharField(max_length=80)
    file_name = peewee.CharField(max_length=200)
    source_address = peewee.CharField(max_length=1000, default="")
    captured_at = UtcDateTimeField()
    captured_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    seal = peewee.ForeignKeyField(Seal, null=True, on_delete="RESTRICT", backref="pieces")
    if TYPE_CHECKING:
        site_id: int
        captured_by_id: int | None
        seal_id: int | None
