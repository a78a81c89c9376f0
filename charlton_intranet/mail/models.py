"""The outbox."""

from enum import StrEnum, auto
from typing import TYPE_CHECKING

import peewee

from charlton_intranet.core.database import Model
from charlton_intranet.core.fields import ChoiceField, UtcDateTimeField

OCCASION_MAX = 200


class MailState(StrEnum):
    """Where a message stands. ``SENDING`` is a lease: it falls back to waiting when the sender dies."""

    WAITING = auto()
    SENDING = auto()
    SENT = auto()
    FAILED = auto()


class OutboxMessage(Model):
    """One message to one address. ``occasion`` is unique: the same occasion is never told twice."""

    if TYPE_CHECKING:
        id: peewee.AutoField[int]
    occasion = peewee.CharField(max_length=OCCASION_MAX, unique=True)
    kind = peewee.CharField(max_length=60)
    recipient = peewee.CharField(max_length=254, index=True)
    recipient_name = peewee.CharField(max_length=200, default="")
    subject = peewee.CharField(max_length=300)
    text = peewee.TextField()
    html = peewee.TextField()
    state = ChoiceField(MailState, default=MailState.WAITING)
    attempts = peewee.IntegerField(default=0)
    queued_at = UtcDateTimeField()
    next_try_at = UtcDateTimeField()
    lease_until = UtcDateTimeField(null=True)
    sent_at = UtcDateTimeField(null=True)
    last_error = peewee.CharField(max_length=500, default="")

    class Meta:
        indexes = ((("state", "next_try_at"), False),)


class OneClick(Model):
    """Where the reader of one message switches off what it is allowed to switch off (RFC 8058)."""

    message = peewee.ForeignKeyField(OutboxMessage, on_delete="CASCADE", primary_key=True)
    url = peewee.CharField(max_length=300)
