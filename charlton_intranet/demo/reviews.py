"""Reviews of the demo town: every live site has been looked at since it went live; some late, some with findings.

At the end one site in three is overdue, one waits for today or the next days, and one was just done.
"""

import itertools
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import cache

from charlton_intranet.accounts import queries as accounts
from charlton_intranet.core import clock as clocks
from charlton_intranet.core.clock import TOWN_ZONE, FixedClock
from charlton_intranet.core.database import database
from charlton_intranet.core.permissions import Actor, Role
from charlton_intranet.core.store import EvidenceStore
from charlton_intranet.reviews import queries, service
from charlton_intranet.reviews.queries import Standing
from charlton_intranet.reviews.rules import Result

Lookup = Callable[[int, date], Actor | None]

FINDINGS = (
    "A page that uses our seal and offers grants wrote to two followers. Captured and reported to the network.",
    "Three comments with links to a shop under the summer reading post.",
    "The link in the profile leads to the old website. Corrected.",
    "A resident asks for a record in a comment; passed on to the Records Access Officer.",
)


def load(clock: FixedClock, _store: EvidenceStore) -> None:
    """Play the reviews of each site up to its own end."""
    start, coordinator_of = clock.at, cache(coordinator_in)
    with database.atomic():  # hundreds of small units of work, made durable together
        for index, row in enumerate(queries.standings(None)):
            _play(clock, row, start, coordinator_of, variant=index % 3)


def _play(clock: FixedClock, row: Standing, start: datetime, coordinator_of: Lookup, *, variant: int) -> None:
    """One site's reviews: variant 0 leaves one overdue, 1 leaves one for today, 2 leaves none."""
    calendar, today = accounts.business_calendar(), clocks.today(FixedClock(start))
    until = today - timedelta(days=(9, 1, 0)[variant])
    due = row.due
    for number in itertools.count():
        done = calendar.add(due, 2 if number % 8 == 5 else 0)
        actor = coordinator_of(row.site.department_id, done.replace(day=1))
        if due > until or done > today or actor is None:
            return
        clock.at = min(datetime.combine(done, time(10, 5 + 7 * (number % 7)), TOWN_ZONE), start)
        found = number % 9 == 4 + variant
        due = service.record(
            actor,
            row.site.id,
            due,
            result=Result.FINDINGS if found else Result.CLEAN,
            note=FINDINGS[(number // 9 + variant) % len(FINDINGS)] if found else "",
            clock=clock,
        ).next_due


def coordinator_in(department_id: int, month: date) -> Actor | None:
    """Who reviews the department's sites in this month."""
    held = accounts.holders(Role.COORDINATOR, month, department_id)
    return accounts.actor_by_email(held[0].email, month) if held else None
