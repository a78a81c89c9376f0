"""Reads of requests to look at a decision again."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import peewee

from charlton_intranet.accounts.models import Person
from charlton_intranet.accounts.queries import business_calendar
from charlton_intranet.core import search
from charlton_intranet.core.clock import town_time
from charlton_intranet.core.database import first_row, rows
from charlton_intranet.core.errors import NotFound
from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.moderation.models import (
    Case,
    Contributor,
    Determination,
    Letter,
    Order,
    Reconsideration,
)
from charlton_intranet.moderation.rules import Outcome
from charlton_intranet.moderation.rules.letters import LetterKind
from charlton_intranet.moderation.rules.reconsidering import CameBy, ReconsiderationState
from charlton_intranet.policy.queries import default
from charlton_intranet.sites.models import Network, Site

PAGE = 25
CHOICES = 20


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A request as lists show it."""

    id: int
    case_id: int
    state: ReconsiderationState
    asked_on: date
    answer_by: date
    answered_at: datetime | None
    asker: str
    came_by: CameBy
    outcome: Outcome
    site_title: str
    network_name: str
    answered_by: str | None


@dataclass(frozen=True, slots=True)
class AskableRow:
    """A decision that took something off, to which a request can be logged."""

    case_id: int
    outcome: Outcome
    decided_at: datetime
    site_title: str
    handle: str | None
    text: str


def counting() -> Any:
    """A condition on ``Determination``: it counts against a contributor, as no answer took it back or is still due."""
    undecided = Reconsideration.select(Reconsideration.determination).where(
        Reconsideration.state.in_([ReconsiderationState.ASKED, ReconsiderationState.REVERSED])
    )
    return Determination.id.not_in(undecided)


def reversed_decisions() -> Any:
    """The ids of the determinations that an answer took back."""
    return Reconsideration.select(Reconsideration.determination).where(
        Reconsideration.state == ReconsiderationState.REVERSED
    )


def last_day_to_ask(case_id: int) -> date:
    """The last business day on which somebody asks in time about the determination of the case."""
    return business_calendar().add(told_on(case_id), default("reconsideration_ask.business_days"))


def told_on(case_id: int) -> date:
    """The day from which the time to ask runs: the writer was told, or (if that was never possible) saw it gone."""
    decided = first_row(
        Determination.select(Determination.decided_at, Order.done_at)
        .join(Order, peewee.JOIN.LEFT_OUTER, on=(Order.determination == Determination.id))
        .where(Determination.case == case_id)
    )
    if decided is None:
        raise NotFound
    decided_at, done_at = decided
    notice = first_row(
        Letter.select(Letter.sent_on)
        .where(
            (Letter.case == case_id)
            & (Letter.kind == LetterKind.NOTICE_OF_DETERMINATION)
            & Letter.sent_on.is_null(is_null=False)
        )
        .order_by(Letter.id)
    )
    seen: date = town_time(done_at or decided_at).date()
    return max(seen, notice[0]) if notice else seen


def requests_page(
    actor: Actor, *, answered: bool, words: str = "", after: tuple[date, int] | None = None, size: int = PAGE
) -> tuple[list[RequestRow], tuple[date, int] | None]:
    """Open requests by the day of their answer, or answered ones newest first; and the key of the next page."""
    query = _rows_within(actor)
    if answered:
        query = query.where(Reconsideration.state != ReconsiderationState.ASKED).order_by(Reconsideration.id.desc())
        if after is not None:
            query = query.where(Reconsideration.id < after[1])
    else:
        query = query.where(Reconsideration.state == ReconsiderationState.ASKED).order_by(
            Reconsideration.answer_by, Reconsideration.id
        )
        if after is not None:
            later = Reconsideration.answer_by > after[0]
            same = (Reconsideration.answer_by == after[0]) & (Reconsideration.id > after[1])
            query = query.where(later | same)
    found = search.matching("reconsideration", words)
    if found is not None:
        query = query.where(Reconsideration.id.in_(found))
    shown = [RequestRow(*row) for row in rows(query.limit(size + 1))]
    more = (shown[size - 1].answer_by, shown[size - 1].id) if len(shown) > size else None
    return shown[:size], more


def requests_of(case_id: int) -> list[RequestRow]:
    """The requests on one case, oldest first; its reader has been let in already."""
    return [RequestRow(*row) for row in rows(_rows().where(Case.id == case_id).order_by(Reconsideration.id))]


def askable(actor: Actor, words: str) -> list[AskableRow]:
    """Hides and removals that the actor may log a request to, newest first: by case number, or by words."""
    query = (
        Determination.select(
            Case.id, Determination.outcome, Determination.decided_at, Site.title, Contributor.handle, Case.text
        )
        .join_from(Determination, Case)
        .join_from(Case, Site)
        .join_from(Case, Contributor, peewee.JOIN.LEFT_OUTER)
        .where((Determination.outcome != Outcome.KEEP) & counting())
        .order_by(Determination.id.desc())
        .limit(CHOICES)
    )
    reach = actor.departments_for(Permission.LOG_RECONSIDERATION)
    if reach is not None:
        query = query.where(Case.department.in_(sorted(reach)))
    found = search.matching("case", words)
    number = int(words) if words.isdecimal() and len(words) < 10 else 0
    if number:
        query = query.where(Case.id == number)
    elif found is not None:
        query = query.where(Case.id.in_(found))
    return [AskableRow(*row) for row in rows(query)]


def _rows() -> Any:
    return (
        Reconsideration.select(
            Reconsideration.id, Case.id, Reconsideration.state, Reconsideration.asked_on, Reconsideration.answer_by,
            Reconsideration.answered_at, Reconsideration.asker, Reconsideration.came_by, Determination.outcome,
            Site.title, Network.name, Person.name,
        )
        .join_from(Reconsideration, Determination)
        .join_from(Reconsideration, Person, peewee.JOIN.LEFT_OUTER, on=(Reconsideration.answered_by == Person.id))
        .join_from(Determination, Case)
        .join_from(Case, Site)
        .join_from(Site, Network)
    )  # fmt: skip


def _rows_within(actor: Actor) -> Any:
    """The requests on cases that the actor reads."""
    reach = actor.departments_for(Permission.READ_CASES)
    return _rows() if reach is None else _rows().where(Case.department.in_(sorted(reach)))
