"""The queue: one page of cases, whatever their number, in a fixed number of queries."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import peewee

from charlton_intranet.accounts.models import Department
from charlton_intranet.core import search
from charlton_intranet.core.clock import town_midnight
from charlton_intranet.core.database import database, engine, rows
from charlton_intranet.core.errors import NotFound
from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.core.search import Marked
from charlton_intranet.moderation.models import Case, Claim, Consultation, Contributor, Snooze
from charlton_intranet.moderation.queries.desk import Claimant, is_asleep, is_live, live_claims, live_snoozes
from charlton_intranet.moderation.rules import AuthorKind, CaseState, Source
from charlton_intranet.moderation.rules.desk import WAITING, Claimed
from charlton_intranet.sites.models import Network, Site

EXCERPT = 400
# Nobody works through more than this; to count on would cost the more, the more there is.
COUNTED = 1000
# The tab of what waits out of sight, beside those of the states.
SNOOZED = "snoozed"
TABS: tuple[str, ...] = (
    CaseState.OPEN,
    SNOOZED,
    CaseState.CONSULTING,
    CaseState.ADVISED,
    CaseState.DETERMINED,
    CaseState.CLOSED,
    CaseState.VANISHED,
    CaseState.DISMISSED,
)


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """Which cases are asked for; None and the empty text leave a filter out.

    ``seen_from`` and ``seen_to`` are days in the town, both within. ``category`` is a letter that a concern named.
    """

    tab: str = CaseState.OPEN
    site_id: int | None = None
    urgent: bool | None = None
    words: str = ""
    department: int | None = None
    claimed: Claimed | None = None
    author: AuthorKind | None = None
    source: Source | None = None
    category: str = ""
    seen_from: date | None = None
    seen_to: date | None = None


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One line of the queue. ``text`` is an excerpt with the words that were searched for marked in it."""

    id: int
    version: int
    state: CaseState
    urgent: bool
    text: Marked
    handle: Marked
    author_kind: AuthorKind
    source: Source
    site_id: int
    site_title: str
    network_name: str
    department_id: int
    department_name: str
    posted_at: datetime | None
    seen_at: datetime
    due_on: date | None
    claimed_by_id: int | None
    claimed_by: str
    snoozed_until: date | None

    @property
    def tab(self) -> str:
        """Where the case is found now."""
        return SNOOZED if self.state is CaseState.OPEN and self.snoozed_until else self.state

    @property
    def hit(self) -> bool:
        """Whether what was searched for stands in what the row shows; else in a note, a request or the account."""
        return any(found for _, found in (*self.text, *self.handle))


@dataclass(frozen=True, slots=True)
class QueuePage:
    """One page: its rows, the key of the next page (None on the last), and how many cases each tab has.

    Without words to search for nothing is counted beyond ``COUNTED + 1``, which stands for more.
    """

    rows: tuple[QueueRow, ...]
    next_key: str | None
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        """Cases in all tabs together."""
        return sum(self.counts.values())


def default_state(actor: Actor) -> CaseState:
    """What the actor can act on: where their queue opens."""
    for permission, state in (
        (Permission.DETERMINE_CASE, CaseState.ADVISED),
        (Permission.TRIAGE_CASE, CaseState.OPEN),
        (Permission.ADVISE_CASE, CaseState.CONSULTING),
    ):
        if actor.may(permission, anywhere=True):
            return state
    return CaseState.OPEN


def queue_page(
    actor: Actor, wanted: QueueFilter, after: str | None = None, size: int = 25, *, now: datetime
) -> QueuePage:
    """One page of the cases that ``actor`` may see: urgent ones first, then by the day they are due, then the oldest.

    What is over has no day: there the newest come first. ``counts`` follow every filter but the tab: they are the
    numbers on the tabs. ``after`` is a ``next_key``.
    """
    inside = _inside(actor, wanted, now)
    conditions = [*inside, *_of_tab(wanted.tab, now)]
    waits = wanted.tab == SNOOZED or wanted.tab in WAITING
    if after is not None:
        conditions.append(_behind(after) if waits else Case.id < _number(after))
    order = (Case.urgent.desc(), Case.due_on, Case.id) if waits else (Case.id.desc(),)
    ids = [case_id for (case_id,) in rows(Case.select(Case.id).where(*conditions).order_by(*order).limit(size + 1))]
    found = _rows(ids, wanted.words, now)
    last = found[size - 1] if len(found) > size else None
    return QueuePage(
        tuple(found[:size]),
        _key(last, waits=waits) if last else None,
        _counts(inside, now, capped=not wanted.words),
    )


