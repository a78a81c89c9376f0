"""Who is away and who acts: one whose time is over, one who acts now, one to come; and a matter of somebody's own."""

from datetime import timedelta

from charlton_intranet.accounts import service
from charlton_intranet.accounts.models import Person
from charlton_intranet.accounts.service.exceptions import must_not_be_own
from charlton_intranet.core.clock import FixedClock, today
from charlton_intranet.core.database import unit_of_work
from charlton_intranet.core.permissions import Role
from charlton_intranet.core.store import EvidenceStore
from charlton_intranet.demo import cast


def load(clock: FixedClock, _store: EvidenceStore) -> None:
    """Play the absences of this autumn, and one exception."""
    present = clock.at
    clock.at = present - timedelta(days=45)
    _acts(clock, "administrator", "records", Role.ADMINISTRATOR, None, days=5, reason="Conference in Boston")
    with unit_of_work():
        ruth = cast.actor("administrator", today(clock))
        must_not_be_own(
            ruth, own=True, step="file one's own signature on paper", subject=f"person:{ruth.person_id}", clock=clock,
            exception="The acting Town Administrator was taken ill, and the Select Board wanted my signature on file "
            "before its meeting that evening.",
        )  # fmt: skip
    clock.at = present - timedelta(days=2)
    _acts(clock, "head.police", "user.police", Role.COORDINATOR, "Police", days=12, reason="Carla Nunez is on leave")
    _acts(
        clock, "administrator", "coordinator.police", Role.DEPARTMENT_HEAD, "Police", after=30, days=10,
        reason="Academy course of Chief Hadley",
    )  # fmt: skip
    clock.at = present


def _acts(
    clock: FixedClock, by: str, box: str, role: Role, department: str | None, *, days: int, reason: str, after: int = 0
) -> None:
    """Somebody is named for some days, from today or some days after it."""
    first = today(clock) + timedelta(days=after)
    service.give_role(
        cast.actor(by, today(clock)),
        Person.get(Person.email == f"{box}@{cast.DOMAIN}").id,
        role,
        department_id=cast.department_id(department) if department else None,
        starts=first,
        ends=first + timedelta(days=days - 1),
        acting=True,
        reason=reason,
        clock=clock,
    )
