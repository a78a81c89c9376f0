"""Forms of moderation; shape only."""

from charlton_intranet.moderation.forms.cases import (
    AdviceForm,
    CarryOutForm,
    ConcernForm,
    DetermineForm,
    FilterForm,
    NoteForm,
    VanishedForm,
)
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
    "VanishedForm",
]
