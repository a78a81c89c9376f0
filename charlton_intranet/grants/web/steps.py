"""Doing: designate, approve or decline, take back (3.3-1 to 3.3-3)."""

from dataclasses import dataclass

from flask import Response, request, url_for

from charlton_intranet.accounts.rules import normal_email
from charlton_intranet.core.errors import Invalid, Refusal, StaleState
from charlton_intranet.core.permissions import Permission
from charlton_intranet.grants import service
from charlton_intranet.grants.forms import DecisionsForm, DesignateForm, EndForm
from charlton_intranet.grants.queries.designations import PersonChoice, Planned, designable_sites, people_to_choose
from charlton_intranet.grants.queries.sheets import GrantRow, grant_rows, grant_sheet, waiting
from charlton_intranet.grants.rules import OPEN, Capability, GrantState
from charlton_intranet.grants.web.shared import blueprint, posted_pairs, tabs
from charlton_intranet.sites.web.shared import RECORD, number, posted_version, taken
from charlton_intranet.web import context
from charlton_intranet.web.filters import count
from charlton_intranet.web.forms import TownForm
from charlton_intranet.web.guard import needs
from charlton_intranet.web.responding import done, respond

P = Permission
GRANT = f"/grants/<{RECORD}:grant_id>"


# --- designate --------------------------------------------------------------------------------------------


@blueprint.get("/grants/designate")
@needs(P.DESIGNATE_GRANT, fresh=True)
def designation() -> Response:
    """Choose people, sites and what they may do; the site in the address is ticked."""
    form, _ = _designate_form(sites=[site_id] if (site_id := number("site")) else [])
    return respond("grants/designate.html", form=form, planned=[], written=False)


@blueprint.post("/grants/designate")
@needs(P.DESIGNATE_GRANT, fresh=True)
def designate() -> Response:
    """Show what comes out of it, or write it when that was pressed."""
    form, people = _designate_form()
    found: list[Planned] = []
    write = request.form.get("step") == "designate"

    def step() -> None:
        wish = _wish(form, people)
        if write:
            found.extend(service.designate(context.actor(), wish, clock=context.clock()))
        else:
            found.extend(service.preview(context.actor(), wish, day=context.today()))

    if not taken(form, step):
        return respond("grants/designate.html", status=422, form=form, planned=[], written=False)
    if write and not any(row.refusal for row in found):
        return done(url_for("grants.waiting_page"), f"{count(len(found), 'designation')} sent for approval.")
    return respond("grants/designate.html", form=form, planned=found, written=write)


def _designate_form(**preset: object) -> tuple[DesignateForm, list[PersonChoice]]:
    actor, people = context.actor(), people_to_choose()
    form = DesignateForm(**preset)
    reach = actor.departments_for(P.DESIGNATE_GRANT)
    form.people.choices = [
        (one.id, one.label)
        for one in people
        if one.id != actor.person_id and (reach is None or one.department_id in reach)
    ]
    form.sites.choices = designable_sites(actor)
    return form, people


def _wish(form: DesignateForm, people: list[PersonChoice]) -> service.Wish:
    """What was typed, the addresses of people of other departments resolved."""
    known = {one.email: one.id for one in people}
    typed = [normal_email(word) for word in (form.others.data or "").replace(",", " ").split()]
    if unknown := [email for email in typed if email not in known]:
        raise Invalid({"others": f"Nobody with an open account has the address {', '.join(unknown)}."})
    return service.Wish(
        person_ids=tuple(dict.fromkeys([*(form.people.data or []), *(known[email] for email in typed)])),
        site_ids=tuple(form.sites.data or []),
        capability=Capability(form.capability.data),
        purpose=form.purpose.data or "",
        limits=form.limits.data or "",
        until=form.until.data,
    )


# --- approve or decline -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of one ticked designation; ``problem`` says why nothing was done."""

    row: GrantRow | None
    grant_id: int
    problem: str = ""
    stale: bool = False


@blueprint.get("/grants/waiting")
@needs(P.READ_SITE_RECORDS)
def waiting_page() -> Response:
    """Designations that wait for the Town Administrator."""
    return _waiting(DecisionsForm(formdata=None))


@blueprint.post("/grants/waiting")
@needs(P.APPROVE_GRANT, fresh=True)
def decide_many() -> Response:
    """Answer everything that was ticked, each for itself; what could not be done is said, row by row."""
    form, pairs = DecisionsForm(), posted_pairs()
    if not _is_whole(form, pairs):
        return _waiting(form, status=422)
    before = grant_rows(context.actor(), [grant_id for grant_id, _ in pairs])
    answers = [_answer(form, grant_id, version, before) for grant_id, version in pairs]
    settled = [answer for answer in answers if not answer.problem]
    if len(settled) == len(answers):
        words = "approved" if form.decision.data == "approve" else "declined"
        return done(url_for("grants.waiting_page"), f"{count(len(settled), 'designation')} {words}.")
    status = 200 if settled else 409 if all(answer.stale for answer in answers) else 422
    return _waiting(form, answers=answers, status=status)


