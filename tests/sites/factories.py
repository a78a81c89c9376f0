"""Rows of networks and sites as a test needs them: written straight to the tables, in any state."""

from charlton_intranet.core import clock as clocks
from charlton_intranet.sites.models import Network, Site
from charlton_intranet.sites.rules import PUBLIC, Cadence, NetworkKind, NetworkState, SiteState, address_key
from tests.conftest import Town


def network(
    town: Town,
    name: str = "Facebook",
    *,
    hosts: str = "facebook.com",
    state: NetworkState = NetworkState.APPROVED,
) -> Network:
    """The network of that name, made when it is not there."""
    found = Network.get_or_none(Network.name == name)
    return found or Network.create(
        name=name,
        slug=name.lower(),
        kind=NetworkKind.SOCIAL_NETWORK,
        hosts=hosts,
        terms_url=f"https://{hosts.split(maxsplit=1)[0]}/terms",
        state=state,
        proposed_by=town.person_id("it"),
        proposed_on=town.today,
    )


def site(
    town: Town,
    department: str = "Library",
    *,
    handle: str = "CharltonLibrary",
    title: str = "Charlton Public Library",
    state: SiteState = SiteState.ACTIVE,
    on: Network | None = None,
    cadence: Cadence = Cadence.WEEKLY,
    requested_by: str | None = None,
) -> Site:
    """A site of the department; ``requested_by`` is a mailbox, by default the department's head's."""
    net = on or network(town)
    advised = state is not SiteState.REQUESTED
    decided = state not in {SiteState.REQUESTED, SiteState.ADVISED, SiteState.WITHDRAWN}
    return Site.create(
        department=town.department_id(department),
        network=net,
        title=title,
        address=f"https://www.{net.hosts.split()[0]}/{handle}",
        address_key=address_key(net.slug, handle),
        handle=handle,
        account_email="library@charlton.example",
        purpose="News of the department",
        audience="Residents",
        plan="The coordinator posts twice a week.",
        cadence=cadence,
        state=state,
        requested_by=town.person_id(requested_by or f"head.{department.lower()}"),
        requested_on=town.today,
        attested_at=clocks.as_utc(town.clock.now()),
        recommended=True if advised else None,
        advised_by=town.person_id("it") if advised else None,
        advised_on=town.today if advised else None,
        decided_by=town.person_id("administrator") if decided else None,
        decided_on=town.today if decided else None,
        active_since=town.today if state in PUBLIC else None,
    )
