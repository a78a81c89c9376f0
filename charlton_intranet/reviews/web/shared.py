"""What all pages of reviews share: the blueprint, and the lists as tabs."""

from datetime import date

from flask import Blueprint, request

from charlton_intranet.core.errors import NotFound
from charlton_intranet.core.permissions import Permission
from charlton_intranet.web import context, navigation

blueprint = Blueprint("reviews", __name__, url_prefix="/reviews")
P = Permission

_LISTS = (
    ("Looks", "/reviews", P.READ_REVIEWS),
    ("Several at once", "/reviews/together", P.READ_REVIEWS),
    ("Captures", "/reviews/captures", P.READ_REVIEWS),
    ("Full reviews", "/reviews/full", P.READ_REVIEWS),
    ("Handed over", "/reviews/hand-overs", P.READ_REVIEWS),
)


def lists() -> list[navigation.Entry]:
    """The lists of reviews, the present one marked."""
    return navigation.tabs(_LISTS, context.actor(), request.path)


def key_day(name: str) -> date | None:
    """A day in the address, or None without one; ``NotFound`` for what is none."""
    text = request.args.get(name)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise NotFound from None
