"""Reviews of the demo town: every live site has been looked at since it went live; some late, some with findings.

At the end one site in three is overdue, one waits for today or the next days, and one was just done.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from charlton_intranet.accounts import queries as accounts
from charlton_intranet.core import clock as clocks
from charlton_intranet.core.clock import TOWN_ZONE, FixedClock
from charlton_intranet.core.permissions import Actor, Role
from charlton_intranet.core.store import EvidenceStore
from charlton_intranet.reviews import queries, service
from charlton_intranet.reviews.rules import Result

FINDINGS = (
    "A page that uses our seal and offers grants wrote to two followers. Captured and reported to the network.",
    "Three comments with links to a shop under the summer reading post.",
    "The link in the profile leads to the old website. Corrected.",
    "A resident asks for a record in a comment; passed on to the Records Access Officer.",
)


def load(clock: FixedClock, _store: EvidenceStore) -> None:
    """Play the reviews of each site up to its own end."""
    today, start = clocks.today(clock), clock.at
    for index, site_id in enumerate(row.site.id for row in queries.standings(None)):
        for number, (actor, due, done) in enumerate(_reviews(site_id, today, left_open=index % 3)):
            clock.at = min(datetime.combine(done, time(10, 5 + 7 * (number % 7)), TOWN_ZONE), start)
            found = number % 9 == 4 + index % 3
            service.record(
                actor,
                site_id,
                due,
                result=Result.FINDINGS if found else Result.CLEAN,
                note=FINDINGS[(number // 9 + index) % len(FINDINGS)] if found else "",
                clock=clock,
            )


def _reviews(site_id: int, today: date, *, left_open: int) -> Iterator[tuple[Actor, date, date]]:
    """Who reviewed, when it was due and when it was done. ``left_open`` 0 stops before one that is now overdue."""
    calendar = accounts.business_calendar()
    for number in range(1000):
        row = queries.standing(site_id)
        last_day = {0: today - timedelta(days=9), 1: today - timedelta(days=1), 2: today}[left_open]
        late = 2 if number % 8 == 5 else 0
        done = calendar.add(row.due, late)
        coordinators = accounts.holders(Role.COORDINATOR, done, row.site.department_id)
        if row.due > last_day or done > today or not coordinators:
            return
        yield accounts.actor_by_email(coordinators[0].email, done), row.due, done
