"""Tables of leavers: the checklist of one departure, and what was shown on it by hand."""

from typing import TYPE_CHECKING

import peewee

from charlton_intranet.access.rules import DepartureKind, DepartureState, StepKind
from charlton_intranet.accounts.models import Department, Person
from charlton_intranet.core.database import Model, Versioned
from charlton_intranet.core.fields import ChoiceField, UtcDateTimeField
from charlton_intranet.sites.models import Proof, Site


class Departure(Versioned):
    """Somebody leaves, or moves from a department; ``opened_by`` is None when the records themselves showed it."""

    person = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
    kind = ChoiceField(DepartureKind)
    last_day = peewee.DateField()
    from_department = peewee.ForeignKeyField(Department, null=True, on_delete="RESTRICT")
    note = peewee.TextField(default="")
    state = ChoiceField(DepartureState, default=DepartureState.OPEN, index=True)
    opened_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    opened_at = UtcDateTimeField()
    closed_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    closed_at = UtcDateTimeField(null=True)
    if TYPE_CHECKING:
        person_id: int
        from_department_id: int | None
        opened_by_id: int | None
        closed_by_id: int | None


Departure.add_index(
    Departure.index(Departure.person, unique=True, name="departure_one_open").where(peewee.SQL("\"state\" = 'open'"))
)


class DepartureStep(Model):
    """Something done for a departure: a shared password changed on a site (with proof), or the hand-over (in words)."""

    departure = peewee.ForeignKeyField(Departure, on_delete="RESTRICT")
    kind = ChoiceField(StepKind)
    site = peewee.ForeignKeyField(Site, null=True, on_delete="RESTRICT")
    proof = peewee.ForeignKeyField(Proof, null=True, on_delete="RESTRICT")
    note = peewee.TextField(default="")
    made_by = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
    made_at = UtcDateTimeField()
    if TYPE_CHECKING:
        departure_id: int
        site_id: int | None
        proof_id: int | None
        made_by_id: int

    class Meta:
        indexes = ((("departure", "kind", "site"), True),)
