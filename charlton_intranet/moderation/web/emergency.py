"""Hiding at once, its proof, putting back, and an order that a network refuses: parts of the case page."""

from dataclasses import dataclass

from flask.typing import ResponseReturnValue

from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.moderation import service
from charlton_intranet.moderation.forms.emergency import (
    HideNowForm,
    NotRestoredForm,
    ObstacleForm,
    ProofForm,
    RestoredForm,
)
from charlton_intranet.moderation.queries import CaseView
from charlton_intranet.moderation.queries.emergency import HideView, Urgency, urgency_of
from charlton_intranet.moderation.rules import CaseState, Outcome
from charlton_intranet.moderation.rules.emergency import HIDE_FROM, EmergencyState, Ground
from charlton_intranet.moderation.web.cases import attempt
from charlton_intranet.moderation.web.sections import section
from charlton_intranet.moderation.web.shared import CASE, blueprint
from charlton_intranet.moderation.web.uploads import take_picture, take_pictures
from charlton_intranet.policy.queries import default
from charlton_intranet.web import context
from charlton_intranet.web.forms import TownForm
from charlton_intranet.web.guard import needs

P = Permission


@dataclass(frozen=True, slots=True)
class EmergencyPart:
    """What the case page shows of it, and which of its forms the viewer may fill in."""

    known: Urgency
    hide_now: bool
    prove: bool
    still_hidden: bool
    restore: bool
    questions: dict[str, str]
    decide_days: int


@section(
    "emergency",
    forms={
        "hide_now": lambda _case: HideNowForm(formdata=None),
        "hidden": lambda _case: ProofForm(formdata=None),
        "still_hidden": lambda _case: TownForm(formdata=None),
        "restored": lambda _case: RestoredForm(formdata=None),
        "not_restored": lambda _case: NotRestoredForm(formdata=None),
        "obstacle": lambda _case: ObstacleForm(formdata=None),
    },
    in_queue=True,
)
def load(actor: Actor, case: CaseView) -> EmergencyPart:
    """Nothing is asked of the database for a case that was never sealed: that is most of them."""
    known = Urgency() if case.seal is None else urgency_of(case.id, ordered=case.order is not None)
    hide, may_hide = known.hide, actor.may(P.HIDE_AT_ONCE, case.department_id)
    carries, ordered = actor.may(P.CARRY_OUT_CASE, case.department_id), case.state is CaseState.DETERMINED
    return EmergencyPart(
        known,
        hide_now=may_hide and hide is None and case.state in HIDE_FROM,
        prove=may_hide and hide is not None and hide.state is EmergencyState.ORDERED,
        still_hidden=carries and ordered and _shown(hide) and _outcome(case) is Outcome.HIDE,
        restore=carries and known.to_restore is not None,
        questions={ground.value: ground.question for ground in Ground},
        decide_days=default("emergency.business_days"),
    )


def _shown(hide: HideView | None) -> bool:
    return hide is not None and hide.proof_id is not None and hide.state is EmergencyState.CONFIRMED


def _outcome(case: CaseView) -> Outcome | None:
    return None if case.order is None else case.order.outcome


@blueprint.post(f"{CASE}/hide-now")
@needs(P.HIDE_AT_ONCE)
def hide_now(case_id: int) -> ResponseReturnValue:
    """Seal it, order the hide, and start every clock. No second password: minutes count."""
    form = HideNowForm()

    def act(version: int) -> None:
        service.hide_at_once(
            context.actor(),
            case_id,
            version,
            ground=form.ground.data or "",
            words=form.words.data or "",
            answer=form.answer.data or "",
            uploads=take_pictures(form.screenshots.data),
            store=context.parts().store,
            clock=context.clock(),
        )

    return attempt(
        case_id, "hide_now", form, act, f"Case {case_id} is sealed. Hide it on the network now.", answered=False
    )


@blueprint.post(f"{CASE}/hidden")
@needs(P.HIDE_AT_ONCE)
def hidden(case_id: int) -> ResponseReturnValue:
    """The picture that shows that it is hidden."""
    form = ProofForm()

    def act(version: int) -> None:
        upload = take_picture(form.screenshots.data)
        service.prove_hidden(context.actor(), case_id, version, upload=upload, clock=context.clock())

    return attempt(case_id, "hidden", form, act, f"Case {case_id} is hidden, and that is proven.")


@blueprint.post(f"{CASE}/still-hidden")
@needs(P.CARRY_OUT_CASE)
def still_hidden(case_id: int) -> ResponseReturnValue:
    """Carry the order out with the picture of the emergency hide."""

    def act(version: int) -> None:
        service.carry_out(context.actor(), case_id, version, still_hidden=True, clock=context.clock())

    return attempt(case_id, "still_hidden", TownForm(), act, f"Case {case_id} is carried out and closed.")


@blueprint.post(f"{CASE}/restored")
@needs(P.CARRY_OUT_CASE)
def restored(case_id: int) -> ResponseReturnValue:
    """The picture that shows that it is back."""
    form = RestoredForm()

    def act(version: int) -> None:
        upload = take_picture(form.screenshots.data)
        service.restore(context.actor(), case_id, version, upload=upload, clock=context.clock())

    return attempt(case_id, "restored", form, act, f"Case {case_id}: the post is back, and that is proven.")


@blueprint.post(f"{CASE}/not-restored")
@needs(P.CARRY_OUT_CASE)
def not_restored(case_id: int) -> ResponseReturnValue:
    """Why it can not be brought back."""
    form = NotRestoredForm()

    def act(version: int) -> None:
        service.can_not_restore(context.actor(), case_id, version, note=form.note.data or "", clock=context.clock())

    return attempt(case_id, "not_restored", form, act, "It is on the record, and the Town Administrator has a mail.")


@blueprint.post(f"{CASE}/obstacle")
@needs(P.CARRY_OUT_CASE)
def obstacle(case_id: int) -> ResponseReturnValue:
    """The network refuses what was ordered."""
    form = ObstacleForm()

    def act(version: int) -> None:
        service.report_obstacle(
            context.actor(),
            case_id,
            version,
            what=form.what.data or "",
            reported=form.reported.data or "",
            clock=context.clock(),
        )

    return attempt(
        case_id, "obstacle", form, act, "It is on the record, and the Town Administrator has a mail.", answered=False
    )
