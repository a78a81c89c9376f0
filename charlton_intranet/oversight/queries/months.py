"""How each clause stood in each month: what was kept of the months that are over, and the present one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import peewee

from charlton_intranet.core.audit import AuditEvent
from charlton_intranet.core.calendar import last_months
from charlton_intranet.core.clock import town_time
from charlton_intranet.core.database import first_row, rows
from charlton_intranet.core.duties import Register, Scope, Urgency
from charlton_intranet.oversight.models.months import ClauseMonth
from charlton_intranet.oversight.rules.trend import first_of, months_from


@dataclass(frozen=True, slots=True)
class Stand:
    """One clause in one month; what is None is not known, see :class:`ClauseMonth`."""

    month: date
    met: int | None = None
    due: int | None = None
    overdue: int | None = None


def first_month() -> date | None:
    """The month of the oldest event of the trail; None before there is one."""
    row = first_row(AuditEvent.select(peewee.fn.MIN(AuditEvent.at)))
    return first_of(town_time(row[0]).date()) if row and row[0] else None


def not_kept(last: date) -> list[date]:
    """The months up to ``last`` of which nothing is kept, oldest first."""
    if ClauseMonth.select().where(ClauseMonth.month == last).exists():
        return []
    first = first_month()
    kept = {month for (month,) in rows(ClauseMonth.select(ClauseMonth.month).distinct())}
    return [month for month in months_from(first, last) if month not in kept] if first else []


def kept_months(last: date, clauses: Sequence[str] | None = None) -> dict[str, list[Stand]]:
    """The twelve months that end with ``last`` by clause, each oldest first; a month that was not kept is empty."""
    wanted = last_months(last)
    query = ClauseMonth.select(
        ClauseMonth.clause, ClauseMonth.month, ClauseMonth.met, ClauseMonth.due, ClauseMonth.overdue
    ).where((ClauseMonth.month >= wanted[0]) & (ClauseMonth.month <= last))
    if clauses is not None:
        query = query.where(ClauseMonth.clause.in_(clauses))
    found: dict[str, dict[date, Stand]] = {}
    for clause, *stand in rows(query):
        found.setdefault(clause, {})[stand[0]] = Stand(*stand)
    return {clause: [kept.get(month, Stand(month)) for month in wanted] for clause, kept in found.items()}


def owed_by_clause(register: Register, day: date) -> Mapping[str, tuple[int, int]]:
    """How many duties each clause asked for on ``day``, and how many of them were overdue."""
    found: dict[str, tuple[int, int]] = {}
    for duty in register.owed(Scope(day)):
        due, overdue = found.get(duty.clause, (0, 0))
        found[duty.clause] = (due + 1, overdue + (duty.urgency(day) is Urgency.OVERDUE))
    return found
