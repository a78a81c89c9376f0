"""What was handed on to IT, the police, human resources or counsel: from the case page, and on pages of its own."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import request
from flask.typing import ResponseReturnValue
from flask.wrappers import Response

from charlton_intranet.core.errors import Invalid, NotFound
from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.moderation import queries
from charlton_intranet.moderation.forms.worksheet import AnswerForm, ReferForm, SentForm, WithdrawForm
from charlton_intranet.moderation.queries import CaseView
from charlton_intranet.moderation.queries.referrals import (
    ReferralRow,
    may_read,
    referral_view,
    referrals_of,
    referrals_page,
    sealed_pieces,
)
from charlton_intranet.moderation.rules.worksheet import ReferredTo
from charlton_intranet.moderation.service import referring
from charlton_intranet.moderation.web.cases import show_case
from charlton_intranet.moderation.web.sections import section
from charlton_intranet.moderation.web.shared import CASE, blueprint, case_url, posted_version
from charlton_intranet.moderation.web.uploads import take_papers
from charlton_intranet.sites.web.shared import RECORD, taken
from charlton_intranet.web import context
from charlton_intranet.web.files import send_kept
from charlton_intranet.web.forms import TownForm
from charlton_intranet.web.guard import needs
from charlton_intranet.web.responding import done, respond

P = Permission
REFERRALS = "/referrals"
REFERRAL = f"{REFERRALS}/<{RECORD}:referral_id>"


@dataclass(frozen=True, slots=True)
class ReferralsPart:
    """The referrals of a case; ``may`` says whether the viewer may make one."""

    rows: tuple[ReferralRow, ...]
    may: bool


def _reach(case: CaseView) -> list[ReferredTo]:
    return [to for to in ReferredTo if may_read(context.actor(), to, case.department_id)]


def _form(case: CaseView, form: ReferForm | None = None) -> ReferForm:
    form = form or ReferForm(formdata=None)
    form.offer(_reach(case))
    return form


@section("referrals", forms={"refer": _form})
def load(actor: Actor, case: CaseView) -> ReferralsPart:
    """Nothing is asked of the database for a case that was never sealed: nothing can have been referred."""
    if case.seal is None:
        return ReferralsPart((), may=False)
    may = actor.may(P.FOLLOW_REFERRAL, case.department_id)
    return ReferralsPart(referrals_of(actor, case.id, case.department_id), may)


@blueprint.post(f"{CASE}/referrals")
@needs(P.FOLLOW_REFERRAL)
def refer(case_id: int) -> ResponseReturnValue:
    """Hand a case on; it stays where it is."""
    view = queries.case_view(context.actor(), case_id)
    context.actor().must_have(P.FOLLOW_REFERRAL, view.department_id)
    form = _form(view, ReferForm())
    if form.validate_on_submit():
        to = ReferredTo(form.to.data)
        try:
            referring.refer_case(context.actor(), case_id, to=to, reason=form.reason.data or "", clock=context.clock())
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            return done(case_url(case_id), f"Handed on to: {to.label}.")
    return show_case(case_id, tried={"refer": form}, status=422)


@blueprint.get(REFERRALS)
@needs(P.FOLLOW_REFERRAL)
def referrals() -> ResponseReturnValue:
    """Everything that was handed on and is the reader's, newest first."""
    everything = request.args.get("all") == "yes"
    rows, next_key = referrals_page(
        context.actor(), open_only=not everything, after=request.args.get("after", type=int)
    )
    kept = "all=yes&" if everything else ""
    return respond(
        "moderation/referrals.html",
        rows=rows,
        everything=everything,
        next_url=f"{REFERRALS}?{kept}after={next_key}" if next_key else None,
    )


@blueprint.get(REFERRAL)
@needs(P.FOLLOW_REFERRAL)
def referral(referral_id: int) -> ResponseReturnValue:
    """One referral: what was asked, and the step it waits for."""
    return _show(referral_id)


def _show(referral_id: int, *, tried: dict[str, TownForm] | None = None, status: int = 200) -> Response:
    forms: dict[str, TownForm] = {
        "sent": SentForm(formdata=None),
        "answer": AnswerForm(formdata=None),
        "withdraw": WithdrawForm(formdata=None),
    }
    return respond(
        "moderation/referral.html",
        "moderation/_referral.html",
        status=status,
        referral=referral_view(context.actor(), referral_id),
        forms=forms | (tried or {}),
    )


@blueprint.get(f"{REFERRAL}/sheet")
@needs(P.FOLLOW_REFERRAL)
def referral_sheet(referral_id: int) -> ResponseReturnValue:
    """A page to print and to send along: what is referred, the words, and the digests of the sealed evidence."""
    found = referral_view(context.actor(), referral_id)
    context.actor().must_have(P.READ_CASES, found.department_id)
    return respond(
        "moderation/referral_sheet.html",
        referral=found,
        case=queries.case_view(context.actor(), found.case_id),
        pieces=sealed_pieces(found.case_id),
    )


@blueprint.get(f"{REFERRAL}/papers/<{RECORD}:paper_id>")
@needs(P.FOLLOW_REFERRAL)
def referral_paper(referral_id: int, paper_id: int) -> ResponseReturnValue:
    """A document that came with the answer."""
    found = referral_view(context.actor(), referral_id)
    paper = next((one for one in found.papers if one.id == paper_id), None)
    if paper is None:
        raise NotFound
    return send_kept(
        paper.sha256, media_type=paper.media_type, file_name=paper.file_name, attachment=True, name="This document"
    )


@blueprint.post(f"{REFERRAL}/sent")
@needs(P.FOLLOW_REFERRAL)
def referral_sent(referral_id: int) -> ResponseReturnValue:
    """It has left the house."""
    form = SentForm()

    def act(version: int) -> None:
        referring.mark_sent(context.actor(), referral_id, version, how=form.how.data or "", clock=context.clock())

    return _attempt(referral_id, "sent", form, act, "It is on the record that it was sent.")


@blueprint.post(f"{REFERRAL}/answer")
@needs(P.FOLLOW_REFERRAL)
def referral_answer(referral_id: int) -> ResponseReturnValue:
    """What came back, with documents."""
    form = AnswerForm()

    def act(version: int) -> None:
        referring.answer(
            context.actor(),
            referral_id,
            version,
            text=form.text.data or "",
            papers=take_papers(form.papers.data),
            clock=context.clock(),
        )

    return _attempt(referral_id, "answer", form, act, "The answer is on the record.")


@blueprint.post(f"{REFERRAL}/withdraw")
@needs(P.FOLLOW_REFERRAL)
def referral_withdraw(referral_id: int) -> ResponseReturnValue:
    """Take it back: for who works on the case, not for who was asked."""
    found, form = referral_view(context.actor(), referral_id), WithdrawForm()
    context.actor().must_have(P.READ_CASES, found.department_id)

    def act(version: int) -> None:
        referring.withdraw(context.actor(), referral_id, version, why=form.why.data or "", clock=context.clock())

    return _attempt(referral_id, "withdraw", form, act, "The referral is taken back.")


def _attempt(referral_id: int, name: str, form: TownForm, act: Callable[[int], None], message: str) -> Response:
    referral_view(context.actor(), referral_id)  # a stranger learns nothing, whatever was typed
    if taken(form, lambda: act(posted_version())):
        return done(f"{REFERRALS}/{referral_id}", message)
    return _show(referral_id, tried={name: form}, status=422)
