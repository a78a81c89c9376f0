"""Tables of what the town and each person chose about reminders."""

from typing import TYPE_CHECKING

import peewee

from charlton_intranet.accounts.models import Person
from charlton_intranet.core.database import Model, Versioned
from charlton_intranet.core.fields import UtcDateTimeField

REASON_MAX = 500
TITLE_MAX = 300


class LadderSetting(Versioned):
    """The town's own ladder for one kind of duty. While ``shipped`` its numbers rest and the code's count."""

    kind = peewee.CharField(max_length=60, unique=True)
    before = peewee.CharField(max_length=100)  # days before the due date, longest first: "14,7,1,0"
    repeat_days = peewee.IntegerField()
    head_after = peewee.IntegerField()
    administrator_after = peewee.IntegerField()
    courtesy = peewee.BooleanField(default=False)
    shipped = peewee.BooleanField(default=False)
    reason = peewee.CharField(max_length=REASON_MAX)
    changed_by = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
    changed_at = UtcDateTimeField()


class ReminderPause(Model):
    """One person hears no more of one duty until a day. The duty, its due date and who else hears stay as they are."""

    kind = peewee.CharField(max_length=60)
    subject = peewee.CharField(max_length=80)
    due = peewee.DateField()
    person = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
    until = peewee.DateField(index=True)
    title = peewee.CharField(max_length=TITLE_MAX)
    department_id = peewee.IntegerField(null=True)
    reason = peewee.CharField(max_length=REASON_MAX)
    paused_at = UtcDateTimeField()
    if TYPE_CHECKING:
        person_id: int

    class Meta:
        indexes = ((("kind", "subject", "due", "person"), True),)


class SwitchedOff(Model):
    """A kind of courtesy reminder that one person does not want."""

    person = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
    kind = peewee.CharField(max_length=60)
    at = UtcDateTimeField()
    if TYPE_CHECKING:
        person_id: int

    class Meta:
        indexes = ((("person", "kind"), True),)


class UnsubscribeLink(Model):
    """The private address in one digest by which its reader switches the courtesies off without signing in."""

    person = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
    token_digest = peewee.FixedCharField(64, unique=True)
    made_at = UtcDateTimeField()
    if TYPE_CHECKING:
        person_id: int
