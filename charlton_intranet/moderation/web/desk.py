"""Sharing the queue: claim, release, snooze and wake, one case or the ticked ones; kept views; where cases wait."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from flask import request
from flask.typing import ResponseReturnValue

from charlton_intranet.core.errors import Invalid
from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.moderation import queries, service
from charlton_intranet.moderation.forms import SnoozeForm, TickedSnoozeForm, ViewForm
from charlton_intranet.moderation.queries import CaseView, ClaimView, SnoozeView
from charlton_intranet.moderation.rules import CaseState
from charlton_intranet.moderation.rules.desk import USUAL_SNOOZE, WAITING, Press
from charlton_intranet.moderation.service import Batch
from charlton_intranet.moderation.web.cases import show_case
from charlton_intranet.moderation.web.place import QUEUE, Place
from charlton_intranet.moderation.web.queue import show_board, ticked
from charlton_intranet.moderation.web.sections import section
from charlton_intranet.moderation.web.shared import CASE, blueprint, board_place, leave, posted_version
from charlton_intranet.policy.queries import default
from charlton_intranet.sites.web.shared import RECORD
from charlton_intranet.web import context
from charlton_intranet.web.filters import day
from charlton_intranet.web.forms import TownForm
from charlton_intranet.web.guard import needs
from charlton_intranet.web.responding import done, respond

P = Permission

VIEWS = f"{QUEUE}/views"
VIEW = f"{VIEWS}/<{RECORD}:view_id>"
# Why some of the ticked cases were left as they are.
LEFT = {
    Press.DISMISS: "Somebody else was quicker with case {}. These were left as they are.",
    Press.CLAIM: "Case {} is taken already or has moved on, and was left as it is.",
    Press.RELEASE: "Case {} is not yours or has moved on, and was left as it is.",
    Press.SNOOZE: "Case {} waits for a later step or has moved on, and was left as it is.",
    Press.WAKE: "Case {} was not snoozed, and was left as it is.",
}


@dataclass(frozen=True, slots=True)
class Desk:
    """Whose a case is and whether it waits out of sight; ``works`` and ``may_snooze`` are the viewer's rights."""

    claim: ClaimView | None
    mine: bool
    snooze: SnoozeView | None
    works: bool
    may_snooze: bool
    lapses_after: int


def _snooze_form(_case: CaseView) -> SnoozeForm:
    return SnoozeForm(formdata=None, data={"until": context.today() + USUAL_SNOOZE})


@section("desk", forms={"snooze": _snooze_form}, in_queue=True)
def desk(actor: Actor, case: CaseView) -> Desk:
    """Two reads; a case that waits for nothing is nobody's."""
    now, waits = context.clock().now(), case.state in WAITING
    claim = queries.claim_of(case.id, now) if waits else None
    works = waits and actor.may(P.TRIAGE_CASE, case.department_id)
    opened = case.state is CaseState.OPEN
    return Desk(
        claim,
        mine=claim is not None and claim.person_id == actor.person_id,
        snooze=queries.snooze_of(case.id, now) if opened else None,
        works=works,
        may_snooze=works and opened,
        lapses_after=default("claim.days"),
    )


@blueprint.post(f"{CASE}/claim")
@needs(P.TRIAGE_CASE)
def claim(case_id: int) -> ResponseReturnValue:
    """Take the case, or (having been asked) take it over."""
    seen = request.form.get("version_claim", type=int)
    service.claim(context.actor(), case_id, posted_version(), seen=seen, clock=context.clock())
    return leave(case_id, f"Case {case_id} is yours.")


@blueprint.post(f"{CASE}/release")
@needs(P.TRIAGE_CASE)
def release(case_id: int) -> ResponseReturnValue:
    """Give the case back to everybody."""
    service.release(context.actor(), case_id, clock=context.clock())
    return leave(case_id, f"Case {case_id} is free for anybody.")


@blueprint.post(f"{CASE}/snooze")
@needs(P.TRIAGE_CASE)
def snooze(case_id: int) -> ResponseReturnValue:
    """Put the case out of sight until a day, and go on to the next."""
    form = SnoozeForm()
    if form.validate_on_submit():
        try:
            service.snooze(
                context.actor(), case_id, posted_version(), until=form.until.data, reason=form.reason.data or "",
                clock=context.clock(),
            )  # fmt: skip
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            back = (
                f"Case {case_id} is back on {day(form.until.data)}. Until it is answered it stays on your list of work."
            )
            return leave(case_id, back, answered=True)
    tried: dict[str, TownForm] = {"snooze": form}
    place = board_place()
    if place is not None:
        return show_board(place.at(case_id), tried=tried, status=422)
    return show_case(case_id, tried=tried, status=422)


@blueprint.post(f"{CASE}/wake")
@needs(P.TRIAGE_CASE)
def wake(case_id: int) -> ResponseReturnValue:
    """Bring the case back now, and choose it."""
    service.wake(context.actor(), case_id, clock=context.clock())
    place, message = board_place(), f"Case {case_id} is back in the queue."
    return done(place.with_answered(case_id).at(case_id).url, message) if place else leave(case_id, message)


