"""One site: what was done on it of each kind, and how often it comes."""

from flask import Response, request, url_for

from charlton_intranet.core.errors import NotFound
from charlton_intranet.core.permissions import Permission
from charlton_intranet.reviews import queries, service
from charlton_intranet.reviews.forms import RhythmForm
from charlton_intranet.reviews.rules import ReviewKind
from charlton_intranet.reviews.web.shared import blueprint, key_day
from charlton_intranet.sites.queries import site_ref
from charlton_intranet.sites.web.shared import RECORD, posted_version, taken
from charlton_intranet.web import context
from charlton_intranet.web.guard import needs
from charlton_intranet.web.navigation import Entry
from charlton_intranet.web.responding import done, respond

P = Permission


@blueprint.get(f"/sites/<{RECORD}:site_id>")
@needs(P.READ_REVIEWS)
def site(site_id: int) -> Response:
    """What was done on one site; on one that is not in use nothing is due, and its reviews stay on record."""
    return _site_page(site_id, request.args.get("kind", ReviewKind.LOOK))


@blueprint.post(f"/sites/<{RECORD}:site_id>/rhythm")
@needs(P.APPROVE_SITE)
def set_rhythm(site_id: int) -> Response:
    """Set how often the site is captured or reviewed in full."""
    form, kind = RhythmForm(), request.form.get("kind", "")
    if kind not in {ReviewKind.CAPTURE, ReviewKind.FULL}:
        raise NotFound

    def step() -> None:
        service.set_rhythm(
            context.actor(), site_id, ReviewKind(kind), posted_version(),
            months=form.chosen, why=form.why.data or "", clock=context.clock(),
        )  # fmt: skip

    if taken(form, step):
        return done(url_for("reviews.site", site_id=site_id, kind=kind), "The rhythm is set, and counted from now on.")
    return _site_page(site_id, kind, rhythm=form, status=422)


def _site_page(site_id: int, name: str, *, rhythm: RhythmForm | None = None, status: int = 200) -> Response:
    if name not in set(ReviewKind):
        raise NotFound
    kind, actor, today = ReviewKind(name), context.actor(), context.today()
    row = queries.standings_of([site_id], kind).get(site_id)
    found = row.site if row else site_ref(site_id)
    actor.must_see(P.READ_REVIEWS, found.department_id)
    own = None if kind is ReviewKind.LOOK else queries.rhythm_of(site_id, kind)
    if rhythm is None and own and actor.may(P.APPROVE_SITE, found.department_id):
        rhythm = RhythmForm(formdata=None, months="" if own.months is None else str(own.months))
    return respond(
        "reviews/site.html", status=status, site=found, kind=kind, row=row, today=today, own=own, rhythm=rhythm,
        history=queries.history(site_id, today, kind, after=key_day("after")), kinds=_kinds(site_id, kind),
    )  # fmt: skip


def _kinds(site_id: int, present: ReviewKind) -> list[Entry]:
    names = {ReviewKind.LOOK: "Looks", ReviewKind.CAPTURE: "Captures", ReviewKind.FULL: "Full reviews"}
    return [
        Entry(
            names[kind],
            url_for("reviews.site", site_id=site_id, kind=None if kind is ReviewKind.LOOK else kind),
            kind is present,
        )
        for kind in ReviewKind
    ]
