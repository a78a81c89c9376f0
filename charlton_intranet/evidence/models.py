"""Tables of captured pieces, the seals over them, and of all that happened to them since."""

from enum import StrEnum, auto
from typing import TYPE_CHECKING

import peewee

from charlton_intranet.accounts.models import Person
from charlton_intranet.core.database import Model
from charlton_intranet.core.fields import ChoiceField, UtcDateTimeField
from charlton_intranet.core.files import StoredFile
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


class Act(StrEnum):
    """What somebody did with a piece, as its custody log names it."""

    CAPTURED = auto()
    SEALED = auto()
    VIEWED = auto()
    DOWNLOADED = auto()
    CHECKED = auto()
    EXPORTED = auto()
    SUPERSEDED = auto()

    @property
    def label(self) -> str:
        return self.value.capitalize()


class Failing(StrEnum):
    """Why a capture does not show what it was to show."""

    BLANK = auto()
    WRONG = auto()
    CUT_OFF = auto()

    @property
    def label(self) -> str:
        return {"blank": "Blank", "wrong": "Shows something else", "cut_off": "Cut off"}[self.value]


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


class CustodyEvent(Model):
    """Who did what with a piece, when and from where; triggers refuse to change or take away any of it.

    ``by`` is None for the app itself. What the fixity runs read stands in their own rows, not here once more.
    """

    piece = peewee.ForeignKeyField(Piece, on_delete="RESTRICT")
    act = ChoiceField(Act)
    by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT", index=False)
    at = UtcDateTimeField()
    address = peewee.CharField(max_length=64, default="")
    if TYPE_CHECKING:
        piece_id: int
        by_id: int | None


class FailedCapture(Model):
    """A capture that does not show what it was to show. It stays, and points to the one that took its place."""

    piece = peewee.ForeignKeyField(Piece, primary_key=True, on_delete="RESTRICT")
    why = ChoiceField(Failing)
    reason = peewee.TextField()
    marked_at = UtcDateTimeField()
    marked_by = peewee.ForeignKeyField(Person, on_delete="RESTRICT", index=False)
    replaced_by = peewee.ForeignKeyField(Piece, null=True, unique=True, on_delete="RESTRICT")
    if TYPE_CHECKING:
        piece_id: int
        marked_by_id: int
        replaced_by_id: int | None


class FixityRun(Model):
    """One reading of everything that is kept, in the order of the digests, so that it can be left and gone on with.

    ``reached`` is the last digest that was read, ``reached_seal`` the last seal; ``total`` counts the rows at the
    start. ``started_by`` is None when the timetable began it.
    """

    started_at = UtcDateTimeField()
    started_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT", index=False)
    ended_at = UtcDateTimeField(null=True)
    total = peewee.IntegerField()
    reached = peewee.CharField(max_length=64, default="")
    reached_seal = peewee.IntegerField(default=0)
    pieces = peewee.IntegerField(default=0)
    files = peewee.IntegerField(default=0)
    bytes = peewee.BigIntegerField(default=0)
    faults = peewee.IntegerField(default=0)
    if TYPE_CHECKING:
        started_by_id: int | None


class FixityFault(Model):
    """A piece, or a file of a record, that is not what was kept. ``mended_at`` says when it was found whole again.

    ``seal`` is there when it is the manifest over the piece that changed. ``run`` is None when it showed on opening
    the piece.
    """

    run = peewee.ForeignKeyField(FixityRun, null=True, on_delete="RESTRICT")
    piece = peewee.ForeignKeyField(Piece, null=True, on_delete="RESTRICT")
    file = peewee.ForeignKeyField(StoredFile, null=True, on_delete="RESTRICT")
    seal = peewee.ForeignKeyField(Seal, null=True, on_delete="RESTRICT")
    reason = peewee.CharField(max_length=200)
    found_at = UtcDateTimeField()
    mended_at = UtcDateTimeField(null=True, index=True)
    if TYPE_CHECKING:
        run_id: int | None
        piece_id: int | None
        file_id: int | None
        seal_id: int | None
