"""Tables of the worksheet behind a determination, and of what was handed on to others."""

from typing import TYPE_CHECKING

import peewee

from charlton_intranet.accounts.models import Person
from charlton_intranet.core.database import Model, Versioned
from charlton_intranet.core.fields import ChoiceField, UtcDateTimeField
from charlton_intranet.core.files import StoredFile
from charlton_intranet.moderation.models.cases import Case
from charlton_intranet.moderation.models.deciding import Determination
from charlton_intranet.moderation.rules.worksheet import Consequence, ReferralState, ReferredTo
from charlton_intranet.policy.models import CategoryEdition


class Worksheet(Model):
    """What a determination rests on beside its own row; ``categories_version`` is the edition it was made under."""

    determination = peewee.ForeignKeyField(Determination, primary_key=True, on_delete="RESTRICT")
    categories_version = peewee.ForeignKeyField(CategoryEdition, on_delete="RESTRICT")
    consequence = ChoiceField(Consequence, default=Consequence.NOTHING)
    counsel_on = peewee.DateField(null=True)
    counsel_name = peewee.CharField(max_length=200, default="")
    counsel_said = peewee.TextField(default="")
    if TYPE_CHECKING:
        determination_id: int
        categories_version_id: int


class Ground(Model):
    """One category of a determination: the words it rests on (an empty line between quotes), and the answer."""

    determination = peewee.ForeignKeyField(Determination, on_delete="RESTRICT", index=False)
    letter = peewee.FixedCharField(1)
    quotes = peewee.TextField()
    answer = peewee.TextField(default="")
    if TYPE_CHECKING:
        determination_id: int

    class Meta:
        indexes = ((("determination", "letter"), True),)


class Referral(Versioned):
    """Something about a case that others are to act on or advise on.

    ``due_on`` is the day of the next step: to send it, then to have an answer.
    """

    case = peewee.ForeignKeyField(Case, on_delete="RESTRICT")
    determination = peewee.ForeignKeyField(Determination, null=True, on_delete="RESTRICT")
    to = ChoiceField(ReferredTo)
    reason = peewee.TextField()
    state = ChoiceField(ReferralState, default=ReferralState.ASKED)
    due_on = peewee.DateField()
    asked_by = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
    asked_at = UtcDateTimeField()
    sent_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    sent_at = UtcDateTimeField(null=True)
    sent_how = peewee.CharField(max_length=300, default="")
    answer = peewee.TextField(default="")
    closed_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    closed_at = UtcDateTimeField(null=True)
    if TYPE_CHECKING:
        case_id: int
        determination_id: int | None
        asked_by_id: int
        sent_by_id: int | None
        closed_by_id: int | None

    class Meta:
        indexes = ((("state", "due_on"), False),)


class ReferralPaper(Model):
    """A document that proves an answer."""

    referral = peewee.ForeignKeyField(Referral, on_delete="RESTRICT")
    file = peewee.ForeignKeyField(StoredFile, on_delete="RESTRICT", unique=True)
    if TYPE_CHECKING:
        referral_id: int
        file_id: int
