"""Rows of networks and sites as a test needs them: written straight to the tables, in any state."""

from collections.abc import Collection
from datetime import datetime

from charlton_intranet.core import clock as clocks
from charlton_intranet.sites.models import ChecklistAnswer, ChecklistRun, Network, Site
from charlton_intranet.sites.queries.checklists import CHECKED
from charlton_intranet.sites.rules import PUBLIC, Cadence, NetworkKind, NetworkState, SiteState, address_key
from charlton_intranet.sites.rules.checklists import Answer, ChecklistKind, edition_in_force, lines_of
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
    checked: bool = True,
) -> Site:
    """A site of the department; ``requested_by`` is a mailbox, by default the department's head's.

    With ``checked`` a site that is approved or in use has both checklists in order from today on.
    """
    net = on or network(town)
    advised = state is not SiteState.REQUESTED
    decided = state not in {SiteState.REQUESTED, SiteState.ADVISED, SiteState.WITHDRAWN}
    made: Site = Site.create(
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
    if checked and state in CHECKED:
        checks(town, made.id)
    return made


def checks(
    town: Town,
    site_id: int,
    *,
    kinds: Collection[ChecklistKind] = tuple(ChecklistKind),
    at: datetime | None = None,
    failing: Collection[str] = (),
) -> list[int]:
    """Complete checks of a site, answered at that moment with yes but for the lines that fail; the runs' ids."""
    made, who, when = [], town.person_id("it"), at or town.clock.now()
    for kind in kinds:
        number = ChecklistRun.select().where((ChecklistRun.site == site_id) & (ChecklistRun.kind == kind)).count() + 1
        run_id = ChecklistRun.insert(
            site=site_id, kind=kind, number=number, edition=edition_in_force(kind), complete=True,
            answered_by=who, answered_at=when,
        ).execute()  # fmt: skip
        ChecklistAnswer.insert_many(
            [
                {
                    "run": run_id,
                    "line": line,
                    "answer": Answer.NO if line in failing else Answer.YES,
                    "answered_by": who,
                    "answered_at": when,
                }
                for line in lines_of(kind)
            ]
        ).execute()
        made.append(int(run_id))
    return made
