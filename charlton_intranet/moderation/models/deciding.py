"""Tables of advice, determination and order."""

from typing import TYPE_CHECKING

import peewee

from charlton_intranet.accounts.models import Person
from charlton_intranet.core.database import Model
from charlton_intranet.core.fields import ChoiceField, UtcDateTimeField
from charlton_intranet.evidence.models import Piece, Seal
from charlton_intranet.moderation.models.cases import Case
from charlton_intranet.moderation.rules import Outcome, Position


class Consultation(Model):
    """The department head's advice, asked for with the concern (3.6-4). One a case."""

    case = peewee.ForeignKeyField(Case, on_delete="RESTRICT", unique=True)
    concern = peewee.TextField()
    categories = peewee.CharField(max_length=40)
    asked_by = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
    asked_at = UtcDateTimeField()
    due_on = peewee.DateField()
    position = ChoiceField(Position, null=True)
    text = peewee.TextField(default="")
    given_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    given_at = UtcDateTimeField(null=True)
    if TYPE_CHECKING:
        case_id: int
        asked_by_id: int
        given_by_id: int | None


class Determination(Model):
    """The Town Administrator's decision. It can not exist without sealed evidence and the consultation."""

    case = peewee.ForeignKeyField(Case, on_delete="RESTRICT", unique=True)
    seal = peewee.ForeignKeyField(Seal, on_delete="RESTRICT")
    consultation = peewee.ForeignKeyField(Consultation, on_delete="RESTRICT")
    outcome = ChoiceField(Outcome)
    categories = peewee.CharField(max_length=40)
    quote = peewee.TextField()
    reason = peewee.TextField()
    same_if_praise = peewee.BooleanField(null=True)
    decided_by = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
    decided_at = UtcDateTimeField()
    acting = peewee.BooleanField(default=False)
    if TYPE_CHECKING:
        case_id: int
        seal_id: int
        consultation_id: int
        decided_by_id: int


class Order(Model):
    """The order to hide or remove. It can not exist without a determination and its sealed evidence.

    Done means that ``gone`` shows the content is no longer there.
    """

    determination = peewee.ForeignKeyField(Determination, on_delete="RESTRICT", unique=True)
    seal = peewee.ForeignKeyField(Seal, on_delete="RESTRICT")
    outcome = ChoiceField(Outcome)
    ordered_at = UtcDateTimeField()
    due_on = peewee.DateField()
    done_at = UtcDateTimeField(null=True)
    done_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    gone = peewee.ForeignKeyField(Piece, null=True, on_delete="RESTRICT")
    if TYPE_CHECKING:
        determination_id: int
        seal_id: int
        done_by_id: int | None
        gone_id: int | None

    class Meta:
        table_name = "removal_order"  # "order" is a word of SQL
