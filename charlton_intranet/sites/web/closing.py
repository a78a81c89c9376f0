"""Deactivating a site: its steps, what shows each, and the Town Administrator's last press (3.7-1)."""

from flask import Response, request, url_for

from charlton_intranet.core.errors import NotFound
from charlton_intranet.core.permissions import Permission
from charlton_intranet.sites.forms import ClosingForm, ReasonForm
from charlton_intranet.sites.queries.closing import closing_of
from charlton_intranet.sites.queries.sheets import full_sheet, load
from charlton_intranet.sites.queries.steps import SITE_STEPS
from charlton_intranet.sites.rules import Closing
from charlton_intranet.sites.service import living
from charlton_intranet.sites.web.proofs import posted_proof
from charlton_intranet.sites.web.shared import SITE, blueprint, posted_version, taken
from charlton_intranet.web import context
from charlton_intranet.web.guard import needs
from charlton_intranet.web.responding import done, go, respond

P = Permission
CLOSING = f"{SITE}/deactivation"


@blueprint.get(CLOSING)
@needs(P.READ_SITE_RECORDS)
def closing(site_id: int) -> Response:
    """Which steps are shown, and which are left; ``step`` opens one of them."""
    asked = request.args.get("step")
    return _closing(site_id, _step(asked) if asked else None)


@blueprint.post(f"{CLOSING}/<step>")
@needs(P.READ_SITE_RECORDS)
def show_closing(site_id: int, step: str) -> Response:
    """Show one step: whoever looks after the site, or the Town Administrator."""
    name, form = _step(step), ClosingForm()
    site = load(context.actor(), site_id)
    # Before a picture goes into the store.
    SITE_STEPS["show_closing"].must_be_open(context.actor(), site.state, site.department_id)

    def show() -> None:
        living.show_closing(
            context.actor(), site_id, posted_version(), name, posted_proof(),
            impossible=form.impossible.data or "", clock=context.clock(),
        )  # fmt: skip

    if taken(form, show):
        return done(url_for("sites.closing", site_id=site_id), f"{name.label}: on record.")
    return _closing(site_id, name, form, status=422)


def _step(name: str) -> Closing:
    if name not in set(Closing):
        raise NotFound
    return Closing(name)


@blueprint.post(f"{CLOSING}/finish")
@needs(P.APPROVE_SITE, fresh=True)
def deactivate(site_id: int) -> Response:
    """End the site for good."""
    form = ReasonForm()

    def step() -> None:
        living.deactivate(
            context.actor(), site_id, posted_version(), reason=form.reason.data or "", clock=context.clock()
        )

    if taken(form, step):
        return go(url_for("sites.sheet", site_id=site_id), "Deactivated. The record stays.")
    return _closing(site_id, finish=form, status=422)


def _closing(
    site_id: int,
    step: Closing | None = None,
    form: ClosingForm | None = None,
    finish: ReasonForm | None = None,
    *,
    status: int = 200,
) -> Response:
    """The steps with the form of one of them, or of the last press when all are shown."""
    found, shown = full_sheet(context.actor(), site_id, context.today()), closing_of(site_id)
    step = step or next((one for one in Closing if one not in shown), None)
    return respond(
        "sites/closing.html", "sites/_closing.html", status=status,
        sheet=found, site=found.site, steps=list(Closing), shown=shown, step=step, refused=form or finish,
        form=form or ClosingForm(formdata=None), finish=finish or ReasonForm(formdata=None),
        version=request.form.get("version", found.site.version),
    )  # fmt: skip
