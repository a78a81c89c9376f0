"""The invented people of the demo town; the tests play with the same small cast."""

from dataclasses import dataclass
from datetime import date

from charlton_intranet.accounts import passwords, service
from charlton_intranet.accounts.models import Department, Person
from charlton_intranet.accounts.queries import actor_by_email
from charlton_intranet.accounts.rules import PersonState
from charlton_intranet.core import audit
from charlton_intranet.core.clock import Clock
from charlton_intranet.core.database import unit_of_work
from charlton_intranet.core.permissions import SYSTEM, Actor, Role

PASSWORD = "harbor-lantern-orchard-42"  # noqa: S105 - a demo listens on loopback only and prints it
DOMAIN = "charlton.example"
DEPARTMENTS = ("Library", "Police", "Highway")


@dataclass(frozen=True, slots=True)
class Member:
    """One of the cast: mailbox name, name, title, department and role."""

    box: str
    name: str
    title: str
    department: str | None
    role: Role

    @property
    def email(self) -> str:
        return f"{self.box}@{DOMAIN}"


CAST = (
    Member("administrator", "Ruth Okafor", "Town Administrator", None, Role.ADMINISTRATOR),
    Member("it", "Sam Ellery", "IT Technician", None, Role.IT),
    Member("records", "Priya Natarajan", "Records Access Officer", None, Role.RECORDS),
    Member("auditor", "Jonas Weld", "Auditor", None, Role.AUDITOR),
    Member("head.library", "Helen Marsh", "Library Director", "Library", Role.DEPARTMENT_HEAD),
    Member("coordinator.library", "Cody Barnes", "Reference Librarian", "Library", Role.COORDINATOR),
    Member("user.library", "Uma Reyes", "Library Assistant", "Library", Role.AUTHORIZED_USER),
    Member("head.police", "Paul Hadley", "Chief of Police", "Police", Role.DEPARTMENT_HEAD),
    Member("coordinator.police", "Carla Nunez", "Community Officer", "Police", Role.COORDINATOR),
    Member("user.police", "Umar Dietz", "Patrol Officer", "Police", Role.AUTHORIZED_USER),
    Member("employee", "Edith Lowe", "Equipment Operator", "Highway", Role.EMPLOYEE),
)


def load_cast(clock: Clock, since: date) -> None:
    """Make the departments and the cast, holding their roles since ``since``."""
    encoded = passwords.hash_password(PASSWORD)
    ids = {name: service.make_department(SYSTEM, name, clock=clock) for name in DEPARTMENTS}
    with unit_of_work():
        for member in CAST:
            department_id = ids.get(member.department or "")
            person_id = int(
                Person.insert(
                    email=member.email,
                    name=member.name,
                    title=member.title,
                    department=department_id,
                    state=PersonState.ACTIVE,
                    password_hash=encoded,
                    created_at=clock.now(),
                ).execute()
            )
            audit.record(
                service.INVITED, SYSTEM, service.subject(person_id), clock=clock,
                email=member.email, department=department_id,
            )  # fmt: skip
            if member.role is not Role.EMPLOYEE:
                service.assign(
                    SYSTEM,
                    person_id,
                    member.role,
                    department_id=None if member.role.town_wide else department_id,
                    starts=since,
                    reason="First set-up",
                    clock=clock,
                )


def actor(box: str, day: date) -> Actor:
    """A member of the cast with what they hold on ``day``."""
    return actor_by_email(f"{box}@{DOMAIN}", day)


def department_id(name: str) -> int:
    """A department of the cast by name."""
    return int(Department.get(Department.name == name).id)
