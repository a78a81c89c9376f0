"""The parts of the running app as a view reaches them."""

from datetime import date
from typing import Any, cast

from flask import current_app, g, request
from flask_login import current_user

from charlton_intranet.accounts.service import SignedIn
from charlton_intranet.core import clock as clocks
from charlton_intranet.core.clock import Clock
from charlton_intranet.core.permissions import Actor
from charlton_intranet.parts import Parts

EXTENSION = "charlton"


def parts() -> Parts:
    """The parts of this process."""
    return cast(Parts, current_app.extensions[EXTENSION])


def clock() -> Clock:
    """The clock that services are given."""
    return parts().clock


def today() -> date:
    """The date in the town."""
    return clocks.today(clock())


def signed_in() -> SignedIn | None:
    """Who is signed in, or None."""
    user: Any = current_user
    return user.signed_in if user.is_authenticated else None


def actor() -> Actor:
    """Who asks. Behind the guard there always is one."""
    who = signed_in()
    if who is None:
        raise RuntimeError("no actor: is the view marked with @needs?")
    return who.actor


def client_address() -> str:
    """The peer's address (a trusted proxy's word where the settings say so)."""
    return request.remote_addr or ""


def remember_site(site_id: int) -> None:
    """Preselect this site when an incident is reported from the page."""
    g.report_site_id = site_id
