"""Captures and full reviews of the demo town: counted for some months by now, one site in four a little late.

The newest full review of the library found two things, and its head stands in on one site next week.
"""

from datetime import date, datetime, time, timedelta
from functools import cache

from charlton_intranet.core import clock as clocks
from charlton_intranet.core.clock import TOWN_ZONE, FixedClock
from charlton_intranet.core.database import database
from charlton_intranet.core.store import EvidenceStore
from charlton_intranet.core.uploads import inspect_picture
from charlton_intranet.demo.checklists import card
from charlton_intranet.demo.reviews import coordinator_in
from charlton_intranet.reviews import queries, service
from charlton_intranet.reviews.models import Rhythm
from charlton_intranet.reviews.queries import Standing
from charlton_intranet.reviews.rules import Answer, Outcome, ReviewKind, edition_in_force, lines_of
from charlton_intranet.reviews.service import LineFacts, RoundFacts
from charlton_intranet.sites.queries import live_sites

LIBRARY = "Charlton Public Library"
# The town began to count this many days ago.
BEGAN_DAYS_AGO = 200
FOUND = {
    "identity": LineFacts(Answer.FOUND, "The old logo stood in one cover picture. Changed at once.", Outcome.NOTED),
    "plan": LineFacts(Answer.FOUND, "Fewer posts than planned since the summer; the head knows.", Outcome.NOTED),
}


def load(clock: FixedClock, store: EvidenceStore) -> None:
    """Play what was due since the town began, up to each site's own end, and hand a site over."""
    start = clock.at
    today = clocks.today(clock)
    began = today - timedelta(days=BEGAN_DAYS_AGO)
    with database.atomic():  # hundreds of small units of work, made durable together
        for kind in (ReviewKind.CAPTURE, ReviewKind.FULL):
            sites = live_sites(None)
            Rhythm.insert_many([{"site": site.id, "kind": kind, "since": began} for site in sites]).execute()
            for index, row in enumerate(queries.standings(None, kind)):
                late = timedelta(days=12 if index % 4 == 0 else 0)
                _Play(clock, store, start, today - late).all_of(row)
        clock.at = start
        _hand_over(clock, today)


class _Play:
    """One site's captures or full reviews, each on its day, up to ``until``."""

    def __init__(self, clock: FixedClock, store: EvidenceStore, start: datetime, until: date) -> None:
        self.clock, self.store, self.start, self.until = clock, store, start, until
        self.coordinator = cache(coordinator_in)

    def all_of(self, row: Standing) -> None:
        due = row.due
        while due <= self.until:
            actor = self.coordinator(row.site.department_id, due)
            if actor is None:
                return
            self.clock.at = min(datetime.combine(due, time(11, 20), TOWN_ZONE), self.start)
            facts = self._facts(row, due)
            due = service.record_round(actor, row.site.id, row.kind, facts, clock=self.clock).next_due

    def _facts(self, row: Standing, due: date) -> RoundFacts:
        lines = {key: LineFacts(Answer.FINE) for key in lines_of(row.kind)}
        if row.kind is ReviewKind.FULL:
            newest = row.site.title == LIBRARY and due > self.until - timedelta(days=100)
            return RoundFacts(due, edition_in_force(row.kind), lines | (FOUND if newest else {}))
        picture = inspect_picture(
            card((row.site.title, "The whole page, signed out", f"{due:%B %Y}")), "page.png", field="files"
        )
        return RoundFacts(due, edition_in_force(row.kind), lines, uploads=[(picture, self.store.put(picture.data))])


def _hand_over(clock: FixedClock, today: date) -> None:
    site = next(site for site in live_sites(None) if site.title == LIBRARY)
    actor = coordinator_in(site.department_id, today)
    colleagues = queries.stand_ins(site.department_id, today)
    head = next((one for one in colleagues if actor and one.person_id != actor.person_id), None)
    if actor and head:
        first = today + timedelta(days=7 - today.weekday())
        service.hand_over(
            actor, [site.id], head.person_id, starts=first, ends=first + timedelta(days=4),
            note="I am at the library conference.", clock=clock,
        )  # fmt: skip
