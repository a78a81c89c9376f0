"""Grants of the quarter's review that wait for an answer, and questions that wait for a reply."""

from collections import Counter
from collections.abc import Iterator

from charlton_intranet.access.duties.shared import Offices, departments_of
from charlton_intranet.access.models import AccessReview
from charlton_intranet.access.queries import reviews as queries
from charlton_intranet.access.queries.questions import open_questions
from charlton_intranet.access.rules import Asked
from charlton_intranet.core.clock import town_time
from charlton_intranet.core.duties import Duty, Kind, Owner, Scope
from charlton_intranet.core.permissions import Role

REVIEW = Kind(
    "access.review",
    "3.3-3",
    "Review the grants",
    ladder=(3, 1, 0),
    repeat_days=1,
    escalate_after=1,
    label="Review the quarter's grants",
    by="Department Head or Town Administrator",
)
REPLY = Kind(
    "access.reply",
    "3.3-3",
    "Reply",
    ladder=(1, 0),
    repeat_days=1,
    escalate_after=1,
    label="Reply to a question about a grant",
    by="Whoever is asked",
)
KINDS = (REVIEW, REPLY)


def owed(scope: Scope) -> Iterator[Duty]:
    """What the open review asks of heads, of the Town Administrator, and of who was asked a question."""
    review = queries.open_review()
    if review is None:
        return
    town = scope.actor is None or scope.actor.holds(Role.ADMINISTRATOR)
    if scope.asker is None and (town or departments_of(scope, frozenset({Role.DEPARTMENT_HEAD}))):
        yield from _answers(scope, review)
    yield from _questions(scope, review)


def _answers(scope: Scope, review: AccessReview) -> Iterator[Duty]:
    """The head answers for the department; for the head's own grants, and where there is none, the administrator."""
    heads = queries.heads(scope.today)
    headed = {department_id for department_id, _ in heads}
    waiting: Counter[int | None] = Counter()
    for department_id, person_id, number in queries.unanswered(review.id):
        others = department_id in headed and (department_id, person_id) not in heads
        waiting[department_id if others else None] += number
    for owing, number in waiting.items():
        about, url = f"access_review:{review.id}", f"/access/reviews/{review.id}?open=yes"
        yield Duty(
            kind=REVIEW,
            subject=f"{about}/department:{owing}" if owing else about,
            title=f"Review {number} {'grant' if number == 1 else 'grants'} of {review.quarter}"
            + ("" if owing else " that no Department Head answers for"),
            owner=Owner(role=Role.DEPARTMENT_HEAD if owing else Role.ADMINISTRATOR, department_id=owing),
            due=review.due_on,
            url=f"{url}&department={owing}" if owing else url,
            department_id=owing,
        )


def _questions(scope: Scope, review: AccessReview) -> Iterator[Duty]:
    offices = Offices(scope.today)
    asked_of = scope.actor.person_id if scope.actor else None
    for question in open_questions(review.id, asked_of, scope.asker):
        own = question.asked is Asked.PERSON
        whose = "your grant" if own else f"the grant of {question.person}"
        yield Duty(
            kind=REPLY,
            subject=f"reviewed_grant:{question.row_id}",
            title=f"Reply to the question about {whose} on {question.site}",
            owner=Owner(person_id=question.person_id) if own else offices.of(question.department_id),
            due=review.due_on,
            url=f"/access/questions/{question.row_id}",
            department_id=question.department_id,
            asked_by=question.asked_by,
            since=town_time(question.asked_at).date(),
        )
