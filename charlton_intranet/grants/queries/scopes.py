"""What somebody signs for: the lines of their grants and offices (policy 3.3-4)."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any

from charlton_intranet.accounts.models import Department, RoleAssignment
from charlton_intranet.core.database import rows
from charlton_intranet.core.permissions import Role
from charlton_intranet.core.scope import WORDS_MAX, ScopeLine
from charlton_intranet.grants.models import Grant
from charlton_intranet.grants.rules import OFFICE, OPEN, Capability
from charlton_intranet.sites.models import Network, Site
from charlton_intranet.sites.rules import ENDED

_GOES_ON = " … (whole under My access)"


def scope_of(person_id: int, day: date) -> list[ScopeLine]:
    """The lines one person would sign for on ``day``; two queries."""
    return scopes([person_id], day).get(person_id, [])


def holders_on(day: date) -> frozenset[int]:
    """Everybody with a designation or a grant that goes on; one query."""
    query = _going_on(Grant.select(Grant.person).distinct().join(Site), day)
    return frozenset(person_id for (person_id,) in rows(query))


def scopes(person_ids: Collection[int] | None, day: date) -> dict[int, list[ScopeLine]]:
    """The lines of these people (None: of everybody who has any), offices first; two queries.

    A designation that waits counts as well: the policy is signed before access is given.
    """
    found: dict[int, list[ScopeLine]] = defaultdict(list)
    for person_id, department_id, department in rows(_offices(person_ids, day)):
        words = f"{OFFICE.label} on every site of the department {department}, by office"
        found[person_id].append(ScopeLine(f"department:{department_id}", OFFICE.level, words))
    most: dict[tuple[int, int], tuple[Capability, str]] = {}
    for person_id, site_id, capability, limits, title, network in rows(_grants(person_ids, day)):
        known = most.get((person_id, site_id))
        if known is None or known[0].level < capability.level:
            most[person_id, site_id] = capability, _words(f"{capability.label} on {title} ({network})", limits)
    for (person_id, site_id), (capability, words) in most.items():
        found[person_id].append(ScopeLine(f"site:{site_id}", capability.level, words))
    return dict(found)


def _words(what: str, limits: str) -> str:
    """What a grant allows within its limits, which are part of the scope (3.4-1); long ones end on the grant's page."""
    said = " ".join(limits.split())
    whole = f"{what}, within these limits: {said}" if said else what
    return whole if len(whole) <= WORDS_MAX else f"{whole[: WORDS_MAX - len(_GOES_ON)]}{_GOES_ON}"


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
    chosen = Grant.select(Grant.person, Grant.site, Grant.capability, Grant.limits, Site.title, Network.name)
    query = _going_on(chosen.join(Site).join(Network), day).order_by(Site.title, Site.id)
    return query if person_ids is None else query.where(Grant.person.in_(list(person_ids)))


def _going_on(query: Any, day: date) -> Any:
    return query.where(
        Grant.state.in_(OPEN) & (Grant.until.is_null() | (Grant.until >= day)) & Site.state.not_in(ENDED)
    )
