"""Giving and ending roles, in one's own right or for an absence."""

from datetime import date, timedelta

from charlton_intranet.accounts import queries
from charlton_intranet.accounts.models import RoleAssignment
from charlton_intranet.accounts.rules import PersonState
from charlton_intranet.accounts.service._shared import check_department, hold, subject
from charlton_intranet.core import audit
from charlton_intranet.core.clock import Clock, today
from charlton_intranet.core.database import unit_of_work, update_current
from charlton_intranet.core.errors import Forbidden, Invalid, NotFound, StaleState
from charlton_intranet.core.permissions import Actor, Permission, Role
from charlton_intranet.mail import service as mail

ROLE_GIVEN = audit.declare("role.given", "role", "department", "starts", "ends", "acting", "reason")
ROLE_ENDED = audit.declare("role.ended", "role", "department", "ends")

# The offices of a department that its head may name somebody for.
HEADS_NAME = frozenset({Role.DEPARTMENT_HEAD, Role.COORDINATOR})
OWN_ROLE = "Nobody ends their own role. Ask whoever named you."


def give_role(
    actor: Actor,
    person_id: int,
    role: Role,
    *,
    department_id: int | None,
    starts: date,
    ends: date | None = None,
    acting: bool = False,
    reason: str = "",
    clock: Clock,
) -> int:
    """Give a role for the department or the town; returns the assignment's id.

    Only the Town Administrator gives roles, and nobody to themselves. Who acts is named by the Town Administrator,
    and for the head and the coordinator of a department by its head too; the one named is told by mail.
    A coordinator in their own right is appointed by the department head in writing (policy 3.2), not here.
    """
    with unit_of_work():
        if acting:
            _must_may_name(actor, person_id, role, department_id, today(clock))
        else:
            actor.must_have(Permission.ASSIGN_ROLES)
        if person_id == actor.person_id:
            raise Forbidden("Nobody gives a role to themselves.")
        if role is Role.COORDINATOR and not acting:
            raise Invalid({"role": "A coordinator is appointed in writing, under Sites (policy 3.2). Acting is fine."})
        if starts < today(clock):
            raise Invalid({"starts": "Choose today or a later day: nobody held the role before it was given."})
        hold(person_id)
        assignment_id = assign(
            actor, person_id, role, department_id=department_id, starts=starts, ends=ends,
            acting=acting, reason=reason, clock=clock,
        )  # fmt: skip
        if acting:
            _tell_who_acts(actor, assignment_id, clock=clock)
    return assignment_id


def _must_may_name(actor: Actor, person_id: int, role: Role, department_id: int | None, day: date) -> None:
    """Refuse unless ``actor`` names who acts in this office, and may know of the person."""
    if department_id is None and not role.town_wide:
        raise Invalid({"department": "Choose the department for which they act."})
    actor.must_have(Permission.NAME_ACTING, department_id)
    if actor.may(Permission.ASSIGN_ROLES):
        return
    if role not in HEADS_NAME:
        raise Forbidden("A department head names who acts as head or as coordinator, and nobody else.")
    queries.must_see_person(actor, person_id, day)


def _tell_who_acts(actor: Actor, assignment_id: int, *, clock: Clock) -> None:
    held = RoleAssignment.get_by_id(assignment_id)
    mail.queue(
        "acting_named",
        occasion=f"acting:{assignment_id}",
        recipient=held.person.email,
        recipient_name=held.person.name,
        clock=clock,
        office=queries.role_label(held.role, held.department.name if held.department else None, acting=False),
        starts=held.starts_on,
        ends=held.ends_on,
        reason=held.reason,
        by=actor.name,
    )


