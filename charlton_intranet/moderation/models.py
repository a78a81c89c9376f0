"""Tables of cases and of each step of their lives."""

from typing import TYPE_CHECKING

import peewee

from charlton_intranet.accounts.models import Department, Person
from charlton_intranet.core.database import Model, Versioned
from charlton_intranet.core.fields import ChoiceField, UtcDateTimeField
from charlton_intranet.evidence.models import Piece, Seal
from charlton_intranet.moderation.rules import AuthorKind, CaseState, ImportState, Outcome, Position, Source
from charlton_intranet.sites.models import Network, Site


class Contributor(Model):
    """Somebody who writes on a network; ``handle_key`` is the handle in lower case without ``@``."""

    network = peewee.ForeignKeyField(Network, on_delete="RESTRICT")
    handle = peewee.CharField(max_length=150)
    handle_key = peewee.CharField(max_length=150)
    if TYPE_CHECKING:
        network_id: int

    class Meta:
        indexes = ((("network", "handle_key"), True),)


class ImportRun(Versioned):
    """One file of comments; counted while it runs, so that a page can show how far it is.

    ``mapping`` is JSON from our field to the file's column; ``moved_at`` tells a run at work from one that died.
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


class ImportRefusal(Model):
    """A row of an import that did not go in, with the reason and the mend. ``row_number`` counts the header as 1."""

    run = peewee.ForeignKeyField(ImportRun, on_delete="CASCADE")
    row_number = peewee.IntegerField()
    reason = peewee.CharField(max_length=300)
    excerpt = peewee.CharField(max_length=200)
    if TYPE_CHECKING:
        run_id: int


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
            (("department", "state", "urgent", "id"), False),
            (("state", "urgent", "id"), False),
            (("state", "due_on"), False),
            (("site", "origin_key"), True),
        )


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


class Consultation(Model):
    """The department head's advice, asked for with the concern (3.6-4). One a case."""

    case = peewee.ForeignKeyField(Case, on_delete="RESTRICT", unique=True)
    concern = peewee.TextField()
    categories = peewee.CharField(max_length=40)
    asked_by = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
    asked_at = UtcDateTimeField()
    due_on = peewee.DateField()
    position = ChoiceField(Position, null=True)
    text = peewee.TextField(default="")
    given_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    given_at = UtcDateTimeField(null=True)
    if TYPE_CHECKING:
        case_id: int
        asked_by_id: int
        given_by_id: int | None


class Determination(Model):
    """The Town Administrator's decision. It can not exist without sealed evidence and the consultation."""

    case = peewee.ForeignKeyField(Case, on_delete="RESTRICT", unique=True)
    seal = peewee.ForeignKeyField(Seal, on_delete="RESTRICT")
    consultation = peewee.ForeignKeyField(Consultation, on_delete="RESTRICT")
    outcome = ChoiceField(Outcome)
    categories = peewee.CharField(max_length=40)
    quote = peewee.TextField()
    reason = peewee.TextField()
    same_if_praise = peewee.BooleanField(null=True)
    decided_by = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
    decided_at = UtcDateTimeField()
    acting = peewee.BooleanField(default=False)
    if TYPE_CHECKING:
        case_id: int
        seal_id: int
        consultation_id: int
        decided_by_id: int


class Order(Model):
    """The order to hide or remove. It can not exist without a determination and its sealed evidence.

    Done means that ``gone`` shows the content is no longer there.
    """

    determination = peewee.ForeignKeyField(Determination, on_delete="RESTRICT", unique=True)
    seal = peewee.ForeignKeyField(Seal, on_delete="RESTRICT")
    outcome = ChoiceField(Outcome)
    ordered_at = UtcDateTimeField()
    due_on = peewee.DateField()
    done_at = UtcDateTimeField(null=True)
    done_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    gone = peewee.ForeignKeyField(Piece, null=True, on_delete="RESTRICT")
    if TYPE_CHECKING:
        determination_id: int
        seal_id: int
        done_by_id: int | None
        gone_id: int | None

    class Meta:
        table_name = "removal_order"  # "order" is a word of SQL
