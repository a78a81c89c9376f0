"""Keeping how the clauses stood at the end of a month."""

from datetime import timedelta

from charlton_intranet.core import audit
from charlton_intranet.core.calendar import add_months
from charlton_intranet.core.clock import Clock, today
from charlton_intranet.core.database import unit_of_work
from charlton_intranet.core.duties import Register
from charlton_intranet.core.permissions import SYSTEM
from charlton_intranet.oversight.models.months import ClauseMonth
from charlton_intranet.oversight.queries.met import met_within
from charlton_intranet.oversight.queries.months import not_kept, owed_by_clause
from charlton_intranet.oversight.rules.clauses import CLAUSES
from charlton_intranet.oversight.rules.trend import first_of, next_month

KEPT = audit.declare("clauses.month_kept", "month", "met", "due", "overdue", "digest")


def keep_months(register: Register, *, clock: Clock) -> str:
    """Keep every month that is over and not kept yet; returns a sentence, empty when there was none.

    How often a clause was met is counted from the trail, for any month. What was owed at a month's end is known on
    the first day after it alone: a day later it would count what was done since as done in time.
    """
    day = today(clock)
    last = add_months(first_of(day), -1)
    if not not_kept(last):
        return ""
    owed = owed_by_clause(register, first_of(day) - timedelta(days=1)) if day.day == 1 else None
    now = clock.now()
    with unit_of_work():
        months = not_kept(last)
        met = met_within([(month, next_month(month)) for month in months])
        for month, counts in zip(months, met, strict=True):
            known = owed if month == last else None
            kept = [
                {
                    "month": month,
                    "clause": clause,
                    "met": counts.get(clause),
                    "due": None if known is None else known.get(clause, (0, 0))[0],
                    "overdue": None if known is None else known.get(clause, (0, 0))[1],
                    "kept_at": now,
                }
                for clause in CLAUSES
            ]
            ClauseMonth.insert_many(kept).execute()
            audit.record(
                KEPT, SYSTEM, f"month:{month:%Y-%m}", clock=clock,
                month=f"{month:%Y-%m}",
                met=sum(counts.values()),
                due=None if known is None else sum(due for due, _ in known.values()),
                overdue=None if known is None else sum(overdue for _, overdue in known.values()),
                digest=audit.digest_of(audit.canonical(kept)),
            )  # fmt: skip
    return f"Kept {len(months)} {'month' if len(months) == 1 else 'months'}, up to {last:%B %Y}."
