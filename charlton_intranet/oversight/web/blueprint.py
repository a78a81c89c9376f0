"""The blueprint, and what the pages of settings share."""

from flask import Blueprint

from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.oversight.queries.exceptions import exceptions_count
from charlton_intranet.oversight.queries.health import warnings
from charlton_intranet.web import context

blueprint = Blueprint("oversight", __name__)
P = Permission

_TABS = (
    ("Town", "/settings"),
    ("Departments", "/settings/departments"),
    ("Days off", "/settings/closures"),
    ("Legal defaults", "/settings/defaults"),
    ("Reminders", "/settings/reminders"),
    ("Suggestions", "/settings/suggestions"),
    ("Mail", "/settings/mail"),
    ("Jobs", "/settings/jobs"),
)


def oversight_tabs(actor: Actor, current: str) -> list[dict[str, object]]:
    """The clause board, and for those who audit the trail and the exceptions, with their number."""
    tabs: list[dict[str, object]] = []
    if actor.may(P.READ_OVERSIGHT, anywhere=True):
        tabs.append({"label": "Clause board", "url": "/oversight"})
        tabs.append({"label": "Put off", "url": "/oversight/reminders"})
    if actor.may(P.READ_AUDIT):
        tabs.append({"label": "Audit trail", "url": "/oversight/audit"})
        tabs.append({"label": "Exceptions", "url": "/oversight/exceptions", "count": exceptions_count()})
    if actor.may(P.READ_FIXITY):
        tabs.append({"label": "Evidence", "url": "/evidence/fixity"})
    return [{**tab, "current": tab["url"] == current} for tab in tabs]


def settings_tabs(actor: Actor, current: str) -> list[dict[str, object]]:
    """The pages of settings; nothing for who comes for their own mail alone."""
    if not actor.may(P.READ_SETTINGS):
        return []
    return [{"label": label, "url": url, "current": url == current} for label, url in _TABS]


def warnings_for(actor: Actor) -> list[str]:
    """What is wrong with the running app, for those who run it."""
    return warnings(context.clock()) if actor.may(P.READ_SETTINGS) else []
