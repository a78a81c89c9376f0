"""What the pages of the policy have in common."""

from typing import Any

from flask import Blueprint, request, url_for

from charlton_intranet.core.permissions import Permission
from charlton_intranet.web import context
from charlton_intranet.web.forms import TownForm

blueprint = Blueprint("policy", __name__, url_prefix="/policy")

# A number of a record: no more digits than a row's number can have.
RECORD = "int(max=2147483647)"


@blueprint.context_processor
def _tabs() -> dict[str, Any]:
    """The pages of the policy that the reader may open."""
    pages = [("The policy", ".index"), ("Categories", ".categories"), ("Versions", ".versions")]
    who = context.signed_in()  # nobody is, on the page that asks to sign in again
    if who and who.actor.may(Permission.READ_ACKNOWLEDGEMENTS, anywhere=True):
        pages.append(("Signatures", ".acknowledgements"))
    return {
        "policy_tabs": [
            {"label": label, "url": url_for(endpoint), "current": request.path == url_for(endpoint)}
            for label, endpoint in pages
        ]
    }


def status_of(form: TownForm) -> int:
    """A form that came back was refused."""
    return 422 if form.is_submitted() else 200
