"""Tables of networks, official mailboxes, sites, their approvals, appointments and proofs."""

from charlton_intranet.sites.models.approvals import (
    Attestation,
    DeactivationStep,
    NetworkRound,
    SiteApproval,
    SiteChange,
    YearlyAnswer,
)
from charlton_intranet.sites.models.checklists import ChecklistAdvice, ChecklistAnswer, ChecklistRun
from charlton_intranet.sites.models.handovers import HandOver, HandOverNote
from charlton_intranet.sites.models.proofs import Proof
from charlton_intranet.sites.models.registry import ListedAccount, RegistryImport, RegistryRefusal
from charlton_intranet.sites.models.sites import Appointment, Network, OfficialMailbox, Site, SiteWords

__all__ = [
    "Appointment",
    "Attestation",
    "ChecklistAdvice",
    "ChecklistAnswer",
    "ChecklistRun",
    "DeactivationStep",
    "HandOver",
    "HandOverNote",
    "ListedAccount",
    "Network",
    "NetworkRound",
    "OfficialMailbox",
    "Proof",
    "RegistryImport",
    "RegistryRefusal",
    "Site",
    "SiteApproval",
    "SiteChange",
    "SiteWords",
    "YearlyAnswer",
]
