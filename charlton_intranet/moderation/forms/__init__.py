"""Forms of moderation; shape only."""

from charlton_intranet.moderation.forms.cases import (
    AdviceForm,
    CarryOutForm,
    ConcernForm,
    DetermineForm,
    NoteForm,
    VanishedForm,
)
from charlton_intranet.moderation.forms.desk import FilterForm, SnoozeForm, TickedSnoozeForm, ViewForm
from charlton_intranet.moderation.forms.intake import CaptureForm, ImportForm

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
