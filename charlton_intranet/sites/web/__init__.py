"""Pages of sites: the list and the record sheets, networks and mailboxes, coordinators, registry and directory."""

from charlton_intranet.sites.web import (
    approvals,
    checklists,
    closing,
    coordinators,
    directory,
    in_place,
    networks,
    proofs,
    registry,
    requests,
    sheets,
)
from charlton_intranet.sites.web.shared import blueprint

__all__ = [
    "approvals",
    "blueprint",
    "checklists",
    "closing",
    "coordinators",
    "directory",
    "in_place",
    "networks",
    "proofs",
    "registry",
    "requests",
    "sheets",
]
