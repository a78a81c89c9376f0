"""Tables of cases and of each step of their lives."""

from charlton_intranet.moderation.models.cases import Case, CaseNote, CasePiece, Contributor, Looking
from charlton_intranet.moderation.models.context import CaseAlias, CaseContext, StaffPost
from charlton_intranet.moderation.models.contributors import (
    ContributorWarning,
    HandleLink,
    Letter,
    LinkedHandle,
    Restriction,
    RestrictionGround,
    RestrictionReview,
)
from charlton_intranet.moderation.models.deciding import Consultation, Determination, Order
from charlton_intranet.moderation.models.desk import Claim, SavedView, Snooze
from charlton_intranet.moderation.models.emergency import EmergencyHide
from charlton_intranet.moderation.models.imports import ImportBlock, ImportFile, ImportRefusal, ImportRun
from charlton_intranet.moderation.models.likeness import DecidedUnder, DecisionKey, DecisionWords, LikePair
from charlton_intranet.moderation.models.looks import LaterLook
from charlton_intranet.moderation.models.reconsideration import Reconsideration, ReconsiderationPaper
from charlton_intranet.moderation.models.restoring import OrderObstacle, RestoreOrder
from charlton_intranet.moderation.models.suggestions import SuggestionChoice
from charlton_intranet.moderation.models.worksheet import Ground, Referral, ReferralPaper, Worksheet

__all__ = [
    "Case",
    "CaseAlias",
    "CaseContext",
    "CaseNote",
    "CasePiece",
    "Claim",
    "Consultation",
    "Contributor",
    "ContributorWarning",
    "DecidedUnder",
    "DecisionKey",
    "DecisionWords",
    "Determination",
    "EmergencyHide",
    "Ground",
    "HandleLink",
    "ImportBlock",
    "ImportFile",
    "ImportRefusal",
    "ImportRun",
    "LaterLook",
    "Letter",
    "LikePair",
    "LinkedHandle",
    "Looking",
    "Order",
    "OrderObstacle",
    "Reconsideration",
    "ReconsiderationPaper",
    "Referral",
    "ReferralPaper",
    "RestoreOrder",
    "Restriction",
    "RestrictionGround",
    "RestrictionReview",
    "SavedView",
    "Snooze",
    "StaffPost",
    "SuggestionChoice",
    "Worksheet",
]
