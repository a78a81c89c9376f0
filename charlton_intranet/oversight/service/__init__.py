"""Use cases of oversight, a module each."""

from charlton_intranet.oversight.service.courtesies import choose_courtesies, holder_of, unsubscribe
from charlton_intranet.oversight.service.digests import send_digests
from charlton_intranet.oversight.service.ladders import change_ladder, reset_ladder
from charlton_intranet.oversight.service.pauses import put_off, want_again
from charlton_intranet.oversight.service.running import run_now

__all__ = [
    "change_ladder",
    "choose_courtesies",
    "holder_of",
    "put_off",
    "reset_ladder",
    "run_now",
    "send_digests",
    "unsubscribe",
    "want_again",
]
