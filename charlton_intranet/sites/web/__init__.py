"""Pages of sites: the list and the record sheets, networks and mailboxes, coordinators."""

from charlton_intranet.sites.web import approvals, checklists, closing, coordinators, networks, proofs, requests, sheets
from charlton_intranet.sites.web.shared import blueprint

__all__ = [
    "approvals",
    "blueprint",
    "checklists",
    "closing",
    "coordinators",
    "networks",
    "proofs",
    "requests",
    "sheets",
]
