"""Reads of reviews: where each site stands, what was done, and who stands in."""

from charlton_intranet.reviews.queries.board import Board, board, must_record, recordable, recordable_sites
from charlton_intranet.reviews.queries.handovers import (
    HandOverRow,
    hand_overs,
    handed_to,
    in_force,
    may_hand_over,
    stand_ins,
)
from charlton_intranet.reviews.queries.history import (
    Done,
    Findings,
    FoundIn,
    History,
    Punctuality,
    findings,
    findings_of,
    found_in,
    history,
    punctuality,
)
from charlton_intranet.reviews.queries.rounds import Found, RoundSheet, made, round_sheet
from charlton_intranet.reviews.queries.standings import (
    LastReview,
    RhythmRow,
    Standing,
    rhythm_of,
    standing,
    standings,
    standings_of,
)

__all__ = [
    "Board",
    "Done",
    "Findings",
    "Found",
    "FoundIn",
    "HandOverRow",
    "History",
    "LastReview",
    "Punctuality",
    "RhythmRow",
    "RoundSheet",
    "Standing",
    "board",
    "findings",
    "findings_of",
    "found_in",
    "hand_overs",
    "handed_to",
    "history",
    "in_force",
    "made",
    "may_hand_over",
    "must_record",
    "punctuality",
    "recordable",
    "recordable_sites",
    "rhythm_of",
    "round_sheet",
    "stand_ins",
    "standing",
    "standings",
    "standings_of",
]
