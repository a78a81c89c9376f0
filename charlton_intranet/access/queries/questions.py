"""Questions of an access review that wait for a reply."""

from dataclasses import dataclass
from datetime import datetime

from charlton_intranet.access.models import ReviewedGrant
from charlton_intranet.access.rules import Answer, Asked
from charlton_intranet.accounts.models import Person
from charlton_intranet.core.database import rows
from charlton_intranet.grants.models import Grant
from charlton_intranet.grants.rules import GrantState
from charlton_intranet.sites.models import Site


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question about a grant under review: whom it is put to, whose grant it is about, and who asked when."""

    row_id: int
    asked: Asked
    person_id: int
    person: str
    site: str
    department_id: int
    asked_by: int
    asked_at: datetime


def open_questions(review_id: int, asked_of: int | None = None, asker: int | None = None) -> list[OpenQuestion]:
    """The questions of a review without a reply; one query.

    ``asked_of`` narrows it to one person's and to those for coordinators, ``asker`` to those that this person asked.
    """
    query = (
        ReviewedGrant.select(
            ReviewedGrant.id, ReviewedGrant.asked, Person.id, Person.name, Site.title, Site.department,
            ReviewedGrant.asked_by, ReviewedGrant.asked_at,
        )
        .join_from(ReviewedGrant, Grant)
        .join_from(Grant, Person, on=(Grant.person == Person.id))
        .join_from(Grant, Site)
        .where(
            (ReviewedGrant.review == review_id)
            & (ReviewedGrant.answer == Answer.ASKED)
            & (ReviewedGrant.reply == "")
            & (Grant.state == GrantState.APPROVED)
        )
    )  # fmt: skip
    if asked_of is not None:
        query = query.where((ReviewedGrant.asked == Asked.COORDINATOR) | (Person.id == asked_of))
    if asker is not None:
        query = query.where(ReviewedGrant.asked_by == asker)
    return [OpenQuestion(*row) for row in rows(query)]
