"""Pages of the policy: read it, sign it, publish a version, see who has signed."""

from charlton_intranet.policy.web import people, publishing, reading, signing
from charlton_intranet.policy.web.shared import blueprint

__all__ = ["blueprint", "people", "publishing", "reading", "signing"]
