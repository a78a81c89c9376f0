"""The queue put together for the page: its list with the answered rows in their places, and the chosen case."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from charlton_intranet.core import search
from charlton_intranet.core.permissions import Permission
from charlton_intranet.core.search import Marked
from charlton_intranet.moderation import queries
from charlton_intranet.moderation.queries import COUNTED, SNOOZED, TABS, CaseView, QueueFilter, QueuePage, QueueRow
from charlton_intranet.moderation.rules import CaseState, Step
from charlton_intranet.moderation.rules.desk import WAITING, Press
from charlton_intranet.moderation.web.place import Place
from charlton_intranet.web import context


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the list with what may be done to it in place.

    ``url`` is the list with this case chosen; ``done`` says that the row has left the tab since.
    """

    row: QueueRow
    url: str
    current: bool
    done: bool
    overdue: bool
    mine: bool
    may_tick: bool
    may_undo: bool
    may_wake: bool


@dataclass(frozen=True, slots=True)
class Pressed:
    """What one press did to several cases, and on how many of them Undo can still take it back."""

    batch: str
    told: str
    number: int


@dataclass(frozen=True, slots=True)
class Board:
    """The queue as the page shows it.

    ``words`` are those of the chosen case. ``onward`` is where a press on it leads, ``last`` the case that was answered
    last, ``found`` how many cases a search finds in all tabs together.
    """

    place: Place
    tab: str
    tabs: list[dict[str, Any]]
    lines: list[Line]
    case: CaseView | None
    words: Marked
    previous: str | None
    next: str | None
    onward: Place
    more: str | None
    last: int | None
    found: int | None
    pressed: Pressed | None

    @property
    def may_tick(self) -> bool:
        """Whether anything can be done to several rows at once."""
        return any(line.may_tick for line in self.lines)


def board(place: Place) -> Board:
    """The view of the queue that an address asks for."""
    actor, now = context.actor(), context.clock().now()
    tab = place.tab if place.tab in TABS else queries.default_state(actor)
    page = queries.queue_page(actor, _wanted(place, tab), place.after or None, now=now)
    answered = queries.queue_rows(actor, place.answered, place.words, now=now)
    rows = _in_order(tab, {row.id: row for row in (*page.rows, *answered)})
    waiting = [row.id for row in rows if row.tab == tab]
    ids = [row.id for row in rows]
    chosen = place.case or next(iter(waiting), ids[0] if ids else None)
    at = ids.index(chosen) if chosen in ids else -1
    behind = [number for number in waiting if at < 0 or ids.index(number) > at]
    case = queries.case_view(actor, chosen) if chosen else None
    left = set(ids) - set(waiting)
    return Board(
        place=place,
        tab=tab,
        tabs=_tabs(place, tab, page),
        lines=[_line(row, place, tab, chosen) for row in rows],
        case=case,
        words=search.mark([case.text], place.words)[0] if case else (),
        previous=place.at(ids[at - 1]).url if at > 0 else None,
        next=place.at(ids[at + 1]).url if at + 1 < len(ids) else None,
        onward=place.at(next((number for number in (*behind, *waiting) if number != chosen), None)),
        more=place.fresh(after=page.next_key).url if page.next_key else None,
        last=next((number for number in reversed(place.answered) if number in left), None),
        found=page.total if place.words else None,
        pressed=_pressed(place.batch),
    )


def _wanted(place: Place, tab: str) -> QueueFilter:
    return QueueFilter(
        tab, place.site, place.urgent or None, place.words, place.department, place.claimed, place.author,
        place.source, place.category, place.seen_from, place.seen_to,
    )  # fmt: skip


def _in_order(tab: str, rows: dict[int, QueueRow]) -> list[QueueRow]:
    """As the list has them; what was answered meanwhile stays about where it was."""
    if tab == SNOOZED or tab in WAITING:
        return sorted(rows.values(), key=lambda row: (not row.urgent, row.due_on or date.max, row.id))
    return sorted(rows.values(), key=lambda row: -row.id)


def _tabs(place: Place, tab: str, page: QueuePage) -> list[dict[str, Any]]:
    return [
        {
            "label": "Snoozed" if name == SNOOZED else CaseState(name).label,
            "url": place.fresh(tab=str(name)).url,
            "current": name == tab,
            "count": _count(page.counts[name], capped=not place.words),
        }
        for name in TABS
    ]


def _count(number: int, *, capped: bool) -> str:
    return f"{COUNTED:,}+" if capped and number > COUNTED else f"{number:,}"


def _line(row: QueueRow, place: Place, tab: str, chosen: int | None) -> Line:
    actor = context.actor()
    triages = actor.may(Permission.TRIAGE_CASE, row.department_id)
    return Line(
        row,
        place.at(row.id).url,
        current=row.id == chosen,
        done=row.tab != tab,
        overdue=row.state in WAITING and row.due_on is not None and row.due_on < context.today(),
        mine=row.claimed_by_id == actor.person_id,
        may_tick=triages and row.state in WAITING,
        may_undo=Step.UNDO in queries.steps_open(actor, row.state, row.department_id),
        may_wake=triages and row.tab == SNOOZED,
    )


def _pressed(batch: str) -> Pressed | None:
    number = queries.press_count(batch) if batch else 0
    return Pressed(batch, Press.of(batch).told, number) if number else None
