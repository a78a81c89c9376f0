"""Access reviews: the quarter's grants, one by one or many at once, and questions about them."""

from typing import Any

from flask import Response, request, url_for

from charlton_intranet.access.forms import AnswerForm, ReplyForm, ReviewFilterForm
from charlton_intranet.access.queries import reviews as queries
from charlton_intranet.access.queries.reviews import Figures
from charlton_intranet.access.rules import Asked, coming
from charlton_intranet.access.service import reviews as service
from charlton_intranet.access.web.shared import P, blueprint
from charlton_intranet.grants.web.shared import tabs
from charlton_intranet.sites.web.shared import LARGEST, RECORD, department_choices, number, posted_version, taken
from charlton_intranet.web import context
from charlton_intranet.web.guard import needs
from charlton_intranet.web.responding import done, respond

REVIEW = f"/access/reviews/<{RECORD}:review_id>"
ROW = f"/access/reviews/grants/<{RECORD}:row_id>"
QUESTION = f"/access/questions/<{RECORD}:row_id>"


@blueprint.get("/access/reviews")
@needs(P.READ_SITE_RECORDS)
def reviews() -> Response:
    """Every access review with its figures."""
    actor, found = context.actor(), queries.reviews()
    reach = actor.departments_for(P.READ_SITE_RECORDS)
    figures = queries.figures([review.id for review in found], reach)
    opens = coming(found[0].quarter if found else "", context.today()) if actor.may(P.REVIEW_ACCESS) else None
    rows = [(review, sum(figures.get(review.id, {}).values(), Figures())) for review in found]
    return respond("access/reviews.html", rows=rows, opens=opens, tabs=tabs("/access/reviews"))


@blueprint.post("/access/reviews")
@needs(P.REVIEW_ACCESS)
def open_review() -> Response:
    """Open a review ahead of the timetable."""
    review_id = service.open_now(context.actor(), pressed=request.form.get("quarter", ""), clock=context.clock())
    return done(url_for("access.review", review_id=review_id), "The review is open.")


@blueprint.get(REVIEW)
@needs(P.READ_SITE_RECORDS)
def review(review_id: int) -> Response:
    """The grants of a review, and its figures by department."""
    actor, found = context.actor(), queries.review(review_id)
    form = ReviewFilterForm(request.args, meta={"csrf": False})
    form.department.choices = {"": "All", **department_choices(actor, P.READ_SITE_RECORDS)}
    department_id, open_only = number("department"), request.args.get("open") == "yes"
    page = queries.rows_page(
        actor, review_id, context.today(), department_id=department_id, open_only=open_only, after=number("after") or 0
    )
    figures = queries.figures([review_id], actor.departments_for(P.READ_SITE_RECORDS)).get(review_id, {})
    kept: dict[str, Any] = {"department": department_id, "open": "yes" if open_only else None}
    return respond(
        "access/review.html", "access/_review.html",
        review=found, listed=page, form=form,
        figures=[*figures.items(), ("All", sum(figures.values(), Figures()))] if figures else [],
        may=[row.id for row in page.rows if not found.closed_at and actor.may(P.REVIEW_ACCESS, row.department_id)],
        next_url=url_for("access.review", review_id=review_id, after=page.next_key, **kept) if page.next_key else None,
        filtered=department_id is not None or open_only, tabs=tabs("/access/reviews"),
    )  # fmt: skip


@blueprint.post(f"{REVIEW}/keep")
@needs(P.REVIEW_ACCESS, fresh=True)
def keep_many(review_id: int) -> Response:
    """Keep the ticked grants that have no flag; says of each other one why not."""
    chosen = [tuple(map(int, pair.split("."))) for pair in request.form.getlist("grant") if _is_pair(pair)]
    queries.review(review_id)
    refused = service.keep_many(context.actor(), [(row, version) for row, version in chosen], clock=context.clock())
    said = f"{len(chosen) - len(refused)} kept." + "".join(f" Not kept: {why}" for why in refused.values())
    back = url_for("access.review", review_id=review_id, department=request.form.get("department") or None, open="yes")
    return done(back, said if chosen else "Nothing was ticked.", "info" if refused or not chosen else "success")


@blueprint.get(ROW)
@needs(P.READ_SITE_RECORDS)
def reviewed(row_id: int) -> Response:
    """One grant under review, and the form to answer."""
    return _reviewed(row_id)


@blueprint.post(ROW)
@needs(P.REVIEW_ACCESS, fresh=True)
def answer(row_id: int) -> Response:
    """Keep it, revoke it, or ask."""
    form = AnswerForm()

    def step() -> None:
        actor, version, text = context.actor(), posted_version(), form.note.data or ""
        if form.answer.data == "ask":
            asked = Asked(form.asked.data or Asked.COORDINATOR)
            service.ask(actor, row_id, version, asked=asked, question=text, clock=context.clock())
        else:
            service.answer(
                actor, row_id, version, keep=form.answer.data == "keep", note=text,
                exception=form.exception.data or "", clock=context.clock(),
            )  # fmt: skip

    if taken(form, step):
        found = queries.row(row_id, context.today())
        back = url_for("access.review", review_id=found.review_id, department=found.department_id, open="yes")
        return done(back, f"{found.person} on {found.site}: {found.answer.label.lower()}.")
    return _reviewed(row_id, form, status=422)


@blueprint.get(QUESTION)
@needs(P.USE_APP)
def question(row_id: int) -> Response:
    """A question about a grant."""
    return _question(row_id)


@blueprint.post(QUESTION)
@needs(P.USE_APP)
def reply(row_id: int) -> Response:
    """Reply to it."""
    form = ReplyForm()

    def step() -> None:
        text = form.reply.data or ""
        service.reply(context.actor(), row_id, posted_version(), text=text, clock=context.clock())

    if taken(form, step):
        return done(url_for("access.question", row_id=row_id), "Your reply is on record.")
    return _question(row_id, form, status=422)


def _is_pair(text: str) -> bool:
    row, _, version = text.partition(".")
    return all(part.isdecimal() and part.isascii() and 0 < int(part[:11]) <= LARGEST for part in (row, version))


def _reviewed(row_id: int, form: AnswerForm | None = None, *, status: int = 200) -> Response:
    actor, row = context.actor(), queries.row(row_id, context.today())
    actor.must_see(P.READ_SITE_RECORDS, row.department_id)
    context.remember_site(row.site_id)
    review = queries.review(row.review_id)
    may = row.open and review.closed_at is None and actor.may(P.REVIEW_ACCESS, row.department_id)
    return respond(
        "access/reviewed.html", status=status,
        row=row, review=review, may=may, own=row.person_id == actor.person_id,
        form=form or AnswerForm(formdata=None), version=request.form.get("version", row.version),
    )  # fmt: skip


def _question(row_id: int, form: ReplyForm | None = None, *, status: int = 200) -> Response:
    actor = context.actor()
    row = service.question(actor, row_id, clock=context.clock())
    may = service.may_reply(actor, row) and row.open and row.answer == "asked"
    return respond(
        "access/question.html", status=status, row=row, may=may, form=form or ReplyForm(formdata=None, reply=row.reply),
        version=request.form.get("version", row.version),
    )  # fmt: skip
