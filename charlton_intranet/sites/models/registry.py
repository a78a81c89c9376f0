"""Tables of accounts that somebody knows of and that nobody has asked for yet, and of the files they came in."""

from typing import TYPE_CHECKING

import peewee

from charlton_intranet.accounts.models import Department, Person
from charlton_intranet.core.database import Model, Versioned
from charlton_intranet.core.fields import ChoiceField, UtcDateTimeField
from charlton_intranet.core.files import StoredFile
from charlton_intranet.sites.models.sites import Network, Site
from charlton_intranet.sites.rules.registry import ImportState, ListedState


class RegistryImport(Versioned):
    """A list that was handed in. ``columns`` and ``departments`` say, as JSON, how it is read."""

    file = peewee.ForeignKeyField(StoredFile, on_delete="RESTRICT")
    state = ChoiceField(ImportState, default=ImportState.PREVIEWED)
    columns = peewee.TextField()
    departments = peewee.TextField(default="{}")
    handed_in_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    handed_in_at = UtcDateTimeField()
    finished_at = UtcDateTimeField(null=True)
    rows = peewee.IntegerField(default=0)
    taken = peewee.IntegerField(default=0)
    known = peewee.IntegerField(default=0)
    refused = peewee.IntegerField(default=0)
    if TYPE_CHECKING:
        file_id: int
        handed_in_by_id: int | None


class RegistryRefusal(Model):
    """A row that did not go in, with the reason and, as JSON, its cells."""

    registry_import = peewee.ForeignKeyField(RegistryImport, on_delete="CASCADE")
    row = peewee.IntegerField()
    reason = peewee.TextField()
    cells = peewee.TextField()


class ListedAccount(Versioned):
    """An account of the town, or said to be, that waits for its department. It is not official and gives no authority.

    ``network`` is null while the catalogue does not have it. ``address_key`` names network and account whatever the
    catalogue calls the network. ``facts`` holds the other columns of the list as JSON.
    """

    department = peewee.ForeignKeyField(Department, null=True, on_delete="RESTRICT")
    network = peewee.ForeignKeyField(Network, null=True, on_delete="RESTRICT")
    network_name = peewee.CharField(max_length=80)
    address = peewee.CharField(max_length=500)
    address_key = peewee.CharField(max_length=500, unique=True)
    handle = peewee.CharField(max_length=150)
    title = peewee.CharField(max_length=150)
    note = peewee.TextField(default="")
    facts = peewee.TextField(default="{}")
    registry_import = peewee.ForeignKeyField(RegistryImport, on_delete="RESTRICT")
    row = peewee.IntegerField()
    listed_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    listed_on = peewee.DateField()
    state = ChoiceField(ListedState, default=ListedState.LISTED, index=True)
    site = peewee.ForeignKeyField(Site, null=True, on_delete="RESTRICT")
    reason = peewee.TextField(default="")
    settled_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    settled_on = peewee.DateField(null=True)
    if TYPE_CHECKING:
        department_id: int | None
        network_id: int | None
        registry_import_id: int
        listed_by_id: int | None
        site_id: int | None
        settled_by_id: int | None
