"""The blueprint, and what the pages of settings share."""

from flask import Blueprint

from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.oversight.queries.health import warnings
from charlton_intranet.web import context

blueprint = Blueprint("oversight", __name__)
P = Permission

_TABS = (
    ("Town", "/settings"),
    ("Departments", "/settings/departments"),
    ("Days off", "/settings/closures"),
    ("Legal defaults", "/settings/defaults"),
    ("Mail", "/settings/mail"),
    ("Jobs", "/settings/jobs"),
)


def oversight_tabs(actor: Actor, current: str) -> list[dict[str, object]]:
    """The clause board, and the audit trail for those who may read it."""
    pages = (("Clause board", "/oversight", P.READ_OVERSIGHT), ("Audit trail", "/oversight/audit", P.READ_AUDIT))
    return [
        {"label": label, "url": url, "current": url == current}
        for label, url, permission in pages
        if actor.may(permission, anywhere=True)
    ]


def settings_tabs(actor: Actor, current: str) -> list[dict[str, object]]:
    """The pages of settings; nothing for who comes for their own mail alone."""
    if not actor.may(P.READ_SETTINGS):
        return []
    return [{"label": label, "url": url, "current": url == current} for label, url in _TABS]


def warnings_for(actor: Actor) -> list[str]:
    """What is wrong with the running app, for those who run it."""
    return warnings(context.clock()) if actor.may(P.READ_SETTINGS) else []
