"""When an appointment lapses by itself. Pure."""

from datetime import date, timedelta

from charlton_intranet.sites.rules.states import AppointmentState

OPEN = frozenset({AppointmentState.PROPOSED, AppointmentState.FILED, AppointmentState.ACTIVE})


def lapsed_on(
    state: AppointmentState, *, role_ends: date | None, account_closed: date | None, day: date
) -> date | None:
    """Since when an appointment that is still on record is without effect on ``day``; None while it has effect.

    ``role_ends`` is the last day of an active coordinator's role, ``account_closed`` the day their account ended.
    """
    if state not in OPEN:
        return None
    ends = []
    if account_closed is not None:
        ends.append(account_closed)
    if state is AppointmentState.ACTIVE and role_ends is not None and role_ends < day:
        ends.append(role_ends + timedelta(days=1))
    return min(ends, default=None)


def last_day_problem(last_day: date, *, successor_starts: date) -> str:
    """Why a coordinator's last day leaves a gap; empty when it leaves none."""
    if last_day >= successor_starts - timedelta(days=1):
        return ""
    return (
        "Choose a last day that reaches the next coordinator's first: the department is never without one (policy 3.2)."
    )
