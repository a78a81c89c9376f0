"""Pages of the policy: read it, sign it, publish a version, see who has signed."""

from charlton_intranet.policy.web import categories, certificates, paper, people, publishing, reading, signing
from charlton_intranet.policy.web.shared import blueprint

__all__ = ["blueprint", "categories", "certificates", "paper", "people", "publishing", "reading", "signing"]
