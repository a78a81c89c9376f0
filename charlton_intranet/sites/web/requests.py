"""Asking for a site, and asking again after changes."""

from flask import Response, request, url_for

from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.sites.forms import SiteForm
from charlton_intranet.sites.models import Site
from charlton_intranet.sites.queries.registry import prefill
from charlton_intranet.sites.queries.sheets import load, recognise
from charlton_intranet.sites.queries.steps import SITE_STEPS
from charlton_intranet.sites.rules import Cadence, SiteFacts
from charlton_intranet.sites.service import approvals, requests
from charlton_intranet.sites.web.shared import SITE, blueprint, department_choices, number, posted_version, taken
from charlton_intranet.web import context
from charlton_intranet.web.guard import needs
from charlton_intranet.web.responding import done, respond

P = Permission
CHANGE = f"{SITE}/change"
RECORD = f"{SITE}/record"


@blueprint.get("/request")
@needs(P.REQUEST_SITE)
def new_request() -> Response:
    """The form, with the department filled in where there is no choice, or with what is known of a listed account."""
    actor = context.actor()
    return _page(_form(actor, **{"department": actor.department_id} | prefill(actor, number("listed"))))


@blueprint.post("/request")
@needs(P.REQUEST_SITE)
def ask() -> Response:
    """Ask for a site."""
    form, made = _form(context.actor()), list[int]()

    def step() -> None:
        made.append(
            requests.ask(context.actor(), form.department.data, _facts(form), domains=domains(), clock=context.clock())
        )

    if taken(form, step):
        return done(
            url_for("sites.sheet", site_id=made[0]), "Asked. IT advises next, then the Town Administrator decides."
        )
    return _page(form, status=422)


@blueprint.get("/request/recognised")
@needs(P.REQUEST_SITE)
def recognised() -> Response:
    """What a pasted address is read as; ``site`` is the one being changed."""
    read = recognise(context.actor(), request.args.get("address", "")[:500], besides=number("site"))
    return respond("sites/recognised.html", "sites/_recognised.html", read=read)


@blueprint.get(CHANGE)
@needs(P.REQUEST_SITE)
def change(site_id: int) -> Response:
    """The request again, to be changed as asked."""
    site = _changeable(site_id)
    return _page(_change_form(obj=site, formdata=None), site)


@blueprint.post(CHANGE)
@needs(P.REQUEST_SITE)
def ask_again(site_id: int) -> Response:
    """Ask again with the changes."""
    site, form = _changeable(site_id), _change_form()

    def step() -> None:
        requests.ask_again(
            context.actor(), site_id, posted_version(), _facts(form), domains=domains(), clock=context.clock()
        )

    if taken(form, step):
        return done(url_for("sites.sheet", site_id=site_id), "Asked again. IT advises anew.")
    return _page(form, site, status=422)


@blueprint.get(RECORD)
@needs(P.REQUEST_SITE)
def record(site_id: int) -> Response:
    """The record of an approved site, to be changed."""
    site = _changeable(site_id, "change_record")
    return _page(_record_form(obj=site, formdata=None), site)


@blueprint.post(RECORD)
@needs(P.REQUEST_SITE)
def change_record(site_id: int) -> Response:
    """Change the record of an approved site."""
    site, form = _changeable(site_id, "change_record"), _record_form()

    def step() -> None:
        approvals.change_record(
            context.actor(), site_id, posted_version(), _facts(form), domains=domains(), clock=context.clock()
        )

    if taken(form, step):
        return done(
            url_for("sites.approval", site_id=site_id),
            "Changed. The Town Administrator is asked to confirm the change.",
        )
    return _page(form, site, status=422)


def _changeable(site_id: int, step: str = "ask_again") -> Site:
    site = load(context.actor(), site_id)
    SITE_STEPS[step].must_be_open(context.actor(), site.state, site.department_id)
    return site


def _form(actor: Actor, **values: object) -> SiteForm:
    form = SiteForm(**values)
    form.department.choices = department_choices(actor, P.REQUEST_SITE)
    return form


def _change_form(**values: object) -> SiteForm:
    form = SiteForm(**values)
    del form.department  # a request stays with its department
    return form


def _record_form(**values: object) -> SiteForm:
    form = _change_form(**values)
    del form.attested, form.prepared  # what was attested with the request holds
    return form


def _facts(form: SiteForm) -> SiteFacts:
    return SiteFacts(
        address=form.address.data or "",
        title=form.title.data or "",
        account_email=form.account_email.data or "",
        purpose=form.purpose.data or "",
        audience=form.audience.data or "",
        plan=form.plan.data or "",
        cadence=Cadence(form.cadence.data),
        attested=frozenset(form.data.get("attested") or ()),
        prepared=frozenset(form.data.get("prepared") or ()),
    )


def domains() -> tuple[str, ...]:
    """The town's mail domains."""
    return context.parts().settings.email_domains


def _page(form: SiteForm, site: Site | None = None, *, status: int = 200) -> Response:
    address = form.address.data or ""
    read = recognise(context.actor(), address, besides=site.id if site else None) if address else None
    version = request.form.get("version", site.version if site else "")
    return respond("sites/request.html", form=form, site=site, read=read, version=version, status=status)
