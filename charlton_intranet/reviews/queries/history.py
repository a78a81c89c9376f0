"""What was done on sites, what it found, and how punctually."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

import peewee

from charlton_intranet.accounts.models import Person
from charlton_intranet.core.calendar import last_months
from charlton_intranet.core.clock import town_midnight, town_time
from charlton_intranet.core.database import rows
from charlton_intranet.core.errors import NotFound
from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.reviews.models import Finding, Review, ReviewCase, Round
from charlton_intranet.reviews.queries.standings import table_of
from charlton_intranet.reviews.rules import MonthCount, Result, ReviewKind, by_month, days_late
from charlton_intranet.sites.queries import SiteRef, site_refs


@dataclass(frozen=True, slots=True)
class Findings:
    """A look that found something, which a case may be opened from."""

    id: int
    site: SiteRef
    due: date
    note: str


@dataclass(frozen=True, slots=True)
class FoundIn:
    """Where a case was found; ``round_id`` is None for a look."""

    round_id: int | None
    site_id: int
    kind: ReviewKind
    done_at: datetime
    by: str

    @property
    def url(self) -> str:
        return f"/reviews/rounds/{self.round_id}" if self.round_id else f"/reviews/sites/{self.site_id}"


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


def history(
    site_id: int, today: date, kind: ReviewKind = ReviewKind.LOOK, *, after: date | None = None, size: int = 25
) -> History:
    """What was done on a site of one kind: three queries. ``after`` is the due date that ended the page before."""
    done, of_kind = table_of(kind)
    of_site = of_kind & (done.site == site_id)
    query = (
        done.select(done.id, done.due_on, done.done_at, Person.name, done.result, done.note)
        .join(Person)
        .where(of_site if after is None else of_site & (done.due_on < after))
        .order_by(done.due_on.desc())
        .limit(size + 1)
    )
    kept = rows(query)
    cases = _cases_of(kind, [row[0] for row in kept])
    found = [
        Done(number, due, done_at, by, result, note, days_late(due, town_time(done_at).date()), cases.get(number, ()))
        for number, due, done_at, by, result, note in kept
    ]
    year = done.select(done.due_on, done.done_at).where(of_site & (done.done_at >= _first_of_year(today)))
    months = by_month(((due, town_time(done_at).date()) for due, done_at in rows(year)), today)
    return History(found[:size], found[size - 1].due if len(found) > size else None, months)


def findings(actor: Actor, review_id: int) -> Findings:
    """A look that found something, for somebody who may read its site's reviews; otherwise ``NotFound``."""
    for found in findings_of(actor, [review_id]):
        return found
    raise NotFound


def findings_of(actor: Actor, review_ids: Collection[int]) -> list[Findings]:
    """Those of these looks that found something and that ``actor`` may read, by id; two queries."""
    query = Review.select(Review.id, Review.site, Review.due_on, Review.note).where(
        Review.id.in_(sorted(review_ids)) & (Review.result == Result.FINDINGS)
    )
    looks = rows(query.order_by(Review.id))
    sites = site_refs(site_id for _, site_id, _, _ in looks)
    return [
        Findings(number, sites[site_id], due, note)
        for number, site_id, due, note in looks
        if actor.may(Permission.READ_REVIEWS, sites[site_id].department_id)
    ]


def found_in(case_id: int) -> list[FoundIn]:
    """Where a case was found, the first one first. The caller checks who asks."""
    looks = (
        ReviewCase.select(peewee.SQL("NULL"), Review.site, peewee.SQL("'look'"), Review.done_at, Person.name)
        .join_from(ReviewCase, Review)
        .join_from(Review, Person)
        .where(ReviewCase.case == case_id)
    )
    rounds = (
        Finding.select(Round.id, Round.site, Round.kind, Round.done_at, Person.name)
        .join_from(Finding, Round)
        .join_from(Round, Person)
        .where(Finding.case == case_id)
    )
    found = rows(rounds.union_all(looks))
    return sorted((FoundIn(*row) for row in found), key=lambda one: one.done_at)


def _cases_of(kind: ReviewKind, ids: Collection[int]) -> dict[int, tuple[int, ...]]:
    """The cases that came of looks, or of rounds, by their ids; one query."""
    opened = (
        ReviewCase.select(ReviewCase.review, ReviewCase.case).where(ReviewCase.review.in_(sorted(ids)))
        if kind is ReviewKind.LOOK
        else Finding.select(Finding.round, Finding.case).where(
            Finding.round.in_(sorted(ids)) & Finding.case.is_null(False)
        )
    ).order_by(peewee.SQL("1"), peewee.SQL("2"))
    found: dict[int, tuple[int, ...]] = {}
    for number, case_id in rows(opened):
        found[number] = (*found.get(number, ()), case_id)
    return found


def _first_of_year(today: date) -> datetime:
    """The first moment of the twelve months that end with the present one."""
    return town_midnight(last_months(today)[0])


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
