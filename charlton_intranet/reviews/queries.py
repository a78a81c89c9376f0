"""Reads of reviews: where each site stands, and what was done."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

import peewee

from charlton_intranet.accounts import queries as accounts
from charlton_intranet.accounts.models import Department, Person
from charlton_intranet.core.calendar import add_months
from charlton_intranet.core.clock import town_midnight, town_time
from charlton_intranet.core.database import first_row, rows
from charlton_intranet.core.duties import Urgency, urgency_of
from charlton_intranet.core.errors import NotFound
from charlton_intranet.core.permissions import Actor, Permission, Role
from charlton_intranet.reviews.models import Review, ReviewCase
from charlton_intranet.reviews.rules import MonthCount, Result, by_month, days_late, next_due, opens
from charlton_intranet.sites.models import Network, Site
from charlton_intranet.sites.queries import SiteRef, site_ref
from charlton_intranet.sites.rules import LIVE


@dataclass(frozen=True, slots=True)
class LastReview:
    """The newest review of a site."""

    done_at: datetime
    by: str
    result: Result


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the reviews of one live site stand; ``opens`` is the first day on which the next may be recorded."""

    site: SiteRef
    due: date
    opens: date
    last: LastReview | None

    @property
    def place(self) -> tuple[date, int]:
        """The row's place in the list, most urgent first."""
        return self.due, self.site.id

    @property
    def key(self) -> str:
        """The place as it stands in the address of the next page."""
        return f"{self.due}.{self.site.id}"

    def urgency(self, today: date) -> Urgency:
        return urgency_of(self.due, today)

    def days_late(self, today: date) -> int:
        return days_late(self.due, today)


@dataclass(frozen=True, slots=True)
class Board:
    """What somebody sees of the reviews: one page of sites, most urgent first, the rest by id and as counts."""

    rows: list[Standing]
    next_key: str | None
    counts: dict[Urgency, int]
    by_site: dict[int, Standing]
    recordable: frozenset[int]

    def of(self, site_id: int) -> Standing:
        """The standing of a site on any page, or ``NotFound``."""
        if site_id not in self.by_site:
            raise NotFound
        return self.by_site[site_id]

    def first_open(self, today: date) -> Standing | None:
        """The most urgent review that can be recorded now."""
        sites = (row for row in self.by_site.values() if row.site.id in self.recordable and row.opens <= today)
        return next(sites, None)


@dataclass(frozen=True, slots=True)
class Findings:
    """A review that found something, which a case may be opened from."""

    id: int
    site: SiteRef
    due: date
    note: str


@dataclass(frozen=True, slots=True)
class FoundIn:
    """The review in which a case was found."""

    review_id: int
    site_id: int
    done_at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Done:
    """One line of a site's history; ``cases`` are those that were opened from it."""

    id: int
    due: date
    done_at: datetime
    by: str
    result: Result
    note: str
    days_late: int
    cases: tuple[int, ...]

    @property
    def found_something(self) -> bool:
        return self.result is Result.FINDINGS


@dataclass(frozen=True, slots=True)
class Punctuality:
    """Reviews of a site in the last twelve months, as its page counts them, and on record altogether."""

    on_time: int
    late: int
    ever: int


@dataclass(frozen=True, slots=True)
class History:
    """A page of a site's reviews, newest first, and its last twelve months."""

    rows: list[Done]
    next_key: date | None
    months: list[MonthCount]


def standings(departments: frozenset[int] | None) -> list[Standing]:
    """Every live site of ``departments`` (None: the whole town), most urgent first; two queries."""
    chosen = Site.state.in_(LIVE)
    if departments is not None:
        chosen &= Site.department.in_(departments)
    return sorted(_standings(chosen), key=lambda found: found.place)


def standing(site_id: int) -> Standing:
    """Where one live site stands, or ``NotFound``."""
    for found in _standings(Site.state.in_(LIVE) & (Site.id == site_id)):
        return found
    raise NotFound


def standings_of(site_ids: Collection[int]) -> dict[int, Standing]:
    """Where the reviews of those of these sites stand that are live; two queries."""
    return {found.site.id: found for found in _standings(Site.state.in_(LIVE) & Site.id.in_(sorted(site_ids)))}


def _standings(chosen: peewee.Expression) -> Iterable[Standing]:
    """Sites, each with its newest review; the due dates grow, so the newest has the latest."""
    earlier = Review.alias()
    newest = earlier.select(peewee.fn.MAX(earlier.due_on)).where(earlier.site == Site.id)
    query = (
        Site.select(
            Site.id, Site.title, Site.network, Network.name, Site.department, Department.name, Site.state,
            Site.cadence, Site.address, Site.active_since, Site.requested_on,
            Review.done_at, Person.name, Review.result,
        )
        .join_from(Site, Network)
        .join_from(Site, Department)
        .join_from(Site, Review, peewee.JOIN.LEFT_OUTER, on=(Review.site == Site.id) & (Review.due_on == newest))
        .join_from(Review, Person, peewee.JOIN.LEFT_OUTER)
        .where(chosen)
    )  # fmt: skip
    calendar = accounts.business_calendar()
    for row in rows(query):
        site = SiteRef(*row[:9])
        active_since, requested_on, done_at, by, result = row[9:]
        last = LastReview(done_at, by, result) if done_at else None
        since = town_time(last.done_at).date() if last else active_since or requested_on
        due = next_due(site.cadence, since, calendar)
        yield Standing(site, due, opens(site.cadence, due), last)


