"""The queue: one page of cases, whatever their number, in three queries."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import peewee

from charlton_intranet.accounts.models import Department
from charlton_intranet.core import search
from charlton_intranet.core.database import engine, rows
from charlton_intranet.core.errors import NotFound
from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.moderation.models import Case, Contributor
from charlton_intranet.moderation.rules import AuthorKind, CaseState, Source
from charlton_intranet.sites.models import Network, Site

EXCERPT = 400


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """Which cases are asked for; None and the empty text leave a filter out."""

    state: CaseState | None = None
    site_id: int | None = None
    urgent: bool | None = None
    words: str = ""
    department: int | None = None


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One line of the queue. ``text`` is the beginning; ``cut`` says that there is more."""

    id: int
    version: int
    state: CaseState
    urgent: bool
    text: str
    cut: bool
    handle: str
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
    dismissed_batch: str | None


@dataclass(frozen=True, slots=True)
class QueuePage:
    """One page: its rows, the key of the next page (None on the last), and how many cases each state has."""

    rows: tuple[QueueRow, ...]
    next_key: str | None
    counts: Mapping[CaseState, int]

    @property
    def total(self) -> int:
        """Cases in all states together."""
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


def queue_page(actor: Actor, wanted: QueueFilter, after: str | None = None, size: int = 25) -> QueuePage:
    """One page of the cases that ``actor`` may see, urgent ones first and then the oldest.

    ``counts`` follow every filter but the state: they are the numbers on the tabs. ``after`` is a ``next_key``.
    """
    inside = _inside(actor, wanted)
    counted = Case.select(Case.state, peewee.fn.COUNT(Case.id)).where(*inside).group_by(Case.state)
    counts = dict.fromkeys(CaseState, 0) | {CaseState(state): count for state, count in rows(counted)}
    if wanted.state is not None:
        inside.append(Case.state == wanted.state)
    if after is not None:
        inside.append(_behind(after))
    ordered = _select().where(*inside).order_by(Case.urgent.desc(), Case.id)
    found = [_row(row) for row in rows(ordered.limit(size + 1))]
    last = found[size - 1] if len(found) > size else None
    return QueuePage(tuple(found[:size]), f"{int(last.urgent)}-{last.id}" if last else None, counts)


def queue_rows(actor: Actor, case_ids: Collection[int]) -> tuple[QueueRow, ...]:
    """Some lines of the queue as they stand now, whatever their state; those the actor may not see are left out."""
    if not case_ids:
        return ()
    query = _select().where(Case.id.in_(sorted(case_ids)))
    reach = actor.departments_for(Permission.READ_CASES)
    if reach is not None:
        query = query.where(Case.department.in_(sorted(reach)))
    return tuple(_row(row) for row in rows(query))


def _inside(actor: Actor, wanted: QueueFilter) -> list[Any]:
    """The conditions of every filter but the state, within the departments whose cases the actor reads."""
    conditions: list[Any] = []
    reach = actor.departments_for(Permission.READ_CASES)
    if reach is not None:
        conditions.append(Case.department.in_(sorted(reach)))
    if wanted.department is not None:
        conditions.append(Case.department == wanted.department)
    if wanted.site_id is not None:
        conditions.append(Case.site == wanted.site_id)
    if wanted.urgent is not None:
        conditions.append(Case.urgent == wanted.urgent)
    if wanted.words.strip():
        matching = search.matching("case", wanted.words)
        conditions.append(Case.id.is_null() if matching is None else _among(matching))
    return conditions or [Case.id.is_null(False)]


def _among(ids: Any) -> Any:
    """The cases that a search found.

    As an array PostgreSQL runs the search once; as a plain IN, with the statistics that a large import leaves
    behind, it ran it once for every case (minutes for 12,000 of them).
    """
    if engine() == "postgresql":
        return Case.id == peewee.fn.ANY(peewee.fn.ARRAY(ids))
    return Case.id.in_(ids)


def _behind(key: str) -> Any:
    """The cases behind ``key``, which is ``urgent-id`` of the last one shown."""
    urgent, dash, case_id = key.partition("-")
    if not dash or urgent not in {"0", "1"} or not case_id.isascii() or not case_id.isdecimal():
        raise NotFound
    behind = (Case.urgent == (urgent == "1")) & (Case.id > int(case_id[:18]))
    return behind | ~Case.urgent if urgent == "1" else behind


def _select() -> Any:
    return (
        Case.select(
            Case.id, Case.version, Case.state, Case.urgent, peewee.fn.SUBSTR(Case.text, 1, EXCERPT),
            peewee.fn.LENGTH(Case.text) > EXCERPT, Contributor.handle, Case.author_kind, Case.source, Case.site,
            Site.title, Network.name, Case.department, Department.name, Case.posted_at, Case.seen_at, Case.due_on,
            Case.dismissed_batch,
        )
        .join_from(Case, Site)
        .join_from(Site, Network)
        .join_from(Case, Department)
        .join_from(Case, Contributor, peewee.JOIN.LEFT_OUTER)
    )  # fmt: skip


def _row(values: tuple[Any, ...]) -> QueueRow:
    cut, handle = values[5:7]
    return QueueRow(*(*values[:5], bool(cut), handle or "", *values[7:]))
