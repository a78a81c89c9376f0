"""Table of what was hidden before it was determined."""

from typing import TYPE_CHECKING

import peewee

from charlton_intranet.accounts.models import Person
from charlton_intranet.core.database import Model
from charlton_intranet.core.fields import ChoiceField, UtcDateTimeField
from charlton_intranet.evidence.models import Piece, Seal
from charlton_intranet.moderation.models.cases import Case
from charlton_intranet.moderation.rules.emergency import EmergencyState, Ground


class EmergencyHide(Model):
    """A coordinator hides at once; one a case. It can not exist without sealed evidence (``docs/law.md``).

    ``hidden_at`` is when the picture of the hidden place came in: without ``proof`` nothing is called hidden.
    ``words`` are quoted from the text (for malware: the link), ``reason`` answers the ground's question.
    """

    case = peewee.ForeignKeyField(Case, on_delete="RESTRICT", unique=True)
    seal = peewee.ForeignKeyField(Seal, on_delete="RESTRICT")
    ground = ChoiceField(Ground)
    words = peewee.TextField()
    reason = peewee.TextField()
    ordered_at = UtcDateTimeField()
    ordered_by = peewee.ForeignKeyField(Person, on_delete="RESTRICT", index=False)
    hidden_at = UtcDateTimeField(null=True)
    hidden_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT", index=False)
    proof = peewee.ForeignKeyField(Piece, null=True, on_delete="RESTRICT")
    decide_by = peewee.DateField()
    state = ChoiceField(EmergencyState, default=EmergencyState.ORDERED)
    if TYPE_CHECKING:
        case_id: int
        seal_id: int
        ordered_by_id: int
        hidden_by_id: int | None
        proof_id: int | None

    class Meta:
        indexes = ((("state", "decide_by"), False),)
        constraints = (
            peewee.Check('("hidden_at" IS NULL) = ("proof_id" IS NULL)'),
            peewee.Check('"state" <> \'standing\' OR "proof_id" IS NOT NULL'),
        )
