"""Closing and opening accounts, giving and ending roles."""

from datetime import date, timedelta

from charlton_intranet.accounts import queries
from charlton_intranet.accounts.models import (
    Letter,
    LoginSession,
    Person,
    RoleAssignment,
)
from charlton_intranet.accounts.rules import (
    PersonState,
)
from charlton_intranet.accounts.service._shared import check_department, hold, subject
from charlton_intranet.core import audit
from charlton_intranet.core.clock import Clock, today
from charlton_intranet.core.database import unit_of_work, update_current
from charlton_intranet.core.errors import Forbidden, Invalid, NotFound, StaleState
from charlton_intranet.core.permissions import Actor, Permission, Role

DISABLED = audit.declare("person.disabled")
ENABLED = audit.declare("person.enabled")
ROLE_GIVEN = audit.declare("role.given", "role", "department", "starts", "ends", "acting", "reason")
ROLE_ENDED = audit.declare("role.ended", "role", "department", "ends")


def disable(actor: Actor, person_id: int, version: int, *, clock: Clock) -> None:
    """Close the account at once: every session and link ends, every authority lapses."""
    with unit_of_work():
        actor.must_have(Permission.MANAGE_PEOPLE)
        if person_id == actor.person_id:
            raise Forbidden("Nobody closes their own account. Ask somebody else who runs accounts.")
        if queries.person(person_id).state == PersonState.DISABLED:
            raise StaleState("This account is closed already.")
        now = clock.now()
        update_current(Person, person_id, version, state=PersonState.DISABLED, disabled_at=now)
        LoginSession.delete().where(LoginSession.person == person_id).execute()
        Letter.update(used_at=now).where((Letter.person == person_id) & Letter.used_at.is_null()).execute()
        audit.record(DISABLED, actor, subject(person_id), clock=clock)


def enable(actor: Actor, person_id: int, version: int, *, clock: Clock) -> None:
    """Open a closed account again; without a password it is invited anew."""
    with unit_of_work():
        actor.must_have(Permission.MANAGE_PEOPLE)
        person = queries.person(person_id)
        if person.state != PersonState.DISABLED:
            raise StaleState("This account is open already.")
        state = PersonState.ACTIVE if person.password_hash else PersonState.INVITED
        update_current(Person, person_id, version, state=state, disabled_at=None)
        audit.record(ENABLED, actor, subject(person_id), clock=clock)


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

    Only the Town Administrator gives roles, and nobody to themselves. An acting role needs an end and a reason.
    A coordinator in their own right is appointed by the department head in writing (policy 3.2), not here.
    """
    with unit_of_work():
        actor.must_have(Permission.NAME_ACTING if acting else Permission.ASSIGN_ROLES)
        if person_id == actor.person_id:
            raise Forbidden("Nobody gives a role to themselves.")
        if role is Role.COORDINATOR and not acting:
            raise Invalid({"role": "A coordinator is appointed in writing, under Sites (policy 3.2). Acting is fine."})
        hold(person_id)
        return assign(
            actor, person_id, role, department_id=department_id, starts=starts, ends=ends,
            acting=acting, reason=reason, clock=clock,
        )  # fmt: skip


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
            raise Forbidden("Nobody ends their own role. Ask somebody who acts for you.")
        end_assignment(actor, held, version, clock=clock)


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
