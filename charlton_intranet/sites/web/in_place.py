"""What IT and heads answer about sites without leaving My work."""

from charlton_intranet.core.errors import StaleState
from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.sites.duties.approvals import ANSWER_NEED
from charlton_intranet.sites.duties.steps import ADVISE_SITE
from charlton_intranet.sites.forms import AdviceForm, NeedForm
from charlton_intranet.sites.queries.approvals import approval_of
from charlton_intranet.sites.queries.sheets import load
from charlton_intranet.sites.queries.steps import SITE_STEPS
from charlton_intranet.sites.rules import may_renew
from charlton_intranet.sites.service import approvals, requests
from charlton_intranet.web import context
from charlton_intranet.web.in_place import Asked, in_place


def _advice_asked(actor: Actor, site_id: int) -> Asked:
    site = load(actor, site_id)
    SITE_STEPS["advise"].must_be_open(actor, site.state, site.department_id)
    return Asked(site, site.version)


@in_place(ADVISE_SITE, record="site", form=AdviceForm, template="sites/_advise_in_place.html", load=_advice_asked)
def advise(form: AdviceForm, site_id: int, version: int) -> str:
    """IT's advice on a request."""
    requests.advise(
        context.actor(), site_id, version,
        recommended=form.recommended.data == "yes", text=form.text.data or "", clock=context.clock(),
    )  # fmt: skip
    return "Your advice is on record. The Town Administrator decides next."


def _need_asked(actor: Actor, site_id: int) -> Asked:
    site = load(actor, site_id)
    actor.must_see(Permission.READ_SITE_RECORDS, site.department_id)
    SITE_STEPS["answer_need"].must_be_open(actor, site.state, site.department_id)
    approval = approval_of([site_id]).get(site_id)
    if approval is None or approval.answer or not may_renew(approval.renew_by, context.today()):
        raise StaleState("The department is not asked now.")
    return Asked({"site": site, "approval": approval}, site.version)


@in_place(ANSWER_NEED, record="site", form=NeedForm, template="sites/_need_in_place.html", load=_need_asked)
def answer_need(form: NeedForm, site_id: int, version: int) -> str:
    """The department's word whether a site is still needed."""
    approvals.answer_need(
        context.actor(), site_id, version,
        needed=form.decision.data == "needed", note=form.text.data or "", clock=context.clock(),
    )  # fmt: skip
    return "Your word is on record. The Town Administrator is next."
