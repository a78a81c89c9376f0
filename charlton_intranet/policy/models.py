"""Tables of the policy's versions and categories, who signed them and for what, and defaults the town has changed."""

from typing import TYPE_CHECKING

import peewee

from charlton_intranet.accounts.models import Person
from charlton_intranet.core.database import Model, Versioned
from charlton_intranet.core.fields import ChoiceField, UtcDateTimeField
from charlton_intranet.core.files import StoredFile
from charlton_intranet.policy.rules import Change, DocumentState, Risk, Told


class ChangedDefault(Versioned):
    """A default of ``rules.DEFAULTS`` that the town has changed or verified."""

    name = peewee.CharField(max_length=60, unique=True)
    value = peewee.IntegerField()
    basis = peewee.CharField(max_length=300)
    verified_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    verified_on = peewee.DateField(null=True)
    if TYPE_CHECKING:
        verified_by_id: int | None


class PolicyDocument(Versioned):
    """One version of the town's policy. ``major`` counts major versions: signatures are for one of these.

    At most one is in force and at most one is a draft (unique index below).
    """

    title = peewee.CharField(max_length=200)
    major = peewee.IntegerField()
    minor = peewee.IntegerField()
    change = ChoiceField(Change)
    summary = peewee.CharField(max_length=500, default="")
    text = peewee.TextField()
    text_sha256 = peewee.FixedCharField(64)
    state = ChoiceField(DocumentState, default=DocumentState.DRAFT)
    drafted_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    drafted_at = UtcDateTimeField()
    published_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    published_at = UtcDateTimeField(null=True)
    if TYPE_CHECKING:
        drafted_by_id: int | None
        published_by_id: int | None

    class Meta:
        indexes = ((("major", "minor"), True),)

    @property
    def number(self) -> str:
        return f"{self.major}.{self.minor}"


PolicyDocument.add_index(
    PolicyDocument.index(PolicyDocument.state, unique=True, name="policy_document_one_each").where(
        peewee.SQL("\"state\" <> 'superseded'")
    )
)


class PolicyOriginal(Model):
    """The file out of which a version's text was read, as it was handed in."""

    document = peewee.ForeignKeyField(PolicyDocument, unique=True, on_delete="RESTRICT")
    file = peewee.ForeignKeyField(StoredFile, on_delete="RESTRICT")
    if TYPE_CHECKING:
        document_id: int
        file_id: int


class Acknowledgement(Model):
    """A signature under one version, for ever; whether it still counts is computed.

    ``record`` is the canonical JSON that was sealed, to the letter, and ``seal`` its SHA-256: the certificate prints
    both (M.G.L. c. 110G). ``told`` is no part of the signature: it says how far its end has been told. A person has
    at most one signature that is not replaced (unique index below).
    """

    person = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
    document = peewee.ForeignKeyField(PolicyDocument, on_delete="RESTRICT")
    major = peewee.IntegerField()
    scope = peewee.CharField(max_length=300)
    typed_name = peewee.CharField(max_length=200)
    signed_at = UtcDateTimeField()
    signed_on = peewee.DateField()
    expires_on = peewee.DateField()
    address = peewee.CharField(max_length=45)
    agent = peewee.CharField(max_length=200)
    method = peewee.CharField(max_length=60)
    text_sha256 = peewee.FixedCharField(64)
    record = peewee.TextField()
    seal = peewee.FixedCharField(64, unique=True)
    told = ChoiceField(Told, default=Told.NOTHING)
    if TYPE_CHECKING:
        person_id: int
        document_id: int

    class Meta:
        indexes = ((("told", "expires_on"), False), (("told", "major"), False))


Acknowledgement.add_index(
    Acknowledgement.index(Acknowledgement.person, unique=True, name="acknowledgement_newest").where(
        peewee.SQL("\"told\" <> 'replaced'")
    )
)


class AcknowledgedScope(Model):
    """One line of what a signature is for (3.3-4), as ``core.scope.ScopeLine``; the sealed record holds it too."""

    acknowledgement = peewee.ForeignKeyField(Acknowledgement, on_delete="RESTRICT", index=False)
    subject = peewee.CharField(max_length=60)
    level = peewee.IntegerField()
    words = peewee.CharField(max_length=300)
    if TYPE_CHECKING:
        acknowledgement_id: int

    class Meta:
        indexes = ((("acknowledgement", "subject"), True),)


class PaperSignature(Model):
    """A signature given on paper: the scan, and who filed it. ``signed_on`` is the paper's day."""

    acknowledgement = peewee.ForeignKeyField(Acknowledgement, unique=True, on_delete="RESTRICT")
    file = peewee.ForeignKeyField(StoredFile, on_delete="RESTRICT")
    filed_by = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
    filed_at = UtcDateTimeField()
    if TYPE_CHECKING:
        acknowledgement_id: int
        file_id: int
        filed_by_id: int


class CategoryEdition(Model):
    """How the categories of 3.6-3 are judged from a day on. An edition is never changed, only followed by another.

    Edition 1 came with the app, on no day of its own. ``counsel`` signed, on a day, that category I may stand alone.
    """

    number = peewee.IntegerField(primary_key=True)
    published_at = UtcDateTimeField(null=True)
    published_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    why = peewee.CharField(max_length=500)
    counsel = peewee.CharField(max_length=200, default="")
    signed_on = peewee.DateField(null=True)
    if TYPE_CHECKING:
        published_by_id: int | None


class CategoryEntry(Model):
    """One category as ``rules.Category``, in one edition."""

    edition = peewee.ForeignKeyField(CategoryEdition, on_delete="RESTRICT", index=False)
    letter = peewee.FixedCharField(1)
    words = peewee.CharField(max_length=300)
    test = peewee.CharField(max_length=500)
    risk = ChoiceField(Risk)
    guard = peewee.CharField(max_length=500)
    alone = peewee.BooleanField()
    counsel = peewee.BooleanField()
    hide_at_once = peewee.BooleanField()
    if TYPE_CHECKING:
        edition_id: int

    class Meta:
        indexes = ((("edition", "letter"), True),)
