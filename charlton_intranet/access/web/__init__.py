"""Pages about who is on the pages of sites, access reviews and leavers."""

from charlton_intranet.access.web import admins, departures, in_place, lists, places, reviews
from charlton_intranet.access.web.shared import blueprint

__all__ = ["admins", "blueprint", "departures", "in_place", "lists", "places", "reviews"]
