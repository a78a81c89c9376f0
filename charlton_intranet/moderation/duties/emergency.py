"""What hides at once, orders to restore, and orders that a network refuses make people owe."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import peewee

from charlton_intranet.accounts.queries import business_calendar
from charlton_intranet.core.clock import town_time
from charlton_intranet.core.database import rows
from charlton_intranet.core.duties import Duty, Kind, Owner, Scope
from charlton_intranet.core.permissions import Role
from charlton_intranet.moderation.models import Case, Determination, EmergencyHide, Order, OrderObstacle, RestoreOrder
from charlton_intranet.moderation.rules import CaseState
from charlton_intranet.moderation.rules.emergency import EmergencyState, RestoreState
from charlton_intranet.policy.queries import default
from charlton_intranet.sites.models import Network, Site

PROVE = Kind(
    "prove_hide",
    "3.7-3",
    "Add the picture",
    ladder=(0,),
    repeat_days=1,
    escalate_after=1,
    label="Show what was hidden at once",
    by="Coordinator",
    legal_clock=True,
)
DECIDE = Kind(
    "decide_emergency",
    "3.6-4",
    "Decide",
    ladder=(1, 0),
    repeat_days=1,
    escalate_after=1,
    label="Decide on what was hidden at once",
    by="Town Administrator",
    legal_clock=True,
)
RESTORE = Kind(
    "restore_case",
    "3.6-4",
    "Put it back",
    ladder=(1, 0),
    repeat_days=1,
    escalate_after=1,
    label="Put a post back",
    by="Coordinator",
    legal_clock=True,
)
OBSTACLE = Kind(
    "obstructed_order",
    "3.7-3",
    "Say how to go on",
    ladder=(0,),
    repeat_days=1,
    escalate_after=3,
    label="Say how to go on when a network refuses",
    by="Town Administrator",
    legal_clock=True,
)
KINDS = (PROVE, DECIDE, RESTORE, OBSTACLE)


def owed(scope: Scope) -> Iterable[Duty]:
    """One duty for each that waits; an emergency hide may owe its picture and its decision at once."""
    yield from _hides(scope)
    yield from _restores(scope)
    yield from _obstacles(scope)


def _hides(scope: Scope) -> Iterator[Duty]:
    columns = (EmergencyHide.state, EmergencyHide.decide_by, EmergencyHide.ordered_at, EmergencyHide.ordered_by)
    waiting = _of_cases(EmergencyHide, scope, *columns)
    undecided = EmergencyHide.state.in_([EmergencyState.ORDERED, EmergencyState.STANDING])
    for case_id, department_id, title, network, state, decide_by, ordered_at, by in rows(waiting.where(undecided)):
        where = f"case {case_id}, {title} ({network})"
        if state is EmergencyState.ORDERED:
            due = town_time(ordered_at).date()
            yield _coordinators(PROVE, case_id, "emergency", department_id, f"Hide it and show it: {where}", due=due)
        words = f"Hidden at once, to be decided: {where}"
        yield _asked(_administrators(DECIDE, case_id, department_id, words, decide_by), by, ordered_at)


def _restores(scope: Scope) -> Iterator[Duty]:
    columns = (RestoreOrder.cause, RestoreOrder.due_on, RestoreOrder.ordered_at, RestoreOrder.ordered_by)
    waiting = _of_cases(RestoreOrder, scope, *columns)
    ordered = RestoreOrder.state == RestoreState.ORDERED
    for case_id, department_id, title, network, cause, due, ordered_at, by in rows(waiting.where(ordered)):
        words = f"Put back case {case_id}, {title} ({network})"
        duty = _coordinators(RESTORE, case_id, f"restore-{cause}", department_id, words, due=due)
        yield _asked(duty, by, ordered_at)


def _obstacles(scope: Scope) -> Iterator[Duty]:
    last = peewee.fn.MAX(OrderObstacle.noted_at)
    stuck: Any = (
        OrderObstacle.select(Case.id, Case.department, Site.title, Network.name, last)
        .join(Order)
        .join(Determination)
        .join(Case)
        .join(Site)
        .join(Network)
        .where(Case.state == CaseState.DETERMINED)
        .group_by(Case.id, Case.department, Site.title, Network.name)
    )
    if scope.actor is not None and not scope.actor.holds(Role.ADMINISTRATOR):
        return
    if scope.asker is not None:
        stuck = stuck.where(OrderObstacle.noted_by == scope.asker)
    calendar, days = business_calendar(), default("removal.business_days")
    for case_id, department_id, title, network, noted_at in rows(stuck):
        due = calendar.add(town_time(noted_at).date(), days)
        words = f"Refused by {network}: case {case_id}, {title}"
        # Several may have noted it, so only one's own question knows who asked.
        yield _asked(_administrators(OBSTACLE, case_id, department_id, words, due), scope.asker, noted_at)


def _of_cases(model: Any, scope: Scope, *columns: Any) -> Any:
    """Rows of ``model`` with their case and its site, as far as they concern whoever asks."""
    found = (
        model.select(Case.id, Case.department, Site.title, Network.name, *columns)
        .join(Case)
        .join(Site)
        .join(Network)
        .order_by(model.id)
    )
    if scope.asker is not None:
        return found.where(model.ordered_by == scope.asker)
    if scope.actor is None or scope.actor.holds(Role.ADMINISTRATOR):
        return found
    return found.where(Case.department.in_(sorted(scope.actor.departments_as(Role.COORDINATOR))))


def _asked(duty: Duty, by: int | None, at: datetime) -> Duty:
    return replace(duty, asked_by=by, since=town_time(at).date())


def _coordinators(kind: Kind, case_id: int, form: str, department_id: int, title: str, *, due: Any) -> Duty:
    """``form`` is the part of the case page that ends the duty."""
    owner = Owner(role=Role.COORDINATOR, department_id=department_id)
    return Duty(kind, f"case:{case_id}", title, owner, due, f"/triage/{case_id}#{form}", department_id)


def _administrators(kind: Kind, case_id: int, department_id: int, title: str, due: Any) -> Duty:
    owner = Owner(role=Role.ADMINISTRATOR)
    return Duty(kind, f"case:{case_id}", title, owner, due, f"/triage/{case_id}", department_id)