@blueprint.post(f"{QUEUE}/dismiss")
@needs(P.TRIAGE_CASE)
def dismiss_many() -> ResponseReturnValue:
    """No concern for all ticked rows."""
    return _together(Press.DISMISS, service.dismiss_many)


@blueprint.post(f"{QUEUE}/claim")
@needs(P.TRIAGE_CASE)
def claim_many() -> ResponseReturnValue:
    """Take all ticked cases that are nobody's."""
    return _together(Press.CLAIM, service.claim_many)


@blueprint.post(f"{QUEUE}/release")
@needs(P.TRIAGE_CASE)
def release_many() -> ResponseReturnValue:
    """Give back one's own among the ticked cases."""
    return _together(Press.RELEASE, service.release_many)


@blueprint.post(f"{QUEUE}/wake")
@needs(P.TRIAGE_CASE)
def wake_many() -> ResponseReturnValue:
    """Bring the ticked cases back now."""
    return _together(Press.WAKE, service.wake_many)


@blueprint.post(f"{QUEUE}/snooze")
@needs(P.TRIAGE_CASE)
def snooze_many() -> ResponseReturnValue:
    """Put the ticked cases out of sight until a day."""
    form = TickedSnoozeForm()
    if not form.validate_on_submit():
        return show_board(board_place() or Place(), tried={"ticked": form}, status=422)
    act = partial(service.snooze_many, until=form.until.data, reason=form.reason.data or "")
    return _together(Press.SNOOZE, act, form)


def _together(press: Press, act: Callable[..., Batch], form: TownForm | None = None) -> ResponseReturnValue:
    """Do it to all ticked rows, with one Undo for all of them; say which were left, and why."""
    place = board_place() or Place()
    try:
        batch = act(context.actor(), ticked(), clock=context.clock())
    except Invalid as refusal:
        if form is None:
            return done(place.url, refusal.message, "error")
        form.refuse(refusal)
        return show_board(place, tried={"ticked": form}, status=422)
    message = LEFT[press].format(", ".join(map(str, batch.stale))) if batch.stale else None
    onward = place.at(place.case if press in {Press.CLAIM, Press.RELEASE} else None)
    return done(onward.with_answered(*batch.done, batch=batch.batch if batch.done else "").url, message, "info")


@blueprint.post(f"{QUEUE}/undo")
@needs(P.TRIAGE_CASE)
def undo_many() -> ResponseReturnValue:
    """Take one press back wherever nothing has followed it."""
    place, batch = board_place() or Place(), request.form.get("batch", "")
    count = service.undo_batch(context.actor(), batch, clock=context.clock())
    back = "open again" if Press.of(batch) is Press.DISMISS else "as before"
    return done(replace(place, batch="").url, f"{count} {'case is' if count == 1 else 'cases are'} {back}.")


@blueprint.post(VIEWS)
@needs(P.READ_CASES)
def save_view() -> ResponseReturnValue:
    """Keep the present view of the queue under a name."""
    form, place = ViewForm(), board_place() or Place()
    if form.validate_on_submit():
        try:
            service.save_view(context.actor(), form.name.data or "", place.fresh().packed)
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            return done(place.url, f"“{form.name.data}” stands above the list now.")
    return show_board(place, tried={"view": form}, status=422)


@blueprint.get(VIEWS)
@needs(P.READ_CASES)
def views() -> ResponseReturnValue:
    """One's own views, to be renamed or removed."""
    return _views()


@blueprint.post(f"{VIEW}/rename")
@needs(P.READ_CASES)
def rename_view(view_id: int) -> ResponseReturnValue:
    """Another name for one's own view."""
    form = ViewForm()
    if form.validate_on_submit():
        try:
            service.rename_view(context.actor(), view_id, form.name.data or "")
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            return done(VIEWS, f"The view is called “{form.name.data}” now.")
    return _views(tried=(view_id, form), status=422)


@blueprint.post(f"{VIEW}/remove")
@needs(P.READ_CASES)
def remove_view(view_id: int) -> ResponseReturnValue:
    """Forget one's own view."""
    service.remove_view(context.actor(), view_id)
    return done(VIEWS, "The view is removed. The cases stay where they are.")


def _views(*, tried: tuple[int, ViewForm] | None = None, status: int = 200) -> ResponseReturnValue:
    kept = queries.views_of(context.actor().person_id)
    return respond("moderation/views.html", "moderation/_views.html", status=status, views=kept, tried=tried)


@blueprint.get(f"{QUEUE}/where")
@needs(P.READ_CASES)
def where_they_wait() -> ResponseReturnValue:
    """How many cases of each site wait in each state, and since when."""
    sites = queries.where_they_wait(context.actor())
    return respond("moderation/where.html", sites=sites, states=WAITING, today=context.today(), place=Place())
