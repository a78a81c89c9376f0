"""The worksheet of a determination on the case page: what it rests on, and a draft of what is still empty."""

from flask.typing import ResponseReturnValue

from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.mail.messages import long_day
from charlton_intranet.moderation import queries
from charlton_intranet.moderation.forms import DetermineForm
from charlton_intranet.moderation.queries import CaseView
from charlton_intranet.moderation.queries.letters import DID, ask_by, case_facts
from charlton_intranet.moderation.queries.referrals import referrals_of
from charlton_intranet.moderation.queries.worksheet import WorksheetView, worksheet_of
from charlton_intranet.moderation.rules import AuthorKind, Outcome, Step
from charlton_intranet.moderation.rules.drafting import (
    DraftGround,
    draft_consequence,
    draft_reason,
    draft_referrals,
)
from charlton_intranet.moderation.rules.letters import LetterKind
from charlton_intranet.moderation.rules.letters import draft as draft_letter
from charlton_intranet.moderation.rules.worksheet import Consequence, quotes_of
from charlton_intranet.moderation.web.cases import show_case
from charlton_intranet.moderation.web.sections import section
from charlton_intranet.moderation.web.shared import CASE, blueprint
from charlton_intranet.policy.queries import categories
from charlton_intranet.web import context
from charlton_intranet.web.guard import needs

P = Permission


@section("worksheet")
def load(_actor: Actor, case: CaseView) -> WorksheetView | None:
    """The worksheet of a case that is determined."""
    return worksheet_of(case.id) if case.determination is not None else None


@blueprint.post(f"{CASE}/determination/draft")
@needs(P.DETERMINE_CASE, fresh=True)
def draft(case_id: int) -> ResponseReturnValue:
    """Fill what is still empty with proposals from the chosen categories; nothing is decided or kept by this."""
    form, view = DetermineForm(), queries.case_view(context.actor(), case_id)
    context.actor().must_have(P.DETERMINE_CASE, view.department_id)
    _propose(form, view)
    return show_case(case_id, tried={Step.DETERMINE: form})


def _propose(form: DetermineForm, view: CaseView) -> None:
    grounds = _grounds(form)
    words = list(dict.fromkeys(quote for ground in grounds for quote in ground.quotes))
    outcome = Outcome(form.outcome.data) if form.outcome.data in set(Outcome) else None
    known = bool(view.handle) and view.author_kind is AuthorKind.PUBLIC
    if not form.reason.data:
        form.reason.data = draft_reason(grounds)
    if form.chosen_consequence is Consequence.NOTHING:
        form.consequence.data = draft_consequence(form.letters, outcome, known=known).value
    if not form.referrals.data:
        open_to = {row.to for row in referrals_of(context.actor(), view.id, view.department_id) if row.is_open}
        drafted = {to: why for to, why in draft_referrals(form.letters, words).items() if to not in open_to}
        form.referrals.data = [to.value for to in drafted]
        for to, why in drafted.items():
            form[f"refer_{to.value}"].data = form[f"refer_{to.value}"].data or why
    if known and outcome is not None and not form.notice_text.data:
        _propose_letter(form, view, outcome, words)


def _grounds(form: DetermineForm) -> list[DraftGround]:
    edition, shared = categories().by_letter, quotes_of(form.quote.data or "")
    return [
        DraftGround(
            letter, edition[letter].words, edition[letter].test, form.quotes(letter) or shared,
            form[f"answer_{letter}"].data or "",
        )
        for letter in form.letters
    ]  # fmt: skip


def _propose_letter(form: DetermineForm, view: CaseView, outcome: Outcome, words: list[str]) -> None:
    warned, today = form.consequence.data == Consequence.WARNING, context.today()
    edition = categories().by_letter
    facts = case_facts(context.actor(), view.id) | {
        "outcome_did": DID[outcome],
        "quote": "\n".join(words),
        "categories": "\n".join(f"{letter}. {edition[letter].words}" for letter in form.letters),
        "reason": form.reason.data or "",
        "decided_on": long_day(today),
        "ask_by": ask_by(today),
    }
    kind = LetterKind.WARNING if warned else LetterKind.NOTICE_OF_DETERMINATION
    form.notice_subject.data, form.notice_text.data = draft_letter(kind, facts)
