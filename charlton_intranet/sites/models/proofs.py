"""Table of proofs: what shows that something was done on a site."""

from typing import TYPE_CHECKING

import peewee

from charlton_intranet.accounts.models import Person
from charlton_intranet.core.database import Model
from charlton_intranet.core.fields import UtcDateTimeField
from charlton_intranet.core.files import StoredFile
from charlton_intranet.sites.models.sites import Site


class Proof(Model):
    """A link, a note, a picture, or several of them; whoever reads the site's records sees it. Never changed."""

    site = peewee.ForeignKeyField(Site, on_delete="RESTRICT")
    link = peewee.CharField(max_length=500, default="")
    note = peewee.TextField(default="")
    picture = peewee.ForeignKeyField(StoredFile, null=True, on_delete="RESTRICT")
    added_by = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
    added_at = UtcDateTimeField()
    if TYPE_CHECKING:
        site_id: int
        picture_id: int | None
        added_by_id: int
