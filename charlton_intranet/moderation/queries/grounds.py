"""What a proposal of a restriction can rest on, and on which sites it is open."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from charlton_intranet.core.clock import town_time
from charlton_intranet.core.database import rows
from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.moderation.models import Case, Determination, Restriction, RestrictionGround
from charlton_intranet.moderation.queries.standing import Standing, decided, used
from charlton_intranet.moderation.rules import letters_of
from charlton_intranet.moderation.rules.contributors import OPEN, Ground, next_term
from charlton_intranet.sites.models import Network, Site


@dataclass(frozen=True, slots=True)
class SiteChoice:
    """A site on which one handle of the person could be restricted: ``usual`` days come next there."""

    site_id: int
    site_title: str
    network_name: str
    department_id: int
    contributor_id: int
    handle: str
    earlier: int
    usual: int

    @property
    def key(self) -> str:
        return f"{self.site_id}-{self.contributor_id}"


def site_choices(actor: Actor, standing: Standing) -> tuple[SiteChoice, ...]:
    """The sites of the decisions that stand, for which the actor may propose and nothing is under way there."""
    wrote = {(one.site_id, one.contributor_id) for one in standing.decisions}
    if not wrote:
        return ()
    ids = [one.id for one in standing.handles]
    query = (
        Site.select(Site.id, Site.title, Network.name, Site.department)
        .join(Network)
        .where(Site.id.in_(sorted({site_id for site_id, _ in wrote})))
        .order_by(Site.title, Site.id)
    )
    earlier, busy = earlier_on_sites(ids)
    named = {one.id: one.handle for one in standing.handles}
    return tuple(
        SiteChoice(
            site_id, title, network, department_id, contributor_id, named[contributor_id],
            earlier.get(site_id, 0), next_term(earlier.get(site_id, 0)),
        )
        for site_id, title, network, department_id in rows(query)
        if actor.may(Permission.PROPOSE_RESTRICTION, department_id) and site_id not in busy
        for contributor_id in sorted(named)
        if (site_id, contributor_id) in wrote
    )  # fmt: skip


def earlier_on_sites(contributor_ids: Collection[int]) -> tuple[dict[int, int], frozenset[int]]:
    """How many restrictions of this person took effect on each site, and the sites on which one is under way."""
    query = Restriction.select(Restriction.site, Restriction.state, Restriction.starts_on).where(
        Restriction.contributor.in_(sorted(contributor_ids))
    )
    earlier: dict[int, int] = {}
    busy = set()
    for site_id, state, starts_on in rows(query):
        if starts_on is not None:
            earlier[site_id] = earlier.get(site_id, 0) + 1
        if state in OPEN:
            busy.add(site_id)
    return earlier, frozenset(busy)


def grounds_among(determination_ids: Iterable[int], contributor_ids: Collection[int], site_id: int) -> list[Ground]:
    """Those of ``determination_ids`` that stand against this person; ``used`` by a restriction on the site before."""
    wanted = sorted(set(determination_ids))
    query = decided(Determination.id, Case.site, Determination.categories, Determination.decided_at).where(
        Determination.id.in_(wanted) & Case.contributor.in_(sorted(contributor_ids))
    )
    led = rows(used().where(RestrictionGround.determination.in_(wanted) & (Restriction.site == site_id)))
    before = {number for (number,) in led}
    return [
        Ground(number, site, letters_of(letters), town_time(at).date(), number in before)
        for number, site, letters, at in rows(query)
    ]
