"""Use cases of regular reviews."""

from charlton_intranet.reviews.service.handovers import hand_over, take_back
from charlton_intranet.reviews.service.looks import Look, Recorded, Several, open_case, record, record_several
from charlton_intranet.reviews.service.opening import SiteFinding, reports_incidents
from charlton_intranet.reviews.service.rounds import LineFacts, RoundFacts, record_round, set_rhythm

__all__ = [
    "LineFacts",
    "Look",
    "Recorded",
    "RoundFacts",
    "Several",
    "SiteFinding",
    "hand_over",
    "open_case",
    "record",
    "record_round",
    "record_several",
    "reports_incidents",
    "set_rhythm",
    "take_back",
]
