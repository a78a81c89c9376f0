"""Duties for tests, owed under clauses of the policy by whoever a test names."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from charlton_intranet.core.duties import Duty, Kind, Owner, Register, Scope
from charlton_intranet.core.permissions import Role
from charlton_intranet.demo import cast
from charlton_intranet.parts import Parts

REVIEW = Kind("review", "3.6-1", "Review the site", ladder=(7, 1, 0), repeat_days=7, escalate_after=3)


def duty(
    due: date,
    *,
    number: int = 1,
    kind: Kind = REVIEW,
    role: Role = Role.COORDINATOR,
    department: str | None = "Library",
    person: int | None = None,
    subject: str = "site",
    title: str = "Review of the Library page",
) -> Duty:
    """A duty of the Library's coordinator unless a test says otherwise."""
    department_id = cast.department_id(department) if department else None
    owner = Owner(person_id=person) if person else Owner(role=role, department_id=department_id)
    return Duty(kind, f"{subject}:{number}", f"{title} {number}", owner, due, f"/sites/{number}", department_id)


class Ledger:
    """A producer of duties that a test writes itself."""

    def __init__(self, *duties: Duty) -> None:
        self.duties = list(duties)

    def owed(self, _scope: Scope) -> Iterable[Duty]:
        return list(self.duties)

    def parts(self, parts: Parts) -> Parts:
        """The app with these duties and no others."""
        return replace(parts, register=Register([self.owed]))
