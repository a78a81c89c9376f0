"""Tables of who was seen on a page, and of what was shown of it since. No row is ever changed."""

from typing import TYPE_CHECKING

import peewee

from charlton_intranet.access.rules import EntryKind, PageRole
from charlton_intranet.accounts.models import Person
from charlton_intranet.core.database import Model
from charlton_intranet.core.fields import ChoiceField, UtcDateTimeField
from charlton_intranet.sites.models import Proof, Site


class AdminList(Model):
    """The whole list of people that the network shows for a page, as somebody entered it (3.3-3)."""

    site = peewee.ForeignKeyField(Site, on_delete="RESTRICT")
    taken_by = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
    taken_at = UtcDateTimeField()
    proof = peewee.ForeignKeyField(Proof, null=True, on_delete="RESTRICT")
    if TYPE_CHECKING:
        site_id: int
        taken_by_id: int
        proof_id: int | None


class AdminEntry(Model):
    """One entry of a list: what it said, and whom it was taken for. ``key`` is the name's, see ``rules.name_key``."""

    admin_list = peewee.ForeignKeyField(AdminList, on_delete="RESTRICT")
    place = peewee.IntegerField()
    text = peewee.TextField()
    name = peewee.CharField(max_length=200)
    key = peewee.CharField(max_length=254, index=True)
    email = peewee.CharField(max_length=254, default="")
    role_words = peewee.CharField(max_length=200, default="")
    role = ChoiceField(PageRole)
    kind = ChoiceField(EntryKind)
    person = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    if TYPE_CHECKING:
        admin_list_id: int
        person_id: int | None


class Identification(Model):
    """Whom an entry turned out to be, after its list was saved; the newest one counts."""

    entry = peewee.ForeignKeyField(AdminEntry, on_delete="RESTRICT")
    kind = ChoiceField(EntryKind)
    person = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    made_by = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
    made_at = UtcDateTimeField()
    if TYPE_CHECKING:
        entry_id: int
        person_id: int | None
        made_by_id: int


class PageChange(Model):
    """A place on a page was changed at the network, with proof: from then on ``role``, ``NOTHING`` for taken off.

    It is about a person, or about an entry of a list that is no person we know; never about both.
    """

    site = peewee.ForeignKeyField(Site, on_delete="RESTRICT")
    person = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    entry = peewee.ForeignKeyField(AdminEntry, null=True, on_delete="RESTRICT")
    role = ChoiceField(PageRole)
    proof = peewee.ForeignKeyField(Proof, on_delete="RESTRICT")
    made_by = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
    made_at = UtcDateTimeField()
    if TYPE_CHECKING:
        site_id: int
        person_id: int | None
        entry_id: int | None
        proof_id: int
        made_by_id: int

    class Meta:
        constraints = (peewee.Check('("person_id" IS NULL) <> ("entry_id" IS NULL)'),)
