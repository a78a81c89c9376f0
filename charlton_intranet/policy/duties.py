"""What the policy makes people owe: a signature that counts (3.3-4), and somebody who sees to it when it lapsed."""

from collections.abc import Iterable, Iterator

from charlton_intranet.accounts import queries as accounts
from charlton_intranet.core.duties import Duty, Kind, Owner, Scope
from charlton_intranet.core.permissions import Role
from charlton_intranet.policy import queries
from charlton_intranet.policy.rules import Standing, sign_by

SIGN = Kind(
    "policy.sign",
    "3.3-4",
    "Read and sign",
    ladder=(30, 14, 7, 1, 0),
    label="Sign the policy",
    by="Everybody whom it asks for a signature",
    legal_clock=True,
)
FOLLOW_UP = Kind(
    "policy.follow_up",
    "3.3-4",
    "See who has not signed",
    ladder=(0,),
    label="See who has not signed",
    by="Town Administrator",
)
KINDS = (SIGN, FOLLOW_UP)

_TITLES = {
    Standing.MISSING: "Sign the policy, version {number}, before you use a town site",
    Standing.EXPIRING: "Sign the policy again: your signature is about to expire",
    Standing.EXPIRED: "Sign the policy again: your signature has expired",
    Standing.SUPERSEDED: "Sign the new policy, version {number}",
}
_FOLLOW_UP = Owner(role=Role.ADMINISTRATOR)


def owed(scope: Scope) -> Iterable[Duty]:
    """A signature from each person without a good one; the administrator's follow-up once it is overdue."""
    actor = scope.actor
    if actor is None or _FOLLOW_UP.is_held_by(actor):
        return _duties(scope, None)
    return _duties(scope, actor.person_id)


def _duties(scope: Scope, person_id: int | None) -> Iterator[Duty]:
    current = queries.in_force()
    if current is None:
        return
    calendar, term = accounts.business_calendar(), queries.default("acknowledgement.business_days")
    for one in queries.owing(scope.today, current, person_id):
        due = sign_by(
            expires=one.expires_on,
            covers_major=one.standing in {Standing.EXPIRING, Standing.EXPIRED},
            since=max(current.since, one.holds_since),
            calendar=calendar,
            business_days=term,
        )
        yield Duty(
            SIGN,
            f"person:{one.person_id}",
            _TITLES[one.standing].format(number=current.number),
            Owner(person_id=one.person_id),
            due,
            "/policy/sign",
            one.department_id,
        )
        if due < scope.today:
            yield Duty(
                FOLLOW_UP,
                f"person:{one.person_id}",
                f"{one.name} has no signature under the policy that counts",
                _FOLLOW_UP,
                calendar.add(due, 1),
                f"/policy/acknowledgements?standing={one.standing}",
                one.department_id,
            )
