"""Use cases of moderation; each owns its transaction."""

from charlton_intranet.moderation.rules import Batch, Captured
from charlton_intranet.moderation.service.carrying import carry_out, report_obstacle
from charlton_intranet.moderation.service.consulting import give_advice, note_no_answer, raise_concern
from charlton_intranet.moderation.service.desk import (
    claim,
    claim_many,
    release,
    release_many,
    remove_view,
    rename_view,
    save_view,
    snooze,
    snooze_many,
    undo_batch,
    wake,
    wake_many,
)
from charlton_intranet.moderation.service.determining import determine
from charlton_intranet.moderation.service.emergency import hide_at_once, prove_hidden
from charlton_intranet.moderation.service.intake import Seen, capture, capture_seen, take_in
from charlton_intranet.moderation.service.restoring import can_not_restore, restore
from charlton_intranet.moderation.service.suggesting import choose_suggestions
from charlton_intranet.moderation.service.triage import (
    add_note,
    dismiss,
    dismiss_many,
    look,
    mark_vanished,
    undo_dismiss,
)

__all__ = [
    "Batch",
    "Captured",
    "Seen",
    "add_note",
    "can_not_restore",
    "capture",
    "capture_seen",
    "carry_out",
    "choose_suggestions",
    "claim",
    "claim_many",
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
    "release",
    "release_many",
    "remove_view",
    "rename_view",
    "report_obstacle",
    "restore",
    "save_view",
    "snooze",
    "snooze_many",
    "take_in",
    "undo_batch",
    "undo_dismiss",
    "wake",
    "wake_many",
]
