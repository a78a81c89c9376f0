"""Reads of captured pieces and of what happened to them."""

from charlton_intranet.evidence.queries.custody import CustodyLine, Manifest, custody_page, manifest_of
from charlton_intranet.evidence.queries.fixity import (
    Check,
    FaultRow,
    RunRow,
    checks_of,
    open_faults,
    open_run,
    recent_runs,
)
from charlton_intranet.evidence.queries.matters import Matter, matters_of, tells_matters
from charlton_intranet.evidence.queries.pieces import (
    COLUMNS,
    PieceCount,
    PieceFacts,
    PieceRow,
    facts_of,
    known_digests,
    piece_counts,
    piece_for,
)

__all__ = [
    "COLUMNS",
    "Check",
    "CustodyLine",
    "FaultRow",
    "Manifest",
    "Matter",
    "PieceCount",
    "PieceFacts",
    "PieceRow",
    "RunRow",
    "checks_of",
    "custody_page",
    "facts_of",
    "known_digests",
    "manifest_of",
    "matters_of",
    "open_faults",
    "open_run",
    "piece_counts",
    "piece_for",
    "recent_runs",
    "tells_matters",
]
