"""Use cases of oversight, a module each."""

from charlton_intranet.oversight.service.digests import send_digests
from charlton_intranet.oversight.service.ladders import change_ladder, reset_ladder
from charlton_intranet.oversight.service.running import run_now
from charlton_intranet.oversight.service.trail import verify_trail

__all__ = ["change_ladder", "reset_ladder", "run_now", "send_digests", "verify_trail"]
