"""Reads of who is on the town's pages. ``pages``: lists and differences; ``reviews``; ``departures``."""

from charlton_intranet.access.queries.lists import LastList, last_admin_list, names_on
from charlton_intranet.access.queries.pages import Page, on_page, pages

__all__ = ["LastList", "Page", "last_admin_list", "names_on", "on_page", "pages"]
