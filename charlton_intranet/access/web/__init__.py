"""Pages about who is on the pages of sites, access reviews and leavers."""

from charlton_intranet.access.web import admins, departures, lists, places, reviews
from charlton_intranet.access.web.shared import blueprint

__all__ = ["admins", "blueprint", "departures", "lists", "places", "reviews"]
