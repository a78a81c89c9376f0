"""Requests to look at a decision again: the list, logging one, its page with the answer and the letters."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask.wrappers import Response

from charlton_intranet.core.clock import town_time
from charlton_intranet.core.errors import Invalid, StaleState
from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.moderation.forms.contributors import LetterForm
from charlton_intranet.moderation.forms.reconsidering import (
    AnswerForm,
    AskableForm,
    RequestForm,
    RequestsForm,
    WithdrawForm,
)
from charlton_intranet.moderation.queries import CaseView, case_view
from charlton_intranet.moderation.queries.reconsiderations import askable, last_day_to_ask, requests_of, requests_page
from charlton_intranet.moderation.queries.request import RequestView, request_view
from charlton_intranet.moderation.rules import Outcome
from charlton_intranet.moderation.rules.letters import LetterKind, draft
from charlton_intranet.moderation.rules.reconsidering import CameBy, ReconsiderationState, letter_owed
from charlton_intranet.moderation.service import reconsidering as service
from charlton_intranet.moderation.web.place import QUEUE
from charlton_intranet.moderation.web.sections import section
from charlton_intranet.moderation.web.shared import CASE, blueprint, posted_version
from charlton_intranet.moderation.web.story import StepLine, chapter, step_line
from charlton_intranet.moderation.web.uploads import take_papers
from charlton_intranet.policy.queries import default
from charlton_intranet.sites.web.shared import LARGEST, RECORD, taken
from charlton_intranet.web import context
from charlton_intranet.web.filters import day
from charlton_intranet.web.forms import TownForm
from charlton_intranet.web.guard import needs
from charlton_intranet.web.responding import done, respond

P = Permission

REQUESTS = f"{QUEUE}/reconsiderations"
REQUEST = f"{REQUESTS}/<{RECORD}:request_id>"


@section("reconsiderations")
def on_the_case(actor: Actor, case: CaseView) -> dict[str, Any]:
    """The requests on the case, and whether the viewer may log one now."""
    asked = requests_of(case.id) if _took_off(case) else []
    closed = {ReconsiderationState.ASKED, ReconsiderationState.REVERSED}
    free = _took_off(case) and not any(row.state in closed for row in asked)
    return {
        "today": context.today(),
        "asked": asked,
        "may_log": free and actor.may(P.LOG_RECONSIDERATION, case.department_id),
    }


@chapter
def told_after(case: CaseView) -> Iterable[StepLine]:
    """What was asked and answered, as lines of the case's story."""
    for row in requests_of(case.id) if _took_off(case) else []:
        yield step_line("Reconsideration asked", row.asker, day(row.asked_on), row.came_by.label)
        if row.state is ReconsiderationState.ASKED:
            # The open step of the case itself goes first: only one line holds its form.
            turn = "now" if case.closed_at else "later"
            yield step_line("Answered", "", f"due {day(row.answer_by)}", state=turn)
        else:
            yield step_line(row.state.label, row.answered_by or "", row.answered_at, AFTER[row.state])


# Whom the page takes each of its forms from.
MAY = {"answer": P.ANSWER_RECONSIDERATION, "withdraw": P.LOG_RECONSIDERATION, "letter": P.WRITE_LETTER}
AFTER = {
    ReconsiderationState.UPHELD: "The decision stands.",
    ReconsiderationState.REVERSED: "The decision is taken back and counts no more.",
    ReconsiderationState.WITHDRAWN: "The decision stands.",
}


def _took_off(case: CaseView) -> bool:
    return case.determination is not None and case.determination.outcome is not Outcome.KEEP


@blueprint.get(REQUESTS)
@needs(P.READ_CASES)
def reconsiderations() -> ResponseReturnValue:
    """Open requests by the day of their answer, or answered ones."""
    answered = request.args.get("answered") == "yes"
    filters = RequestsForm(request.args)
    words = filters.words.data or ""
    found, more = requests_page(context.actor(), answered=answered, words=words, after=_key(request.args.get("after")))
    kept: dict[str, Any] = {"answered": "yes" if answered else None, "words": words or None}
    return respond(
        "moderation/requests.html",
        rows=found,
        answered=answered,
        filters=filters,
        words=words,
        today=context.today(),
        may_log=context.actor().may(P.LOG_RECONSIDERATION, anywhere=True),
        next_url=url_for("moderation.reconsiderations", after=f"{more[0]}.{more[1]}", **kept) if more else None,
    )


@blueprint.get(f"{REQUESTS}/new")
@needs(P.LOG_RECONSIDERATION)
def find_askable() -> ResponseReturnValue:
    """Find the decision that somebody asks about."""
    filters = AskableForm(request.args)
    rows = askable(context.actor(), filters.words.data or "")
    return respond("moderation/askable.html", filters=filters, rows=rows)


@blueprint.get(f"{CASE}/reconsideration")
@needs(P.LOG_RECONSIDERATION)
def ask_again(case_id: int) -> ResponseReturnValue:
    """The form to log a request, or the one that is open already."""
    for row in requests_of(case_id):
        if row.state is ReconsiderationState.ASKED:
            case_view(context.actor(), case_id)
            return redirect(url_for("moderation.reconsideration", request_id=row.id))
    return _show_form(case_id, RequestForm(formdata=None, data={"asked_on": context.today()}))


