"""The case page: a straight line of steps, the open one with its form."""

from collections.abc import Callable
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from flask.wrappers import Response

from charlton_intranet.core.errors import Invalid, StaleState
from charlton_intranet.core.once import reading_once
from charlton_intranet.core.permissions import Permission
from charlton_intranet.moderation import queries, service
from charlton_intranet.moderation.forms import (
    AdviceForm,
    CarryOutForm,
    ConcernForm,
    DetermineForm,
    NoteForm,
    VanishedForm,
)
from charlton_intranet.moderation.queries import CaseView
from charlton_intranet.moderation.rules import Outcome, Position, Step
from charlton_intranet.moderation.web.place import Place
from charlton_intranet.moderation.web.queue import show_board
from charlton_intranet.moderation.web.sections import load_sections, section_forms
from charlton_intranet.moderation.web.shared import (
    CASE,
    blueprint,
    board_place,
    leave,
    posted_version,
)
from charlton_intranet.moderation.web.story import story
from charlton_intranet.moderation.web.suggestions import words_used
from charlton_intranet.moderation.web.uploads import take_pictures
from charlton_intranet.policy.queries import categories, default
from charlton_intranet.web import context
from charlton_intranet.web.forms import TownForm
from charlton_intranet.web.guard import needs
from charlton_intranet.web.responding import respond

P = Permission

FORMS: dict[Step, type[TownForm]] = {
    Step.CONCERN: ConcernForm,
    Step.ADVISE: AdviceForm,
    Step.NO_ANSWER: TownForm,
    Step.DETERMINE: DetermineForm,
    Step.CARRY_OUT: CarryOutForm,
    Step.VANISH: VanishedForm,
    Step.NOTE: NoteForm,
}


def show_case(case_id: int, *, tried: dict[str, TownForm] | None = None, status: int = 200) -> Response:
    """The case page, or (for htmx) the part below its heading; ``tried`` are forms that come back."""
    with reading_once():
        actor, clock = context.actor(), context.clock()
        view = queries.case_view(actor, case_id)
        if (tried or {}).keys() & FORMS.keys() - view.steps:
            raise StaleState(
                f"The case is “{view.state.label}” now, so this step is not open any more. Nothing was saved."
            )
        context.remember_site(view.site_id)
        signed_in = context.signed_in()
        return respond(
            "moderation/case.html",
            "moderation/_case.html",
            status=status,
            case=view,
            story=story(view),
            forms=section_forms(view) | _forms(view) | (tried or {}),
            sections=load_sections(actor, view),
            back=Place.unpack(request.values.get("back", "")).packed,
            lookers=queries.lookers(case_id, actor.person_id, clock.now()),
            categories=categories().by_letter,
            advice_days=default("advice.business_days"),
            removal_days=default("removal.business_days"),
            advice_late=view.consultation is not None and context.today() > view.consultation.due_on,
            fresh=signed_in is not None and signed_in.is_fresh(clock.now()),
        )


def _forms(view: CaseView) -> dict[str, TownForm]:
    """An empty form for each step that is open to the viewer; the concern's categories are proposed to be decided."""
    chosen: dict[Step, Any] = {}
    if view.consultation is not None:
        chosen[Step.DETERMINE] = {"categories": list(view.consultation.categories), "quote": words_used(view.text)}
    return {step.value: FORMS[step](formdata=None, data=chosen.get(step)) for step in view.steps & FORMS.keys()}


def attempt(
    case_id: int, name: str, form: TownForm, act: Callable[[int], object], message: str, *, answered: bool = True
) -> Response:
    """Run one use case from its form: on to where somebody came from, or the form again with what is wrong.

    ``name`` is the step, or what a section calls the form.
    """
    if form.validate_on_submit():
        try:
            act(posted_version())
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            return leave(case_id, message, answered=answered)
    return show_case(case_id, tried={name: form}, status=422)


@blueprint.get(CASE)
@needs(P.READ_CASES)
def case(case_id: int) -> ResponseReturnValue:
    """One case on its own page."""
    return show_case(case_id)


