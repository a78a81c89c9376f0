"""Looks: what is due, recording one, and the case it leads to."""

from datetime import date

from flask import Response, request, url_for

from charlton_intranet.core.errors import Invalid
from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.moderation.queries import CaseView
from charlton_intranet.moderation.rules import Captured
from charlton_intranet.moderation.service import Seen
from charlton_intranet.moderation.web.capture import Desk, filled_from_address, post_capture, show_capture
from charlton_intranet.moderation.web.sections import section
from charlton_intranet.reviews import queries, service
from charlton_intranet.reviews.forms import ReviewForm
from charlton_intranet.reviews.rules import CHECKLIST, Result
from charlton_intranet.reviews.web.shared import blueprint, lists
from charlton_intranet.sites.web.shared import RECORD
from charlton_intranet.web import context
from charlton_intranet.web.filters import day
from charlton_intranet.web.guard import needs
from charlton_intranet.web.responding import done, respond


@blueprint.get("")
@needs(Permission.READ_REVIEWS)
def index() -> Response:
    """What is due, by urgency, beside the review to record next."""
    return _board(request.args.get("site", type=int))


@blueprint.post(f"/sites/<{RECORD}:site_id>")
@needs(Permission.READ_REVIEWS)
def record(site_id: int) -> Response:
    """Record a review and move on to the next."""
    form = ReviewForm()
    if form.validate():
        result = Result(form.result.data)
        try:
            made = service.record(
                context.actor(), site_id, form.due_on.data or date.min, result=result, note=form.note.data or "",
                clock=context.clock(),
            )  # fmt: skip
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            found = made.review_id if result is Result.FINDINGS else None
            return done(url_for("reviews.index", found=found), f"Recorded. The next one is due {day(made.next_due)}.")
    return _board(site_id, form, status=422)


@blueprint.get(f"/<{RECORD}:review_id>/case")
@needs(Permission.CAPTURE_CONTENT)
def new_case(review_id: int) -> Response:
    """The capture form for what a review found."""
    review = _mine_to_capture(review_id)
    return show_capture(filled_from_address(site_id=review.site.id), _desk(review))


@blueprint.post(f"/<{RECORD}:review_id>/case")
@needs(Permission.CAPTURE_CONTENT)
def take_case(review_id: int) -> Response:
    """Take in what a review found, and keep that it was found there."""
    review = _mine_to_capture(review_id)

    def take(seen: Seen) -> Captured:
        return service.open_case(context.actor(), review_id, seen, clock=context.clock())

    return post_capture(take, _desk(review))


@section("review")
def on_the_case(_actor: Actor, case: CaseView) -> list[queries.FoundIn]:
    """The reviews in which the case was found."""
    return queries.found_in(case.id)


def _mine_to_capture(review_id: int) -> queries.Findings:
    """What the review found, for somebody who captures what stands on its site."""
    review = queries.findings(context.actor(), review_id)
    context.actor().must_have(Permission.CAPTURE_CONTENT, review.site.department_id)
    return review


def _desk(review: queries.Findings) -> Desk:
    about = f"Found in the review of {review.site.title} that was due {day(review.due)}: {review.note}"
    back_url = url_for("reviews.site", site_id=review.site.id)
    return Desk(url_for("reviews.take_case", review_id=review.id), about, back_url)


def _board(site_id: int | None, form: ReviewForm | None = None, *, status: int = 200) -> Response:
    today = context.today()
    board = queries.board(context.actor(), today, after=request.args.get("after", ""))
    chosen = board.first_open(today) if site_id is None else board.of(site_id)
    found = request.args.get("found", type=int)
    if chosen and form is None:
        form = ReviewForm(formdata=None, due_on=chosen.due)
    return respond(
        "reviews/index.html", "reviews/_board.html", status=status,
        board=board, chosen=chosen, form=form, today=today, checklist=CHECKLIST,
        found=queries.findings(context.actor(), found) if found else None, lists=lists(),
    )  # fmt: skip
