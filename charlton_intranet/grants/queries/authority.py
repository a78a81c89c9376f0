"""Who may do what on which site on a day, with the reason where not: sets at a time, nothing stored."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from charlton_intranet.accounts.models import Department, Person, RoleAssignment
from charlton_intranet.accounts.rules import PersonState
from charlton_intranet.core.database import rows
from charlton_intranet.core.permissions import Role
from charlton_intranet.grants.models import Grant
from charlton_intranet.grants.rules import (
    Capability,
    Facts,
    Granted,
    GrantState,
    Signature,
    authority,
    effective,
    granted,
)
from charlton_intranet.policy import queries as policy
from charlton_intranet.sites.models import Network, Site
from charlton_intranet.sites.rules import LIVE, NetworkState, SiteState


@dataclass(frozen=True, slots=True)
class Standing:
    """What one person may do on one site on a day.

    ``capability`` is what they may do in fact, ``granted`` what the office or the approved grant says; where the
    two differ, ``lapses`` say why. ``grant_id`` is the approved grant, if there is one (a head may hold one too);
    ``site`` names the site with its network.
    """

    person_id: int
    person: str
    site_id: int
    capability: Capability | None
    granted: Capability | None
    by_office: bool
    lapses: tuple[str, ...]
    grant_id: int | None
    grant_version: int | None
    person_active: bool
    site: str
    department_id: int


@dataclass(frozen=True, slots=True)
class SiteCondition:
    """A site as far as authority depends on it."""

    id: int
    title: str
    state: SiteState
    department_id: int
    department: str
    network: str
    network_state: NetworkState


@dataclass(frozen=True, slots=True)
class PersonCondition:
    """A person as far as authority depends on them."""

    id: int
    name: str
    state: PersonState


@dataclass(frozen=True, slots=True)
class GrantLine:
    """A grant as far as authority depends on it."""

    id: int
    version: int
    granted: Granted


@dataclass(slots=True)
class Ground:
    """Everything that the authority of some people on some sites stands on, read in a fixed number of queries.

    ``grants`` are by person and site, oldest first; ``heads`` name who heads a department.
    """

    day: date
    sites: dict[int, SiteCondition]
    people: dict[int, PersonCondition]
    grants: dict[tuple[int, int], list[GrantLine]]
    heads: dict[int, list[int]]
    signatures: dict[int, Signature] = field(default_factory=dict)
    major: int | None = None

    def facts(self, person_id: int, site_id: int) -> Facts:
        """What the rules need to know about one person on one site."""
        site = self.sites[site_id]
        return Facts(
            day=self.day,
            site_id=site_id,
            department_id=site.department_id,
            site_state=site.state.label,
            site_active=site.state is SiteState.ACTIVE,
            network=site.network,
            network_state=site.network_state.label,
            network_approved=site.network_state is NetworkState.APPROVED,
            person_active=self.people[person_id].state is PersonState.ACTIVE,
            head=person_id in self.heads.get(site.department_id, ()),
            grants=tuple(line.granted for line in self.grants.get((person_id, site_id), ())),
            signature=self.signatures.get(person_id),
            major=self.major,
        )

    def pairs(self) -> Iterator[tuple[int, int]]:
        """Every person on every site, by office or by grant, once."""
        by_office = (
            (person_id, site.id) for site in self.sites.values() for person_id in self.heads.get(site.department_id, ())
        )
        yield from dict.fromkeys([*by_office, *(pair for pair in self.grants if pair[1] in self.sites)])

    def standing(self, person_id: int, site_id: int) -> Standing:
        """What one person may do on one site."""
        facts, person, site = self.facts(person_id, site_id), self.people[person_id], self.sites[site_id]
        most = granted(facts)
        verdict = authority(facts, most or Capability.VIEW)
        held = next(
            (
                line
                for line in self.grants.get((person_id, site_id), ())
                if line.granted.state is GrantState.APPROVED
            ),
            None,
        )  # fmt: skip
        return Standing(
            person_id=person_id,
            person=person.name,
            site_id=site_id,
            capability=most if verdict.allowed else effective(facts),
            granted=most,
            by_office=facts.head,
            lapses=verdict.lapses,
            grant_id=held.id if held else None,
            grant_version=held.version if held else None,
            person_active=facts.person_active,
            site=f"{site.title} ({site.network})",
            department_id=site.department_id,
        )


def standings(
    site_ids: Collection[int] | None = None, person_ids: Collection[int] | None = None, *, day: date
) -> list[Standing]:
    """Approved grants, and heads by office, by person and site; seven queries at most, whatever the number.

    Without ``site_ids``: the sites in use, and those on which somebody still holds an approved grant.
    """
    found = ground(site_ids, person_ids, day=day)
    listed = [found.standing(*pair) for pair in found.pairs()]
    return sorted(listed, key=lambda one: (one.person, one.person_id, found.sites[one.site_id].title, one.site_id))


def ground(
    site_ids: Collection[int] | None,
    person_ids: Collection[int] | None,
    *,
    day: date,
    states: Collection[GrantState] = (GrantState.APPROVED,),
) -> Ground:
    """Read the ground of ``standings``; with other ``states`` other grants count as well."""
    grants, people = _grants(site_ids, person_ids, states)
    sites = _sites(site_ids, {site_id for _, site_id in grants})
    heads, more_people = _heads({site.department_id for site in sites.values()}, person_ids, day)
    people |= more_people
    if person_ids is not None:
        people |= _people(set(person_ids) - people.keys())
    found = Ground(day, sites, people, grants, heads)
    found.signatures, found.major = newest_signatures(people), present_major()
    return found


def _grants(
    site_ids: Collection[int] | None, person_ids: Collection[int] | None, states: Collection[GrantState]
) -> tuple[dict[tuple[int, int], list[GrantLine]], dict[int, PersonCondition]]:
    query: Any = (
        Grant.select(
            Grant.id, Grant.version, Grant.person, Person.name, Person.state, Grant.site,
            Grant.capability, Grant.state, Grant.until,
        )
        .join(Person, on=(Grant.person == Person.id))
        .where(Grant.state.in_(list(states)))
        .order_by(Grant.id)
    )  # fmt: skip
    for column, wanted in ((Grant.site, site_ids), (Grant.person, person_ids)):
        if wanted is not None:
            query = query.where(column.in_(list(wanted)))
    grants: dict[tuple[int, int], list[GrantLine]] = {}
    people: dict[int, PersonCondition] = {}
    for grant_id, version, person_id, name, person_state, site_id, capability, state, until in rows(query):
        line = GrantLine(grant_id, version, Granted(Capability(capability), GrantState(state), until))
        grants.setdefault((person_id, site_id), []).append(line)
        people[person_id] = PersonCondition(person_id, name, PersonState(person_state))
    return grants, people


def _sites(site_ids: Collection[int] | None, granted_ids: set[int]) -> dict[int, SiteCondition]:
    wanted = Site.state.in_(LIVE) | Site.id.in_(granted_ids) if site_ids is None else Site.id.in_(list(site_ids))
    query = (
        Site.select(
            Site.id, Site.title, Site.state, Site.department, Department.name, Network.name, Network.state
        )
        .join_from(Site, Network)
        .join_from(Site, Department)
        .where(wanted)
        .order_by(Site.title, Site.id)
    )  # fmt: skip
    return {row[0]: SiteCondition(*row) for row in rows(query)}


def _heads(
    department_ids: set[int], person_ids: Collection[int] | None, day: date
) -> tuple[dict[int, list[int]], dict[int, PersonCondition]]:
    query = (
        RoleAssignment.select(RoleAssignment.department, Person.id, Person.name, Person.state)
        .join(Person, on=(RoleAssignment.person == Person.id))
        .where(
            (RoleAssignment.role == Role.DEPARTMENT_HEAD)
            & RoleAssignment.department.in_(department_ids)
            & (RoleAssignment.starts_on <= day)
            & (RoleAssignment.ends_on.is_null() | (RoleAssignment.ends_on >= day))
        )
        .distinct()
        .order_by(Person.id)
    )
    if person_ids is not None:
        query = query.where(Person.id.in_(list(person_ids)))
    heads: dict[int, list[int]] = {}
    people: dict[int, PersonCondition] = {}
    for department_id, person_id, name, state in rows(query):
        heads.setdefault(department_id, []).append(person_id)
        people[person_id] = PersonCondition(person_id, name, PersonState(state))
    return heads, people


def _people(person_ids: Collection[int]) -> dict[int, PersonCondition]:
    query = Person.select(Person.id, Person.name, Person.state).where(Person.id.in_(list(person_ids)))
    return {row[0]: PersonCondition(*row) for row in rows(query)}


def newest_signatures(person_ids: Iterable[int]) -> dict[int, Signature]:
    """The newest signature of each person; the ones before it no longer count."""
    return {
        person_id: Signature(signed[-1].major, signed[-1].expires_on, frozenset(signed[-1].scope))
        for person_id, signed in policy.signatures_of(list(person_ids)).items()
        if signed
    }


def present_major() -> int | None:
    """The major version in force, None before the first."""
    published = policy.majors()
    return published[-1][0] if published else None
