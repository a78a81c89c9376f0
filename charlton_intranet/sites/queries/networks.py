"""The catalogue of networks and the list of official mailboxes."""

from dataclasses import dataclass

import peewee

from charlton_intranet.accounts import queries as accounts
from charlton_intranet.accounts.models import Person
from charlton_intranet.core.database import rows
from charlton_intranet.core.errors import NotFound
from charlton_intranet.core.permissions import Actor
from charlton_intranet.sites.models import Network, NetworkRound, OfficialMailbox, Site
from charlton_intranet.sites.queries.steps import NETWORK_STEPS, open_steps
from charlton_intranet.sites.rules import LIVE, NetworkKind, NetworkState


@dataclass(frozen=True, slots=True)
class NetworkRow:
    """One line of the catalogue; ``sites`` counts the live ones on it."""

    id: int
    name: str
    kind: NetworkKind
    hosts: str
    state: NetworkState
    sites: int


@dataclass(frozen=True, slots=True)
class NetworkSheet:
    """A network's record with the names in it and the steps its reader could take now.

    ``rounds`` are the decisions that later ones took the place of, the latest first.
    """

    network: Network
    rounds: list[NetworkRound]
    names: dict[int, str]
    open: frozenset[str]
    sites: int
    own_proposal: bool


def catalogue() -> list[NetworkRow]:
    """All networks by name; a few dozen at most, so there are no pages."""
    live = peewee.fn.COUNT(Site.id)
    query = (
        Network.select(Network.id, Network.name, Network.kind, Network.hosts, Network.state, live)
        .join(Site, peewee.JOIN.LEFT_OUTER, on=((Site.network == Network.id) & Site.state.in_(LIVE)))
        .group_by(Network.id, Network.name, Network.kind, Network.hosts, Network.state)
        .order_by(Network.name)
    )
    return [NetworkRow(*row) for row in rows(query)]


def network_choices() -> list[tuple[int, str]]:
    """Networks to choose from."""
    return [(found, name) for found, name in rows(Network.select(Network.id, Network.name).order_by(Network.name))]


def load_network(network_id: int) -> Network:
    """One network, or ``NotFound``."""
    found = Network.get_or_none(Network.id == network_id)
    if found is None:
        raise NotFound
    return found


def network_sheet(actor: Actor, network_id: int) -> NetworkSheet:
    """Everything a network's page shows, in four queries."""
    network = load_network(network_id)
    rounds = list(NetworkRound.select().where(NetworkRound.network == network_id).order_by(NetworkRound.id.desc()))
    decided: list[Network | NetworkRound] = [network, *rounds]
    people = {person_id for one in decided for person_id in (one.proposed_by_id, one.assessed_by_id, one.decided_by_id)}
    return NetworkSheet(
        network=network,
        rounds=rounds,
        names=accounts.names_of(people),
        open=open_steps(NETWORK_STEPS, actor, network.state, None),
        sites=Site.select().where((Site.network == network_id) & Site.state.in_(LIVE)).count(),
        own_proposal=actor.person_id == network.proposed_by_id,
    )


def mailboxes() -> list[OfficialMailbox]:
    """Official mailboxes by address, with who approved each."""
    return list(OfficialMailbox.select(OfficialMailbox, Person).join(Person).order_by(OfficialMailbox.address))


def mailbox_addresses() -> frozenset[str]:
    """The addresses alone."""
    return frozenset(address for (address,) in rows(OfficialMailbox.select(OfficialMailbox.address)))
