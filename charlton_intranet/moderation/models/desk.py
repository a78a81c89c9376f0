"""Tables of how coordinators share the queue: who takes which case, what waits until a day, whose views are kept."""

from typing import TYPE_CHECKING

import peewee

from charlton_intranet.accounts.models import Person
from charlton_intranet.core.database import Model
from charlton_intranet.core.fields import UtcDateTimeField
from charlton_intranet.moderation.models.cases import Case


class Claim(Model):
    """Somebody takes a case for theirs until ``ended_at``. Whether it has lapsed is computed (``queries.desk``).

    At most one stands for a case. ``batch`` and ``ended_batch`` name the presses that began and ended it, so that one
    Undo takes back exactly what a press did, as long as nothing has followed it.
    """

    case = peewee.ForeignKeyField(Case, on_delete="RESTRICT")
    person = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
    at = UtcDateTimeField()
    batch = peewee.CharField(max_length=40, index=True)
    ended_at = UtcDateTimeField(null=True)
    ended_batch = peewee.CharField(max_length=40, null=True, index=True)
    if TYPE_CHECKING:
        case_id: int
        person_id: int


class Snooze(Model):
    """An open case is out of sight until ``until``, the day on which it is back; presses as for a claim."""

    case = peewee.ForeignKeyField(Case, on_delete="RESTRICT")
    until = peewee.DateField()
    reason = peewee.CharField(max_length=300)
    by = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
    at = UtcDateTimeField()
    batch = peewee.CharField(max_length=40, index=True)
    ended_at = UtcDateTimeField(null=True)
    ended_batch = peewee.CharField(max_length=40, null=True, index=True)
    if TYPE_CHECKING:
        case_id: int
        by_id: int


# One at a time: the database settles who was first.
Claim.add_index(Claim.index(Claim.case, unique=True, where=Claim.ended_at.is_null(), name="claim_standing"))
Snooze.add_index(Snooze.index(Snooze.case, unique=True, where=Snooze.ended_at.is_null(), name="snooze_standing"))


class SavedView(Model):
    """A view of the queue under a name of its owner's; ``query`` is what stands in the address."""

    person = peewee.ForeignKeyField(Person, on_delete="CASCADE")
    name = peewee.CharField(max_length=60)
    query = peewee.CharField(max_length=4000)
    if TYPE_CHECKING:
        person_id: int

    class Meta:
        indexes = ((("person", "name"), True),)
