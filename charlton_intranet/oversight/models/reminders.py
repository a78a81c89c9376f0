"""Tables of the reminders that went out."""

from typing import TYPE_CHECKING

import peewee

from charlton_intranet.accounts.models import Person
from charlton_intranet.core.database import Model
from charlton_intranet.core.fields import UtcDateTimeField


class DigestDay(Model):
    """A day whose digests are in the outbox. The first transaction of the day makes it, so no day has two."""

    day = peewee.DateField(primary_key=True)
    queued_at = UtcDateTimeField()
    mails = peewee.IntegerField(default=0)


class Reminder(Model):
    """One rung of the ladder of one duty, told to one person, for ever once.

    A duty has no row of its own: ``kind``, ``subject`` and ``due`` name it. A new due date starts a new ladder.
    """

    kind = peewee.CharField(max_length=60)
    subject = peewee.CharField(max_length=80)
    due = peewee.DateField()
    rung = peewee.IntegerField()
    recipient = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
    told_on = peewee.DateField()
    if TYPE_CHECKING:
        recipient_id: int

    class Meta:
        indexes = ((("kind", "subject", "due", "rung", "recipient"), True),)
