"""Leavers: the list of departures, and one checklist over all sites."""

from typing import Any

from flask import Response, request, url_for

from charlton_intranet.access.forms import DepartureForm, HandoverForm, SettleForm
from charlton_intranet.access.queries import departures as queries
from charlton_intranet.access.queries.matching import person_by_email
from charlton_intranet.access.rules import DepartureKind
from charlton_intranet.access.service import departures as service
from charlton_intranet.access.web.shared import P, blueprint
from charlton_intranet.accounts import queries as accounts
from charlton_intranet.core.errors import Invalid, NotFound
from charlton_intranet.grants.web.shared import tabs
from charlton_intranet.sites.forms import ProofFields
from charlton_intranet.sites.queries.proofs import proofs
from charlton_intranet.sites.web.proofs import posted_proof
from charlton_intranet.sites.web.shared import RECORD, number, posted_version, taken
from charlton_intranet.web import context
from charlton_intranet.web.forms import TownForm
from charlton_intranet.web.guard import needs
from charlton_intranet.web.responding import done, respond

DEPARTURES = "/access/departures"
DEPARTURE = f"{DEPARTURES}/<{RECORD}:departure_id>"


@blueprint.get(DEPARTURES)
@needs(P.READ_SITE_RECORDS)
def departures() -> Response:
    """Who leaves or moves, and who did."""
    actor, everything = context.actor(), request.args.get("all") == "yes"
    rows, more = queries.departures_page(actor, open_only=not everything, after=number("after"))
    kept = "yes" if everything else None
    return respond(
        "access/departures.html", rows=rows, everything=everything, tabs=tabs(DEPARTURES),
        may=actor.may(P.SETTLE_DEPARTURE, anywhere=True),
        next_url=url_for("access.departures", after=more, all=kept) if more else None,
    )  # fmt: skip


@blueprint.get(f"{DEPARTURES}/open")
@needs(P.SETTLE_DEPARTURE)
def new_departure() -> Response:
    """The form to say so ahead of time; ``?person=`` fills it in, or leads to the checklist that is open already."""
    known = number("person")
    if known and (found := queries.open_of(context.actor(), known)):
        return done(url_for("access.departure", departure_id=found))
    try:
        email = accounts.person(known).email if known else None
    except NotFound:
        email = None
    return respond("access/departure_new.html", form=DepartureForm(formdata=None, email=email))


@blueprint.post(f"{DEPARTURES}/open")
@needs(P.SETTLE_DEPARTURE)
def open_departure() -> Response:
    """Open a checklist."""
    form, opened = DepartureForm(), []

    def step() -> None:
        person_id = person_by_email(form.email.data or "")
        if person_id is None:
            raise Invalid({"email": "Nobody here has this official address."})
        departure_id = service.open_departure(
            context.actor(), person_id=person_id, kind=DepartureKind(form.kind.data),
            last_day=form.last_day.data or context.today(), note=form.note.data or "", clock=context.clock(),
        )  # fmt: skip
        opened.append(departure_id)

    if taken(form, step):
        return done(url_for("access.departure", departure_id=opened[0]), "The checklist is open.")
    return respond("access/departure_new.html", status=422, form=form)


@blueprint.get(DEPARTURE)
@needs(P.READ_SITE_RECORDS)
def departure(departure_id: int) -> Response:
    """What is left to settle, on every site."""
    return _departure(departure_id)


@blueprint.post(f"{DEPARTURE}/grants")
@needs(P.SETTLE_DEPARTURE, fresh=True)
def end_grants(departure_id: int) -> Response:
    """End all grants at one press."""
    ended = service.end_grants(context.actor(), departure_id, posted_version(), clock=context.clock())
    return done(url_for("access.departure", departure_id=departure_id), f"{ended} ended.")


@blueprint.post(f"{DEPARTURE}/handover")
@needs(P.SETTLE_DEPARTURE)
def handover(departure_id: int) -> Response:
    """Note what was handed over."""
    form = HandoverForm()

    def step() -> None:
        note = form.note.data or ""
        service.hand_over(context.actor(), departure_id, posted_version(), note=note, clock=context.clock())

    if taken(form, step):
        return done(url_for("access.departure", departure_id=departure_id), "The hand-over is on record.")
    return _departure(departure_id, status=422, handover=form)


@blueprint.route(f"{DEPARTURE}/passwords/<{RECORD}:site_id>", methods=["GET", "POST"])
@needs(P.SETTLE_DEPARTURE)
def password(departure_id: int, site_id: int) -> Response:
    """Show that a shared account's password was changed."""
    form = ProofFields() if request.method == "POST" else ProofFields(formdata=None)
    found = queries.checklist(queries.departure(context.actor(), departure_id), context.today())
    place = next((one for one in found.places if one.site_id == site_id and one.shared), None)
    if place is None:
        raise NotFound

    def step() -> None:
        service.show_password(context.actor(), departure_id, site_id, proof=posted_proof(), clock=context.clock())

    if request.method == "POST" and taken(form, step):
        return done(url_for("access.departure", departure_id=departure_id), "The proof is on record.")
    status = 422 if request.method == "POST" else 200
    return respond("access/password.html", status=status, form=form, place=place, departure=found.departure)


@blueprint.post(f"{DEPARTURE}/settle")
@needs(P.SETTLE_DEPARTURE)
def settle(departure_id: int) -> Response:
    """Close a checklist on which everything is done."""
    form = SettleForm()

    def step() -> None:
        exception = form.exception.data or ""
        service.settle(context.actor(), departure_id, posted_version(), exception=exception, clock=context.clock())

    if taken(form, step):
        return done(url_for("access.departure", departure_id=departure_id), "Settled. The record stays.")
    return _departure(departure_id, status=422, settle=form)


@blueprint.post(f"{DEPARTURE}/call-off")
@needs(P.SETTLE_DEPARTURE)
def call_off(departure_id: int) -> Response:
    """The person stays."""
    form = TownForm()
    step = service.call_off
    if taken(form, lambda: step(context.actor(), departure_id, posted_version(), clock=context.clock())):
        return done(url_for("access.departure", departure_id=departure_id), "Called off. The record stays.")
    return _departure(departure_id, status=422, settle=form)


def _departure(departure_id: int, *, status: int = 200, **forms: Any) -> Response:
    actor = context.actor()
    found = queries.departure(actor, departure_id)
    checklist = queries.checklist(found, context.today())
    return respond(
        "access/departure.html", status=status,
        departure=found, checklist=checklist, proofs=proofs(place.password_proof for place in checklist.places),
        may=found.state == "open" and actor.may(P.SETTLE_DEPARTURE, found.department_id),
        own=found.person_id == actor.person_id,
        handover=forms.get("handover") or HandoverForm(formdata=None),
        settle=forms.get("settle") or SettleForm(formdata=None),
    )  # fmt: skip
