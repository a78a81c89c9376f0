"""Pages of grants: who may do what, and the steps that lead there."""

from charlton_intranet.grants.web import pages, steps
from charlton_intranet.grants.web.shared import blueprint

__all__ = ["blueprint", "pages", "steps"]
