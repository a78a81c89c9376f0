"""Use cases around grants: designated, decided, taken back."""

from charlton_intranet.grants.service.designations import Wish, designate, preview
from charlton_intranet.grants.service.grants import decide, end_grants, revoke, take_back

__all__ = ["Wish", "decide", "designate", "end_grants", "preview", "revoke", "take_back"]
