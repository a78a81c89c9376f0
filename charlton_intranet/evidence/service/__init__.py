"""Use cases of evidence. What belongs to a matter runs inside the unit of work of that matter."""

from charlton_intranet.evidence.service.sealing import record_piece, seal

__all__ = ["record_piece", "seal"]
