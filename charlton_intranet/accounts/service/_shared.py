"""What the use cases of accounts share."""

from charlton_intranet.accounts.models import Department, Person
from charlton_intranet.core.errors import Invalid
from charlton_intranet.core.permissions import Actor


def subject(person_id: int) -> str:
    """How a person is named in the trail."""
    return f"person:{person_id}"


def myself(person: Person, address: str) -> Actor:
    """Somebody who acts for themselves, before or without a session."""
    return Actor(person_id=person.id, name=person.name, email=person.email, address=address)


def check_department(department_id: int | None) -> None:
    """Refuse a department that is not there (any more)."""
    if department_id is not None and not Department.select().where(Department.id == department_id).exists():
        raise Invalid({"department": "There is no such department any more. Choose another."})
