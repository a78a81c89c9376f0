"""The queue: list, one case, and the presses that answer it."""

from flask import request
from flask.typing import ResponseReturnValue
from flask.wrappers import Response

from charlton_intranet.accounts.queries import departments
from charlton_intranet.core.once import reading_once
from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.moderation import queries, service
from charlton_intranet.moderation.forms import FilterForm, NoteForm, TickedSnoozeForm, ViewForm
from charlton_intranet.moderation.queries.emergency import to_be_restored
from charlton_intranet.moderation.queries.looks import last_seen
from charlton_intranet.moderation.rules.desk import USUAL_SNOOZE
from charlton_intranet.moderation.web.board import board
from charlton_intranet.moderation.web.place import QUEUE, Place, numbers
from charlton_intranet.moderation.web.sections import load_sections, section_forms
from charlton_intranet.moderation.web.shared import (
    CASE,
    blueprint,
    board_place,
    case_url,
    leave,
    posted_version,
)
from charlton_intranet.moderation.web.story import story
from charlton_intranet.policy.queries import categories, default
from charlton_intranet.sites.queries import site_choices
from charlton_intranet.web import context
from charlton_intranet.web.failures import is_htmx
from charlton_intranet.web.forms import TownForm
from charlton_intranet.web.guard import needs
from charlton_intranet.web.responding import done, respond

P = Permission

# The page asks every half minute who else looks. It stops after ten minutes, so that a page left open neither holds
# the case nor keeps the session from idling out.
LOOKS = 20


def show_board(
    place: Place, *, note: NoteForm | None = None, tried: dict[str, TownForm] | None = None, status: int = 200
) -> Response:
    """The queue, or (for htmx) the part of the page below the heading. The address bar follows.

    ``tried`` are forms that come back: ``ticked`` (snooze), ``view``, or one of a section's.
    """
    with reading_once():
        actor, shown = context.actor(), board(place)
        case = shown.case
        forms: dict[str, TownForm] = {
            "ticked": TickedSnoozeForm(formdata=None, data={"until": context.today() + USUAL_SNOOZE}),
            "view": ViewForm(formdata=None),
            **(section_forms(case) if case else {}),
            **(tried or {}),
        }
        answer = respond(
            "moderation/triage.html",
            "moderation/_board.html",
            status=status,
            board=shown,
            story=story(case) if case else [],
            sections=load_sections(actor, case, in_queue=True) if case else {},
            forms=forms,
            filters=_filters(actor, place),
            views=queries.views_of(actor.person_id),
            note=note or NoteForm(formdata=None),
            lookers=_lookers(case.id) if case else [],
            seen_last=last_seen([line.row.id for line in shown.lines]),
            to_restore=to_be_restored(actor.departments_for(P.READ_CASES)),
            advice_days=default("advice.business_days"),
            ticked={case_id for case_id, _ in ticked()} if tried else set(),
        )
    if request.method == "GET":
        answer.headers["HX-Push-Url"] = place.url
    return answer


def _filters(actor: Actor, place: Place) -> FilterForm:
    """The filter form as the address has it, with what this reader can choose from."""
    reach = actor.departments_for(P.READ_CASES)
    some = reach is None or len(reach) > 1
    named = [(one.id, one.name) for one in departments() if reach is None or one.id in reach] if some else []
    filters = FilterForm(data=place.filters)
    filters.offer(
        site_choices(actor, P.READ_CASES, live_only=False),
        named,
        {letter: category.words for letter, category in categories().by_letter.items()},
    )
    return filters


def ticked() -> list[tuple[int, int]]:
    """The rows that were ticked in the posted form, each with the version it was seen in."""
    pairs = [numbers(text, ":") for text in request.form.getlist("cases")]
    return [(pair[0], pair[1]) for pair in pairs if len(pair) == 2]


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
