"""Tables of networks, official mailboxes, sites and appointments."""

from typing import TYPE_CHECKING

import peewee

from charlton_intranet.accounts.models import Department, Person, RoleAssignment
from charlton_intranet.core.database import Model, Versioned
from charlton_intranet.core.fields import ChoiceField, UtcDateTimeField
from charlton_intranet.sites.rules import AppointmentState, Cadence, NetworkKind, NetworkState, SiteState


class Network(Versioned):
    """A social network in the town's catalogue (1.3); ``hosts`` lists its host names, space separated."""

    name = peewee.CharField(max_length=80, unique=True)
    slug = peewee.CharField(max_length=40, unique=True)
    kind = ChoiceField(NetworkKind)
    hosts = peewee.CharField(max_length=300)
    terms_url = peewee.CharField(max_length=500, default="")
    state = ChoiceField(NetworkState, default=NetworkState.PROPOSED)
    proposed_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    proposed_on = peewee.DateField()
    assessment = peewee.TextField(default="")
    assessed_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    assessed_on = peewee.DateField(null=True)
    decided_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    decided_on = peewee.DateField(null=True)
    reason = peewee.TextField(default="")
    if TYPE_CHECKING:
        proposed_by_id: int | None
        assessed_by_id: int | None
        decided_by_id: int | None


class OfficialMailbox(Model):
    """A mailbox outside the town's domains that the town has approved for its business (1.2)."""

    address = peewee.CharField(max_length=254, unique=True)
    purpose = peewee.CharField(max_length=200)
    approved_by = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
    approved_on = peewee.DateField()
    if TYPE_CHECKING:
        approved_by_id: int


class Site(Versioned):
    """An account of a department on a network.

    ``address_key`` names network and account; it is unique among the sites that are not over. Advice and
    decision are those of the present request, ``stop_reason`` belongs to the last suspension or deactivation;
    the audit trail keeps who and when of all earlier ones, ``SiteWords`` what they said.
    """

    department = peewee.ForeignKeyField(Department, on_delete="RESTRICT")
    network = peewee.ForeignKeyField(Network, on_delete="RESTRICT")
    title = peewee.CharField(max_length=150)
    address = peewee.CharField(max_length=500)
    address_key = peewee.CharField(max_length=500, index=True)
    handle = peewee.CharField(max_length=150)
    account_email = peewee.CharField(max_length=254)
    purpose = peewee.TextField()
    audience = peewee.TextField()
    plan = peewee.TextField()
    cadence = ChoiceField(Cadence, default=Cadence.WEEKLY)
    state = ChoiceField(SiteState, default=SiteState.REQUESTED, index=True)
    requested_by = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
    requested_on = peewee.DateField()
    attested_at = UtcDateTimeField()
    recommended = peewee.BooleanField(null=True)
    advice = peewee.TextField(default="")
    advised_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    advised_on = peewee.DateField(null=True)
    reason = peewee.TextField(default="")
    decided_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    decided_on = peewee.DateField(null=True)
    active_since = peewee.DateField(null=True)
    stop_reason = peewee.TextField(default="")
    stopped_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    stopped_on = peewee.DateField(null=True)
    if TYPE_CHECKING:
        department_id: int
        network_id: int
        requested_by_id: int
        advised_by_id: int | None
        decided_by_id: int | None
        stopped_by_id: int | None


class SiteWords(Model):
    """What somebody said with a step of a site: advice, a decision, why it was stopped.

    ``event`` is the step's number in the audit trail, which holds a digest of the words and no more.
    """

    site = peewee.ForeignKeyField(Site, on_delete="RESTRICT")
    event = peewee.BigIntegerField(unique=True)
    text = peewee.TextField()


class Appointment(Versioned):
    """A Social Media Coordinator of a department; ``letter`` is what the head filed in writing (3.2)."""

    department = peewee.ForeignKeyField(Department, on_delete="RESTRICT")
    person = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
    state = ChoiceField(AppointmentState, default=AppointmentState.PROPOSED, index=True)
    letter = peewee.TextField()
    proposed_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    proposed_on = peewee.DateField()
    starts_on = peewee.DateField()
    filed_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    filed_on = peewee.DateField(null=True)
    ended_on = peewee.DateField(null=True)
    assignment = peewee.ForeignKeyField(RoleAssignment, null=True, on_delete="RESTRICT")
    if TYPE_CHECKING:
        department_id: int
        person_id: int
        proposed_by_id: int | None
        filed_by_id: int | None
        assignment_id: int | None
