"""Several sites looked at in one go: one line a site, as on a phone in the morning."""

from collections.abc import Collection

from flask import Response, request, url_for

from charlton_intranet.core.errors import Invalid
from charlton_intranet.core.permissions import Permission
from charlton_intranet.reviews import queries, service
from charlton_intranet.reviews.forms import posted_looks, together_form
from charlton_intranet.reviews.queries import Board, Standing
from charlton_intranet.reviews.rules import Result
from charlton_intranet.reviews.service import Several
from charlton_intranet.reviews.web.shared import blueprint, lists
from charlton_intranet.sites.web.shared import LARGEST
from charlton_intranet.web import context
from charlton_intranet.web.filters import count
from charlton_intranet.web.forms import TownForm
from charlton_intranet.web.guard import needs
from charlton_intranet.web.responding import done, respond

P = Permission
# Lines of one page; what is left comes after them.
LINES = 25


@blueprint.get("/together")
@needs(P.READ_REVIEWS)
def together() -> Response:
    """The sites that can be looked at now, most urgent first."""
    board = queries.board(context.actor(), context.today())
    rows = _open_rows(board)
    return _together_page(rows, together_form(rows[:LINES], formdata=None))


@blueprint.post("/together")
@needs(P.READ_REVIEWS)
def record_together() -> Response:
    """Record every line that was ticked or described, and name those that were not."""
    board = queries.board(context.actor(), context.today())
    posted = [board.of(site_id) for site_id in request.form.getlist("site", type=int)[:LINES] if site_id <= LARGEST]
    form = together_form(posted)
    try:
        looks = posted_looks(form, posted)
        several = service.record_several(context.actor(), looks, clock=context.clock())
    except Invalid as refusal:
        form.refuse(refusal)
        return _together_page(posted, form, status=422)
    lost = {look.site_id: look.note for look in looks if look.site_id in several.refused and look.note}
    if lost:
        return _refused(board, several, lost)
    found = [
        several.recorded[look.site_id].review_id
        for look in looks
        if look.result is Result.FINDINGS and look.site_id in several.recorded
    ]
    return done(url_for("reviews.together", found=found), _says(board, posted, several))


def _open_rows(board: Board) -> list[Standing]:
    today = context.today()
    return [row for row in board.by_site.values() if row.site.id in board.recordable and row.opens <= today]


def _says(board: Board, posted: Collection[Standing], several: Several) -> str:
    """What was recorded, and by name what was not: nothing is skipped in silence."""
    words = [f"{count(len(several.recorded), 'site')} recorded."]
    if several.refused:
        names = ", ".join(board.of(site_id).site.title for site_id in several.refused)
        words.append(f"Recorded by a colleague meanwhile: {names}.")
    settled = several.recorded.keys() | several.refused.keys()
    left = [row.site.title for row in posted if row.site.id not in settled]
    if left:
        words.append(f"Still to look at: {', '.join(left)}.")
    return " ".join(words)


def _refused(board: Board, several: Several, lost: dict[int, str]) -> Response:
    """Words that could not be recorded come back; the rest is recorded."""
    rows = _open_rows(queries.board(context.actor(), context.today()))
    told = [(board.of(site_id).site.title, several.refused[site_id], note) for site_id, note in lost.items()]
    return _together_page(rows, together_form(rows[:LINES], formdata=None), told=told, status=409)


def _together_page(
    rows: list[Standing], form: TownForm, *, told: Collection[tuple[str, str, str]] = (), status: int = 200
) -> Response:
    found = queries.findings_of(context.actor(), request.args.getlist("found", type=int)[:LINES])
    return respond(
        "reviews/together.html", "reviews/_together.html", status=status, rows=rows[:LINES], more=len(rows) - LINES,
        form=form, found=found, told=told, today=context.today(), lists=lists(),
    )  # fmt: skip
