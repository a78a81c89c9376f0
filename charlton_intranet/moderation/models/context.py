"""Tables of what belongs to the words of a case: what they answer, for whom staff wrote, and its further keys."""

from typing import TYPE_CHECKING

import peewee

from charlton_intranet.core.database import Model
from charlton_intranet.moderation.models.cases import Case
from charlton_intranet.sites.models import Site


class CaseContext(Model):
    """The post that the words of a case answer, as far as it was captured with them; any part may be empty."""

    case = peewee.ForeignKeyField(Case, primary_key=True, on_delete="RESTRICT")
    text = peewee.TextField(default="")
    handle = peewee.CharField(max_length=150, default="")
    permalink = peewee.CharField(max_length=1000, default="")
    title = peewee.CharField(max_length=300, default="")
    if TYPE_CHECKING:
        case_id: int


class StaffPost(Model):
    """The account that wrote for the town. Staff are no contributors: nothing is ever counted against them."""

    case = peewee.ForeignKeyField(Case, primary_key=True, on_delete="RESTRICT")
    account = peewee.CharField(max_length=150)
    if TYPE_CHECKING:
        case_id: int


class CaseAlias(Model):
    """A further key of a case's post, beside its ``origin_key``: the link of one that came with the network's id.

    Not unique: some networks give all comments below a post that post's link.
    """

    case = peewee.ForeignKeyField(Case, on_delete="RESTRICT")
    site = peewee.ForeignKeyField(Site, index=False, on_delete="RESTRICT")
    key = peewee.CharField(max_length=300)
    if TYPE_CHECKING:
        case_id: int
        site_id: int

    class Meta:
        indexes = ((("site", "key"), False),)
