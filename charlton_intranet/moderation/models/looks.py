"""The table of what was seen when somebody looked at a captured post again."""

from typing import TYPE_CHECKING

import peewee

from charlton_intranet.accounts.models import Person
from charlton_intranet.core.database import Model
from charlton_intranet.core.fields import ChoiceField, UtcDateTimeField
from charlton_intranet.evidence.models import Piece
from charlton_intranet.moderation.models.cases import Case
from charlton_intranet.moderation.rules.looks import Seen


class LaterLook(Model):
    """The live post held against what was captured. ``words`` are those it has now, empty when they were not copied.

    The pieces keep them, and a picture, as evidence of kind ``LATER``.
    """

    case = peewee.ForeignKeyField(Case, on_delete="RESTRICT")
    seen = ChoiceField(Seen)
    words = peewee.TextField(default="")
    remark = peewee.TextField(default="")
    words_piece = peewee.ForeignKeyField(Piece, null=True, on_delete="RESTRICT")
    picture = peewee.ForeignKeyField(Piece, null=True, on_delete="RESTRICT")
    looked_at = UtcDateTimeField()
    looked_by = peewee.ForeignKeyField(Person, on_delete="RESTRICT", index=False)
    if TYPE_CHECKING:
        case_id: int
        words_piece_id: int | None
        picture_id: int | None
        looked_by_id: int
