"""Tables of cases and of each step of their lives."""

from charlton_intranet.moderation.models.cases import Case, CaseNote, CasePiece, Contributor, Looking
from charlton_intranet.moderation.models.deciding import Consultation, Determination, Order
from charlton_intranet.moderation.models.imports import ImportFile, ImportRefusal, ImportRun

__all__ = [
    "Case",
    "CaseNote",
    "CasePiece",
    "Consultation",
    "Contributor",
    "Determination",
    "ImportFile",
    "ImportRefusal",
    "ImportRun",
    "Looking",
    "Order",
]
