"""What this feature makes people owe."""

from collections.abc import Iterable

from charlton_intranet.core.duties import Duty, Scope


def owed(_scope: Scope) -> Iterable[Duty]:
    """Nothing yet."""
    return []
