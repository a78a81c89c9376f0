"""Tables of cases and of each step of their lives."""

from charlton_intranet.moderation.models.cases import Case, CaseNote, CasePiece, Contributor, Looking
from charlton_intranet.moderation.models.context import CaseContext, StaffPost
from charlton_intranet.moderation.models.deciding import Consultation, Determination, Order
from charlton_intranet.moderation.models.imports import ImportFile, ImportRefusal, ImportRun
from charlton_intranet.moderation.models.likeness import DecidedUnder, DecisionKey, DecisionWords, LikePair
from charlton_intranet.moderation.models.reconsideration import Reconsideration, ReconsiderationPaper

__all__ = [
    "Case",
    "CaseContext",
    "CaseNote",
    "CasePiece",
    "Consultation",
    "Contributor",
    "DecidedUnder",
    "DecisionKey",
    "DecisionWords",
    "Determination",
    "ImportFile",
    "ImportRefusal",
    "ImportRun",
    "LikePair",
    "Looking",
    "Order",
    "StaffPost",
    "Reconsideration",
    "ReconsiderationPaper",
]
