"""What the timetable calls."""

from charlton_intranet.oversight import service
from charlton_intranet.parts import Parts


def send_digests(parts: Parts) -> str:
    """Every minute; queues the day's digests from eight o'clock on business days."""
    return service.send_digests(parts.register, clock=parts.clock)