@blueprint.post(f"{CASE}/concern")
@needs(P.PRESERVE_EVIDENCE)
def raise_concern(case_id: int) -> ResponseReturnValue:
    """Seal what was captured and ask the department head."""
    form = ConcernForm()

    def act(version: int) -> None:
        service.raise_concern(
            context.actor(),
            case_id,
            version,
            concern=form.concern.data or "",
            categories=form.categories.data or [],
            uploads=take_pictures(form.screenshots.data),
            store=context.parts().store,
            clock=context.clock(),
        )

    return attempt(case_id, Step.CONCERN, form, act, f"Case {case_id} is sealed, and the department head has a mail.")


@blueprint.post(f"{CASE}/advice")
@needs(P.ADVISE_CASE)
def advise(case_id: int) -> ResponseReturnValue:
    """The department head's advice."""
    form = AdviceForm()

    def act(version: int) -> None:
        service.give_advice(
            context.actor(),
            case_id,
            version,
            position=Position(form.position.data),
            text=form.text.data or "",
            clock=context.clock(),
        )

    return attempt(
        case_id, Step.ADVISE, form, act, "Your advice is on the record, and the Town Administrator has a mail."
    )


@blueprint.post(f"{CASE}/no-answer")
@needs(P.DETERMINE_CASE)
def no_answer(case_id: int) -> ResponseReturnValue:
    """Go on without the head's advice after it was due."""
    return attempt(
        case_id,
        Step.NO_ANSWER,
        TownForm(),
        lambda version: service.note_no_answer(context.actor(), case_id, version, clock=context.clock()),
        "It is on the record that no advice came. You can decide now.",
        answered=False,
    )


@blueprint.post(f"{CASE}/determination")
@needs(P.DETERMINE_CASE, fresh=True)
def determine(case_id: int) -> ResponseReturnValue:
    """The Town Administrator's determination."""
    form = DetermineForm()

    def act(version: int) -> None:
        service.determine(
            context.actor(),
            case_id,
            version,
            outcome=Outcome(form.outcome.data),
            categories=form.categories.data or [],
            quote=form.quote.data or "",
            reason=form.reason.data or "",
            same_if_praise=form.neutral,
            worksheet=form.worksheet,
            clock=context.clock(),
        )

    return attempt(case_id, Step.DETERMINE, form, act, f"Your determination on case {case_id} is on the record.")


@blueprint.post(f"{CASE}/carry-out")
@needs(P.CARRY_OUT_CASE)
def carry_out(case_id: int) -> ResponseReturnValue:
    """Prove that the content is gone, and close the case."""
    form = CarryOutForm()

    def act(version: int) -> None:
        [gone] = take_pictures([form.screenshots.data])
        service.carry_out(
            context.actor(),
            case_id,
            version,
            upload=gone,
            gone_note=form.gone_note.data or "",
            clock=context.clock(),
        )

    return attempt(case_id, Step.CARRY_OUT, form, act, f"Case {case_id} is carried out and closed.")


@blueprint.post(f"{CASE}/vanished")
@needs(P.TRIAGE_CASE)
def vanished(case_id: int) -> ResponseReturnValue:
    """The content went away by itself."""
    form = VanishedForm()

    def act(version: int) -> None:
        service.mark_vanished(context.actor(), case_id, version, note=form.note.data or "", clock=context.clock())

    return attempt(case_id, Step.VANISH, form, act, f"Case {case_id} is closed: vanished before action.")


@blueprint.post(f"{CASE}/notes")
@needs(P.READ_CASES)
def add_note(case_id: int) -> ResponseReturnValue:
    """A remark, from the queue or the case page; it does not move the case."""
    form = NoteForm()
    if form.validate_on_submit():
        try:
            service.add_note(context.actor(), case_id, form.text.data or "", clock=context.clock())
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            return leave(case_id, "Your note is with the case.")
    place = board_place()
    if place is not None:
        return show_board(place.at(case_id), note=form, status=422)
    return show_case(case_id, tried={Step.NOTE: form}, status=422)
