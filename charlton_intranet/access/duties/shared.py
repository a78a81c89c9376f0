"""Whose duties around pages are: the coordinator's, or the head's where nobody is coordinator."""

from datetime import date

from charlton_intranet.accounts import queries as accounts
from charlton_intranet.core.duties import Owner, Scope
from charlton_intranet.core.permissions import Role

OWING = frozenset({Role.COORDINATOR, Role.DEPARTMENT_HEAD})


def departments_of(scope: Scope, roles: frozenset[Role] = OWING) -> frozenset[int] | None:
    """The departments in which the actor holds one of ``roles``; None when everybody's duties are asked for."""
    if scope.actor is None:
        return None
    return scope.actor.departments_as(*roles)


class Offices:
    """Who does the daily work of a department on a day."""

    def __init__(self, day: date) -> None:
        self._coordinated = accounts.departments_with(Role.COORDINATOR, day)
        self._headed = accounts.departments_with(Role.DEPARTMENT_HEAD, day)

    def of(self, department_id: int) -> Owner:
        """The coordinator, or the head while nobody is coordinator."""
        role = Role.COORDINATOR if department_id in self._coordinated else Role.DEPARTMENT_HEAD
        return Owner(role=role, department_id=department_id)

    def staffed(self, department_id: int) -> bool:
        """Whether the department has anybody for it at all."""
        return department_id in self._coordinated | self._headed
