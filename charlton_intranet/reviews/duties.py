"""Who owes which site a review."""

from collections.abc import Iterable

from charlton_intranet.accounts import queries as accounts
from charlton_intranet.core.duties import Duty, Kind, Owner, Scope
from charlton_intranet.core.permissions import Actor, Role
from charlton_intranet.reviews import queries

REVIEW_SITE = Kind(
    name="review_site",
    clause="3.6-1",
    action="Review the site",
    ladder=(0,),
    repeat_days=1,
    escalate_after=1,
    label="Review a site",
    by="Coordinator",
)
KINDS = (REVIEW_SITE,)


def owed(scope: Scope) -> Iterable[Duty]:
    """The next review of every live site: the coordinator's, or the head's where nobody is coordinator."""
    departments = _departments_of(scope.actor) if scope.actor else None
    if departments == frozenset():
        return
    coordinated = accounts.departments_with(Role.COORDINATOR, scope.today)
    for row in queries.standings(departments):
        site = row.site
        yield Duty(
            kind=REVIEW_SITE,
            subject=f"site:{site.id}",
            title=f"Review {site.title} ({site.network_name})",
            owner=Owner(
                role=Role.COORDINATOR if site.department_id in coordinated else Role.DEPARTMENT_HEAD,
                department_id=site.department_id,
            ),
            due=row.due,
            url=f"/reviews?site={site.id}",
            department_id=site.department_id,
        )


def _departments_of(actor: Actor) -> frozenset[int]:
    owing = {Role.COORDINATOR, Role.DEPARTMENT_HEAD}
    return frozenset(held.department_id for held in actor.held if held.role in owing and held.department_id)