def recordable(actor: Actor, day: date) -> frozenset[int] | None:
    """The departments whose reviews ``actor`` may record on ``day`` (None: all).

    The coordinator's; and the head's own while the department has no coordinator, so that no review is left
    without somebody who can do it.
    """
    own = actor.departments_for(Permission.RECORD_REVIEW)
    headed = {h.department_id for h in actor.held if h.role is Role.DEPARTMENT_HEAD and h.department_id}
    if own is None or not headed:
        return own
    return own | (headed - accounts.departments_with(Role.COORDINATOR, day))


def board(actor: Actor, today: date, *, after: str = "", size: int = 25) -> Board:
    """The sites whose reviews ``actor`` may read."""
    found = standings(actor.departments_for(Permission.READ_REVIEWS))
    own = recordable(actor, today)
    passed = _key(after) if after else (date.min, 0)
    rest = [row for row in found if row.place > passed]
    return Board(
        rows=rest[:size],
        next_key=rest[size - 1].key if len(rest) > size else None,
        counts={urgency: sum(row.urgency(today) is urgency for row in found) for urgency in Urgency},
        by_site={row.site.id: row for row in found},
        recordable=frozenset(row.site.id for row in found if own is None or row.site.department_id in own),
    )


def _key(after: str) -> tuple[date, int]:
    day, _, site_id = after.partition(".")
    try:
        return date.fromisoformat(day), int(site_id)
    except ValueError:
        raise NotFound from None


def history(site_id: int, today: date, *, after: date | None = None, size: int = 25) -> History:
    """What was done on a site: three queries. ``after`` is the due date that ended the page before."""
    query = (
        Review.select(Review.id, Review.due_on, Review.done_at, Person.name, Review.result, Review.note)
        .join(Person)
        .where(Review.site == site_id)
        .order_by(Review.due_on.desc())
        .limit(size + 1)
    )
    if after is not None:
        query = query.where(Review.due_on < after)
    done = rows(query)
    cases = _cases_of([row[0] for row in done])
    found = [
        Done(number, due, done_at, by, result, note, days_late(due, town_time(done_at).date()), cases.get(number, ()))
        for number, due, done_at, by, result, note in done
    ]
    year = Review.select(Review.due_on, Review.done_at).where(
        (Review.site == site_id) & (Review.done_at >= _first_of_year(today))
    )
    months = by_month(((due, town_time(done_at).date()) for due, done_at in rows(year)), today)
    return History(found[:size], found[size - 1].due if len(found) > size else None, months)


def findings(actor: Actor, review_id: int) -> Findings:
    """A review that found something, for somebody who may read its site's reviews; otherwise ``NotFound``."""
    row = first_row(Review.select(Review.site, Review.due_on, Review.result, Review.note).where(Review.id == review_id))
    if row is None:
        raise NotFound
    site_id, due, result, note = row
    site = site_ref(site_id)
    actor.must_see(Permission.READ_REVIEWS, site.department_id)
    if result is not Result.FINDINGS:
        raise NotFound
    return Findings(review_id, site, due, note)


def found_in(case_id: int) -> list[FoundIn]:
    """The reviews that led to a case, the first one first. The caller checks who asks."""
    query = (
        ReviewCase.select(Review.id, Review.site, Review.done_at, Person.name)
        .join_from(ReviewCase, Review)
        .join_from(Review, Person)
        .where(ReviewCase.case == case_id)
        .order_by(ReviewCase.id)
    )
    return [FoundIn(*row) for row in rows(query)]


def _cases_of(review_ids: Collection[int]) -> dict[int, tuple[int, ...]]:
    found: dict[int, tuple[int, ...]] = {}
    opened = ReviewCase.select(ReviewCase.review, ReviewCase.case).where(ReviewCase.review.in_(sorted(review_ids)))
    for review_id, case_id in rows(opened.order_by(ReviewCase.id)):
        found[review_id] = (*found.get(review_id, ()), case_id)
    return found


def _first_of_year(today: date) -> datetime:
    """The first moment of the twelve months that end with the present one."""
    return town_midnight(add_months(today.replace(day=1), -11))


def punctuality(site_ids: Collection[int], today: date) -> dict[int, Punctuality]:
    """How these sites' reviews were kept; two queries. Sites without a review are left out."""
    chosen = Review.site.in_(sorted(site_ids))
    ever = dict(rows(Review.select(Review.site, peewee.fn.COUNT(Review.id)).where(chosen).group_by(Review.site)))
    year = Review.select(Review.site, Review.due_on, Review.done_at).where(
        chosen & (Review.done_at >= _first_of_year(today))
    )
    kept: dict[int, list[tuple[date, date]]] = {site_id: [] for site_id in ever}
    for site_id, due, done_at in rows(year):
        kept[site_id].append((due, town_time(done_at).date()))
    months = {site_id: by_month(reviews, today) for site_id, reviews in kept.items()}
    return {
        site_id: Punctuality(sum(m.on_time for m in months[site_id]), sum(m.late for m in months[site_id]), count)
        for site_id, count in ever.items()
    }
