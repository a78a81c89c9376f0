"""Use cases around reviews."""

from dataclasses import dataclass
from datetime import date

from charlton_intranet.accounts.queries import business_calendar
from charlton_intranet.core import audit
from charlton_intranet.core.clock import Clock, today
from charlton_intranet.core.database import unit_of_work
from charlton_intranet.core.errors import Forbidden, Invalid, StaleState
from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.moderation.rules import Captured, Source
from charlton_intranet.moderation.service import Seen, take_in
from charlton_intranet.reviews import queries
from charlton_intranet.reviews.models import Review, ReviewCase
from charlton_intranet.reviews.rules import Result, check_record, next_due

REVIEWED = audit.declare("site.reviewed", "due", "result", "note")
CASE_FOUND = audit.declare("site.case_found", "review", "case")


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a record left: its id, and when the site is to be looked at again."""

    review_id: int
    next_due: date


def record(actor: Actor, site_id: int, due_on: date, *, result: Result, note: str = "", clock: Clock) -> Recorded:
    """Record the review of a site that was due on ``due_on``.

    The same press twice is recorded once. Raises ``StaleState`` when a colleague recorded this review, or the
    due date has moved since the page was opened; ``Forbidden`` for those who only read.
    """
    note, day = note.strip(), today(clock)
    with unit_of_work():
        open_review = queries.standing(site_id)
        department_id = open_review.site.department_id
        actor.must_see(Permission.READ_REVIEWS, department_id)
        own = queries.recordable(actor, day)
        if own is not None and department_id not in own:
            raise Forbidden("The department's Social Media Coordinator records its reviews.")
        check_record(result, note)
        made = Review.get_or_none((Review.site == site_id) & (Review.due_on == due_on))
        if made is not None and (made.done_by_id, made.result, made.note) == (actor.person_id, result, note):
            return Recorded(made.id, open_review.due)
        if made is not None or due_on != open_review.due:
            raise StaleState("This review was recorded while you had it open. Nothing of yours was saved.")
        if day < open_review.opens:
            raise Invalid(
                {"due_on": f"This review can be recorded from {open_review.opens:%B} {open_review.opens.day} on."}
            )
        review_id = int(
            Review.insert(
                site=site_id, due_on=due_on, done_at=clock.now(), done_by=actor.person_id, result=result, note=note
            ).execute()
        )
        audit.record(
            REVIEWED, actor, f"site:{site_id}", clock=clock, due=due_on, result=result, note=audit.digest_of(note)
        )
        return Recorded(review_id, next_due(open_review.site.cadence, day, business_calendar()))


def open_case(actor: Actor, review_id: int, seen: Seen, *, clock: Clock) -> Captured:
    """Capture what a review found, and keep that it was found there; a post that is a case already is joined to it.

    Raises ``NotFound`` for a review that found nothing, and ``Invalid`` for the fields of the capture.
    """
    review = queries.findings(actor, review_id)
    if seen.site_id != review.site.id:
        raise Invalid({"site_id": f"This review was of {review.site.title}. Capture what stands elsewhere by itself."})
    with unit_of_work():
        captured = take_in(actor, seen, source=Source.REVIEW, clock=clock)
        ReviewCase.insert(review=review.id, case=captured.case_id).on_conflict(
            conflict_target=[ReviewCase.review, ReviewCase.case], action="NOTHING"
        ).execute()
        audit.record(CASE_FOUND, actor, f"site:{review.site.id}", clock=clock, review=review.id, case=captured.case_id)
        return captured
