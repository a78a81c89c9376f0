"""What incidents make IT owe: take a report up in time, and a step each business day until it is over (3.8)."""

from collections.abc import Iterable

from charlton_intranet.accounts import queries as accounts
from charlton_intranet.core.clock import town_time
from charlton_intranet.core.duties import Duty, Kind, Owner, Scope
from charlton_intranet.core.permissions import Role
from charlton_intranet.incidents import queries
from charlton_intranet.incidents.rules import Status, acknowledge_by
from charlton_intranet.policy.queries import default

TAKE_UP = Kind(
    "incident.take_up",
    "3.8",
    "Take it up",
    ladder=(1, 0),
    repeat_days=1,
    escalate_after=1,
    label="Take up an incident",
    by="IT",
    legal_clock=True,
)
NEXT_STEP = Kind(
    "incident.next_step",
    "3.8",
    "Write the next step",
    ladder=(0,),
    repeat_days=1,
    escalate_after=2,
    label="Write the next step of an incident",
    by="IT",
    legal_clock=True,
)
KINDS = (TAKE_UP, NEXT_STEP)

_OWNER = Owner(role=Role.IT)


def owed(scope: Scope) -> Iterable[Duty]:
    """One duty for each open incident. Titles carry the reference alone: what happened is confidential."""
    if scope.actor is not None and not _OWNER.is_held_by(scope.actor):
        return
    hours, calendar = default("incident.hours"), accounts.business_calendar()
    for one in queries.open_incidents(scope.asker):
        if one.status is Status.REPORTED:
            kind, due = TAKE_UP, town_time(acknowledge_by(one.reported_at, hours)).date()
            title = f"Take up incident {one.reference}"
        else:
            kind, due = NEXT_STEP, calendar.add(one.stepped_on, 1)
            title = f"Incident {one.reference} is open ({one.status.label.lower()})"
        yield Duty(
            kind,
            f"incident:{one.id}",
            title,
            _OWNER,
            due,
            f"/incidents/{one.reference}",
            asked_by=one.reported_by,
            since=town_time(one.reported_at).date(),
        )
