"""What was approved of a site, changes of its record, and the approval of every year (2.2, 3.7)."""

from flask import Response, request, url_for

from charlton_intranet.core.permissions import Permission
from charlton_intranet.sites.forms import NeedForm, SettleForm
from charlton_intranet.sites.queries.approvals import past_approvals
from charlton_intranet.sites.queries.sheets import Sheet, full_sheet
from charlton_intranet.sites.rules import may_renew
from charlton_intranet.sites.service import approvals
from charlton_intranet.sites.web.requests import domains
from charlton_intranet.sites.web.shared import SITE, blueprint, posted_version, taken
from charlton_intranet.web import context
from charlton_intranet.web.forms import TownForm
from charlton_intranet.web.guard import needs
from charlton_intranet.web.responding import done, respond

P = Permission
APPROVAL = f"{SITE}/approval"


@blueprint.get(APPROVAL)
@needs(P.READ_SITE_RECORDS)
def approval(site_id: int) -> Response:
    """What was approved, what differs from it, and until when it holds."""
    return _approval(site_id)


@blueprint.post(f"{APPROVAL}/need")
@needs(P.REQUEST_SITE)
def answer_need(site_id: int) -> Response:
    """The department's word whether the site is still needed."""
    form = NeedForm()

    def step() -> None:
        approvals.answer_need(
            context.actor(), site_id, posted_version(),
            needed=form.decision.data == "needed", note=form.text.data or "", clock=context.clock(),
        )  # fmt: skip

    if taken(form, step):
        return done(
            url_for("sites.approval", site_id=site_id), "Your word is on record. The Town Administrator is next."
        )
    return _approval(site_id, form, status=422)


@blueprint.post(f"{APPROVAL}/settle")
@needs(P.APPROVE_SITE, fresh=True)
def settle_approval(site_id: int) -> Response:
    """The Town Administrator's word on the record as it stands now."""
    form = SettleForm()
    steps = {
        "confirm": lambda common, own: approvals.confirm_change(*common, **own, clock=context.clock()),
        "renew": lambda common, own: approvals.renew(*common, **own, clock=context.clock()),
        "refuse": lambda common, own: approvals.refuse_change(*common, reason=own["note"], clock=context.clock()),
    }

    def step() -> None:
        own = {"note": form.text.data or "", "exception": form.exception.data or ""}
        steps[form.decision.data]((context.actor(), site_id, posted_version()), own)

    if taken(form, step):
        return done(url_for("sites.approval", site_id=site_id), "Your decision is on record.")
    return _approval(site_id, form, status=422)


@blueprint.post(f"{APPROVAL}/set-back")
@needs(P.REQUEST_SITE)
def set_back(site_id: int) -> Response:
    """Put the record back to what was approved."""
    approvals.set_back(context.actor(), site_id, posted_version(), domains=domains(), clock=context.clock())
    return done(url_for("sites.approval", site_id=site_id), "The record is as it was approved.")


def _approval(site_id: int, form: TownForm | None = None, *, status: int = 200) -> Response:
    found = full_sheet(context.actor(), site_id, context.today())
    return respond(
        "sites/approval.html", "sites/_approval.html", status=status,
        sheet=found, site=found.site, approval=found.approval, form=form or _form_of(found),
        asked=_is_asked(found), own=found.approval is not None and context.actor().person_id in found.approval.authors,
        past=past_approvals(site_id),
        version=request.form.get("version", found.site.version),
    )  # fmt: skip


def _is_asked(found: Sheet) -> bool:
    """Whether the department owes its yearly word now."""
    held = found.approval
    return held is not None and held.answer is None and may_renew(held.renew_by, context.today())


def _form_of(found: Sheet) -> TownForm | None:
    """The form of the one step that waits for the reader."""
    held = found.approval
    if held is None:
        return None
    if "answer_need" in found.open and _is_asked(found):
        return NeedForm(formdata=None)
    waits = (held.changes and not held.refused) or (held.answer is not None and held.answer.needed)
    return SettleForm(formdata=None) if waits and "settle_change" in found.open else None
