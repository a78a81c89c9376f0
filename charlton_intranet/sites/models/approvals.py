"""Tables around approvals: what was approved, what was changed since, and how a site is closed."""

from typing import TYPE_CHECKING

import peewee

from charlton_intranet.accounts.models import Person
from charlton_intranet.core.database import Model
from charlton_intranet.core.fields import ChoiceField, UtcDateTimeField
from charlton_intranet.sites.models.proofs import Proof
from charlton_intranet.sites.models.sites import Network, Site
from charlton_intranet.sites.rules import ApprovalKind, Closing, NetworkState


class SiteApproval(Model):
    """What the Town Administrator approved, to the letter: ``facts`` is canonical JSON. Never changed."""

    site = peewee.ForeignKeyField(Site, on_delete="RESTRICT")
    kind = ChoiceField(ApprovalKind)
    approved_by = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
    approved_on = peewee.DateField()
    facts = peewee.TextField()
    digest = peewee.CharField(max_length=80)
    note = peewee.TextField(default="")
    if TYPE_CHECKING:
        site_id: int
        approved_by_id: int


class SiteChange(Model):
    """The department changed the record of an approved site; ``refused_on`` says that it was asked to set it back."""

    site = peewee.ForeignKeyField(Site, on_delete="RESTRICT")
    before = peewee.TextField()
    after = peewee.TextField()
    changed_by = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
    changed_on = peewee.DateField()
    refused_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    refused_on = peewee.DateField(null=True)
    reason = peewee.TextField(default="")
    if TYPE_CHECKING:
        site_id: int
        changed_by_id: int
        refused_by_id: int | None


class YearlyAnswer(Model):
    """The department's word, once a year, whether a site is still needed.

    It answers one ``approval`` (null: one from before approvals were kept) and counts until the next.
    """

    site = peewee.ForeignKeyField(Site, on_delete="RESTRICT")
    approval = peewee.ForeignKeyField(SiteApproval, null=True, on_delete="RESTRICT")
    needed = peewee.BooleanField()
    note = peewee.TextField(default="")
    answered_by = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
    answered_on = peewee.DateField()
    if TYPE_CHECKING:
        site_id: int
        approval_id: int | None
        answered_by_id: int


class Attestation(Model):
    """The sentences that a department head ticked one by one when asking for a site (3.1), as a JSON list."""

    site = peewee.ForeignKeyField(Site, on_delete="RESTRICT")
    sentences = peewee.TextField()
    attested_by = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
    attested_at = UtcDateTimeField()
    if TYPE_CHECKING:
        site_id: int
        attested_by_id: int


class DeactivationStep(Model):
    """One step before a site is over for good: shown by a ``proof``, or why it is ``impossible``."""

    site = peewee.ForeignKeyField(Site, on_delete="RESTRICT")
    step = ChoiceField(Closing)
    proof = peewee.ForeignKeyField(Proof, null=True, on_delete="RESTRICT")
    impossible = peewee.TextField(default="")
    done_by = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
    done_at = UtcDateTimeField()
    if TYPE_CHECKING:
        site_id: int
        proof_id: int | None
        done_by_id: int

    class Meta:
        indexes = ((("site", "step"), True),)


class NetworkRound(Model):
    """A decision on a network as it stood before a later one took its place."""

    network = peewee.ForeignKeyField(Network, on_delete="RESTRICT")
    state = ChoiceField(NetworkState)
    proposed_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    proposed_on = peewee.DateField()
    assessment = peewee.TextField()
    assessed_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    assessed_on = peewee.DateField(null=True)
    decided_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    decided_on = peewee.DateField(null=True)
    reason = peewee.TextField()
    if TYPE_CHECKING:
        network_id: int
        proposed_by_id: int | None
        assessed_by_id: int | None
        decided_by_id: int | None
