"""Reads of moderation, shaped for pages."""

from charlton_intranet.moderation.queries.case import (
    STEP_PERMISSIONS,
    CaseView,
    case_view,
    lookers,
    pieces_of,
    steps_open,
)
from charlton_intranet.moderation.queries.context import context_of
from charlton_intranet.moderation.queries.desk import (
    ClaimView,
    SnoozeView,
    ViewRow,
    claim_of,
    press_count,
    snooze_of,
    views_of,
)
from charlton_intranet.moderation.queries.imports import (
    ImportView,
    RefusedRow,
    all_refusals,
    import_view,
    recent_imports,
    refusals_page,
)
from charlton_intranet.moderation.queries.known import KnownPost, known_post
from charlton_intranet.moderation.queries.queue import (
    COUNTED,
    SNOOZED,
    TABS,
    QueueFilter,
    QueuePage,
    QueueRow,
    default_state,
    queue_page,
    queue_rows,
)
from charlton_intranet.moderation.queries.tallies import Tally, tallies
from charlton_intranet.moderation.queries.waiting import WaitingSite, where_they_wait

__all__ = [
    "COUNTED",
    "SNOOZED",
    "STEP_PERMISSIONS",
    "TABS",
    "CaseView",
    "ClaimView",
    "ImportView",
    "KnownPost",
    "QueueFilter",
    "QueuePage",
    "QueueRow",
    "RefusedRow",
    "SnoozeView",
    "Tally",
    "ViewRow",
    "WaitingSite",
    "all_refusals",
    "case_view",
    "claim_of",
    "context_of",
    "default_state",
    "import_view",
    "known_post",
    "lookers",
    "pieces_of",
    "press_count",
    "queue_page",
    "queue_rows",
    "recent_imports",
    "refusals_page",
    "snooze_of",
    "steps_open",
    "tallies",
    "views_of",
    "where_they_wait",
]
