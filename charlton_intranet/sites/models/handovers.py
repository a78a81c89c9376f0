"""Tables of hand-overs from one Social Media Coordinator to the next."""

from typing import TYPE_CHECKING

import peewee

from charlton_intranet.accounts.models import Person
from charlton_intranet.core.database import Model
from charlton_intranet.core.fields import UtcDateTimeField
from charlton_intranet.sites.models.sites import Appointment


class HandOver(Model):
    """``leaving`` ends after ``last_day``, and not before ``successor`` is active, so that there is no gap."""

    leaving = peewee.ForeignKeyField(Appointment, on_delete="RESTRICT")
    successor = peewee.ForeignKeyField(Appointment, unique=True, on_delete="RESTRICT")
    last_day = peewee.DateField()
    if TYPE_CHECKING:
        leaving_id: int
        successor_id: int


class HandOverNote(Model):
    """What the next coordinator should know, written by the one who leaves or by the head."""

    appointment = peewee.ForeignKeyField(Appointment, on_delete="RESTRICT")
    text = peewee.TextField()
    written_by = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
    written_at = UtcDateTimeField()
    if TYPE_CHECKING:
        appointment_id: int
        written_by_id: int
