"""Forms of moderation; shape only."""

from charlton_intranet.moderation.forms.cases import (
    AdviceForm,
    CarryOutForm,
    ConcernForm,
    NoteForm,
    VanishedForm,
)
from charlton_intranet.moderation.forms.desk import FilterForm, SnoozeForm, TickedSnoozeForm, ViewForm
from charlton_intranet.moderation.forms.intake import CaptureForm, ImportForm
from charlton_intranet.moderation.forms.worksheet import DetermineForm

__all__ = [
    "AdviceForm",
    "CaptureForm",
    "CarryOutForm",
    "ConcernForm",
    "DetermineForm",
    "FilterForm",
    "ImportForm",
    "NoteForm",
    "SnoozeForm",
    "TickedSnoozeForm",
    "VanishedForm",
    "ViewForm",
]
