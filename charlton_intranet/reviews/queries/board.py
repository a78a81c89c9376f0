"""What somebody sees of the reviews, and which of them they may record."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from charlton_intranet.accounts import queries as accounts
from charlton_intranet.core.duties import Urgency
from charlton_intranet.core.errors import Forbidden, NotFound
from charlton_intranet.core.permissions import Actor, Permission, Role
from charlton_intranet.reviews.queries.handovers import handed_to
from charlton_intranet.reviews.queries.standings import Standing, standings
from charlton_intranet.reviews.rules import ReviewKind
from charlton_intranet.sites.queries import SiteRef


@dataclass(frozen=True, slots=True)
class Board:
    """What somebody sees of one kind: one page of sites, most urgent first, the rest by id and as counts."""

    kind: ReviewKind
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


def recordable(actor: Actor, day: date) -> frozenset[int] | None:
    """The departments whose reviews ``actor`` may record on ``day`` (None: all).

    The coordinator's; and the head's own while the department has no coordinator, so that no review is left
    without somebody who can do it.
    """
    own = actor.departments_for(Permission.RECORD_REVIEW)
    headed = actor.departments_as(Role.DEPARTMENT_HEAD)
    if own is None or not headed:
        return own
    return own | (headed - accounts.departments_with(Role.COORDINATOR, day))


def recordable_sites(actor: Actor, sites: Iterable[SiteRef], day: date) -> frozenset[int]:
    """Those of ``sites`` on which ``actor`` records what is done: by office, or because they were handed over."""
    own, handed = recordable(actor, day), handed_to(actor, day)
    return frozenset(site.id for site in sites if own is None or site.department_id in own or site.id in handed)


def must_record(actor: Actor, sites: Collection[SiteRef], day: date) -> None:
    """``NotFound`` unless ``actor`` may read the reviews of all ``sites``, ``Forbidden`` for those who only read."""
    for site in sites:
        actor.must_see(Permission.READ_REVIEWS, site.department_id)
    if not recordable_sites(actor, sites, day).issuperset(site.id for site in sites):
        raise Forbidden("The department's Social Media Coordinator records its reviews.")


def board(actor: Actor, today: date, kind: ReviewKind = ReviewKind.LOOK, *, after: str = "", size: int = 25) -> Board:
    """The sites whose reviews ``actor`` may read."""
    found = standings(actor.departments_for(Permission.READ_REVIEWS), kind)
    passed = _key(after) if after else (date.min, 0)
    rest = [row for row in found if row.place > passed]
    return Board(
        kind=kind,
        rows=rest[:size],
        next_key=rest[size - 1].key if len(rest) > size else None,
        counts={urgency: sum(row.urgency(today) is urgency for row in found) for urgency in Urgency},
        by_site={row.site.id: row for row in found},
        recordable=recordable_sites(actor, (row.site for row in found), today),
    )


def _key(after: str) -> tuple[date, int]:
    day, _, site_id = after.partition(".")
    try:
        return date.fromisoformat(day), int(site_id)
    except ValueError:
        raise NotFound from None
