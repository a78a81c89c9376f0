"""The account itself: its facts, its life, its network (3.7-1: creation, administration and deactivation)."""

from collections.abc import Iterator

from charlton_intranet.records.queries.about import About
from charlton_intranet.records.rules import Field, Release, Section, Value
from charlton_intranet.sites.models import Network, Site

ACCOUNT = (
    Field("title", "Name"),
    Field("address", "Address"),
    Field("network", "Network"),
    Field("handle", "Account"),
    Field("department", "Department"),
    Field("coordinators", "Social Media Coordinator today"),
    Field("state", "State"),
    Field("active_since", "Active since"),
    Field("purpose", "Purpose"),
    Field("audience", "Audience"),
    Field("plan", "Plan"),
    Field("cadence", "Regular review"),
    Field("account_email", "Official email of the account", Release.REVIEW, "n"),
)
SITES = (
    Field("network", "Network"),
    Field("address", "Address"),
    Field("state", "State"),
    Field("active_since", "Active since"),
    Field("stopped_on", "Suspended or deactivated"),
)
LIFE = (
    Field("step", "Step"),
    Field("who", "Who"),
    Field("on", "When"),
    Field("words", "In words", Release.REVIEW, "d"),
)
NETWORK = (
    Field("name", "Network"),
    Field("kind", "Kind"),
    Field("state", "State"),
    Field("terms", "Provider's terms"),
    Field("assessment", "IT's assessment", Release.REVIEW, "n"),
    Field("assessed_by", "Assessed by"),
    Field("assessed_on", "Assessed on"),
    Field("decided_by", "Decided by"),
    Field("decided_on", "Decided on"),
    Field("reason", "Reason given", Release.REVIEW, "d"),
)


def account(about: About) -> Section:
    """The facts of one site, as its page shows them."""
    named = ", ".join(about.coordinators)
    rows = (
        (
            site.id,
            (
                site.title, site.address, site.network.name, site.handle, site.department.name, named,
                site.state.label, site.active_since, site.purpose, site.audience, site.plan, site.cadence.label,
                site.account_email,
            ),
        )
        for site in about.sites
    )  # fmt: skip
    return about.section("account", "Account", "3.7", ACCOUNT, rows, facts=True, url="/sites/{}")


def sites(about: About) -> Section:
    """The sites of a department in all states."""
    rows = (
        (site.id, (site.network.name, site.address, site.state.label, site.active_since, site.stopped_on))
        for site in about.sites
    )
    return about.section("sites", "Sites in all states", "3.7", SITES, rows)


def people_of(about: About) -> Iterator[int | None]:
    """Those named in ``life`` and ``network``."""
    for site in about.sites:
        yield from (site.requested_by_id, site.advised_by_id, site.decided_by_id, site.stopped_by_id)
        yield from (site.network.assessed_by_id, site.network.decided_by_id)


def life(about: About, names: dict[int, str]) -> Section:
    """From the request to the end, each step with who and when; earlier rounds of it stand in the trail."""
    rows = ((site.id, row) for site in about.sites for row in _life(site, names))
    return about.section("life", "Creation, administration, deactivation", "3.7-1", LIFE, rows, url="/sites/{}")


def _life(site: Site, names: dict[int, str]) -> Iterator[tuple[Value, ...]]:
    yield "Asked for, policy 3.1 attested", names.get(site.requested_by_id), site.requested_on, ""
    if site.advised_on:
        said = "IT recommends it" if site.recommended else "IT has concerns"
        yield said, names.get(site.advised_by_id or 0), site.advised_on, site.advice
    if site.decided_on:
        yield "Town Administrator's decision", names.get(site.decided_by_id or 0), site.decided_on, site.reason
    if site.active_since:
        yield "In use", None, site.active_since, ""
    if site.stopped_on:
        yield site.state.label, names.get(site.stopped_by_id or 0), site.stopped_on, site.stop_reason


def network(about: About, names: dict[int, str]) -> Section:
    """The network of each site and the town's word on it (1.3)."""
    rows = ((site.id, _network(site.network, names)) for site in about.sites)
    return about.section("network", "Network", "1.3", NETWORK, rows, facts=True)


def _network(found: Network, names: dict[int, str]) -> tuple[Value, ...]:
    return (
        found.name, found.kind.label, found.state.label, found.terms_url, found.assessment,
        names.get(found.assessed_by_id or 0), found.assessed_on, names.get(found.decided_by_id or 0),
        found.decided_on, found.reason,
    )  # fmt: skip
