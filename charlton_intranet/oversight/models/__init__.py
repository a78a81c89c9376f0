"""Tables of oversight."""

from charlton_intranet.oversight.models.reminders import DigestDay, Reminder

__all__ = ["DigestDay", "Reminder"]
