"""What a designation of many people on many sites would come to, before anything is written."""

from collections.abc import Collection
from dataclasses import dataclass

from charlton_intranet.accounts.models import Department, Person
from charlton_intranet.accounts.rules import PersonState
from charlton_intranet.core.database import rows
from charlton_intranet.core.errors import NotFound
from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.grants.models import Grant
from charlton_intranet.grants.rules import OPEN, Capability, GrantState
from charlton_intranet.sites.models import Network, Site
from charlton_intranet.sites.rules import SiteState

# A grant may be prepared before the site is in use, and outlast a suspension.
OPEN_SITES = frozenset({SiteState.APPROVED, SiteState.ACTIVE, SiteState.SUSPENDED})


@dataclass(frozen=True, slots=True)
class Planned:
    """One person on one site: what they hold there now, or why there will be no designation."""

    person_id: int
    person: str
    site_id: int
    site: str
    held: Capability | None
    refusal: str = ""


def planned(actor: Actor, person_ids: Collection[int], site_ids: Collection[int]) -> list[Planned]:
    """Every person on every site, by name and title, in three queries.

    Raises ``NotFound`` and ``Forbidden`` for sites where ``actor`` may not designate.
    """
    sites = rows(
        Site.select(Site.id, Site.title, Network.name, Site.state, Site.department)
        .join_from(Site, Network)
        .where(Site.id.in_(list(site_ids)))
        .order_by(Site.title, Site.id)
    )
    people = rows(
        Person.select(Person.id, Person.name, Person.state)
        .where(Person.id.in_(list(person_ids)))
        .order_by(Person.name, Person.id)
    )
    if len(sites) < len(set(site_ids)) or len(people) < len(set(person_ids)):
        raise NotFound
    for *_, department_id in sites:
        actor.must_see(Permission.READ_SITE_RECORDS, department_id)
        actor.must_have(Permission.DESIGNATE_GRANT, department_id)
    present = rows(
        Grant.select(Grant.person, Grant.site, Grant.state, Grant.capability).where(
            Grant.person.in_(list(person_ids)) & Grant.site.in_(list(site_ids)) & Grant.state.in_(OPEN)
        )
    )
    known = {(person_id, site_id, state): capability for person_id, site_id, state, capability in present}
    found = []
    for person_id, person, person_state in people:
        for site_id, title, network, site_state, _ in sites:
            waiting = known.get((person_id, site_id, GrantState.DESIGNATED))
            refusal = ""
            if person_id == actor.person_id:
                refusal = "You may do everything on your department's sites by office (policy 3.3-3)."
            elif person_state is not PersonState.ACTIVE:
                refusal = "This person has no open account."
            elif site_state not in OPEN_SITES:
                refusal = f"The site is “{site_state.label.lower()}”."
            elif waiting is not None:
                refusal = f"A designation for “{waiting.label.lower()}” waits for the Town Administrator already."
            held = known.get((person_id, site_id, GrantState.APPROVED))
            found.append(Planned(person_id, person, site_id, f"{title} ({network})", held, refusal))
    return found


@dataclass(frozen=True, slots=True)
class PersonChoice:
    """Somebody who can be designated."""

    id: int
    name: str
    email: str
    department_id: int | None
    department: str

    @property
    def label(self) -> str:
        return f"{self.name}, {self.department}" if self.department else self.name


def people_to_choose(*, everybody: bool = False) -> list[PersonChoice]:
    """Everybody with an open account, by name; ``everybody`` adds those without."""
    query = (
        Person.select(Person.id, Person.name, Person.email, Person.department, Department.name)
        .left_outer_join(Department)
        .order_by(Person.name, Person.id)
    )
    if not everybody:
        query = query.where(Person.state == PersonState.ACTIVE)
    return [PersonChoice(pid, name, email, dept_id, dept or "") for pid, name, email, dept_id, dept in rows(query)]


def designable_sites(actor: Actor) -> list[tuple[int, str]]:
    """The sites for which ``actor`` may designate, as ``(id, "Title (Network)")`` by title."""
    query = (
        Site.select(Site.id, Site.title, Network.name)
        .join(Network)
        .where(Site.state.in_(OPEN_SITES))
        .order_by(Site.title, Site.id)
    )
    reach = actor.departments_for(Permission.DESIGNATE_GRANT)
    if reach is not None:
        query = query.where(Site.department.in_(reach))
    return [(site_id, f"{title} ({network})") for site_id, title, network in rows(query)]
