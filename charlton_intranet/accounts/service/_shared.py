"""What the use cases of accounts share."""

from charlton_intranet.accounts.models import Department, Person
from charlton_intranet.core.errors import Invalid, NotFound
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


def hold(person_id: int) -> Person:
    """The person as they stand in this unit of work.

    What was read before it may be over by then: two presses on one link, two roles, a sign-in beside a reset.
    """
    person: Person | None = Person.get_or_none(Person.id == person_id)
    if person is None:
        raise NotFound
    return person
