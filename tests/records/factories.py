"""A site with something in every section of its sheet, made by the features' own use cases."""

from datetime import date

from charlton_intranet.core import audit
from charlton_intranet.core.database import unit_of_work
from charlton_intranet.core.permissions import SYSTEM
from charlton_intranet.incidents.rules import IncidentKind
from charlton_intranet.moderation.rules import Outcome
from charlton_intranet.reviews import service as reviews
from charlton_intranet.reviews.queries import standing
from charlton_intranet.reviews.rules import Result
from charlton_intranet.sites.models import Site
from charlton_intranet.sites.service import living
from tests.conftest import Town
from tests.grants import factories as grants
from tests.incidents import factories as incidents
from tests.moderation import factories as moderation

# Words that must never stand on a sheet: a contributor's handle, and what was reported of an incident.
HANDLE, WORDS_OF_INCIDENT = "@angry.neighbor", "The intruder wrote to residents at night."


def lively(town: Town, department: str = "Library") -> Site:
    """A site with cases in several states, evidence, a late review, a grant, an incident, and events on the trail."""
    site = moderation.site(town, department)
    low = department.lower()
    moderation.case(town, "What a lovely day.", department=department, handle=HANDLE)
    moderation.case(town, "And a lovely evening.", department=department)
    moderation.closed(town, "I have the matches and will burn that branch down tonight.", department=department)
    moderation.determine(
        town, moderation.advised(town, "They should burn that branch down, my dad says.", department=department),
        Outcome.KEEP,
    )  # fmt: skip
    grants.approved(town, f"user.{low}", site)
    incidents.report(town, what=WORDS_OF_INCIDENT, kind=IncidentKind.TAKEOVER, site_id=site.id)
    town.clock.advance(days=9)
    due = reviews_due(site)
    reviews.record(town.actor(f"coordinator.{low}"), site.id, due, result=Result.CLEAN, note="Quiet.", clock=town.clock)
    administrator = town.actor("administrator")
    living.suspend(administrator, site.id, now(site).version, reason="The password is being changed.", clock=town.clock)
    living.reactivate(administrator, site.id, now(site).version, clock=town.clock)
    return now(site)


def reviews_due(site: Site) -> date:
    """The day on which its next review is due."""
    return standing(site.id).due


def now(site: Site) -> Site:
    """The site as it is now."""
    return Site.get_by_id(site.id)


def many_events(town: Town, site: Site, count: int) -> None:
    """That many events about the site."""
    with unit_of_work():
        for _ in range(count):
            audit.record(living.REACTIVATED, SYSTEM, f"site:{site.id}", clock=town.clock, before="x", after="y")
