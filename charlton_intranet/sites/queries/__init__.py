"""Reads of sites as every feature needs them: references, choices, who coordinates, who may press what.

The pages' own reads are in the modules beside this one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import peewee

from charlton_intranet.accounts import queries as accounts
from charlton_intranet.accounts.models import Department, Person, RoleAssignment
from charlton_intranet.accounts.rules import PersonState
from charlton_intranet.core.calendar import BusinessCalendar
from charlton_intranet.core.database import first_row, rows
from charlton_intranet.core.errors import NotFound
from charlton_intranet.core.permissions import Actor, Permission, Role
from charlton_intranet.policy.queries import default
from charlton_intranet.sites.models import Network, Site
from charlton_intranet.sites.rules import (
    ENDED,
    LIVE,
    PUBLIC,
    Cadence,
    SiteState,
    address_key,
    handle_of,
    on_host,
)


@dataclass(frozen=True, slots=True)
class SiteRef:
    """A site as other features name it."""

    id: int
    title: str
    network_id: int
    network_name: str
    department_id: int
    department_name: str
    state: SiteState
    cadence: Cadence
    address: str


def _refs() -> Any:
    return (
        Site.select(
            Site.id, Site.title, Site.network, Network.name, Site.department, Department.name,
            Site.state, Site.cadence, Site.address,
        )
        .join_from(Site, Network)
        .join_from(Site, Department)
    )  # fmt: skip


def visible(actor: Actor) -> peewee.Expression:
    """The sites ``actor`` may know about: public ones, and every state where they read the records."""
    public = Site.state.in_(PUBLIC)
    reach = actor.departments_for(Permission.READ_SITE_RECORDS)
    if reach is None:
        return Site.id.is_null(False)
    return public | Site.department.in_(reach) if reach else public


def site_choices(
    actor: Actor, permission: Permission | None = None, *, live_only: bool = True
) -> list[tuple[int, str]]:
    """Sites to choose from as ``(id, "Title (Network)")`` by title.

    With ``permission`` only those of departments where the actor has it; otherwise all they may know about.
    """
    query = _refs().where(visible(actor))
    if permission is not None:
        reach = actor.departments_for(permission)
        if reach is not None:
            query = query.where(Site.department.in_(reach))
    if live_only:
        query = query.where(Site.state.in_(LIVE))
    refs = (SiteRef(*row) for row in rows(query.order_by(Site.title, Site.id)))
    return [(ref.id, f"{ref.title} ({ref.network_name})") for ref in refs]


def site_ref(site_id: int) -> SiteRef:
    """One site, or ``NotFound``. The caller checks who asks."""
    row = first_row(_refs().where(Site.id == site_id))
    if row is None:
        raise NotFound
    return SiteRef(*row)


def site_refs(site_ids: Iterable[int]) -> dict[int, SiteRef]:
    """Several sites by id, in one query. The caller checks who asks."""
    return {row[0]: SiteRef(*row) for row in rows(_refs().where(Site.id.in_(sorted(set(site_ids)))))}


def find_site(name: str) -> SiteRef:
    """The site with this number or title, as somebody types it on a command line; ``NotFound`` names the live ones."""
    wanted = Site.id == int(name) if name.isdigit() else Site.title == name
    found = [SiteRef(*row) for row in rows(_refs().where(wanted).limit(2))]
    if len(found) != 1:
        known = ", ".join(f"{site.id} ({site.title})" for site in live_sites(None)) or "none yet"
        raise NotFound(f"There is no site {name!r}, or more than one. Live sites: {known}.")
    return found[0]


def live_sites(department_ids: Iterable[int] | None) -> list[SiteRef]:
    """Active and suspended sites of these departments (None: of the town) by title."""
    query = _refs().where(Site.state.in_(LIVE))
    if department_ids is not None:
        query = query.where(Site.department.in_(list(department_ids)))
    return [SiteRef(*row) for row in rows(query.order_by(Site.title, Site.id))]


def network_of(address: str) -> Network | None:
    """The network of the catalogue, in whatever state, on whose hosts ``address`` lies."""
    # A handful of rows, and a host may lie below the one on file: matched here, not in SQL.
    return next((n for n in Network.select().order_by(Network.id) if on_host(address, n.hosts)), None)


def guess_site(address: str) -> SiteRef | None:
    """The live site that a link to its page, or to a post that names it, belongs to."""
    network, handle = network_of(address), handle_of(address)
    if network is None or not handle:
        return None
    living = _refs().where((Site.address_key == address_key(network.slug, handle)) & Site.state.in_(LIVE))
    row = first_row(living)
    return SiteRef(*row) if row else None


def holder_of(key: str, *, besides: int | None = None) -> SiteRef | None:
    """The site that holds ``address_key`` now, other than ``besides``; sites that are over let it go."""
    query = _refs().where((Site.address_key == key) & Site.state.not_in(ENDED))
    if besides is not None:
        query = query.where(Site.id != besides)
    row = first_row(query)
    return SiteRef(*row) if row else None


def coordinators(department_ids: Iterable[int], day: date) -> dict[int, tuple[str, ...]]:
    """Names of those who hold the coordinator's role on ``day``, by department, acting ones too."""
    query = (
        RoleAssignment.select(RoleAssignment.department, Person.name)
        .join(Person, on=(RoleAssignment.person == Person.id))
        .where(
            (RoleAssignment.role == Role.COORDINATOR)
            & RoleAssignment.department.in_(list(department_ids))
            & (RoleAssignment.starts_on <= day)
            & (RoleAssignment.ends_on.is_null() | (RoleAssignment.ends_on >= day))
            & (Person.state == PersonState.ACTIVE)
        )
        .distinct()
        .order_by(Person.name)
    )
    found: dict[int, tuple[str, ...]] = {}
    for department_id, name in rows(query):
        found[department_id] = (*found.get(department_id, ()), name)
    return found


@dataclass(frozen=True, slots=True)
class Deadlines:
    """When the steps of a request are due, by the town's defaults and calendar."""

    calendar: BusinessCalendar
    advice_days: int
    approval_days: int

    def advice(self, asked: date) -> date:
        """IT's advice on what was asked on that day (1.3)."""
        return self.calendar.add(asked, self.advice_days)

    def decision(self, advised: date) -> date:
        """The Town Administrator's decision, or the head's answer to it (2.2)."""
        return self.calendar.add(advised, self.approval_days)


def deadlines() -> Deadlines:
    """The deadlines in force, in three queries."""
    return Deadlines(
        calendar=accounts.business_calendar(),
        advice_days=default("site_advice.business_days"),
        approval_days=default("site_approval.business_days"),
    )
