"""Tables of incidents and their steps."""

from typing import TYPE_CHECKING

import peewee

from charlton_intranet.accounts.models import Person
from charlton_intranet.core.database import Model, Versioned
from charlton_intranet.core.fields import ChoiceField, UtcDateTimeField
from charlton_intranet.incidents.rules import IncidentKind, Severity, Status, Tlp
from charlton_intranet.sites.models import Site


class Incident(Versioned):
    """A reported incident. ``year`` and ``number`` make its reference; ``stepped_on`` is the day of its last step."""

    year = peewee.IntegerField()
    number = peewee.IntegerField()
    reference = peewee.CharField(max_length=20, unique=True)
    kind = ChoiceField(IncidentKind)
    site = peewee.ForeignKeyField(Site, null=True, on_delete="RESTRICT")
    what = peewee.TextField()
    done = peewee.TextField(default="")
    told = peewee.TextField(default="")
    started_at = UtcDateTimeField(null=True)
    noticed_at = UtcDateTimeField(null=True)
    reported_by = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
    reported_at = UtcDateTimeField()
    status = ChoiceField(Status, default=Status.REPORTED, index=True)
    severity = ChoiceField(Severity, null=True)
    tlp = ChoiceField(Tlp, default=Tlp.AMBER_STRICT)
    stepped_on = peewee.DateField()
    if TYPE_CHECKING:
        site_id: int | None
        reported_by_id: int

    class Meta:
        indexes = ((("year", "number"), True),)


class IncidentStep(Model):
    """One line of an incident's log: a move to ``status``, or a note while it stood there."""

    incident = peewee.ForeignKeyField(Incident, on_delete="RESTRICT")
    at = UtcDateTimeField()
    person = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
    status = ChoiceField(Status)
    moved = peewee.BooleanField()
    note = peewee.TextField(default="")
    if TYPE_CHECKING:
        incident_id: int
        person_id: int
