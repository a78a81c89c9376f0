"""What the timetable does for sites."""

from charlton_intranet.parts import Parts
from charlton_intranet.sites.service import appointments


def start_appointments(parts: Parts) -> str:
    """Start the filed appointments whose first day has come, and end those that are over."""
    # First the starts: who leaves stays until the next coordinator is there.
    started = appointments.start_due(clock=parts.clock)
    ended = appointments.end_over(clock=parts.clock)
    told = [f"{_count(number)} {what}." for number, what in ((started, "started"), (ended, "ended")) if number]
    return " ".join(told)


def _count(number: int) -> str:
    return f"{number} {'appointment' if number == 1 else 'appointments'} of a Social Media Coordinator"
