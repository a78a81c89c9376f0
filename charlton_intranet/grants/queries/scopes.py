"""What somebody signs for: the lines of their grants and offices (policy 3.3-4)."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any

from charlton_intranet.accounts.models import Department, RoleAssignment
from charlton_intranet.core.database import rows
from charlton_intranet.core.permissions import Role
from charlton_intranet.core.scope import ScopeLine
from charlton_intranet.grants.models import Grant
from charlton_intranet.grants.rules import OFFICE, OPEN, Capability
from charlton_intranet.sites.models import Network, Site
from charlton_intranet.sites.rules import ENDED


def scope_of(person_id: int, day: date) -> list[ScopeLine]:
    """The lines one person would sign for on ``day``; two queries."""
    return scopes([person_id], day).get(person_id, [])


def scopes(person_ids: Collection[int] | None, day: date) -> dict[int, list[ScopeLine]]:
    """The lines of these people (None: of everybody who has any), offices first; two queries.

    A designation that waits counts as well: the policy is signed before access is given.
    """
    found: dict[int, list[ScopeLine]] = defaultdict(list)
    for person_id, department_id, department in rows(_offices(person_ids, day)):
        words = f"{OFFICE.label} on every site of the department {department}, by office"
        found[person_id].append(ScopeLine(f"department:{department_id}", OFFICE.level, words))
    most: dict[tuple[int, int], tuple[Capability, str]] = {}
    for person_id, site_id, capability, title, network in rows(_grants(person_ids, day)):
        known = most.get((person_id, site_id))
        if known is None or known[0].level < capability.level:
            most[person_id, site_id] = capability, f"{capability.label} on {title} ({network})"
    for (person_id, site_id), (capability, words) in most.items():
        found[person_id].append(ScopeLine(f"site:{site_id}", capability.level, words))
    return dict(found)


def _offices(person_ids: Collection[int] | None, day: date) -> Any:
    held = RoleAssignment
    query: Any = (
        held.select(held.person, held.department, Department.name)
        .join(Department)
        .where(
            (held.role == Role.DEPARTMENT_HEAD)
            & (held.starts_on <= day)
            & (held.ends_on.is_null() | (held.ends_on >= day))
        )
        .distinct()
        .order_by(Department.name)
    )
    return query if person_ids is None else query.where(held.person.in_(list(person_ids)))


def _grants(person_ids: Collection[int] | None, day: date) -> Any:
    query: Any = (
        Grant.select(Grant.person, Grant.site, Grant.capability, Site.title, Network.name)
        .join(Site)
        .join(Network)
        .where(Grant.state.in_(OPEN) & (Grant.until.is_null() | (Grant.until >= day)) & Site.state.not_in(ENDED))
        .order_by(Site.title, Site.id)
    )
    return query if person_ids is None else query.where(Grant.person.in_(list(person_ids)))
