"""A site's checklists: where they stand, the check to be answered, single lines, and the checks made so far."""

from flask import Response, request, url_for

from charlton_intranet.core.errors import NotFound
from charlton_intranet.core.permissions import Permission
from charlton_intranet.sites.forms import ProofFields
from charlton_intranet.sites.models import Site
from charlton_intranet.sites.queries.checklists import CHECKED
from charlton_intranet.sites.queries.checks import (
    LineSheet,
    OpenCheck,
    checklist_sheet,
    line_sheet,
    open_check,
    run_sheet,
)
from charlton_intranet.sites.queries.networks import mailbox_addresses
from charlton_intranet.sites.rules import email_problem
from charlton_intranet.sites.rules.checklists import ChecklistKind
from charlton_intranet.sites.service import checklists as service
from charlton_intranet.sites.web.checklist_forms import AdviceOnLineForm, checklist_form, posted_lines
from charlton_intranet.sites.web.proofs import posted_proof
from charlton_intranet.sites.web.shared import LARGEST, RECORD, blueprint, number, posted_version, taken
from charlton_intranet.web import context
from charlton_intranet.web.forms import TownForm
from charlton_intranet.web.guard import needs
from charlton_intranet.web.responding import done, go, respond

P = Permission
CHECKLISTS = f"/<{RECORD}:site_id>/checklists"
CHECK = f"{CHECKLISTS}/<kind>"
LINE = f"{CHECK}/<line>"


@blueprint.get(CHECKLISTS)
@needs(P.READ_SITE_RECORDS)
def checklists(site_id: int) -> Response:
    """Both checklists of a site, and the checks made so far."""
    found = checklist_sheet(context.actor(), site_id, context.today(), after=number("after"))
    context.remember_site(site_id)
    return respond("sites/checklists.html", sheet=found, site=found.site, may_check=_may_check(found.site))


@blueprint.get(f"{CHECK}/checks/<{RECORD}:number>")
@needs(P.READ_SITE_RECORDS)
def past_check(site_id: int, kind: str, number: int) -> Response:
    """One check as it was made."""
    found = run_sheet(context.actor(), site_id, _kind(kind), number)
    return respond("sites/checklist_run.html", sheet=found, site=found.site)


@blueprint.get(CHECK)
@needs(P.CHECK_SITE)
def check(site_id: int, kind: str) -> Response:
    """The check to be answered next."""
    found = _open(site_id, kind)
    return _check_page(found, checklist_form(found, formdata=None))


@blueprint.post(CHECK)
@needs(P.CHECK_SITE)
def save_check(site_id: int, kind: str) -> Response:
    """Save it as a draft, or as a whole."""
    found = _open(site_id, kind)
    form, complete = checklist_form(found), request.form.get("then") != "draft"

    def step() -> None:
        service.answer(
            context.actor(), site_id, found.kind, number=_posted_number(), version=posted_version(),
            lines=posted_lines(found), complete=complete, clock=context.clock(),
        )  # fmt: skip

    if not taken(form, step):
        return _check_page(found, form, status=422)
    if complete:
        return go(url_for("sites.checklists", site_id=site_id), f"{found.kind.label}: the check is on record.")
    return go(request.path, "Your draft is kept. You or a colleague can go on with it.")


@blueprint.get(LINE)
@needs(P.READ_SITE_RECORDS)
def check_line(site_id: int, kind: str, line: str) -> Response:
    """One line: what was found, what shows it, IT's advice, and the step that mends it."""
    return _line_page(line_sheet(context.actor(), site_id, _kind(kind), line))


@blueprint.post(f"{LINE}/mend")
@needs(P.CHECK_SITE)
def mend_line(site_id: int, kind: str, line: str) -> Response:
    """Say that a line is in order now, and show it."""
    form, which = ProofFields(), _kind(kind)

    def step() -> None:
        service.mend(
            context.actor(), site_id, which, line, number=_posted_number(), version=posted_version(),
            proof=posted_proof(), clock=context.clock(),
        )  # fmt: skip

    if taken(form, step):
        return done(url_for("sites.check_line", site_id=site_id, kind=which, line=line), "It is on record as mended.")
    return _line_page(line_sheet(context.actor(), site_id, which, line), mending=form, status=422)


@blueprint.post(f"{LINE}/advise")
@needs(P.ADVISE_SITE)
def advise_line(site_id: int, kind: str, line: str) -> Response:
    """IT's advice on a line."""
    form, which = AdviceOnLineForm(), _kind(kind)

    def step() -> None:
        service.advise(context.actor(), site_id, which, line, text=form.text.data or "", clock=context.clock())

    if taken(form, step):
        return done(url_for("sites.check_line", site_id=site_id, kind=which, line=line), "Your advice is on the line.")
    return _line_page(line_sheet(context.actor(), site_id, which, line), advising=form, status=422)


def _kind(name: str) -> ChecklistKind:
    if name not in set(ChecklistKind):
        raise NotFound
    return ChecklistKind(name)


def _open(site_id: int, kind: str) -> OpenCheck:
    found = open_check(context.actor(), site_id, _kind(kind))
    service.must_be_open(context.actor(), found.site)
    return found


def _may_check(site: Site) -> bool:
    return site.state in CHECKED and context.actor().may(P.CHECK_SITE, site.department_id)


def _posted_number() -> int:
    """Which check the form was made for; 0, which no check has, when it does not say."""
    value = request.form.get("number", type=int)
    return value if value is not None and 0 < value <= LARGEST else 0


def _about(site: Site) -> dict[str, str]:
    """What the app itself knows about a line, by the line's key."""
    settings = context.parts().settings
    problem = email_problem(site.account_email, settings.email_domains, mailbox_addresses())
    return {
        "official_email": f"On record: {site.account_email}. {problem or 'It is an official address.'}",
        "guideline": f"Link to this address: {settings.base_url.rstrip('/')}{url_for('guideline.page')}",
    }


def _check_page(found: OpenCheck, form: TownForm, *, status: int = 200) -> Response:
    context.remember_site(found.site.id)
    return respond(
        "sites/checklist.html", "sites/_checklist.html", status=status,
        check=found, site=found.site, form=form, about=_about(found.site),
        number=request.form.get("number", found.number), version=request.form.get("version", found.version),
    )  # fmt: skip


def _line_page(
    found: LineSheet, *, mending: TownForm | None = None, advising: TownForm | None = None, status: int = 200
) -> Response:
    actor, site = context.actor(), found.site
    if mending is None and found.failing and _may_check(site):
        mending = ProofFields(formdata=None)
    if advising is None and site.state in CHECKED and actor.may(P.ADVISE_SITE, site.department_id):
        advising = AdviceOnLineForm(formdata=None)
    context.remember_site(site.id)
    return respond(
        "sites/checklist_line.html", "sites/_checklist_line.html", status=status, sheet=found, site=site,
        about=_about(site).get(found.line.key, ""), mending=mending, advising=advising,
        version=request.form.get("version", found.run.version if found.run else 0),
    )  # fmt: skip
