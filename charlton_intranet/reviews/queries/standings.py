"""Where each live site stands: what is due on it next, and what was done last."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import peewee

from charlton_intranet.accounts import queries as accounts
from charlton_intranet.accounts.models import Department, Person
from charlton_intranet.core.clock import town_time
from charlton_intranet.core.database import first_row, rows
from charlton_intranet.core.duties import Urgency, urgency_of
from charlton_intranet.core.errors import NotFound
from charlton_intranet.policy.queries import default
from charlton_intranet.reviews.models import Review, Rhythm, Round
from charlton_intranet.reviews.rules import (
    MAX_MONTHS,
    Result,
    ReviewKind,
    days_late,
    every,
    last_look_for,
    last_round_for,
    next_due,
    next_round,
    opens,
    round_opens,
)
from charlton_intranet.sites.models import Network, Site
from charlton_intranet.sites.queries import SiteRef
from charlton_intranet.sites.rules import LIVE, Cadence

# Before the first due date of any review.
_NEVER = date(1, 1, 1)


@dataclass(frozen=True, slots=True)
class LastReview:
    """The newest review of a site."""

    done_at: datetime
    by: str
    result: Result


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one kind of review stands on a live site; ``opens`` is the first day on which the next may be recorded.

    ``every`` is its rhythm in words.
    """

    kind: ReviewKind
    site: SiteRef
    due: date
    opens: date
    every: str
    last: LastReview | None

    @property
    def place(self) -> tuple[date, int]:
        """The row's place in the list, most urgent first."""
        return self.due, self.site.id

    @property
    def key(self) -> str:
        """The place as it stands in the address of the next page."""
        return f"{self.due}.{self.site.id}"

    @property
    def url(self) -> str:
        """Where it is done."""
        if self.kind is ReviewKind.LOOK:
            return f"/reviews?site={self.site.id}"
        return f"/reviews/sites/{self.site.id}/{self.kind}"

    def urgency(self, today: date) -> Urgency:
        return urgency_of(self.due, today)

    def days_late(self, today: date) -> int:
        return days_late(self.due, today)


def table_of(kind: ReviewKind) -> tuple[Any, Any]:
    """The table that holds what was done of a kind, and what narrows it to the kind."""
    if kind is ReviewKind.LOOK:
        return Review, Review.id.is_null(False)
    return Round, Round.kind == kind


def standings(
    departments: frozenset[int] | None, kind: ReviewKind = ReviewKind.LOOK, *, until: date | None = None
) -> list[Standing]:
    """Every live site of ``departments`` (None: the whole town), most urgent first; at most three queries.

    Of captures and full reviews those sites are left out on which they are not done; with ``until`` all sites on
    which the next one is due later.
    """
    chosen = Site.state.in_(LIVE)
    if departments is not None:
        chosen &= Site.department.in_(departments)
    found = _standings(chosen, kind, until)
    return sorted((one for one in found if until is None or one.due <= until), key=lambda one: one.place)


def standing(site_id: int, kind: ReviewKind = ReviewKind.LOOK) -> Standing:
    """Where one live site stands, or ``NotFound``."""
    for found in _standings(Site.state.in_(LIVE) & (Site.id == site_id), kind):
        return found
    raise NotFound


def standings_of(site_ids: Collection[int], kind: ReviewKind = ReviewKind.LOOK) -> dict[int, Standing]:
    """Where those of these sites stand that are live; at most three queries."""
    chosen = Site.state.in_(LIVE) & Site.id.in_(sorted(site_ids))
    return {found.site.id: found for found in _standings(chosen, kind)}


def _standings(chosen: peewee.Expression, kind: ReviewKind, until: date | None = None) -> Iterable[Standing]:
    """Sites, each with its newest review; the due dates grow, so the newest has the latest.

    With ``until`` most sites on which nothing is due by then are not even read.
    """
    done, of_kind = table_of(kind)
    earlier = done.alias()
    same = earlier.site == Site.id
    if kind is not ReviewKind.LOOK:
        same &= earlier.kind == kind
    newest = earlier.select(peewee.fn.MAX(earlier.due_on)).where(same)
    town_months = default(f"{kind}.months") if kind is not ReviewKind.LOOK else 0
    if until is not None:
        chosen &= peewee.fn.COALESCE(newest, _NEVER) <= _latest(kind, until, town_months)
    query = (
        Site.select(
            Site.id, Site.title, Site.network, Network.name, Site.department, Department.name, Site.state,
            Site.cadence, Site.address, Site.active_since, Site.requested_on,
            Rhythm.months, Rhythm.since, done.done_at, Person.name, done.result,
        )
        .join_from(Site, Network)
        .join_from(Site, Department)
        .join_from(Site, Rhythm, peewee.JOIN.LEFT_OUTER, on=(Rhythm.site == Site.id) & (Rhythm.kind == kind))
        .join_from(Site, done, peewee.JOIN.LEFT_OUTER, on=(done.site == Site.id) & of_kind & (done.due_on == newest))
        .join_from(done, Person, peewee.JOIN.LEFT_OUTER)
        .where(chosen)
    )  # fmt: skip
    calendar = accounts.business_calendar()
    for row in rows(query):
        site = SiteRef(*row[:9])
        active_since, requested_on, months, counted_from, done_at, by, result = row[9:]
        last = LastReview(done_at, by, result) if done_at else None
        since = max(town_time(last.done_at).date() if last else active_since or requested_on, counted_from or date.min)
        if kind is ReviewKind.LOOK:
            due = next_due(site.cadence, since, calendar)
            yield Standing(kind, site, due, opens(site.cadence, due), site.cadence.label, last)
        elif months != 0:
            due = next_round(months or town_months, since, calendar)
            yield Standing(kind, site, due, round_opens(kind, due), every(months or town_months), last)


def _latest(kind: ReviewKind, until: date, town_months: int) -> Any:
    """Up to which due date of its last one a site can have the next by ``until``, by its rhythm; NULL for never."""
    if kind is ReviewKind.LOOK:
        return peewee.Case(Site.cadence, [(cadence.value, last_look_for(cadence, until)) for cadence in Cadence])
    months = range(1, MAX_MONTHS + 1)
    own = peewee.fn.COALESCE(Rhythm.months, town_months)
    return peewee.Case(own, [(number, last_round_for(kind, number, until)) for number in months])


@dataclass(frozen=True, slots=True)
class RhythmRow:
    """How often a capture or full review comes on a site; ``months`` None is the town's rhythm, 0 leaves it out."""

    kind: ReviewKind
    months: int | None
    town_months: int
    version: int

    @property
    def in_force(self) -> int:
        """Every how many months it comes; 0 when it does not."""
        return self.town_months if self.months is None else self.months

    @property
    def words(self) -> str:
        if self.months is None:
            return f"{every(self.town_months)}, as in the whole town"
        return every(self.months) if self.months else "Not on this site"


def rhythm_of(site_id: int, kind: ReviewKind) -> RhythmRow:
    """How often a capture or full review comes on a site; two queries."""
    row = first_row(
        Rhythm.select(Rhythm.months, Rhythm.version).where((Rhythm.site == site_id) & (Rhythm.kind == kind))
    )
    months, version = row or (None, 0)
    return RhythmRow(kind, months, default(f"{kind}.months"), version)
