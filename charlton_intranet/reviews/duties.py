"""Who owes which site a look, a capture or a full review."""

from collections.abc import Iterable
from datetime import date, timedelta

from charlton_intranet.accounts import queries as accounts
from charlton_intranet.core.duties import Duty, Kind, Owner, Scope
from charlton_intranet.core.permissions import Role
from charlton_intranet.reviews import queries
from charlton_intranet.reviews.queries import Standing
from charlton_intranet.reviews.rules import ROUND_LEAD_DAYS, ReviewKind

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
CAPTURE_SITE = Kind(
    name="capture_site",
    clause="3.6-2",
    action="Capture the site",
    ladder=(7, 1, 0),
    repeat_days=3,
    label="Capture a site for the record",
    by="Coordinator",
)
REVIEW_SITE_FULLY = Kind(
    name="review_site_fully",
    clause="3.6-1",
    action="Review the site in full",
    ladder=(14, 3, 0),
    repeat_days=3,
    label="Review a site in full",
    by="Coordinator",
)
KINDS = (REVIEW_SITE, CAPTURE_SITE, REVIEW_SITE_FULLY)
_OWED_AS = dict(zip(ReviewKind, KINDS, strict=True))


def owed(scope: Scope) -> Iterable[Duty]:
    """What is due next on every live site: the coordinator's, or the head's where nobody is coordinator.

    A colleague's while it is handed over. Captures and full reviews are owed from the day they may be recorded.
    """
    departments = scope.actor.departments_as(Role.COORDINATOR, Role.DEPARTMENT_HEAD) if scope.actor else None
    handed = queries.in_force(scope.today)
    given = {site_id for site_id, (_, giver) in handed.items() if giver == scope.asker}
    if departments == frozenset() or (scope.asker is not None and not given):
        return
    coordinated = accounts.departments_with(Role.COORDINATOR, scope.today)
    for kind in ReviewKind:
        for row in queries.standings(departments, kind, until=_until(kind, scope)):
            if scope.asker is None or row.site.id in given:
                yield _duty(row, handed.get(row.site.id), coordinated)


def _until(kind: ReviewKind, scope: Scope) -> date | None:
    """Up to which due date reviews of a kind are owed; None for all."""
    if kind is ReviewKind.LOOK:
        return scope.until
    opened = scope.today + timedelta(days=ROUND_LEAD_DAYS[kind])
    return opened if scope.until is None else min(opened, scope.until)


def _duty(row: Standing, handed: tuple[int, int] | None, coordinated: frozenset[int]) -> Duty:
    site = row.site
    role = Role.COORDINATOR if site.department_id in coordinated else Role.DEPARTMENT_HEAD
    return Duty(
        kind=_OWED_AS[row.kind],
        subject=f"site:{site.id}",
        title=f"{row.kind.verb} {site.title} ({site.network_name})",
        owner=Owner(person_id=handed[0]) if handed else Owner(role=role, department_id=site.department_id),
        due=row.due,
        url=row.url,
        department_id=site.department_id,
        asked_by=handed[1] if handed else None,
        opens=row.opens,
    )
