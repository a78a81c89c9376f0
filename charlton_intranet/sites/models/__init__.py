"""Tables of networks, official mailboxes, sites, appointments and proofs."""

from charlton_intranet.sites.models.checklists import ChecklistAdvice, ChecklistAnswer, ChecklistRun
from charlton_intranet.sites.models.proofs import Proof
from charlton_intranet.sites.models.sites import Appointment, Network, OfficialMailbox, Site

__all__ = [
    "Appointment",
    "ChecklistAdvice",
    "ChecklistAnswer",
    "ChecklistRun",
    "Network",
    "OfficialMailbox",
    "Proof",
    "Site",
]
