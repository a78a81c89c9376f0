"""Closing and opening accounts; a new department, name or title."""

from collections.abc import Collection

from charlton_intranet.accounts import queries
from charlton_intranet.accounts.models import Department, Letter, LoginSession, Person
from charlton_intranet.accounts.rules import PersonState
from charlton_intranet.accounts.service._shared import hold, subject
from charlton_intranet.accounts.service.roles import end_assignment, must_leave_a_key
from charlton_intranet.core import audit
from charlton_intranet.core.clock import Clock, today
from charlton_intranet.core.database import unit_of_work, update_current
from charlton_intranet.core.errors import Forbidden, Invalid, StaleState
from charlton_intranet.core.permissions import Actor, Permission, Role
from charlton_intranet.mail import service as mail

DISABLED = audit.declare("person.disabled")
ENABLED = audit.declare("person.enabled")
MOVED = audit.declare("person.moved", "before", "after", "kept")
RENAMED = audit.declare("person.renamed", "before", "after")


def disable(actor: Actor, person_id: int, version: int, *, clock: Clock) -> None:
    """Close the account at once: every session and link ends, every authority lapses."""
    with unit_of_work():
        actor.must_have(Permission.MANAGE_PEOPLE)
        if person_id == actor.person_id:
            raise Forbidden("Nobody closes their own account. Ask somebody else who runs accounts.")
        if queries.person(person_id).state == PersonState.DISABLED:
            raise StaleState("This account is closed already.")
        must_leave_a_key(person_id, clock=clock)
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


def move(
    actor: Actor,
    person_id: int,
    version: int,
    department_id: int | None,
    *,
    endings: Collection[int] = (),
    clock: Clock,
) -> None:
    """Let a person belong to another department (None: to none) from now on.

    ``endings`` are the roles of the department left that end with the move; only who gives roles ends them. What
    nobody who gives roles has looked at is told to the Town Administrator.
    """
    with unit_of_work():
        person = _other(actor, person_id, "Nobody moves themselves. Ask somebody else who runs accounts.")
        left = person.department_id
        if (
            department_id is not None
            and not Department.select().where((Department.id == department_id) & Department.active).exists()
        ):
            raise Invalid({"department": "There is no such department any more. Choose another."})
        if department_id == left:
            raise Invalid({"department": f"{person.name} belongs there already. Choose another."})
        held = queries.open_roles(person_id, left, today(clock)) if left is not None else []
        if not set(endings) <= {role.id for role in held}:
            raise StaleState
        if endings:
            actor.must_have(Permission.ASSIGN_ROLES)
        kept = [role for role in held if role.id not in endings]
        update_current(Person, person_id, version, department=department_id)
        audit.record(
            MOVED, actor, subject(person_id), clock=clock,
            before=left, after=department_id, kept=[role.id for role in kept],
        )  # fmt: skip
        for role in held:
            if role.id in endings:
                end_assignment(actor, role, role.version, clock=clock)
        if kept and not actor.may(Permission.ASSIGN_ROLES):
            _tell_of_roles_kept(actor, person, version, [role.role for role in kept], clock=clock)


def _tell_of_roles_kept(actor: Actor, person: Person, version: int, roles: list[Role], *, clock: Clock) -> None:
    """To those who give roles: somebody has moved and still holds what the old department gave."""
    for administrator in queries.holders(Role.ADMINISTRATOR, today(clock)):
        mail.queue(
            "account_moved",
            occasion=f"moved:{person.id}:{version}",
            recipient=administrator.email,
            recipient_name=administrator.name,
            clock=clock,
            person=person.name,
            department=queries.department(person.department_id or 0).name,
            roles=[role.label for role in roles],
            by=actor.name,
            path=f"/people/{person.id}",
        )


def rename(actor: Actor, person_id: int, version: int, *, name: str, title: str, clock: Clock) -> None:
    """Change what a person is called; what they signed keeps the name it was signed with."""
    name, title = " ".join(name.split()), " ".join(title.split())
    with unit_of_work():
        person = _other(actor, person_id, "Nobody renames themselves. Ask somebody else who runs accounts.")
        if not name:
            raise Invalid({"name": "Type the person's name."})
        if (name, title) == (person.name, person.title):
            raise Invalid({"name": "Name and job title are the same as before."})
        update_current(Person, person_id, version, name=name, title=title)
        audit.record(
            RENAMED, actor, subject(person_id), clock=clock,
            before=[person.name, person.title], after=[name, title],
        )  # fmt: skip


def _other(actor: Actor, person_id: int, refusal: str) -> Person:
    """The person, held, whom ``actor`` may change: somebody else with an account that is not closed."""
    actor.must_have(Permission.MANAGE_PEOPLE)
    if person_id == actor.person_id:
        raise Forbidden(refusal)
    person = hold(person_id)
    if person.state == PersonState.DISABLED:
        raise StaleState(f"The account of {person.name} is closed. Open it first.")
    return person
