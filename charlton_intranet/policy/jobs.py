"""The timetable's call: flag signatures that end."""

from charlton_intranet.parts import Parts
from charlton_intranet.policy import service


def flag_acknowledgements(parts: Parts) -> str:
    """Flag and mail until nothing is due; returns what was done, empty when nothing was."""
    expiring = lapsed = 0
    while True:
        batch = service.flag(clock=parts.clock)
        if batch == service.Flagged(0, 0):
            break
        expiring, lapsed = expiring + batch.expiring, lapsed + batch.lapsed
    if not expiring and not lapsed:
        return ""
    return f"Flagged {expiring} signatures that expire soon and {lapsed} that no longer count."
