"""Use cases around the policy: draft and publish a version, sign it, tell whose signature ends."""

from charlton_intranet.policy.service.ending import Flagged, flag
from charlton_intranet.policy.service.signatures import fingerprint, sign
from charlton_intranet.policy.service.versions import draft, publish, redraft

__all__ = ["Flagged", "draft", "fingerprint", "flag", "publish", "redraft", "sign"]
