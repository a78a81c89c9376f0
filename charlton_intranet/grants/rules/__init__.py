"""What grants allow and when they count. Pure."""

from charlton_intranet.grants.rules.authority import (
    OFFICE,
    Facts,
    Granted,
    Signature,
    Verdict,
    authority,
    effective,
    granted,
    signature_lapse,
)
from charlton_intranet.grants.rules.states import MOVES, OPEN, Capability, GrantState, check_move

__all__ = [
    "MOVES",
    "OFFICE",
    "OPEN",
    "Capability",
    "Facts",
    "GrantState",
    "Granted",
    "Signature",
    "Verdict",
    "authority",
    "check_move",
    "effective",
    "granted",
    "signature_lapse",
]
