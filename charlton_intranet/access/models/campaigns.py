"""Tables of access reviews: one a quarter, with a row for each grant that was approved when it opened."""

from typing import TYPE_CHECKING

import peewee

from charlton_intranet.access.rules import Answer, Asked
from charlton_intranet.accounts.models import Person
from charlton_intranet.core.database import Model, Versioned
from charlton_intranet.core.fields import ChoiceField, UtcDateTimeField
from charlton_intranet.grants.models import Grant


class AccessReview(Model):
    """The review of a quarter, ``2026-Q4``; ``opened_by`` is None when the timetable opened it."""

    quarter = peewee.CharField(max_length=7, unique=True)
    opened_at = UtcDateTimeField()
    opened_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    due_on = peewee.DateField()
    closed_at = UtcDateTimeField(null=True)
    if TYPE_CHECKING:
        opened_by_id: int | None


class ReviewedGrant(Versioned):
    """One grant under review: the answer with who and when, and the last question that was asked about it."""

    review = peewee.ForeignKeyField(AccessReview, index=False, on_delete="RESTRICT")
    grant = peewee.ForeignKeyField(Grant, on_delete="RESTRICT")
    answer = ChoiceField(Answer, default=Answer.OPEN)
    note = peewee.TextField(default="")
    answered_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    answered_at = UtcDateTimeField(null=True)
    asked = ChoiceField(Asked, null=True)
    question = peewee.TextField(default="")
    asked_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    asked_at = UtcDateTimeField(null=True)
    reply = peewee.TextField(default="")
    replied_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    replied_at = UtcDateTimeField(null=True)
    if TYPE_CHECKING:
        review_id: int
        grant_id: int
        answered_by_id: int | None
        asked_by_id: int | None
        replied_by_id: int | None

    class Meta:
        indexes = ((("review", "grant"), True),)
