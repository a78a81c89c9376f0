"""The list of sites, the record sheet (3.7), and the steps pressed on it."""

from collections.abc import Callable
from typing import Any

from flask import Response, request, url_for

from charlton_intranet.accounts import queries as accounts
from charlton_intranet.core.permissions import Permission
from charlton_intranet.sites.forms import AdviceForm, DecisionForm, ReasonForm, SiteFilterForm
from charlton_intranet.sites.queries import deadlines
from charlton_intranet.sites.queries.networks import network_choices
from charlton_intranet.sites.queries.sheets import Sheet, SiteFilter, site_sheet, sites_page
from charlton_intranet.sites.rules import Decision, SiteState
from charlton_intranet.sites.service import living, requests
from charlton_intranet.sites.web.shared import SITE, blueprint, number, posted_version, tabs, taken
from charlton_intranet.sites.web.steps import steps_of
from charlton_intranet.web import context
from charlton_intranet.web.forms import TownForm
from charlton_intranet.web.guard import needs
from charlton_intranet.web.responding import done, respond

P = Permission


@blueprint.get("")
@needs(P.READ_SITES)
def index() -> Response:
    """Which pages are the town's, and where each request stands."""
    form = SiteFilterForm(request.args, meta={"csrf": False})
    form.department.choices = {"": "All"} | {str(found.id): found.name for found in accounts.departments()}
    form.network.choices = {"": "All"} | {str(found): name for found, name in network_choices()}
    wanted = SiteFilter(
        state=SiteState(form.state.data) if form.state.data in set(SiteState) else None,
        department_id=number("department"),
        network_id=number("network"),
        words=(form.q.data or "").replace("\0", ""),
    )
    actor = context.actor()
    rows, more = sites_page(actor, wanted, context.today(), after=number("after"))
    kept: dict[str, Any] = {name: value for name in form.data if (value := request.args.get(name))}
    return respond(
        "sites/index.html", "sites/_list.html",
        rows=rows, form=form, tabs=tabs(actor, "/sites"), filtered=wanted != SiteFilter(),
        next_url=url_for("sites.index", after=more, **kept) if more else None,
    )  # fmt: skip


@blueprint.get(SITE)
@needs(P.READ_SITES)
def sheet(site_id: int) -> Response:
    """A site's record sheet, or the word on whether it is official."""
    return _sheet(site_id)


@blueprint.post(f"{SITE}/advise")
@needs(P.ADVISE_SITE)
def advise(site_id: int) -> Response:
    """IT's advice."""
    form = AdviceForm()

    def step() -> None:
        requests.advise(
            context.actor(), site_id, posted_version(),
            recommended=form.recommended.data == "yes", text=form.text.data or "", clock=context.clock(),
        )  # fmt: skip

    if taken(form, step):
        return done(url_for("sites.sheet", site_id=site_id), "Your advice is on record.")
    return _sheet(site_id, form, status=422)


@blueprint.post(f"{SITE}/decide")
@needs(P.APPROVE_SITE, fresh=True)
def decide(site_id: int) -> Response:
    """The Town Administrator's decision."""
    form = DecisionForm()

    def step() -> None:
        requests.decide(
            context.actor(), site_id, posted_version(),
            decision=Decision(form.decision.data), reason=form.reason.data or "",
            exception=form.exception.data or "", clock=context.clock(),
        )  # fmt: skip

    if taken(form, step):
        return done(url_for("sites.sheet", site_id=site_id), "Your decision is on record.")
    return _sheet(site_id, form, status=422)


@blueprint.post(f"{SITE}/suspend")
@needs(P.APPROVE_SITE)
def suspend(site_id: int) -> Response:
    """Stop the use for the time being."""
    form = ReasonForm()

    def step() -> None:
        living.suspend(context.actor(), site_id, posted_version(), reason=form.reason.data or "", clock=context.clock())

    if taken(form, step):
        return done(url_for("sites.sheet", site_id=site_id), "Suspended. Nobody has authority on this site now.")
    return _sheet(site_id, form, status=422)


@blueprint.post(f"{SITE}/withdraw")
@needs(P.REQUEST_SITE)
def withdraw(site_id: int) -> Response:
    """Take the request back."""
    return _press(site_id, requests.withdraw, "The request is withdrawn.")


@blueprint.post(f"{SITE}/activate")
@needs(P.READ_SITE_RECORDS)
def activate(site_id: int) -> Response:
    """Put an approved site in use: the department head or the Town Administrator."""
    return _press(site_id, living.activate, "The site is active. Its regular reviews start now.")


@blueprint.post(f"{SITE}/reactivate")
@needs(P.APPROVE_SITE)
def reactivate(site_id: int) -> Response:
    """End a suspension."""
    return _press(site_id, living.reactivate, "The site is active again.")


def _press(site_id: int, step: Callable[..., None], message: str) -> Response:
    step(context.actor(), site_id, posted_version(), clock=context.clock())
    return done(url_for("sites.sheet", site_id=site_id), message)


def _sheet(site_id: int, form: TownForm | None = None, *, status: int = 200) -> Response:
    """The sheet with the open step's form: the refused one, or a new one."""
    found = site_sheet(context.actor(), site_id, context.today())
    context.remember_site(site_id)
    return respond(
        "sites/site.html", "sites/_sheet.html", status=status,
        sheet=found, site=found.site, form=form or _form_of(found),
        version=request.form.get("version", found.site.version),
        steps=steps_of(found, deadlines()) if found.full else [],
    )  # fmt: skip


def _form_of(found: Sheet) -> TownForm | None:
    if "advise" in found.open:
        return AdviceForm(formdata=None)
    if "decide" in found.open:
        return DecisionForm(formdata=None)
    return ReasonForm(formdata=None) if "suspend" in found.open else None
