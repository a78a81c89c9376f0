"""The queue: list, one case, and the presses that answer it."""

from dataclasses import dataclass, replace
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from flask.wrappers import Response

from charlton_intranet.core.errors import Invalid
from charlton_intranet.core.permissions import Permission
from charlton_intranet.moderation import queries, service
from charlton_intranet.moderation.forms import FilterForm, NoteForm
from charlton_intranet.moderation.queries import CaseView, QueueFilter, QueuePage, QueueRow
from charlton_intranet.moderation.rules import CaseState, Step
from charlton_intranet.moderation.web.place import QUEUE, Place, numbers
from charlton_intranet.moderation.web.sections import load_sections
from charlton_intranet.moderation.web.shared import (
    CASE,
    blueprint,
    board_place,
    case_url,
    leave,
    posted_version,
)
from charlton_intranet.moderation.web.story import story
from charlton_intranet.policy.queries import default
from charlton_intranet.sites.queries import site_choices
from charlton_intranet.web import context
from charlton_intranet.web.failures import is_htmx
from charlton_intranet.web.guard import needs
from charlton_intranet.web.responding import done, respond

P = Permission

# States that a case only passes through have no tab.
TABS = (
    CaseState.OPEN,
    CaseState.CONSULTING,
    CaseState.ADVISED,
    CaseState.DETERMINED,
    CaseState.CLOSED,
    CaseState.VANISHED,
    CaseState.DISMISSED,
)
# The page asks every half minute who else looks. It stops after ten minutes, so that a page left open neither holds
# the case nor keeps the session from idling out.
LOOKS = 20


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the list with what may be done to it in place.

    ``url`` is the list with this case chosen; ``done`` says that the row has left the state of the tab since.
    """

    row: QueueRow
    url: str
    current: bool
    done: bool
    may_dismiss: bool
    may_undo: bool


@dataclass(frozen=True, slots=True)
class Board:
    """The queue as the page shows it. ``onward`` is where a press on the chosen case leads."""

    place: Place
    state: CaseState
    tabs: list[dict[str, Any]]
    lines: list[Line]
    case: CaseView | None
    previous: str | None
    next: str | None
    onward: Place
    more: str | None


def board(place: Place) -> Board:
    """Put the page together: the list with its answered rows in their places, and the chosen case."""
    actor = context.actor()
    state = _state(place)
    page = queries.queue_page(
        actor,
        QueueFilter(state, place.site, place.urgent or None, place.words),
        place.after or None,
    )
    shown = {row.id: row for row in (*page.rows, *queries.queue_rows(actor, place.answered))}
    rows = sorted(shown.values(), key=lambda row: (not row.urgent, row.id))
    waiting = [row.id for row in rows if row.state is state]
    chosen = place.case or next(iter(waiting), rows[0].id if rows else None)
    ids = [row.id for row in rows]
    at = ids.index(chosen) if chosen in shown else -1
    behind = [number for number in waiting if at < 0 or ids.index(number) > at]
    onward = next((number for number in (*behind, *waiting) if number != chosen), None)
    return Board(
        place=place,
        state=state,
        tabs=_tabs(place, state, page),
        lines=[_line(row, place, state, chosen) for row in rows],
        case=queries.case_view(actor, chosen) if chosen else None,
        previous=place.at(ids[at - 1]).url if at > 0 else None,
        next=place.at(ids[at + 1]).url if at + 1 < len(ids) else None,
        onward=place.at(onward),
        more=place.fresh(after=page.next_key).url if page.next_key else None,
    )


def _state(place: Place) -> CaseState:
    """The tab that is open; without one, what the viewer can act on."""
    return CaseState(place.tab) if place.tab in set(CaseState) else queries.default_state(context.actor())


def _tabs(place: Place, state: CaseState, page: QueuePage) -> list[dict[str, Any]]:
    return [
        {
            "label": tab.label,
            "url": place.fresh(tab=tab.value).url,
            "current": tab is state,
            "count": page.counts[tab],
        }
        for tab in TABS
    ]


def _line(row: QueueRow, place: Place, state: CaseState, chosen: int | None) -> Line:
    steps = queries.steps_open(context.actor(), row.state, row.department_id)
    return Line(
        row,
        place.at(row.id).url,
        current=row.id == chosen,
        done=row.state is not state,
        may_dismiss=Step.DISMISS in steps,
        may_undo=Step.UNDO in steps,
    )


def show_board(place: Place, *, note: NoteForm | None = None, status: int = 200) -> Response:
    """The queue, or (for htmx) the part of the page below the heading. The address bar follows."""
    actor, shown = context.actor(), board(place)
    filters = FilterForm(data={"site": str(place.site or ""), "words": place.words, "urgent": place.urgent})
    filters.offer(site_choices(actor, P.READ_CASES, live_only=False))
    answer = respond(
        "moderation/triage.html",
        "moderation/_board.html",
        status=status,
        board=shown,
        story=story(shown.case) if shown.case else [],
        sections=load_sections(actor, shown.case, in_queue=True) if shown.case else {},
        filters=filters,
        note=note or NoteForm(formdata=None),
        lookers=_lookers(shown.case.id) if shown.case else [],
        advice_days=default("advice.business_days"),
    )
    if request.method == "GET":
        answer.headers["HX-Push-Url"] = place.url
    return answer


def _lookers(case_id: int) -> list[str]:
    return queries.lookers(case_id, context.actor().person_id, context.clock().now())


@blueprint.get(QUEUE)
@needs(P.READ_CASES)
def triage() -> ResponseReturnValue:
    """The queue at the place that the address names."""
    return show_board(Place.read(request.args))


@blueprint.post(f"{CASE}/dismiss")
@needs(P.TRIAGE_CASE)
def dismiss(case_id: int) -> ResponseReturnValue:
    """No concern; its row stays, with Undo in it."""
    service.dismiss(context.actor(), case_id, posted_version(), clock=context.clock())
    return leave(case_id, answered=True)


@blueprint.post(f"{CASE}/undo")
@needs(P.TRIAGE_CASE)
def undo(case_id: int) -> ResponseReturnValue:
    """Open a dismissed case again, and choose it."""
    service.undo_dismiss(context.actor(), case_id, posted_version(), clock=context.clock())
    place = board_place()
    url = place.with_answered(case_id).at(case_id).url if place else case_url(case_id)
    return done(url, f"Case {case_id} is open again.")


@blueprint.post(f"{QUEUE}/dismiss")
@needs(P.TRIAGE_CASE)
def dismiss_many() -> ResponseReturnValue:
    """No concern for all ticked rows, with one Undo for all of them."""
    place = board_place() or Place()
    pairs = [numbers(text, ":") for text in request.form.getlist("cases")]
    chosen = [(pair[0], pair[1]) for pair in pairs if len(pair) == 2]
    try:
        batch = service.dismiss_many(context.actor(), chosen, clock=context.clock())
    except Invalid as refusal:
        return done(place.url, refusal.message, "error")
    message = None
    if batch.stale:
        late = ", ".join(map(str, batch.stale))
        message = f"Somebody else was quicker with case {late}. These were left as they are."
    return done(place.at(None).with_answered(*batch.done, batch=batch.batch if batch.done else "").url, message, "info")


@blueprint.post(f"{QUEUE}/undo")
@needs(P.TRIAGE_CASE)
def undo_many() -> ResponseReturnValue:
    """Open all cases of one press again."""
    place = board_place() or Place()
    count = service.undo_batch(context.actor(), request.form.get("batch", ""), clock=context.clock())
    message = f"{count} {'case is' if count == 1 else 'cases are'} open again."
    return done(replace(place, batch="").url, message)


@blueprint.post(f"{CASE}/look")
@needs(P.READ_CASES)
def look(case_id: int) -> ResponseReturnValue:
    """Say that somebody has the case open, and hear who else has."""
    service.look(context.actor(), case_id, clock=context.clock())
    if not is_htmx():
        return done(case_url(case_id))
    turn = request.form.get("turn", 0, type=int) + 1
    return respond(
        "moderation/_presence.html", case_id=case_id, lookers=_lookers(case_id), turn=turn, goes_on=turn < LOOKS
    )
