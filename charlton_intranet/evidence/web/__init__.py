"""Views of evidence: handing out pieces, the page about each, and the page of fixity."""

from charlton_intranet.evidence.web import fixity, pieces
from charlton_intranet.evidence.web.shared import blueprint

__all__ = ["blueprint", "fixity", "pieces"]
