"""Decisions of a quarter for the consistency page, and decisions as they are found again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from charlton_intranet.accounts.models import Person
from charlton_intranet.core import search
from charlton_intranet.core.clock import town_midnight
from charlton_intranet.core.database import rows
from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.moderation.models import Case, DecidedUnder, Determination, Reconsideration
from charlton_intranet.moderation.queries.likeness import shortened
from charlton_intranet.moderation.queries.reconsiderations import reversed_decisions
from charlton_intranet.moderation.rules import Outcome, letters_of
from charlton_intranet.moderation.rules.consistency import Decided, Quarter
from charlton_intranet.moderation.rules.reconsidering import ReconsiderationState
from charlton_intranet.sites.models import Site

PAGE = 25
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class DecisionFilter:
    """What narrows the list of decisions. ``outcome`` may also be ``reversed`` or ``upheld``; empty means any."""

    quarter: Quarter | None = None
    letter: str = ""
    site_id: int | None = None
    decider_id: int | None = None
    outcome: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A decision as the list shows it."""

    id: int
    case_id: int
    outcome: Outcome
    taken_back: bool
    categories: tuple[str, ...]
    site: str
    decider: str
    decided_at: datetime
    text: str
    reason: str


def quarter_decisions(actor: Actor, quarter: Quarter) -> list[Decided]:
    """The determinations of a quarter on cases whose consistency the actor reads. One query."""
    query = (
        Determination.select(
            Determination.categories, Case.site, Site.title, Determination.decided_by, Person.name,
            Determination.outcome, Determination.id.in_(reversed_decisions()), Determination.decided_at, Case.seen_at,
        )
        .join_from(Determination, Case)
        .join_from(Case, Site)
        .join_from(Determination, Person, on=(Determination.decided_by == Person.id))
        .where(_within(quarter))
    )  # fmt: skip
    return [
        Decided(
            categories=tuple(sorted(letters_of(letters))),
            site_id=site_id,
            site=site,
            decider_id=decider_id,
            decider=decider,
            outcome=outcome,
            taken_back=bool(taken_back),
            hours=(decided_at - seen_at) / HOUR,
        )
        for letters, site_id, site, decider_id, decider, outcome, taken_back, decided_at, seen_at in rows(
            _reach(query, actor, Permission.READ_CONSISTENCY)
        )
    ]


def decisions_page(
    actor: Actor, chosen: DecisionFilter, before: int | None = None, size: int = PAGE
) -> tuple[list[DecisionRow], int | None]:
    """Decisions on cases that the actor reads, newest first, and the key of the next page. One query."""
    query = (
        Determination.select(
            Determination.id, Case.id, Determination.outcome, Determination.id.in_(reversed_decisions()),
            Determination.categories, Site.title, Person.name, Determination.decided_at, Case.text,
            Determination.reason,
        )
        .join_from(Determination, Case)
        .join_from(Case, Site)
        .join_from(Determination, Person, on=(Determination.decided_by == Person.id))
        .order_by(Determination.id.desc())
        .limit(size + 1)
    )  # fmt: skip
    for condition in _conditions(chosen, before):
        query = query.where(condition)
    shown = [
        DecisionRow(key, case, outcome, bool(back), tuple(sorted(letters_of(on))), site, who, at, *map(shortened, said))
        for key, case, outcome, back, on, site, who, at, *said in rows(_reach(query, actor, Permission.READ_CASES))
    ]
    return shown[:size], shown[size - 1].id if len(shown) > size else None


def _conditions(chosen: DecisionFilter, before: int | None) -> list[Any]:
    found = search.matching("case", chosen.words)
    under = DecidedUnder.select(DecidedUnder.determination).where(DecidedUnder.letter == chosen.letter)
    conditions = {
        "before": before is not None and Determination.id < before,
        "quarter": chosen.quarter and _within(chosen.quarter),
        "letter": bool(chosen.letter) and Determination.id.in_(under),
        "site": chosen.site_id is not None and Case.site == chosen.site_id,
        "decider": chosen.decider_id is not None and Determination.decided_by == chosen.decider_id,
        "outcome": bool(chosen.outcome) and _came_out(chosen.outcome),
        "words": found is not None and Case.id.in_(found),
    }
    return [condition for condition in conditions.values() if condition is not None and condition is not False]


def _came_out(outcome: str) -> Any:
    """By the determination's outcome, or by the answer to a request."""
    if outcome in set(Outcome):
        return Determination.outcome == outcome
    answered = Reconsideration.select(Reconsideration.determination).where(
        Reconsideration.state == ReconsiderationState(outcome)
    )
    return Determination.id.in_(answered)


def _within(quarter: Quarter) -> Any:
    return (Determination.decided_at >= town_midnight(quarter.starts)) & (
        Determination.decided_at < town_midnight(quarter.moved(1).starts)
    )


def _reach(query: Any, actor: Actor, permission: Permission) -> Any:
    reach = actor.departments_for(permission)
    return query if reach is None else query.where(Case.department.in_(sorted(reach)))
