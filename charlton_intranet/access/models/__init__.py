"""Tables of admin lists and what was shown of a page, of access reviews, and of leavers."""

from charlton_intranet.access.models.campaigns import AccessReview, ReviewedGrant
from charlton_intranet.access.models.departures import Departure, DepartureStep
from charlton_intranet.access.models.lists import AdminEntry, AdminList, Identification, PageChange

__all__ = [
    "AccessReview",
    "AdminEntry",
    "AdminList",
    "Departure",
    "DepartureStep",
    "Identification",
    "PageChange",
    "ReviewedGrant",
]
