"""Use cases of moderation; each owns its transaction."""

from charlton_intranet.moderation.rules import Batch, Captured
from charlton_intranet.moderation.service.carrying import carry_out, report_obstacle
from charlton_intranet.moderation.service.consulting import give_advice, note_no_answer, raise_concern
from charlton_intranet.moderation.service.determining import determine
from charlton_intranet.moderation.service.emergency import hide_at_once, prove_hidden
from charlton_intranet.moderation.service.intake import capture
from charlton_intranet.moderation.service.restoring import can_not_restore, restore
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
    "can_not_restore",
    "capture",
    "carry_out",
    "determine",
    "dismiss",
    "dismiss_many",
    "give_advice",
    "hide_at_once",
    "look",
    "mark_vanished",
    "note_no_answer",
    "prove_hidden",
    "raise_concern",
    "report_obstacle",
    "restore",
    "undo_batch",
    "undo_dismiss",
]
