"""Handing the reviews of sites to a colleague, and taking them back."""

from datetime import date

from flask import Response, request, url_for

from charlton_intranet.accounts.models import Department
from charlton_intranet.accounts.queries import departments
from charlton_intranet.core.errors import Forbidden
from charlton_intranet.core.permissions import Permission
from charlton_intranet.reviews import queries, service
from charlton_intranet.reviews.forms import HandOverForm
from charlton_intranet.reviews.web.shared import blueprint, lists
from charlton_intranet.sites.queries import live_sites
from charlton_intranet.sites.web.shared import RECORD, number, posted_version, taken
from charlton_intranet.web import context
from charlton_intranet.web.guard import needs
from charlton_intranet.web.responding import done, respond

P = Permission


@blueprint.get("/hand-overs")
@needs(P.READ_REVIEWS)
def hand_overs() -> Response:
    """Who stands in where, today and to come, and the form for those who may hand over."""
    return _page(_department(number("department")))


@blueprint.post("/hand-overs")
@needs(P.READ_REVIEWS)
def hand_over() -> Response:
    """Put the chosen sites into a colleague's hands."""
    department = _department(request.form.get("department", type=int))
    if department is None:
        raise Forbidden("The department's Social Media Coordinator or its head hands its reviews over.")
    form = _offering(HandOverForm(), department)

    def step() -> None:
        service.hand_over(
            context.actor(), form.sites.data or [], form.person.data,
            starts=form.starts_on.data or date.min, ends=form.ends_on.data or date.min,
            note=form.note.data or "", clock=context.clock(),
        )  # fmt: skip

    if taken(form, step):
        return done(url_for("reviews.hand_overs"), "Handed over. It shows on My work of both of you.")
    return _page(department, form, status=422)


@blueprint.post(f"/hand-overs/<{RECORD}:hand_over_id>/end")
@needs(P.READ_REVIEWS)
def take_back(hand_over_id: int) -> Response:
    """End a hand-over from now on."""
    service.take_back(context.actor(), hand_over_id, posted_version(), clock=context.clock())
    return done(url_for("reviews.hand_overs"), "Taken back: the reviews are the department's coordinator's again.")


def _departments() -> list[Department]:
    """The departments whose reviews the actor may hand over."""
    return [found for found in departments() if queries.may_hand_over(context.actor(), found.id)]


def _department(chosen: int | None) -> Department | None:
    """The chosen one of them; without a choice the only one."""
    own = _departments()
    if chosen is None:
        return own[0] if len(own) == 1 else None
    return next((found for found in own if found.id == chosen), None)


def _offering(form: HandOverForm, department: Department) -> HandOverForm:
    form.sites.choices = {str(site.id): f"{site.title} ({site.network_name})" for site in live_sites([department.id])}
    people = queries.stand_ins(department.id, context.today())
    form.person.choices = {"0": "Choose"} | {str(contact.person_id): contact.name for contact in people}
    return form


def _page(department: Department | None, form: HandOverForm | None = None, *, status: int = 200) -> Response:
    actor, today = context.actor(), context.today()
    if form is None and department is not None:
        form = _offering(HandOverForm(formdata=None, starts_on=today), department)
    return respond(
        "reviews/hand_overs.html", "reviews/_hand_overs.html", status=status, rows=queries.hand_overs(actor, today),
        form=form, department=department, departments=_departments(), may=queries.may_hand_over, lists=lists(),
    )  # fmt: skip