def _is_whole(form: DecisionsForm, pairs: list[tuple[int, int]]) -> bool:
    """Whether there is something to answer; what is missing for all rows is said once, before any is written."""
    problems = {} if pairs else {"grant": "Tick at least one designation."}
    if form.decision.data == "decline" and not (form.reason.data or "").strip():
        problems["reason"] = "Say why, so that the Department Head can act on it."
    whole = form.validate() and not problems
    form.refuse(Invalid(problems))
    return whole


def _answer(form: DecisionsForm, grant_id: int, version: int, before: dict[int, GrantRow]) -> Answered:
    try:
        service.decide(
            context.actor(), grant_id, version, approve=form.decision.data == "approve",
            reason=form.reason.data or "", exception=form.exception.data or "", clock=context.clock(),
        )  # fmt: skip
    except Refusal as refusal:
        return Answered(before.get(grant_id), grant_id, refusal.message, isinstance(refusal, StaleState))
    return Answered(before.get(grant_id), grant_id)


def _waiting(form: DecisionsForm, *, answers: list[Answered] | None = None, status: int = 200) -> Response:
    actor, site_id = context.actor(), number("site")
    listed, more = waiting(actor, site_id=site_id, after=number("after"))
    return respond(
        "grants/waiting.html", "grants/_waiting.html", status=status,
        rows=listed, form=form, tabs=tabs("/grants/waiting"), answers=answers or [], asked_site=site_id,
        ticked={grant_id for grant_id, _ in posted_pairs()},
        own=any(actor.person_id in {row.person_id, row.designated_by_id} for row in listed),
        next_url=url_for("grants.waiting_page", after=more, site=site_id) if more else None,
    )  # fmt: skip


# --- one grant --------------------------------------------------------------------------------------------


@blueprint.get(GRANT)
@needs(P.USE_APP)
def grant(grant_id: int) -> Response:
    """One grant, with its history and what it is worth today."""
    return _grant(grant_id)


@blueprint.post(f"{GRANT}/decide")
@needs(P.APPROVE_GRANT, fresh=True)
def decide(grant_id: int) -> Response:
    """Approve or decline one designation."""
    form = DecisionsForm()

    def step() -> None:
        service.decide(
            context.actor(), grant_id, posted_version(), approve=form.decision.data == "approve",
            reason=form.reason.data or "", exception=form.exception.data or "", clock=context.clock(),
        )  # fmt: skip

    grant_sheet(context.actor(), grant_id, context.today())
    if taken(form, step):
        return done(url_for("grants.grant", grant_id=grant_id), "Your decision is on record.")
    return _grant(grant_id, form, status=422)


@blueprint.post(f"{GRANT}/take-back")
@needs(P.READ_SITE_RECORDS, fresh=True)
def take_back(grant_id: int) -> Response:
    """End a grant, or a designation that waits."""
    form = EndForm()

    def step() -> None:
        service.take_back(
            context.actor(), grant_id, posted_version(), reason=form.reason.data or "", clock=context.clock()
        )

    grant_sheet(context.actor(), grant_id, context.today())
    if taken(form, step):
        return done(url_for("grants.grant", grant_id=grant_id), "Taken back. It no longer counts from this moment on.")
    return _grant(grant_id, form, status=422)


def _grant(grant_id: int, form: TownForm | None = None, *, status: int = 200) -> Response:
    """The page with its open form: the refused one, or a new one."""
    actor = context.actor()
    found = grant_sheet(actor, grant_id, context.today())
    may_decide = actor.may(P.APPROVE_GRANT) and found.row.state is GrantState.DESIGNATED
    may_end = actor.may(P.APPROVE_GRANT) or actor.may(P.DESIGNATE_GRANT, found.department_id)
    ends = may_end and found.row.state in OPEN and not may_decide
    return respond(
        "grants/grant.html", "grants/_grant.html", status=status,
        sheet=found, row=found.row, own=actor.person_id in {found.row.person_id, found.row.designated_by_id},
        version=request.form.get("version", found.row.version),
        decision=(form if isinstance(form, DecisionsForm) else DecisionsForm(formdata=None)) if may_decide else None,
        ending=(form if isinstance(form, EndForm) else EndForm(formdata=None)) if ends else None,
    )  # fmt: skip
