"""The tables of reviews that were done, and of the cases they led to; what is due is computed."""

from typing import TYPE_CHECKING

import peewee

from charlton_intranet.accounts.models import Person
from charlton_intranet.core.database import Model
from charlton_intranet.core.fields import ChoiceField, UtcDateTimeField
from charlton_intranet.moderation.models import Case
from charlton_intranet.reviews.rules import Result
from charlton_intranet.sites.models import Site


class Review(Model):
    """One regular review of a site (3.6-1). It is written once, when done, and never changed.

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
    """A case that was opened, or joined, from what a review found."""

    review = peewee.ForeignKeyField(Review, index=False, on_delete="RESTRICT")
    case = peewee.ForeignKeyField(Case, on_delete="RESTRICT")
    if TYPE_CHECKING:
        review_id: int
        case_id: int

    class Meta:
        indexes = ((("review", "case"), True),)