def assign(
    actor: Actor,
    person_id: int,
    role: Role,
    *,
    department_id: int | None,
    starts: date,
    ends: date | None = None,
    acting: bool = False,
    reason: str = "",
    clock: Clock,
) -> int:
    """Write an assignment inside the caller's unit of work; the caller has authorised it."""
    person = queries.person(person_id)
    check_department(department_id)
    problems = {}
    if person.state == PersonState.DISABLED:
        problems["role"] = f"The account of {person.name} is closed. Open it first."
    if role is Role.EMPLOYEE:
        problems["role"] = "Everybody with an account is an employee already."
    if role.town_wide != (department_id is None):
        problems["department"] = (
            f"{role.label} is held for the whole town: leave the department empty."
            if role.town_wide
            else f"Choose the department for which {person.name} is {role.label}."
        )
    if ends is not None and ends < starts:
        problems["ends"] = "The last day lies before the first."
    if acting and ends is None:
        problems["ends"] = "An acting role needs its last day."
    if acting and not reason.strip():
        problems["reason"] = "Say why somebody acts, for example a leave."
    if not problems and queries.holds_within(person_id, role, department_id, starts, ends):
        problems["role"] = f"{person.name} is {role.label} already in that time."
    if problems:
        raise Invalid(problems)
    assignment_id = int(
        RoleAssignment.insert(
            person=person_id, role=role, department=department_id, starts_on=starts, ends_on=ends,
            acting=acting, named_by=actor.person_id, reason=reason.strip(),
        ).execute()
    )  # fmt: skip
    audit.record(
        ROLE_GIVEN, actor, subject(person_id), clock=clock,
        role=role, department=department_id, starts=starts, ends=ends, acting=acting,
        reason=audit.digest_of(reason.strip()),
    )  # fmt: skip
    return assignment_id


def end_role(actor: Actor, person_id: int, assignment_id: int, version: int, *, clock: Clock) -> None:
    """End a role of a person: yesterday was its last day."""
    with unit_of_work():
        actor.must_have(Permission.ASSIGN_ROLES)
        held = RoleAssignment.get_or_none((RoleAssignment.id == assignment_id) & (RoleAssignment.person == person_id))
        if held is None:
            raise NotFound
        if held.person_id == actor.person_id:
            raise Forbidden(OWN_ROLE)
        if not held.acting:
            must_leave_a_key(person_id, held.role, clock=clock)
        end_assignment(actor, held, version, clock=clock)


def end_acting(actor: Actor, assignment_id: int, version: int, *, clock: Clock) -> None:
    """End an acting role before its last day: whoever names who acts in that office, but for themselves."""
    with unit_of_work():
        held = RoleAssignment.get_or_none((RoleAssignment.id == assignment_id) & RoleAssignment.acting)
        if held is None:
            raise NotFound
        if held.department_id is not None:
            actor.must_see(Permission.READ_PEOPLE, held.department_id)
        actor.must_have(Permission.NAME_ACTING, held.department_id)
        if held.person_id == actor.person_id:
            raise Forbidden(OWN_ROLE)
        end_assignment(actor, held, version, clock=clock)


def must_leave_a_key(person_id: int, *roles: Role, clock: Clock) -> None:
    """Refuse to take the last Town Administrator or IT Technician away, inside the caller's unit of work.

    ``roles`` are those that end, all when none is named. Who acts does not count: they can not give a role, so
    with them alone nobody could.
    """
    for role in sorted(queries.KEYS & set(roles or queries.KEYS)):
        keepers = queries.keepers(role, today(clock))
        if person_id in keepers and len(keepers) == 1:
            raise Invalid({"person": f"Nobody else is {role.label} in their own right. Give somebody the role first."})


def end_assignment(actor: Actor, held: RoleAssignment, version: int, *, clock: Clock) -> None:
    """Write the end inside the caller's unit of work; the caller has authorised it.

    A role that has not begun ends before its first day, so it was never held.
    """
    last = today(clock) - timedelta(days=1)
    if held.ends_on is not None and held.ends_on <= last:
        raise StaleState("This role has ended already.")
    update_current(RoleAssignment, held.id, version, ends_on=last)
    audit.record(
        ROLE_ENDED, actor, subject(held.person_id), clock=clock,
        role=held.role, department=held.department_id, ends=last,
    )  # fmt: skip
