"""Restrictions: propose one, the head's view, the determination, its proof, another look, its end (3.7-4)."""

from typing import Any

from flask import Response, request, url_for

from charlton_intranet.core.errors import Forbidden, Invalid
from charlton_intranet.moderation.forms.contributors import (
    DecideRestrictionForm,
    ProofForm,
    ProposeForm,
    ReasonForm,
    ReviewRestrictionForm,
    ViewForm,
)
from charlton_intranet.moderation.queries.grounds import earlier_on_sites, site_choices
from charlton_intranet.moderation.queries.restrictions import RestrictionView, restriction_view, restrictions_page
from charlton_intranet.moderation.queries.standing import UpheldDecision, handles_of, visible_contributor
from charlton_intranet.moderation.rules import Position
from charlton_intranet.moderation.rules.contributors import Cause, RestrictionState, next_term
from charlton_intranet.moderation.service import proposing, restricting
from charlton_intranet.moderation.web.contributors import CONTRIBUTOR, P, blueprint, posted_place, tabs
from charlton_intranet.moderation.web.restriction_story import story
from charlton_intranet.moderation.web.uploads import take_pictures
from charlton_intranet.sites.web.shared import RECORD, number, posted_version, taken
from charlton_intranet.web import context
from charlton_intranet.web.forms import TownForm
from charlton_intranet.web.guard import needs
from charlton_intranet.web.responding import done, respond

RESTRICTIONS = "/restrictions"
RESTRICTION = f"{RESTRICTIONS}/<{RECORD}:restriction_id>"
S = RestrictionState


# --- propose ----------------------------------------------------------------------------------------------


@blueprint.get(f"{CONTRIBUTOR}/restrict")
@needs(P.PROPOSE_RESTRICTION)
def proposal(contributor_id: int) -> Response:
    """The form of a proposal, with the decisions that it can rest on."""
    return _proposal(contributor_id, ProposeForm(formdata=None))


@blueprint.post(f"{CONTRIBUTOR}/restrict")
@needs(P.PROPOSE_RESTRICTION)
def propose(contributor_id: int) -> Response:
    """Propose it; the department head is asked."""
    form, made = ProposeForm(), []
    _offer(contributor_id, form)

    def step() -> None:
        site_id, writer_id = posted_place(form.place.data)
        made.append(
            proposing.propose(
                context.actor(), contributor_id, site_id=site_id, writer_id=writer_id, cause=Cause(form.cause.data),
                grounds=form.grounds.data or [], days=int(form.days.data), reason=form.reason.data or "",
                deviation=form.deviation.data or "", clock=context.clock(),
            )
        )  # fmt: skip

    if taken(form, step):
        here = url_for("contributors.restriction", restriction_id=made[0])
        return done(here, "The proposal is on record, and whoever is next has a mail.")
    return _proposal(contributor_id, form, status=422)


def _offer(contributor_id: int, form: ProposeForm) -> dict[str, Any]:
    """Fill the choices of the form; returns what the page shows beside it."""
    actor, today = context.actor(), context.today()
    standing = visible_contributor(actor, contributor_id, today)
    places, since = site_choices(actor, standing), standing.threshold.since(today)
    grounds = [one for one in standing.decisions if one.decided_on >= since]
    form.place.choices = {one.key: f"{one.site_title} ({one.network_name}), {one.handle}" for one in places}
    form.grounds.choices = [(one.determination_id, _said(one)) for one in grounds]
    return {"standing": standing, "places": places, "grounds": grounds, "id": contributor_id}


def _said(one: UpheldDecision) -> str:
    """A decision in one line."""
    day = f"{one.decided_on:%b} {one.decided_on.day}, {one.decided_on.year}"
    return f"{day}: {one.outcome.label.lower()}, category {', '.join(one.letters)}, on {one.site_title} as {one.handle}"


def _proposal(contributor_id: int, form: ProposeForm, *, status: int = 200) -> Response:
    shown = _offer(contributor_id, form)
    if not shown["places"]:
        raise Forbidden(
            "Nothing can be proposed here: no decision about a site of yours stands, or a restriction is under way."
        )
    if status == 200:
        form.days.data = str(shown["places"][0].usual)
        form.grounds.data = [one.determination_id for one in shown["grounds"]]
    return respond("contributors/propose.html", status=status, form=form, **shown)


# --- list and page ----------------------------------------------------------------------------------------


@blueprint.get(RESTRICTIONS)
@needs(P.READ_CASES)
def restrictions() -> Response:
    """Restrictions that are under way, or all of them."""
    everything = request.args.get("all") == "yes"
    rows, more = restrictions_page(context.actor(), open_only=not everything, after=number("after"))
    kept = "yes" if everything else None
    return respond(
        "contributors/restrictions.html", rows=rows, everything=everything, tabs=tabs("/contributors/restrictions"),
        next_url=url_for("contributors.restrictions", after=more, all=kept) if more else None,
    )  # fmt: skip


@blueprint.get(RESTRICTION)
@needs(P.READ_CASES)
def restriction(restriction_id: int) -> Response:
    """One restriction as the line of its steps."""
    return _restriction(restriction_id)


@blueprint.post(f"{RESTRICTION}/withdraw")
@needs(P.PROPOSE_RESTRICTION)
def withdraw(restriction_id: int) -> Response:
    """Take a proposal back."""
    form = ReasonForm()

    def step() -> None:
        reason = form.reason.data or ""
        proposing.withdraw(context.actor(), restriction_id, posted_version(), reason=reason, clock=context.clock())

    return _attempt(restriction_id, "withdraw", form, step, "The proposal is withdrawn; it stays on record.")


