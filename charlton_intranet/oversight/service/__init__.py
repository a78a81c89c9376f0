"""Use cases of oversight, a module each."""

from charlton_intranet.oversight.service.digests import send_digests
from charlton_intranet.oversight.service.running import run_now
from charlton_intranet.oversight.service.trail import verify_trail

__all__ = ["run_now", "send_digests", "verify_trail"]
