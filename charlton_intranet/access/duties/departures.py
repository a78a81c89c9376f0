"""Checklists of leavers that wait to be worked off."""

from collections.abc import Iterator

from charlton_intranet.access.duties.shared import Offices
from charlton_intranet.access.queries import departures as queries
from charlton_intranet.access.queries.departures import DepartureRow
from charlton_intranet.access.rules import DepartureKind
from charlton_intranet.accounts.queries import business_calendar
from charlton_intranet.core.clock import town_time
from charlton_intranet.core.duties import Duty, Kind, Owner, Scope
from charlton_intranet.core.permissions import Role

SETTLE = Kind(
    "access.departure",
    "3.3-3",
    "Work it off",
    ladder=(3, 1, 0),
    repeat_days=1,
    escalate_after=1,
    label="Settle the access of who leaves or moves",
    by="Coordinator, Department Head or Town Administrator",
    legal_clock=True,
)
END_ROLES = Kind(
    "access.end_roles",
    "3.3-3",
    "End the roles",
    ladder=(1, 0),
    repeat_days=1,
    escalate_after=1,
    label="End the roles of who left",
    by="Town Administrator",
    legal_clock=True,
)
KINDS = (SETTLE, END_ROLES)

_ADMINISTRATOR = Owner(role=Role.ADMINISTRATOR)


def owed(scope: Scope) -> Iterator[Duty]:
    """One duty for each open checklist, due on the last day, and one for the roles on it that others can not end."""
    found = queries.open_departures(scope.asker)
    if not found:
        return
    calendar, offices = business_calendar(), Offices(scope.today)
    held = queries.holding({row.person_id for row in found}, scope.today)
    for row in found:
        does = "leaves" if row.kind is DepartureKind.LEAVES else "moves"
        owner, since = _owner(row, offices, held), town_time(row.opened_at).date()
        yield Duty(
            kind=SETTLE,
            subject=f"departure:{row.id}",
            title=f"{row.person} {does}: settle access on every site",
            owner=owner,
            due=calendar.on_or_after(row.last_day),
            url=f"/access/departures/{row.id}",
            department_id=row.department_id,
            asked_by=scope.asker,
            since=since,
        )
        if owner != _ADMINISTRATOR and _holds_a_role(row, held):
            yield Duty(
                kind=END_ROLES,
                subject=f"departure:{row.id}",
                title=f"{row.person} {does}: end the roles once the last day is over",
                owner=_ADMINISTRATOR,
                due=calendar.add(row.last_day, 1),
                url=f"/people/{row.person_id}",
                department_id=row.department_id,
                asked_by=scope.asker,
                since=since,
            )


def _holds_a_role(row: DepartureRow, held: set[tuple[int, str, int | None]]) -> bool:
    """Whether the Administrator has a role to end; a coordinator's ends with the letter of appointment."""
    return any(
        person_id == row.person_id
        and role != Role.COORDINATOR
        and (row.kind is DepartureKind.LEAVES or department_id == row.department_id)
        for person_id, role, department_id in held
    )


def _owner(row: DepartureRow, offices: Offices, held: set[tuple[int, str, int | None]]) -> Owner:
    """The coordinator; for a coordinator the head; for a head, and where there is neither, the administrator."""
    head = (row.person_id, Role.DEPARTMENT_HEAD, row.department_id) in held
    if row.department_id is None or head or not offices.staffed(row.department_id):
        return _ADMINISTRATOR
    if (row.person_id, Role.COORDINATOR, row.department_id) in held:
        return Owner(role=Role.DEPARTMENT_HEAD, department_id=row.department_id)
    return offices.of(row.department_id)
