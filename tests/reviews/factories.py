"""Sites to review."""

from datetime import date
from itertools import count

from charlton_intranet.reviews import service
from charlton_intranet.reviews.models import HandedOver
from charlton_intranet.reviews.rules import Answer, Result, ReviewKind, lines_of
from charlton_intranet.reviews.service import LineFacts, RoundFacts
from charlton_intranet.sites.models import Site
from charlton_intranet.sites.rules import Cadence, SiteState
from tests.conftest import Town
from tests.sites import factories as sites

_handles = (f"page{number}" for number in count(1))


def make_site(
    town: Town,
    department: str = "Library",
    *,
    cadence: Cadence = Cadence.WEEKLY,
    active_since: date = date(2026, 11, 16),
    state: SiteState = SiteState.ACTIVE,
    title: str = "Charlton Library",
) -> int:
    """A site that went live on ``active_since``; returns its id."""
    made = sites.site(town, department, cadence=cadence, state=state, title=title, handle=next(_handles))
    Site.update(active_since=active_since).where(Site.id == made.id).execute()
    return int(made.id)


def findings(town: Town, site_id: int | None = None, note: str = "Spam under the post of Friday") -> int:
    """A review of a site of the Library that found something; returns its id."""
    made = service.record(
        town.actor("coordinator.library"), site_id or make_site(town), date(2026, 11, 23), result=Result.FINDINGS,
        note=note, clock=town.clock,
    )  # fmt: skip
    return made.review_id


def full_review(town: Town, site_id: int | None = None) -> int:
    """A full review of a site of the Library that found nothing; returns its id."""
    made = service.record_round(
        town.actor("coordinator.library"), site_id or make_site(town, active_since=date(2026, 8, 23)), ReviewKind.FULL,
        RoundFacts(
            date(2026, 11, 23), 1, {key: LineFacts(Answer.FINE) for key in lines_of(ReviewKind.FULL)},
        ), clock=town.clock,
    )  # fmt: skip
    return made.review_id


def hand_over(town: Town) -> int:
    """The reviews of a site of the Library are its head's for today; returns the hand-over's id."""
    site_id = make_site(town)
    service.hand_over(
        town.actor("coordinator.library"), [site_id], town.person_id("head.library"), starts=town.today,
        ends=town.today, clock=town.clock,
    )  # fmt: skip
    return int(HandedOver.get(HandedOver.site == site_id).id)
