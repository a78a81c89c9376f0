"""Tables of the proofs of the audit trail: walks along its chain, heads that were handed out, and to whom."""

from typing import TYPE_CHECKING

import peewee

from charlton_intranet.accounts.models import Person
from charlton_intranet.core.audit import GENESIS
from charlton_intranet.core.database import Model
from charlton_intranet.core.fields import UtcDateTimeField


class TrailCheck(Model):
    """One walk along the whole chain, up to its head as it stood at the start, in stretches that can be left.

    ``reached`` and ``digest`` are the last event that holds; ``fault_number`` and ``fault`` are there when the walk
    ended at one that does not. ``started_by`` is None when the timetable began it.
    """

    started_at = UtcDateTimeField()
    started_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT", index=False)
    ended_at = UtcDateTimeField(null=True, index=True)
    total = peewee.BigIntegerField()
    head = peewee.FixedCharField(64)
    reached = peewee.BigIntegerField(default=0)
    digest = peewee.FixedCharField(64, default=GENESIS)
    anchors = peewee.IntegerField(default=0)
    fault_number = peewee.BigIntegerField(null=True)
    fault = peewee.CharField(max_length=200, default="")
    if TYPE_CHECKING:
        started_by_id: int | None


class TrailAnchor(Model):
    """The head of the chain as it was handed out on a day, so that the first mail of the day is the only one."""

    day = peewee.DateField(primary_key=True)
    number = peewee.BigIntegerField()
    digest = peewee.FixedCharField(64)
    handed_out_at = UtcDateTimeField()
    witnesses = peewee.CharField(max_length=500)


class TrailWitness(Model):
    """Who gets the day's head by mail, by the Town Administrator's choice."""

    person = peewee.ForeignKeyField(Person, primary_key=True, on_delete="RESTRICT")
    named_at = UtcDateTimeField()
    named_by = peewee.ForeignKeyField(Person, on_delete="RESTRICT", index=False)
    if TYPE_CHECKING:
        person_id: int
        named_by_id: int
