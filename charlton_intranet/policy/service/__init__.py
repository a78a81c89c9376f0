"""Use cases around the policy: draft and publish a version, sign it, tell whose signature ends."""

from charlton_intranet.policy.service.categories import publish_edition
from charlton_intranet.policy.service.ending import Flagged, flag
from charlton_intranet.policy.service.paper import Paper, file_on_paper
from charlton_intranet.policy.service.signatures import fingerprint, sign
from charlton_intranet.policy.service.versions import HandedIn, draft, publish, redraft

__all__ = [
    "Flagged",
    "HandedIn",
    "Paper",
    "draft",
    "file_on_paper",
    "fingerprint",
    "flag",
    "publish",
    "publish_edition",
    "redraft",
    "sign",
]
