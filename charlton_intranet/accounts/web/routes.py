"""The blueprint that the views of this room register with, and what they share."""

from flask import Blueprint

from charlton_intranet.accounts import queries
from charlton_intranet.accounts.forms import VersionForm

blueprint = Blueprint("accounts", __name__)


def posted_version() -> int:
    """The version a button was drawn for; a missing one is as stale as an old one."""
    form = VersionForm()
    return form.version.data or 0 if form.validate() else 0


def department_names() -> dict[int, str]:
    """The active departments, to choose from."""
    return {department.id: department.name for department in queries.departments()}


def people_tabs(current: str) -> list[dict[str, object]]:
    """The pages about people in general."""
    pages = (("Everybody", "/people"), ("Who acts", "/people/acting"))
    return [{"label": label, "url": url, "current": url == current} for label, url in pages]
