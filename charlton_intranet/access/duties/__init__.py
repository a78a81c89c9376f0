"""What people owe around who is on the pages."""

from collections.abc import Iterable, Iterator

from charlton_intranet.access.duties import departures, pages, reviews
from charlton_intranet.core.duties import Duty, Scope

ASKED = (reviews.owed, departures.owed)
PRODUCERS = (pages.owed, *ASKED)
KINDS = (*pages.KINDS, *reviews.KINDS, *departures.KINDS)


def owed(scope: Scope) -> Iterable[Duty]:
    """Every duty around pages, access reviews and leavers within ``scope``."""
    return _all(scope)


def _all(scope: Scope) -> Iterator[Duty]:
    for producer in PRODUCERS if scope.asker is None else ASKED:
        yield from producer(scope)