def queue_rows(actor: Actor, case_ids: Collection[int], words: str = "", *, now: datetime) -> tuple[QueueRow, ...]:
    """Some lines of the queue as they stand now, whatever their state; those the actor may not see are left out."""
    if not case_ids:
        return ()
    seen = Case.select(Case.id).where(Case.id.in_(sorted(case_ids)), *within_reach(actor)).order_by(Case.id)
    return tuple(_rows([case_id for (case_id,) in rows(seen)], words, now))


def within_reach(actor: Actor) -> list[Any]:
    """The departments whose cases the actor reads; one alone as a plain comparison, which keeps an index's order."""
    reach = actor.departments_for(Permission.READ_CASES)
    if reach is None:
        return []
    return [Case.department == next(iter(reach))] if len(reach) == 1 else [Case.department.in_(sorted(reach))]


def _inside(actor: Actor, wanted: QueueFilter, now: datetime) -> list[Any]:
    """The conditions of every filter but the tab."""
    conditions = within_reach(actor)
    for column, value in (
        (Case.department, wanted.department),
        (Case.site, wanted.site_id),
        (Case.urgent, wanted.urgent),
        (Case.author_kind, wanted.author),
        (Case.source, wanted.source),
    ):
        if value is not None:
            conditions.append(column == value)
    if wanted.seen_from is not None:
        conditions.append(Case.seen_at >= town_midnight(wanted.seen_from))
    if wanted.seen_to is not None:
        conditions.append(Case.seen_at < town_midnight(wanted.seen_to + timedelta(days=1)))
    if wanted.category:
        asked = Consultation.select(Consultation.case).where(Consultation.categories.contains(wanted.category))
        conditions.append(Case.id.in_(asked))
    if wanted.claimed is Claimed.ME:
        conditions.append(Case.id.in_(live_claims(now, actor.person_id)))
    if wanted.claimed is Claimed.NOBODY:
        conditions.append(Case.id.not_in(live_claims(now)))
    if wanted.words:
        conditions.append(_found(wanted.words))
    return conditions


def _found(words: str) -> Any:
    """The cases that a search finds. A few are named one by one, which leads an engine straight to them.

    Many are an array to PostgreSQL, so that it runs the search once; as a plain IN, with the statistics that a large
    import leaves behind, it ran it once for every case (minutes for 12,000 of them).
    """
    matching = search.matching("case", words)
    if matching is None:
        return Case.id.is_null()
    few = [case_id for (case_id,) in rows(matching.limit(COUNTED + 1))]
    if len(few) <= COUNTED:
        return Case.id.in_(few)
    every = matching.limit(None)
    return Case.id == peewee.fn.ANY(peewee.fn.ARRAY(every)) if engine() == "postgresql" else Case.id.in_(every)


def _of_tab(tab: str, now: datetime) -> list[Any]:
    if tab == SNOOZED:
        return [Case.state == CaseState.OPEN, Case.id.in_(live_snoozes(now))]
    if tab == CaseState.OPEN:
        return [Case.state == CaseState.OPEN, Case.id.not_in(live_snoozes(now))]
    return [Case.state == tab]


