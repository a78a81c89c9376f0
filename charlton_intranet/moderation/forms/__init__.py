"""Forms of moderation; shape only."""

from charlton_intranet.moderation.forms.cases import (
    AdviceForm,
    CaptureForm,
    CarryOutForm,
    ConcernForm,
    DetermineForm,
    FilterForm,
    ImportForm,
    NoteForm,
    VanishedForm,
)

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
