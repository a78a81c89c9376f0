"""Grants as tests need them: made by the real use cases, or row by row where a test needs very many."""

from datetime import date

from charlton_intranet.core.database import rows, unit_of_work
from charlton_intranet.grants import service
from charlton_intranet.grants.models import Grant
from charlton_intranet.grants.queries.authority import Standing, standings
from charlton_intranet.grants.queries.scopes import scope_of
from charlton_intranet.grants.rules import Capability, GrantState
from charlton_intranet.policy import queries as policy
from charlton_intranet.policy import service as signatures
from charlton_intranet.sites.models import Site
from tests.conftest import Town


def wish(
    town: Town,
    *boxes: str,
    site: Site,
    capability: Capability = Capability.PUBLISH,
    until: date | None = None,
    purpose: str = "Posts the week's programs.",
) -> service.Wish:
    return service.Wish(
        person_ids=tuple(town.person_id(box) for box in boxes),
        site_ids=(site.id,),
        capability=capability,
        purpose=purpose,
        limits="Programs only",
        until=until,
    )


def designated(
    town: Town,
    box: str,
    site: Site,
    capability: Capability = Capability.PUBLISH,
    *,
    until: date | None = None,
    head: str | None = None,
) -> Grant:
    """A designation by the head of the site's department."""
    by = town.actor(head or f"head.{site.department.name.lower()}")
    service.designate(by, wish(town, box, site=site, capability=capability, until=until), clock=town.clock)
    return newest(town, box, site)


def approved(
    town: Town, box: str, site: Site, capability: Capability = Capability.PUBLISH, *, until: date | None = None
) -> Grant:
    """A designation that the Town Administrator has approved."""
    grant = designated(town, box, site, capability, until=until)
    service.decide(town.actor("administrator"), grant.id, grant.version, approve=True, clock=town.clock)
    return newest(town, box, site)


def signed(town: Town, box: str) -> int:
    """A signature under the policy in force, for what the person would sign for today."""
    actor, current = town.actor(box), policy.in_force()
    assert current is not None
    return signatures.sign(
        actor, current.id, scope=scope_of(town.person_id(box), town.today), typed_name=actor.name, read=True,
        agreed=True, agent="Test browser", clock=town.clock,
    )  # fmt: skip


def newest(town: Town, box: str, site: Site) -> Grant:
    found: Grant = (
        Grant.select()
        .where((Grant.person == town.person_id(box)) & (Grant.site == site.id))
        .order_by(Grant.id.desc())
        .get()
    )
    return found


def standing(town: Town, box: str, site: Site) -> Standing | None:
    """Where somebody stands on a site now, None when there is neither grant nor office."""
    found = standings([site.id], [town.person_id(box)], day=town.today)
    assert len(found) <= 1
    return found[0] if found else None


def end(town: Town, box: str, grant: Grant) -> None:
    with unit_of_work():
        service.end_grants(town.actor(box), [(grant.id, grant.version)], reason="Left the town.", clock=town.clock)


def states(town: Town, box: str, site: Site) -> list[GrantState]:
    """The states of all grants of somebody on a site, oldest first."""
    found = Grant.select(Grant.state).where((Grant.person == town.person_id(box)) & (Grant.site == site.id))
    return [state for (state,) in rows(found.order_by(Grant.id))]
