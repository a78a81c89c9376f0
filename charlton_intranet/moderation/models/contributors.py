"""Tables about contributors: linked handles, warnings, restrictions, letters.

Nothing here counts anything. What counts against somebody is read from determinations that stand.
"""

from typing import TYPE_CHECKING

import peewee

from charlton_intranet.accounts.models import Department, Person
from charlton_intranet.core.database import Model, Versioned
from charlton_intranet.core.fields import ChoiceField, UtcDateTimeField
from charlton_intranet.evidence.models import Piece, Seal
from charlton_intranet.moderation.models.cases import Case, Contributor
from charlton_intranet.moderation.models.deciding import Determination
from charlton_intranet.moderation.rules import Position
from charlton_intranet.moderation.rules.contributors import Cause, LinkState, RestrictionState
from charlton_intranet.moderation.rules.letters import LetterHow, LetterKind
from charlton_intranet.sites.models import Site


class HandleLink(Versioned):
    """Two handles taken for one person's, with the reason. ``a`` has the lower id. Kept after it is undone."""

    a = peewee.ForeignKeyField(Contributor, on_delete="RESTRICT")
    b = peewee.ForeignKeyField(Contributor, on_delete="RESTRICT")
    state = ChoiceField(LinkState, default=LinkState.PROPOSED, index=True)
    reason = peewee.TextField()
    proposed_by = peewee.ForeignKeyField(Person, on_delete="RESTRICT", index=False)
    proposed_at = UtcDateTimeField()
    decided_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT", index=False)
    decided_at = UtcDateTimeField(null=True)
    decision = peewee.TextField(default="")
    ended_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT", index=False)
    ended_at = UtcDateTimeField(null=True)
    ended_reason = peewee.TextField(default="")
    if TYPE_CHECKING:
        a_id: int
        b_id: int
        proposed_by_id: int
        decided_by_id: int | None
        ended_by_id: int | None


HandleLink.add_index(
    HandleLink.index(HandleLink.a, HandleLink.b, unique=True, name="handlelink_one_open").where(
        peewee.SQL("\"state\" IN ('proposed', 'standing')")
    )
)


class LinkedHandle(Model):
    """Which handles are one person's, worked out from the standing links so that no page has to walk them.

    ``head`` is the one with the lowest id. A handle without links has no row.
    """

    contributor = peewee.ForeignKeyField(Contributor, primary_key=True, on_delete="CASCADE")
    head = peewee.ForeignKeyField(Contributor, on_delete="CASCADE")
    if TYPE_CHECKING:
        contributor_id: int
        head_id: int


class Restriction(Versioned):
    """Somebody is kept from writing on one site until a day. ``department`` repeats the site's.

    ``asked_days`` were proposed, ``days`` decided. ``due_on`` is the day of the next step. ``review_on`` and
    ``ends_on`` are there from the day it took effect.
    """

    contributor = peewee.ForeignKeyField(Contributor, on_delete="RESTRICT")
    site = peewee.ForeignKeyField(Site, on_delete="RESTRICT")
    department = peewee.ForeignKeyField(Department, on_delete="RESTRICT", index=False)
    cause = ChoiceField(Cause)
    state = ChoiceField(RestrictionState, default=RestrictionState.PROPOSED)
    due_on = peewee.DateField(null=True)
    asked_days = peewee.IntegerField()
    reason = peewee.TextField()
    deviation = peewee.TextField(default="")
    proposed_by = peewee.ForeignKeyField(Person, on_delete="RESTRICT", index=False)
    proposed_at = UtcDateTimeField()
    view_due_on = peewee.DateField()
    view = ChoiceField(Position, null=True)
    view_text = peewee.TextField(default="")
    view_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT", index=False)
    view_at = UtcDateTimeField(null=True)
    days = peewee.IntegerField(null=True, constraints=[peewee.Check('"days" IN (30, 90, 365)')])
    decision = peewee.TextField(default="")
    same_if_praise = peewee.BooleanField(null=True)
    decided_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT", index=False)
    decided_at = UtcDateTimeField(null=True)
    acting = peewee.BooleanField(default=False)
    starts_on = peewee.DateField(null=True)
    review_on = peewee.DateField(null=True)
    ends_on = peewee.DateField(null=True)
    started_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT", index=False)
    started_at = UtcDateTimeField(null=True)
    proof = peewee.ForeignKeyField(Piece, null=True, on_delete="RESTRICT")
    over_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT", index=False)
    over_at = UtcDateTimeField(null=True)
    over_reason = peewee.TextField(default="")
    over_proof = peewee.ForeignKeyField(Piece, null=True, on_delete="RESTRICT")
    if TYPE_CHECKING:
        contributor_id: int
        site_id: int
        department_id: int
        proposed_by_id: int
        view_by_id: int | None
        decided_by_id: int | None
        started_by_id: int | None
        proof_id: int | None
        over_by_id: int | None
        over_proof_id: int | None

    class Meta:
        indexes = (
            (("department", "state", "id"), False),
            (("state", "due_on"), False),
        )


