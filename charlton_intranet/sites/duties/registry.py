"""Listed accounts that wait for their department to ask for them or to strike them off."""

from collections.abc import Iterator

from charlton_intranet.core.duties import Duty, Kind, Owner, Scope
from charlton_intranet.core.permissions import Role
from charlton_intranet.sites.queries import deadlines
from charlton_intranet.sites.queries.registry import waiting_by_department

SETTLE_LISTED = Kind("listed.settle", "3.7-1", "Look at them", label="Settle listed accounts", by="Department Head")
KINDS = (SETTLE_LISTED,)


def owed(scope: Scope) -> Iterator[Duty]:
    """One duty for each department, however many accounts wait."""
    headed = None
    if scope.actor is not None:
        headed = sorted(scope.actor.departments_as(Role.DEPARTMENT_HEAD))
        if not headed:
            return
    waiting = waiting_by_department(headed)
    if not waiting:
        return
    due = deadlines()
    for department_id, department, number, since in waiting:
        accounts = "1 listed account waits" if number == 1 else f"{number} listed accounts wait"
        yield Duty(
            kind=SETTLE_LISTED,
            subject=f"department:{department_id}",
            title=f"{accounts} for {department}: ask for the site, or strike it off",
            owner=Owner(role=Role.DEPARTMENT_HEAD, department_id=department_id),
            due=due.decision(since),
            url=f"/sites/registry?department={department_id}",
            department_id=department_id,
        )
