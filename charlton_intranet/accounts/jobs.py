"""What the timetable does for accounts."""

from charlton_intranet.accounts import service
from charlton_intranet.parts import Parts


def answer_resets(parts: Parts) -> str:
    """Mail the links for a new password that were asked for."""
    sent = service.answer_resets(clock=parts.clock)
    return f"Mailed {sent} {'link' if sent == 1 else 'links'} for a new password." if sent else ""