@blueprint.post(f"{RESTRICTION}/view")
@needs(P.ADVISE_CASE)
def view(restriction_id: int) -> Response:
    """The department head's view."""
    form = ViewForm()

    def step() -> None:
        proposing.give_view(
            context.actor(), restriction_id, posted_version(), position=Position(form.position.data),
            text=form.text.data or "", clock=context.clock(),
        )  # fmt: skip

    return _attempt(restriction_id, "view", form, step, "Your view is on record; the Town Administrator has a mail.")


@blueprint.post(f"{RESTRICTION}/decide")
@needs(P.DECIDE_RESTRICTION, fresh=True)
def decide(restriction_id: int) -> Response:
    """The Town Administrator's determination."""
    form = DecideRestrictionForm()

    def step() -> None:
        proposing.decide(
            context.actor(), restriction_id, posted_version(), approve=form.decision.data == "approve",
            days=int(form.days.data or 0), reason=form.reason.data or "", deviation=form.deviation.data or "",
            same_if_praise=form.neutral, exception=form.exception.data or "", clock=context.clock(),
        )  # fmt: skip

    return _attempt(restriction_id, "decide", form, step, "Your determination is on record.")


@blueprint.post(f"{RESTRICTION}/carry-out")
@needs(P.CARRY_OUT_CASE)
def carry_out(restriction_id: int) -> Response:
    """Prove that it is set at the network."""
    form = ProofForm()

    def step() -> None:
        [proof] = take_pictures([form.screenshots.data])
        restricting.carry_out(context.actor(), restriction_id, posted_version(), proof=proof, clock=context.clock())

    return _attempt(restriction_id, "carry_out", form, step, "It is in force from today.")


@blueprint.post(f"{RESTRICTION}/review")
@needs(P.DECIDE_RESTRICTION, fresh=True)
def review(restriction_id: int) -> Response:
    """Look at it again."""
    form = ReviewRestrictionForm()

    def step() -> None:
        restricting.review(
            context.actor(), restriction_id, posted_version(), stays=form.stays.data == "yes",
            reason=form.reason.data or "", clock=context.clock(),
        )  # fmt: skip

    return _attempt(restriction_id, "review", form, step, "What came out of it is on record.")


@blueprint.post(f"{RESTRICTION}/take-off")
@needs(P.CARRY_OUT_CASE)
def take_off(restriction_id: int) -> Response:
    """Prove that the writer can write again."""
    form = ProofForm()

    def step() -> None:
        [proof] = take_pictures([form.screenshots.data])
        restricting.take_off(context.actor(), restriction_id, posted_version(), proof=proof, clock=context.clock())

    return _attempt(restriction_id, "take_off", form, step, "It is over. The record stays.")


# --- what the steps share ---------------------------------------------------------------------------------

FORMS: dict[str, type[TownForm]] = {
    "withdraw": ReasonForm,
    "view": ViewForm,
    "decide": DecideRestrictionForm,
    "carry_out": ProofForm,
    "review": ReviewRestrictionForm,
    "take_off": ProofForm,
}


def _attempt(restriction_id: int, name: str, form: TownForm, step: Any, message: str) -> Response:
    """Run one step from its form: the page as it stands then, or the form again with what is wrong."""
    restriction_view(context.actor(), restriction_id)
    if taken(form, step):
        return done(url_for("contributors.restriction", restriction_id=restriction_id), message)
    return _restriction(restriction_id, tried={name: form}, status=422)


def _restriction(restriction_id: int, *, tried: dict[str, TownForm] | None = None, status: int = 200) -> Response:
    found = restriction_view(context.actor(), restriction_id)
    if (tried or {}).keys() - _steps(found):
        # The form was wrong, and the step is not open to this reader or in this state: that is what is to be said.
        raise Invalid({"step": f"The restriction is “{found.state.label.lower()}” now. Nothing was saved."})
    context.remember_site(found.site_id)
    earlier = earlier_on_sites([one.id for one in handles_of(found.contributor_id)])[0].get(found.site_id, 0)
    usual = next_term(earlier)
    forms = {name: FORMS[name](formdata=None, data={"days": str(found.asked_days)}) for name in _steps(found)}
    return respond(
        "contributors/restriction.html", "contributors/_restriction.html", status=status,
        row=found, forms=forms | (tried or {}), story=story(found), usual=usual, today=context.today(),
        version=request.form.get("version", found.version),
        own=context.actor().person_id in {found.proposed_by_id, found.view_by_id},
        late=found.state is S.PROPOSED and found.view is None and context.today() > found.view_due_on,
        may_write=context.actor().may(P.WRITE_LETTER, found.department_id),
    )  # fmt: skip


def _steps(found: RestrictionView) -> set[str]:
    """The steps that are open to the reader now."""
    actor, department, today = context.actor(), found.department_id, context.today()
    decides, carries = actor.may(P.DECIDE_RESTRICTION, department), actor.may(P.CARRY_OUT_CASE, department)
    proposed = found.state is S.PROPOSED
    ended = found.state is S.IN_FORCE and found.ends_on is not None and today >= found.ends_on
    heard = found.view is not None or today > found.view_due_on
    open_now = {
        "withdraw": proposed and (decides or actor.person_id == found.proposed_by_id),
        "view": proposed and found.view is None and actor.may(P.ADVISE_CASE, department),
        "decide": proposed and heard and decides,
        "carry_out": found.state is S.APPROVED and carries and not found.fallen,
        "review": found.state in {S.APPROVED, S.IN_FORCE} and decides,
        "take_off": (found.state is S.LIFTING or ended) and carries,
    }
    return {name for name, is_open in open_now.items() if is_open}