def _counts(inside: list[Any], now: datetime, *, capped: bool) -> dict[str, int]:
    """How many cases each tab has, in one query.

    A search is counted in one go, as it has found them all by then. Otherwise each tab is counted from its index, no
    further than to ``COUNTED + 1``.
    """
    if not capped:
        asleep = Case.id.in_(live_snoozes(now))
        counted = Case.select(Case.state, asleep, peewee.fn.COUNT(Case.id)).where(*inside)
        counts: dict[str, int] = dict.fromkeys(TABS, 0)
        for state, snoozed, number in rows(counted.group_by(peewee.SQL("1"), peewee.SQL("2"))):
            counts[SNOOZED if snoozed and state is CaseState.OPEN else state] += number
        return counts
    columns = []
    for name in TABS:
        some = Case.select(peewee.SQL("1").alias("one")).where(*inside, *_of_tab(name, now)).limit(COUNTED + 1)
        columns.append(peewee.Select([some.alias("some")], [peewee.fn.COUNT(peewee.SQL("*"))]).alias(name))
    (capped_counts,) = rows(peewee.Select(columns=columns).bind(database))
    return dict(zip(TABS, capped_counts, strict=True))


def _key(row: QueueRow, *, waits: bool) -> str:
    return f"{int(row.urgent)}-{row.due_on:%Y%m%d}-{row.id}" if waits else str(row.id)


def _behind(key: str) -> Any:
    """The cases behind ``key``, which is ``urgent-day-id`` of the last one shown."""
    urgent, day, case_id = [*key.split("-"), "", ""][:3]
    if urgent not in {"0", "1"} or key.count("-") != 2:
        raise NotFound
    try:
        due_on = date.fromisoformat(day)
    except ValueError:
        raise NotFound from None
    # As a row, an index leads there at once, however many are due on that day.
    behind = peewee.Tuple(Case.due_on, Case.id) > peewee.Tuple(due_on.isoformat(), _number(case_id))
    return (Case.urgent == (urgent == "1")) & behind | (~Case.urgent if urgent == "1" else False)


def _number(text: str) -> int:
    if not text.isascii() or not text.isdecimal():
        raise NotFound
    return int(text[:18])


def _rows(case_ids: list[int], words: str, now: datetime) -> list[QueueRow]:
    """What is shown of these cases, in their order.

    Looked up for the page alone: joined to the search for the page, it would be for all that match.
    """
    text = Case.text if words else peewee.fn.SUBSTR(Case.text, 1, EXCERPT + 1)
    query = (
        Case.select(
            Case.id, Case.version, Case.state, Case.urgent, text, Contributor.handle, Case.author_kind, Case.source,
            Case.site, Site.title, Network.name, Case.department, Department.name, Case.posted_at, Case.seen_at,
            Case.due_on, Claimant.id, Claimant.name, Snooze.until,
        )
        .join_from(Case, Site)
        .join_from(Site, Network)
        .join_from(Case, Department)
        .join_from(Case, Contributor, peewee.JOIN.LEFT_OUTER)
        .join_from(Case, Claim, peewee.JOIN.LEFT_OUTER, on=(Claim.case == Case.id) & Claim.ended_at.is_null())
        .join_from(Claim, Claimant, peewee.JOIN.LEFT_OUTER, on=(Claimant.id == Claim.person) & is_live(now))
        .join_from(Case, Snooze, peewee.JOIN.LEFT_OUTER, on=(Snooze.case == Case.id) & is_asleep(now))
        .where(Case.id.in_(case_ids))
    )  # fmt: skip
    found = {row.id: row for row in map(_row, rows(query))}
    return _marked([found[case_id] for case_id in case_ids], words)


def _row(values: tuple[Any, ...]) -> QueueRow:
    facts = list(values)
    facts[4], facts[5] = ((facts[4], False),), ((facts[5], False),) if facts[5] else ()
    facts[17] = facts[17] or ""
    return QueueRow(*facts)


def _marked(found: list[QueueRow], words: str) -> list[QueueRow]:
    """The rows with what was searched for marked in them, cut to an excerpt around it."""
    texts = [row.text[0][0] for row in found]
    handles = [row.handle[0][0] if row.handle else "" for row in found]
    marked = search.mark([*texts, *handles], words)
    return [
        replace(row, text=search.around(text, EXCERPT), handle=handle)
        for row, text, handle in zip(found, marked[: len(found)], marked[len(found) :], strict=True)
    ]