Restriction.add_index(
    Restriction.index(Restriction.contributor, Restriction.site, unique=True, name="restriction_one_open").where(
        peewee.SQL("\"state\" IN ('proposed', 'approved', 'in_force', 'lifting')")
    )
)


class RestrictionReview(Model):
    """The Town Administrator looked at a restriction again: it stays until its end, or goes earlier (3.7-4)."""

    restriction = peewee.ForeignKeyField(Restriction, on_delete="RESTRICT")
    stays = peewee.BooleanField()
    reason = peewee.TextField()
    reviewed_by = peewee.ForeignKeyField(Person, on_delete="RESTRICT", index=False)
    reviewed_at = UtcDateTimeField()
    if TYPE_CHECKING:
        restriction_id: int
        reviewed_by_id: int


class RestrictionGround(Model):
    """A decision that a restriction rests on, with its sealed evidence: without one it can not be proposed.

    ``reviewed`` is the review that took notice of the decision's reversal.
    """

    restriction = peewee.ForeignKeyField(Restriction, on_delete="RESTRICT", index=False)
    determination = peewee.ForeignKeyField(Determination, on_delete="RESTRICT")
    seal = peewee.ForeignKeyField(Seal, on_delete="RESTRICT", index=False)
    reviewed = peewee.ForeignKeyField(RestrictionReview, null=True, on_delete="RESTRICT", index=False)
    if TYPE_CHECKING:
        restriction_id: int
        determination_id: int
        seal_id: int
        reviewed_id: int | None

    class Meta:
        indexes = ((("restriction", "determination"), True),)


class Letter(Model):
    """A letter as it went out, to the letter, with the edition of the template it was drafted from. Never changed.

    ``contributor`` is None when the writer is not known; ``why_not`` says why one was not sent.
    """

    kind = ChoiceField(LetterKind)
    edition = peewee.IntegerField()
    case = peewee.ForeignKeyField(Case, null=True, on_delete="RESTRICT")
    contributor = peewee.ForeignKeyField(Contributor, null=True, on_delete="RESTRICT")
    restriction = peewee.ForeignKeyField(Restriction, null=True, on_delete="RESTRICT")
    subject = peewee.CharField(max_length=200)
    text = peewee.TextField()
    how = ChoiceField(LetterHow)
    sent_on = peewee.DateField(null=True)
    why_not = peewee.CharField(max_length=500, default="")
    kept_by = peewee.ForeignKeyField(Person, on_delete="RESTRICT", index=False)
    kept_at = UtcDateTimeField()
    if TYPE_CHECKING:
        case_id: int | None
        contributor_id: int | None
        restriction_id: int | None
        kept_by_id: int

    class Meta:
        table_name = "contributor_letter"  # a letter of the town's own people is a "letter"


class ContributorWarning(Model):
    """A warning that came with a determination. It counts no longer than the determination does."""

    contributor = peewee.ForeignKeyField(Contributor, on_delete="RESTRICT")
    determination = peewee.ForeignKeyField(Determination, on_delete="RESTRICT", unique=True)
    letter = peewee.ForeignKeyField(Letter, null=True, on_delete="RESTRICT", index=False)
    warned_by = peewee.ForeignKeyField(Person, on_delete="RESTRICT", index=False)
    warned_at = UtcDateTimeField()
    if TYPE_CHECKING:
        contributor_id: int
        determination_id: int
        letter_id: int | None
        warned_by_id: int
