"""What sites, networks and appointments make people owe."""

from collections.abc import Iterable, Iterator

from charlton_intranet.core.duties import Duty, Scope
from charlton_intranet.sites.duties import approvals, checklists, registry, steps

ASKED = (steps.owed, approvals.owed)
PRODUCERS = (*ASKED, checklists.owed, registry.owed)
KINDS = (*steps.KINDS, *approvals.KINDS, *checklists.KINDS, *registry.KINDS)


def owed(scope: Scope) -> Iterable[Duty]:
    """Every duty around sites within ``scope``."""
    return _all(scope)


def _all(scope: Scope) -> Iterator[Duty]:
    for producer in PRODUCERS if scope.asker is None else ASKED:
        yield from producer(scope)
