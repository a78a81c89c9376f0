"""The tables of what was done on sites regularly, what it found, and who stands in; what is due is computed.

Looks have a table of their own: they come many times as often as the rest, and hold a result and a note alone.
"""

from typing import TYPE_CHECKING

import peewee

from charlton_intranet.accounts.models import Person
from charlton_intranet.core.database import Model, Versioned
from charlton_intranet.core.fields import ChoiceField, UtcDateTimeField
from charlton_intranet.evidence.models import Piece
from charlton_intranet.moderation.models import Case
from charlton_intranet.reviews.rules import Outcome, Result, ReviewKind
from charlton_intranet.sites.models import Site


class Review(Model):
    """One regular look at a site (3.6-1). It is written once, when done, and never changed.

    ``due_on`` grows with every review of a site; with the site it is unique, so a double press leaves one record.
    """

    site = peewee.ForeignKeyField(Site, index=False, on_delete="RESTRICT")
    due_on = peewee.DateField()
    done_at = UtcDateTimeField()
    done_by = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
    result = ChoiceField(Result)
    note = peewee.TextField(default="")
    if TYPE_CHECKING:
        site_id: int
        done_by_id: int

    class Meta:
        indexes = ((("site", "due_on"), True),)


class ReviewCase(Model):
    """A case that was opened, or joined, from what a look found."""

    review = peewee.ForeignKeyField(Review, index=False, on_delete="RESTRICT")
    case = peewee.ForeignKeyField(Case, on_delete="RESTRICT")
    if TYPE_CHECKING:
        review_id: int
        case_id: int

    class Meta:
        indexes = ((("review", "case"), True),)


class Rhythm(Versioned):
    """How often a site is captured, or reviewed in full, where that is not simply the town's rhythm.

    ``months`` None is the town's, 0 leaves it out. ``since`` is the day from which the first one is counted where that
    is not the day the site went live.
    """

    site = peewee.ForeignKeyField(Site, index=False, on_delete="RESTRICT")
    kind = ChoiceField(ReviewKind)
    months = peewee.IntegerField(null=True)
    since = peewee.DateField(null=True)
    if TYPE_CHECKING:
        site_id: int

    class Meta:
        table_name = "review_rhythm"
        indexes = ((("site", "kind"), True),)


class Round(Model):
    """One capture (3.6-2) or full review (3.6-1) of a site: every line of ``edition`` was answered. Never changed."""

    site = peewee.ForeignKeyField(Site, index=False, on_delete="RESTRICT")
    kind = ChoiceField(ReviewKind)
    due_on = peewee.DateField()
    edition = peewee.IntegerField()
    done_at = UtcDateTimeField()
    done_by = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
    result = ChoiceField(Result)
    note = peewee.TextField(default="")
    if TYPE_CHECKING:
        site_id: int
        done_by_id: int

    class Meta:
        table_name = "review_round"
        indexes = ((("site", "kind", "due_on"), True),)


class Finding(Model):
    """What a round found on a line. ``opened`` names the record that came of it, ``case`` as well where it is one."""

    round = peewee.ForeignKeyField(Round, index=False, on_delete="RESTRICT")
    line = peewee.CharField(max_length=40)
    note = peewee.TextField()
    outcome = ChoiceField(Outcome)
    opened = peewee.CharField(max_length=80, default="")
    case = peewee.ForeignKeyField(Case, null=True, on_delete="RESTRICT")
    if TYPE_CHECKING:
        round_id: int
        case_id: int | None

    class Meta:
        table_name = "review_finding"
        indexes = ((("round", "line"), True),)


class RoundPiece(Model):
    """A picture or an archive that a round took of the site."""

    round = peewee.ForeignKeyField(Round, index=False, on_delete="RESTRICT")
    piece = peewee.ForeignKeyField(Piece, unique=True, on_delete="RESTRICT")
    if TYPE_CHECKING:
        round_id: int
        piece_id: int

    class Meta:
        table_name = "review_piece"
        indexes = ((("round", "piece"), True),)


class HandedOver(Versioned):
    """The reviews of a site are a colleague's from ``starts_on`` through ``ends_on``.

    ``ended_on`` is the day on which it was taken back: from that day it no longer counts.
    """

    site = peewee.ForeignKeyField(Site, on_delete="RESTRICT")
    person = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
    starts_on = peewee.DateField()
    ends_on = peewee.DateField()
    ended_on = peewee.DateField(null=True)
    note = peewee.TextField(default="")
    given_by = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
    given_at = UtcDateTimeField()
    if TYPE_CHECKING:
        site_id: int
        person_id: int
        given_by_id: int

    class Meta:
        table_name = "review_hand_over"
