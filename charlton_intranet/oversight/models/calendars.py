"""Tables of the calendar feeds."""

from typing import TYPE_CHECKING

import peewee

from charlton_intranet.accounts.models import Person
from charlton_intranet.core.database import Model
from charlton_intranet.core.fields import ChoiceField, UtcDateTimeField
from charlton_intranet.oversight.rules.calendars import CalendarDetail, EntryState


class CalendarFeed(Model):
    """A person's calendar address. The table holds the digest of its token, so it gives no address away."""

    person = peewee.ForeignKeyField(Person, unique=True, on_delete="CASCADE")
    token_digest = peewee.FixedCharField(64, unique=True)
    detail = ChoiceField(CalendarDetail)
    made_at = UtcDateTimeField()
    read_at = UtcDateTimeField(null=True)
    if TYPE_CHECKING:
        person_id: int


class CalendarEntry(Model):
    """One entry as it was last handed out, so that the next reading can tell what changed."""

    feed = peewee.ForeignKeyField(CalendarFeed, on_delete="CASCADE")
    key = peewee.CharField(max_length=160)
    uid = peewee.FixedCharField(32, unique=True)
    due = peewee.DateField()
    summary = peewee.CharField(max_length=300)
    note = peewee.CharField(max_length=300)
    path = peewee.CharField(max_length=300)
    sequence = peewee.IntegerField(default=0)
    state = ChoiceField(EntryState, default=EntryState.DUE)
    created_at = UtcDateTimeField()
    modified_at = UtcDateTimeField()
    if TYPE_CHECKING:
        feed_id: int

    class Meta:
        indexes = ((("feed", "key"), True),)
