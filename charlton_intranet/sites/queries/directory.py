"""Which accounts are official, for everybody who asks."""

from dataclasses import dataclass
from datetime import date
from enum import auto

import peewee

from charlton_intranet.accounts.models import Department
from charlton_intranet.core.database import rows
from charlton_intranet.sites.models import Network, Site
from charlton_intranet.sites.models.registry import ListedAccount
from charlton_intranet.sites.queries.registry import networks
from charlton_intranet.sites.rules import ENDED, KNOWN_NETWORKS, PUBLIC, NetworkState, SiteState, Worded, address_key
from charlton_intranet.sites.rules.addresses import handle_of, host_of, is_redirect
from charlton_intranet.sites.rules.lookalikes import imitated_host, looks_like
from charlton_intranet.sites.rules.pasted import tidy
from charlton_intranet.sites.rules.registry import ListedState

NEAR = 5


@dataclass(frozen=True, slots=True)
class DirectoryRow:
    """An official account as the public may know it: nobody's name, nobody's mailbox."""

    site_id: int
    department: str
    title: str
    network: str
    handle: str
    address: str
    active_since: date | None


def official_accounts(day: date) -> list[DirectoryRow]:
    """The accounts that speak for the town on ``day``, by department and title: active, on an approved network."""
    query = (
        Site.select(
            Site.id, Department.name, Site.title, Network.name, Site.handle, Site.address, Site.active_since
        )
        .join_from(Site, Network)
        .join_from(Site, Department)
        .where(
            (Site.state == SiteState.ACTIVE)
            & (Network.state == NetworkState.APPROVED)
            & (Site.active_since.is_null() | (Site.active_since <= day))
        )
        .order_by(Department.name, Site.title, Site.id)
    )  # fmt: skip
    return [DirectoryRow(*row) for row in rows(query)]


class Standing(Worded):
    """What the town can say about an account."""

    OFFICIAL = auto()
    SUSPENDED = auto()
    DEACTIVATED = auto()
    ASKED_FOR = auto()
    LISTED_ONLY = auto()
    UNKNOWN = auto()
    LEADS_ON = auto()
    UNREADABLE = auto()


@dataclass(frozen=True, slots=True)
class Account:
    """A site of the town as everybody may know it."""

    site_id: int
    title: str
    department: str
    network: str
    handle: str
    address: str
    state: SiteState
    network_state: NetworkState
    key: str

    @property
    def official(self) -> bool:
        return self.state is SiteState.ACTIVE and self.network_state is NetworkState.APPROVED


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether an address or an account name is the town's.

    ``account`` is the site, once the public could see it; ``near`` are official accounts that it could be taken
    for, ``imitated`` a network whose host name it only resembles.
    """

    standing: Standing
    network: str = ""
    handle: str = ""
    account: Account | None = None
    near: tuple[Account, ...] = ()
    imitated: str = ""


_OF_STATE = {
    SiteState.SUSPENDED: Standing.SUSPENDED,
    SiteState.DEACTIVATED: Standing.DEACTIVATED,
    SiteState.ACTIVE: Standing.SUSPENDED,  # active on a network that is no longer approved
}


def official(address: str) -> Verdict:
    """What the town knows of an address, or of an account name on whatever network. Never an error."""
    words = tidy(address)
    handle = handle_of(words) if host_of(words) else words.removeprefix("@")
    if is_redirect(words):
        return Verdict(Standing.LEADS_ON)
    if not handle or " " in handle or not handle.isprintable():
        return Verdict(Standing.UNREADABLE, imitated=_imitated(words))
    public = _public()
    if not host_of(words):
        return _named(handle, public)
    net = networks().at(words)
    name, site_key = (net.name, address_key(net.site_slug, handle)) if net else ("", "")
    own = [a for a in public if a.key == site_key]
    near = () if any(a.official for a in own) else _near(handle, public)
    if own:
        best = min(own, key=_rank)
        return Verdict(_standing(best), name, handle, best, near)
    if net and _asked(site_key):
        return Verdict(Standing.ASKED_FOR, name, handle, near=near)
    if net and _listed(ListedAccount.address_key == address_key(net.slug, handle)):
        return Verdict(Standing.LISTED_ONLY, name, handle, near=near)
    return Verdict(Standing.UNKNOWN, name, handle, near=near, imitated="" if net else _imitated(words))


def _named(handle: str, public: list[Account]) -> Verdict:
    """A name alone: the town's account of that name on any network, the official one first."""
    own = [a for a in public if a.handle.casefold() == handle.casefold()]
    if own:
        best = min(own, key=_rank)
        others = tuple(a for a in own if a is not best)
        return Verdict(_standing(best), best.network, best.handle, best, others)
    if _listed(peewee.fn.LOWER(ListedAccount.handle) == handle.lower()):
        return Verdict(Standing.LISTED_ONLY, "", handle, near=_near(handle, public))
    return Verdict(Standing.UNKNOWN, "", handle, near=_near(handle, public))


def _public() -> list[Account]:
    """Accounts that the public could see once: some hundred at most, as a town has departments."""
    query = (
        Site.select(
            Site.id, Site.title, Department.name, Network.name, Site.handle, Site.address, Site.state, Network.state,
            Site.address_key,
        )
        .join_from(Site, Network)
        .join_from(Site, Department)
        .where(Site.state.in_(PUBLIC))
        .order_by(Site.title, Site.id)
    )  # fmt: skip
    return [Account(*row) for row in rows(query)]


def _rank(account: Account) -> tuple[bool, bool]:
    return not account.official, account.state is SiteState.DEACTIVATED


def _standing(account: Account) -> Standing:
    return Standing.OFFICIAL if account.official else _OF_STATE[account.state]


def _near(handle: str, public: list[Account]) -> tuple[Account, ...]:
    """Official accounts whose name it is on another network, or nearly is."""
    alike = (
        a for a in public if a.official and (a.handle.casefold() == handle.casefold() or looks_like(handle, a.handle))
    )
    return tuple(alike)[:NEAR]


def _asked(key: str) -> bool:
    return bool(Site.select().where((Site.address_key == key) & Site.state.not_in(ENDED)).exists())


def _listed(which: peewee.Expression) -> bool:
    return bool(ListedAccount.select().where(which & (ListedAccount.state == ListedState.LISTED)).exists())


def _imitated(words: str) -> str:
    return imitated_host(host_of(words), [host for network in KNOWN_NETWORKS for host in network.hosts])
