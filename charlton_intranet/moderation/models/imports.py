"""Tables of files of comments on their way in."""

from typing import TYPE_CHECKING

import peewee

from charlton_intranet.accounts.models import Person
from charlton_intranet.core.database import Model, Versioned
from charlton_intranet.core.fields import ChoiceField, UtcDateTimeField
from charlton_intranet.moderation.rules import ImportState
from charlton_intranet.sites.models import Site


class ImportRun(Versioned):
    """One file of comments; counted while it runs, so that a page can show how far it is.

    ``mapping`` is JSON from our field to the file's column, empty for a file in the intake format; ``moved_at`` tells
    a run at work from one that died.
    """

    site = peewee.ForeignKeyField(Site, on_delete="RESTRICT")
    file_name = peewee.CharField(max_length=200)
    file_sha256 = peewee.FixedCharField(64)
    mapping = peewee.TextField()
    started_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    started_at = UtcDateTimeField()
    moved_at = UtcDateTimeField()
    finished_at = UtcDateTimeField(null=True)
    state = ChoiceField(ImportState, default=ImportState.WAITING)
    total = peewee.IntegerField(default=0)
    done = peewee.IntegerField(default=0)
    accepted = peewee.IntegerField(default=0)
    joined = peewee.IntegerField(default=0)
    refused = peewee.IntegerField(default=0)
    error = peewee.CharField(max_length=500, default="")
    if TYPE_CHECKING:
        site_id: int
        started_by_id: int | None


class ImportFile(Model):
    """The bytes of a file while its run needs them; they go when it is done, as the cases hold the words then."""

    run = peewee.ForeignKeyField(ImportRun, primary_key=True, on_delete="CASCADE")
    content = peewee.BlobField()
    if TYPE_CHECKING:
        run_id: int


class ImportBlock(Model):
    """A piece of a file in the intake format, in the file's order: no more than one of them need be in memory."""

    run = peewee.ForeignKeyField(ImportRun, index=False, on_delete="CASCADE")
    number = peewee.IntegerField()
    content = peewee.BlobField()
    if TYPE_CHECKING:
        run_id: int

    class Meta:
        indexes = ((("run", "number"), True),)


class ImportRefusal(Model):
    """A row of an import that did not go in, with the reason and the mend.

    ``row_number`` counts the header of a CSV file as 1, and of the intake format the lines.
    """

    run = peewee.ForeignKeyField(ImportRun, on_delete="CASCADE")
    row_number = peewee.IntegerField()
    reason = peewee.CharField(max_length=300)
    excerpt = peewee.CharField(max_length=200)
    if TYPE_CHECKING:
        run_id: int
