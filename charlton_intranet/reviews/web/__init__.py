"""Pages of the regular reviews."""

from charlton_intranet.reviews.web import handovers, in_place, looks, rounds, sites, together
from charlton_intranet.reviews.web.shared import blueprint

__all__ = ["blueprint", "handovers", "in_place", "looks", "rounds", "sites", "together"]
