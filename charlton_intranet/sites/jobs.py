"""What the timetable does for sites."""

from charlton_intranet.parts import Parts
from charlton_intranet.sites.service import appointments


def start_appointments(parts: Parts) -> str:
    """Start the filed appointments whose first day has come."""
    started = appointments.start_due(clock=parts.clock)
    if not started:
        return ""
    return f"{started} {'appointment' if started == 1 else 'appointments'} of a Social Media Coordinator started."
