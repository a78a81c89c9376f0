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
from charlton_intranet.moderation.queries.imports import (
    ImportView,
    RefusedRow,
    all_refusals,
    import_view,
    recent_imports,
    refusals_page,
)
from charlton_intranet.moderation.queries.queue import (
    QueueFilter,
    QueuePage,
    QueueRow,
    default_state,
    queue_page,
    queue_rows,
)
from charlton_intranet.moderation.queries.tallies import Tally, tallies

__all__ = [
    "STEP_PERMISSIONS",
    "CaseView",
    "ImportView",
    "QueueFilter",
    "QueuePage",
    "QueueRow",
    "RefusedRow",
    "Tally",
    "all_refusals",
    "case_view",
    "context_of",
    "default_state",
    "import_view",
    "lookers",
    "pieces_of",
    "queue_page",
    "queue_rows",
    "recent_imports",
    "refusals_page",
    "steps_open",
    "tallies",
]
