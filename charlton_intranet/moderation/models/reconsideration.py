"""Tables of requests to look at a decision again."""

from typing import TYPE_CHECKING

import peewee

from charlton_intranet.accounts.models import Person
from charlton_intranet.core.database import Model, Versioned
from charlton_intranet.core.fields import ChoiceField, UtcDateTimeField
from charlton_intranet.evidence.models import Piece
from charlton_intranet.moderation.models.contributors import Letter
from charlton_intranet.moderation.models.deciding import Determination
from charlton_intranet.moderation.rules.reconsidering import CameBy, ReconsiderationState


class Reconsideration(Versioned):
    """Somebody asked that a hide or remove be looked at again; one open at a time for each determination.

    ``asker`` and ``contact`` are empty when they asked under their handle alone. ``late_reason`` is why it was taken
    after the time to ask. ``received_letter`` and ``answer_letter`` are the letters that were sent, or say why not.
    """

    determination = peewee.ForeignKeyField(Determination, on_delete="RESTRICT")
    asked_on = peewee.DateField()
    came_by = ChoiceField(CameBy)
    asker = peewee.CharField(max_length=150, default="")
    contact = peewee.CharField(max_length=300, default="")
    text = peewee.TextField()
    late_reason = peewee.TextField(default="")
    logged_by = peewee.ForeignKeyField(Person, on_delete="RESTRICT", index=False)
    logged_at = UtcDateTimeField()
    answer_by = peewee.DateField()
    state = ChoiceField(ReconsiderationState, default=ReconsiderationState.ASKED)
    answered_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT", index=False)
    answered_at = UtcDateTimeField(null=True)
    acting = peewee.BooleanField(default=False)
    reason = peewee.TextField(default="")
    counsel = peewee.CharField(max_length=150, default="")
    counsel_on = peewee.DateField(null=True)
    received_letter = peewee.ForeignKeyField(Letter, null=True, on_delete="RESTRICT", index=False, backref="+")
    answer_letter = peewee.ForeignKeyField(Letter, null=True, on_delete="RESTRICT", index=False, backref="+")
    if TYPE_CHECKING:
        determination_id: int
        logged_by_id: int
        answered_by_id: int | None
        received_letter_id: int | None
        answer_letter_id: int | None

    class Meta:
        indexes = ((("state", "answer_by", "id"), False),)


Reconsideration.add_index(
    Reconsideration.index(Reconsideration.determination, unique=True, name="reconsideration_one_open").where(
        peewee.SQL("\"state\" = 'asked'")
    )
)


class ReconsiderationPaper(Model):
    """What came with a request: a letter as PDF, or a picture of it."""

    reconsideration = peewee.ForeignKeyField(Reconsideration, on_delete="RESTRICT")
    piece = peewee.ForeignKeyField(Piece, unique=True, on_delete="RESTRICT")
    if TYPE_CHECKING:
        reconsideration_id: int
        piece_id: int
