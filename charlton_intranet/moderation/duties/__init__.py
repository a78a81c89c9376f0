"""What cases make people owe."""

from collections.abc import Iterable

from charlton_intranet.core.duties import Duty, Kind, Scope
from charlton_intranet.moderation.duties import emergency, reconsidering, referrals, restrictions, steps
from charlton_intranet.moderation.duties.steps import ADVISE, CARRY_OUT, DETERMINE, TRIAGE

# A line a producer; each has KINDS and owed(scope).
PRODUCERS = (steps, emergency, reconsidering, restrictions, referrals)
KINDS: tuple[Kind, ...] = tuple(kind for producer in PRODUCERS for kind in producer.KINDS)

__all__ = ["ADVISE", "CARRY_OUT", "DETERMINE", "KINDS", "TRIAGE", "owed"]


def owed(scope: Scope) -> Iterable[Duty]:
    """Everything that cases make somebody owe on the day of ``scope``."""
    for producer in PRODUCERS:
        yield from producer.owed(scope)
