"""Who holds which office today, read at once for the whole town."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from charlton_intranet.accounts.models import Department, Person, RoleAssignment
from charlton_intranet.accounts.queries import Contact
from charlton_intranet.accounts.rules import PersonState
from charlton_intranet.core.database import rows
from charlton_intranet.core.duties import Duty, Owner
from charlton_intranet.core.permissions import Role


@dataclass(frozen=True, slots=True)
class Roster:
    """Active people, the offices they hold (acting ones too) and the departments' names."""

    people: Mapping[int, Contact]
    offices: Mapping[tuple[Role, int | None], Sequence[Contact]]
    departments: Mapping[int, str]

    def holders(self, role: Role, department_id: int | None = None) -> Sequence[Contact]:
        """Whoever holds the office; everybody is an employee."""
        if role is Role.EMPLOYEE:
            return list(self.people.values())
        return self.offices.get((role, department_id), ())

    def owners(self, owner: Owner) -> Sequence[Contact]:
        """The people behind an owner; nobody when the account is closed or the office vacant."""
        if owner.person_id is not None:
            return [self.people[owner.person_id]] if owner.person_id in self.people else []
        return self.holders(owner.role, owner.department_id) if owner.role is not None else []

    def describe(self, owner: Owner) -> str:
        """``Cody Barnes (Social Media Coordinator, Library)``."""
        names = ", ".join(contact.name for contact in self.owners(owner))
        if owner.role is None:
            return names or "somebody whose account is closed"
        office = ", ".join(part for part in (owner.role.label, self.departments.get(owner.department_id or 0)) if part)
        return f"{names} ({office})" if names else f"{office} (vacant)"

    def department_of(self, duty: Duty) -> str:
        """The department a duty belongs to, empty for the town's."""
        return self.departments.get(department_id_of(duty) or 0, "")


def department_id_of(duty: Duty) -> int | None:
    """The department of the record, or else of the office that owes it."""
    return duty.department_id if duty.department_id is not None else duty.owner.department_id


def roster(day: date) -> Roster:
    """The roster of ``day``, in three queries whatever the size of the town."""
    active = Person.state == PersonState.ACTIVE
    known = Person.select(Person.id, Person.name, Person.email).where(active).order_by(Person.name, Person.id)
    people = {person_id: Contact(person_id, name, email) for person_id, name, email in rows(known)}
    held = (
        RoleAssignment.select(RoleAssignment.role, RoleAssignment.department, RoleAssignment.person)
        .join(Person, on=(RoleAssignment.person == Person.id))
        .where(
            active
            & (RoleAssignment.starts_on <= day)
            & (RoleAssignment.ends_on.is_null() | (RoleAssignment.ends_on >= day))
        )
        .distinct()
    )
    offices: dict[tuple[Role, int | None], list[Contact]] = {}
    for role, department_id, person_id in rows(held):
        offices.setdefault((Role(role), department_id), []).append(people[person_id])
    for holders in offices.values():
        holders.sort(key=lambda contact: (contact.name, contact.person_id))
    return Roster(people, offices, dict(rows(Department.select(Department.id, Department.name))))
