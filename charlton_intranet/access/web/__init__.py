"""Pages about who is on the pages of sites, access reviews and leavers."""

from charlton_intranet.access.web import admins, lists, places, reviews
from charlton_intranet.access.web.shared import blueprint

__all__ = ["admins", "blueprint", "lists", "places", "reviews"]
