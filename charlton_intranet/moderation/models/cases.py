"""Tables of what was seen: contributors, cases, their pieces and notes."""

from typing import TYPE_CHECKING

import peewee

from charlton_intranet.accounts.models import Department, Person
from charlton_intranet.core.database import Model, Versioned
from charlton_intranet.core.fields import ChoiceField, UtcDateTimeField
from charlton_intranet.evidence.models import Piece, Seal
from charlton_intranet.moderation.models.imports import ImportRun
from charlton_intranet.moderation.rules import AuthorKind, CaseState, Source
from charlton_intranet.sites.models import Network, Site


class Contributor(Model):
    """Somebody who writes on a network; ``handle_key`` is the handle in lower case without ``@``."""

    network = peewee.ForeignKeyField(Network, on_delete="RESTRICT")
    handle = peewee.CharField(max_length=150)
    handle_key = peewee.CharField(max_length=150)
    if TYPE_CHECKING:
        network_id: int

    class Meta:
        indexes = (
            (("network", "handle_key"), True),
            (("handle_key", "id"), False),
        )


class Case(Versioned):
    """Something seen on a site. ``department`` repeats the site's, as it decides who sees the case.

    ``origin_key`` is what makes two captures the same post: the normalised permalink or the network's own id.
    """

    site = peewee.ForeignKeyField(Site, on_delete="RESTRICT")
    department = peewee.ForeignKeyField(Department, on_delete="RESTRICT", index=False)
    contributor = peewee.ForeignKeyField(Contributor, null=True, on_delete="RESTRICT")
    author_kind = ChoiceField(AuthorKind, default=AuthorKind.PUBLIC)
    text = peewee.TextField()
    permalink = peewee.CharField(max_length=1000, default="")
    origin_key = peewee.CharField(max_length=300, null=True)
    posted_at = UtcDateTimeField(null=True)
    seen_at = UtcDateTimeField()
    seen_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT", index=False)
    source = ChoiceField(Source)
    import_run = peewee.ForeignKeyField(ImportRun, null=True, on_delete="RESTRICT")
    urgent = peewee.BooleanField(default=False)
    state = ChoiceField(CaseState, default=CaseState.OPEN)
    changed_at = UtcDateTimeField()
    due_on = peewee.DateField(null=True)
    dismissed_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT", index=False)
    dismissed_batch = peewee.CharField(max_length=40, null=True, index=True)
    seal = peewee.ForeignKeyField(Seal, null=True, on_delete="RESTRICT")
    closed_at = UtcDateTimeField(null=True)
    if TYPE_CHECKING:
        site_id: int
        department_id: int
        contributor_id: int | None
        seen_by_id: int | None
        import_run_id: int | None
        dismissed_by_id: int | None
        seal_id: int | None

    class Meta:
        table_name = "moderation_case"  # "case" is a word of SQL
        indexes = (
            (("department", "state", "id"), False),
            (("state", "id"), False),
            (("state", "due_on"), False),
            (("site", "origin_key"), True),
        )


# The order of the queue, for who reads one department, the town, or one site.
for _name, _first in (("department", [Case.department]), ("town", []), ("site", [Case.site])):
    Case.add_index(*_first, Case.state, Case.urgent.desc(), Case.due_on, Case.id, name=f"moderation_case_queue_{_name}")


class CasePiece(Model):
    """Which captured pieces belong to a case."""

    case = peewee.ForeignKeyField(Case, on_delete="RESTRICT", backref="pieces")
    piece = peewee.ForeignKeyField(Piece, on_delete="RESTRICT")
    if TYPE_CHECKING:
        case_id: int
        piece_id: int

    class Meta:
        indexes = ((("case", "piece"), True),)


class CaseNote(Model):
    """A remark of somebody who works on the case, or (without a writer) of an import run by a command."""

    case = peewee.ForeignKeyField(Case, on_delete="RESTRICT")
    text = peewee.TextField()
    written_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    written_at = UtcDateTimeField()
    if TYPE_CHECKING:
        case_id: int
        written_by_id: int | None


class Looking(Model):
    """Who has a case open right now; renewed while the page stays open, stale after two minutes."""

    case = peewee.ForeignKeyField(Case, on_delete="CASCADE")
    person = peewee.ForeignKeyField(Person, on_delete="CASCADE")
    seen_at = UtcDateTimeField()
    if TYPE_CHECKING:
        case_id: int
        person_id: int

    class Meta:
        indexes = ((("case", "person"), True),)
