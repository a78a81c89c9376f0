"""Use cases of moderation; each owns its transaction."""

from charlton_intranet.moderation.rules import Batch, Captured
from charlton_intranet.moderation.service.carrying import carry_out
from charlton_intranet.moderation.service.consulting import give_advice, note_no_answer, raise_concern
from charlton_intranet.moderation.service.determining import determine
from charlton_intranet.moderation.service.intake import capture
from charlton_intranet.moderation.service.triage import (
    add_note,
    dismiss,
    dismiss_many,
    look,
    mark_vanished,
    undo_batch,
    undo_dismiss,
)

__all__ = [
    "Batch",
    "Captured",
    "add_note",
    "capture",
    "carry_out",
    "determine",
    "dismiss",
    "dismiss_many",
    "give_advice",
    "look",
    "mark_vanished",
    "note_no_answer",
    "raise_concern",
    "undo_batch",
    "undo_dismiss",
]