@blueprint.post(f"{CASE}/reconsideration")
@needs(P.LOG_RECONSIDERATION)
def log_request(case_id: int) -> ResponseReturnValue:
    """Put a request on record."""
    form = RequestForm()
    if form.validate_on_submit():
        asked = service.Request(
            form.asked_on.data or context.today(), CameBy(form.came_by.data), form.text.data or "",
            form.asker.data or "", form.contact.data or "", form.late_reason.data or "",
        )  # fmt: skip
        try:
            papers = take_papers(form.papers.data)
            request_id = service.log_request(context.actor(), case_id, asked, papers, clock=context.clock())
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            url = url_for("moderation.reconsideration", request_id=request_id)
            return done(url, "The request is on record, and the Town Administrator has a mail.")
    return _show_form(case_id, form, status=422)


@blueprint.get(REQUEST)
@needs(P.READ_CASES)
def reconsideration(request_id: int) -> ResponseReturnValue:
    """One request: what was asked, what was decided, the answer and the letters."""
    return _show(request_id)


@blueprint.post(f"{REQUEST}/answer")
@needs(P.ANSWER_RECONSIDERATION, fresh=True)
def answer_request(request_id: int) -> ResponseReturnValue:
    """Uphold the decision, or take it back."""
    form = AnswerForm()

    def act(version: int) -> None:
        said = service.Answer(
            form.answer.data == "reverse", form.reason.data or "", form.counsel.data or "", form.counsel_on.data
        )
        service.answer(
            context.actor(), request_id, version, said, exception=form.exception.data or "", clock=context.clock()
        )

    return _attempt(request_id, "answer", form, act, "Your answer is on record. Whoever asked is told by letter.")


@blueprint.post(f"{REQUEST}/withdraw")
@needs(P.LOG_RECONSIDERATION)
def withdraw_request(request_id: int) -> ResponseReturnValue:
    """They want no answer any more."""
    form = WithdrawForm()

    def act(version: int) -> None:
        service.withdraw(context.actor(), request_id, version, form.reason.data or "", clock=context.clock())

    return _attempt(request_id, "withdraw", form, act, "The request is closed as withdrawn.")


@blueprint.post(f"{REQUEST}/letter")
@needs(P.WRITE_LETTER)
def write_to_asker(request_id: int) -> ResponseReturnValue:
    """Keep the letter as it was sent."""
    form = LetterForm()

    def act(version: int) -> None:
        service.write_to_asker(context.actor(), request_id, version, clock=context.clock(), **form.typed)

    return _attempt(request_id, "letter", form, act, "The letter is kept as it was sent.")


def _attempt(request_id: int, name: str, form: TownForm, act: Callable[[int], None], message: str) -> Response:
    """Run one use case from its form on the page of a request."""
    if taken(form, lambda: act(posted_version())):
        return done(url_for("moderation.reconsideration", request_id=request_id), message)
    return _show(request_id, tried={name: form}, status=422)


def _show(request_id: int, *, tried: dict[str, TownForm] | None = None, status: int = 200) -> Response:
    actor = context.actor()
    view = request_view(actor, request_id)
    for name in tried or {}:
        actor.must_have(MAY[name], view.department_id)
    signed_in = context.signed_in()
    letter = letter_owed(view.state, received=view.received is not None, answer=view.answer is not None)
    forms: dict[str, TownForm] = {"answer": AnswerForm(formdata=None), "withdraw": WithdrawForm(formdata=None)}
    if letter is not None and actor.may(P.WRITE_LETTER, view.department_id):
        subject, text = draft(letter, _facts(view, letter))
        forms["letter"] = LetterForm(formdata=None, data={"subject": subject, "text": text})
    context.remember_site(view.site_id)
    return respond(
        "moderation/request.html",
        "moderation/_request.html",
        status=status,
        asked=view,
        forms=forms | (tried or {}),
        letter=letter,
        may={name: actor.may(permission, view.department_id) for name, permission in MAY.items()},
        own=actor.person_id in view.first_hands,
        fresh=signed_in is not None and signed_in.is_fresh(context.clock().now()),
        today=context.today(),
    )


def _show_form(case_id: int, form: RequestForm, status: int = 200) -> Response:
    """The form below the decision that it is about; refused where nothing was taken off."""
    actor = context.actor()
    case = case_view(actor, case_id)
    actor.must_have(P.LOG_RECONSIDERATION, case.department_id)
    if not _took_off(case):
        raise StaleState("Nothing was taken off here, so there is no decision to look at again.")
    return respond(
        "moderation/ask_again.html",
        status=status,
        case=case,
        form=form,
        last_day=last_day_to_ask(case_id),
        answer_days=default("reconsideration.business_days"),
    )


def _facts(view: RequestView, letter: LetterKind) -> dict[str, str]:
    """What the app knows of a letter's blanks."""
    taken_back = view.state is ReconsiderationState.REVERSED
    return {
        "site": view.site_title,
        "network": view.network_name,
        "asker": view.asker or view.handle,
        "asked_on": day(view.asked_on),
        "answer_by": day(view.answer_by),
        "decided_on": day(town_time(view.decided_at).date()),
        "answer": "is taken back. The post goes back to its place" if taken_back else "stands",
        "reason": view.reason if letter is LetterKind.RECONSIDERATION_ANSWERED else "",
        "signer": context.actor().name,
        "town": context.parts().settings.town_name,
    }


def _key(packed: str | None) -> tuple[date, int] | None:
    """Where a page of the list begins, ``2026-12-08.17``; None for the first, and for what is no place in it."""
    first, _, last = (packed or "").partition(".")
    try:
        return date.fromisoformat(first), min(int(last), LARGEST)
    except ValueError:
        return None
