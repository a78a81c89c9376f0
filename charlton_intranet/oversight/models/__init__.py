"""Tables of oversight."""

from charlton_intranet.oversight.models.ladders import LadderSetting, ReminderPause, SwitchedOff, UnsubscribeLink
from charlton_intranet.oversight.models.reminders import DigestDay, Reminder

__all__ = ["DigestDay", "LadderSetting", "Reminder", "ReminderPause", "SwitchedOff", "UnsubscribeLink"]
