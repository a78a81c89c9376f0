"""Pages of the policy: read it, sign it, publish a version, see who has signed."""

from charlton_intranet.policy.web import certificates, paper, people, publishing, reading, signing
from charlton_intranet.policy.web.shared import blueprint

__all__ = ["blueprint", "certificates", "paper", "people", "publishing", "reading", "signing"]
