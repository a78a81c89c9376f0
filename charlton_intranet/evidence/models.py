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
    """What a piece shows. A ``GONE`` capture shows that the content is no longer there."""

    TEXT = auto()
    SCREENSHOT = auto()
    GONE = auto()


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
