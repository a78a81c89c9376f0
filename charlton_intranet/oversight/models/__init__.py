"""Tables of oversight."""

from charlton_intranet.oversight.models.chain import TrailAnchor, TrailCheck, TrailWitness
from charlton_intranet.oversight.models.ladders import LadderSetting, ReminderPause, SwitchedOff, UnsubscribeLink
from charlton_intranet.oversight.models.reminders import DigestDay, Reminder
from charlton_intranet.oversight.models.visits import Visit

__all__ = [
    "DigestDay",
    "LadderSetting",
    "Reminder",
    "ReminderPause",
    "SwitchedOff",
    "TrailAnchor",
    "TrailCheck",
    "TrailWitness",
    "UnsubscribeLink",
    "Visit",
]
