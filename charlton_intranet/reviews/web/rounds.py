"""Captures and full reviews: what is due, the form with its checklist, and the record."""

from typing import Any

from flask import Response, request, url_for

from charlton_intranet.core.permissions import Permission
from charlton_intranet.evidence.inspect import ACCEPT
from charlton_intranet.moderation.web.uploads import take_evidence
from charlton_intranet.reviews import queries, service
from charlton_intranet.reviews.forms import posted_round, round_form
from charlton_intranet.reviews.queries import Standing
from charlton_intranet.reviews.rules import ReviewKind, edition_in_force, lines_of
from charlton_intranet.reviews.service import Recorded
from charlton_intranet.reviews.web.shared import blueprint, lists
from charlton_intranet.sites.web.shared import RECORD, taken
from charlton_intranet.web import context
from charlton_intranet.web.filters import day
from charlton_intranet.web.guard import needs
from charlton_intranet.web.responding import go, respond

P = Permission

SITE = f"/sites/<{RECORD}:site_id>"
# The list of each kind.
LISTS = {ReviewKind.CAPTURE: "/reviews/captures", ReviewKind.FULL: "/reviews/full"}


@blueprint.get("/captures")
@needs(P.READ_REVIEWS)
def captures() -> Response:
    """The sites by the day on which their capture is due."""
    return _list(ReviewKind.CAPTURE)


@blueprint.get("/full")
@needs(P.READ_REVIEWS)
def full_reviews() -> Response:
    """The sites by the day on which their full review is due."""
    return _list(ReviewKind.FULL)


@blueprint.get(f"{SITE}/capture")
@needs(P.READ_REVIEWS)
def capture(site_id: int) -> Response:
    """The checklist of a capture."""
    return _empty_form(_mine(site_id, ReviewKind.CAPTURE))


@blueprint.get(f"{SITE}/full")
@needs(P.READ_REVIEWS)
def full_review(site_id: int) -> Response:
    """The checklist of a full review."""
    return _empty_form(_mine(site_id, ReviewKind.FULL))


@blueprint.post(f"{SITE}/capture")
@needs(P.READ_REVIEWS)
def record_capture(site_id: int) -> Response:
    """Record a capture, and open what its findings ask for."""
    return _record(_mine(site_id, ReviewKind.CAPTURE))


@blueprint.post(f"{SITE}/full")
@needs(P.READ_REVIEWS)
def record_full_review(site_id: int) -> Response:
    """Record a full review, and open what its findings ask for."""
    return _record(_mine(site_id, ReviewKind.FULL))


@blueprint.get(f"/rounds/<{RECORD}:round_id>")
@needs(P.READ_REVIEWS)
def round_sheet(round_id: int) -> Response:
    """A capture or full review as it was made, with what came of it."""
    return respond("reviews/round.html", sheet=queries.round_sheet(context.actor(), round_id))


def _mine(site_id: int, kind: ReviewKind) -> Standing:
    """Where the site stands, for somebody who records what is done on it."""
    found = queries.standing(site_id, kind)
    queries.must_record(context.actor(), [found.site], context.today())
    context.remember_site(site_id)
    return found


def _list(kind: ReviewKind) -> Response:
    today = context.today()
    board = queries.board(context.actor(), today, kind, after=request.args.get("after", ""))
    return respond("reviews/rounds.html", board=board, kind=kind, today=today, lists=lists(), here=LISTS[kind])


def _empty_form(found: Standing) -> Response:
    return _form_page(
        found, round_form(found.kind, formdata=None, due_on=found.due, edition=edition_in_force(found.kind))
    )


def _record(found: Standing) -> Response:
    form = round_form(found.kind)
    made: list[Recorded] = []

    def step() -> None:
        facts = posted_round(form, found.kind, take_evidence(form.files.data, "files"))
        made.append(service.record_round(context.actor(), found.site.id, found.kind, facts, clock=context.clock()))

    if not taken(form, step):
        return _form_page(found, form, status=422)
    url = url_for("reviews.round_sheet", round_id=made[0].review_id)
    return go(url, f"Recorded. The next one is due {day(made[0].next_due)}.")


def _form_page(found: Standing, form: Any, *, status: int = 200) -> Response:
    lost_files = status != 200 and any(request.files.getlist("files"))
    return respond(
        "reviews/round_form.html", "reviews/_round_form.html", status=status,
        row=found, site=found.site, kind=found.kind, form=form, lines=lines_of(found.kind), today=context.today(),
        accept=ACCEPT, lost_files=lost_files, list_url=LISTS[found.kind],
    )  # fmt: skip
