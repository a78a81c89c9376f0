"""Pages of the regular reviews."""

from charlton_intranet.reviews.web import handovers, looks, rounds, sites, together
from charlton_intranet.reviews.web.shared import blueprint

__all__ = ["blueprint", "handovers", "looks", "rounds", "sites", "together"]
