"""The step that each case waits for."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import peewee

from charlton_intranet.accounts.models import Department
from charlton_intranet.accounts.queries import business_calendar
from charlton_intranet.core.clock import town_time
from charlton_intranet.core.database import rows
from charlton_intranet.core.duties import Duty, Kind, Owner, Scope
from charlton_intranet.core.fields import as_date
from charlton_intranet.core.permissions import Actor, Role
from charlton_intranet.moderation.models import Case, Consultation, Determination
from charlton_intranet.moderation.rules import CaseState
from charlton_intranet.policy.queries import default
from charlton_intranet.sites.models import Network, Site

TRIAGE = Kind(
    "triage",
    "3.6-1",
    "Look through them",
    ladder=(0,),
    repeat_days=1,
    escalate_after=3,
    label="Look through what was seen",
    by="Coordinator",
)
ADVISE = Kind(
    "advise_case",
    "3.6-4",
    "Give your advice",
    ladder=(0,),
    repeat_days=1,
    escalate_after=1,
    label="Advise on a case",
    by="Department Head",
    legal_clock=True,
)
DETERMINE = Kind(
    "determine_case",
    "3.6-4",
    "Decide",
    ladder=(1, 0),
    repeat_days=1,
    escalate_after=3,
    label="Determine a case",
    by="Town Administrator",
    legal_clock=True,
)
CARRY_OUT = Kind(
    "carry_out_case",
    "3.7-3",
    "Carry out",
    ladder=(0,),
    repeat_days=1,
    escalate_after=1,
    label="Carry out a determination",
    by="Coordinator",
    legal_clock=True,
)
KINDS = (TRIAGE, ADVISE, DETERMINE, CARRY_OUT)

# What a case of each state waits for, and from whom.
WAITING = {
    CaseState.CONSULTING: (ADVISE, "Advise on", Role.DEPARTMENT_HEAD),
    CaseState.ADVISED: (DETERMINE, "Determine", Role.ADMINISTRATOR),
    CaseState.DETERMINED: (CARRY_OUT, "Carry out", Role.COORDINATOR),
}


def owed(scope: Scope) -> Iterable[Duty]:
    """One duty a department for what waits in triage, one a case for each later step."""
    if scope.asker is None:
        yield from _triage(scope)
    yield from _steps(scope)


def _triage(scope: Scope) -> Iterator[Duty]:
    waiting: Any = (
        Case.select(Department.id, Department.name, peewee.fn.COUNT(Case.id), peewee.fn.MIN(Case.due_on))
        .join(Department)
        .where(Case.state == CaseState.OPEN)
        .group_by(Department.id, Department.name)
    )
    if scope.actor is not None:
        waiting = waiting.where(Case.department.in_(sorted(scope.actor.departments_as(Role.COORDINATOR))))
    for department_id, name, count, due in rows(waiting):
        posts = "1 post waits" if count == 1 else f"{count:,} posts wait"
        yield Duty(
            kind=TRIAGE,
            subject=f"department:{department_id}",
            title=f"{posts} to be looked at ({name})",
            owner=Owner(role=Role.COORDINATOR, department_id=department_id),
            due=as_date(due),
            url="/triage?state=open",
            department_id=department_id,
        )


def _steps(scope: Scope) -> Iterator[Duty]:
    """The step that each case waits for. Late advice also gives the Town Administrator something to do.

    They may go on without it; their time runs from the day on which the advice was due.
    """
    cases: Any = (
        Case.select(
            Case.id, Case.state, Case.department, Case.due_on, Site.title, Network.name,
            Consultation.asked_by, Consultation.asked_at, Consultation.given_at,
            Determination.decided_by, Determination.decided_at,
        )
        .join_from(Case, Site)
        .join_from(Site, Network)
        .join_from(Case, Consultation, peewee.JOIN.LEFT_OUTER)
        .join_from(Case, Determination, peewee.JOIN.LEFT_OUTER)
        .where(Case.state.in_(list(WAITING)))
    )  # fmt: skip
    if scope.actor is not None:
        cases = cases.where(_concerns(scope.actor))
    if scope.asker is not None:
        decided = Case.state == CaseState.DETERMINED
        cases = cases.where(
            (~decided & (Consultation.asked_by == scope.asker)) | (decided & (Determination.decided_by == scope.asker))
        )
    calendar, days = business_calendar(), default("determination.business_days")
    for case_id, state, department_id, due, title, network, asked_by, *moments, decided_by, decided_at in rows(cases):
        asked_at, given_at = moments
        since = {CaseState.CONSULTING: asked_at, CaseState.ADVISED: given_at, CaseState.DETERMINED: decided_at}[state]
        where = f"case {case_id}, {title} ({network})"
        kind, words, role = WAITING[state]
        duty = Duty(
            kind=kind,
            subject=f"case:{case_id}",
            title=f"{words} {where}",
            owner=Owner(role=role, department_id=None if role.town_wide else department_id),
            due=due,
            # What is only to be done leads to its form; what is to be judged, to the words.
            url=f"/triage/{case_id}#now" if kind is CARRY_OUT else f"/triage/{case_id}",
            department_id=department_id,
            asked_by=decided_by if state is CaseState.DETERMINED else asked_by,
            since=town_time(since).date() if since else None,
        )
        yield duty
        if state is CaseState.CONSULTING and due < scope.today:
            yield replace(
                duty,
                kind=DETERMINE,
                title=f"Go on without the head's advice: {where}",
                owner=Owner(role=Role.ADMINISTRATOR),
                due=calendar.add(due, days),
                since=due,
            )


def _concerns(actor: Actor) -> Any:
    """The cases whose next step ``actor`` owes by a role they hold."""
    if actor.holds(Role.ADMINISTRATOR):
        return Case.state.in_(list(WAITING))
    headed, coordinated = (actor.departments_as(role) for role in (Role.DEPARTMENT_HEAD, Role.COORDINATOR))
    consulted = (Case.state == CaseState.CONSULTING) & Case.department.in_(sorted(headed))
    ordered = (Case.state == CaseState.DETERMINED) & Case.department.in_(sorted(coordinated))
    return consulted | ordered
