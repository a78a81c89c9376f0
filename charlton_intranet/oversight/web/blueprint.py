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
    """The pages of settings that ``actor`` may open; in the demo everybody reads the mail."""
    return [
        {"label": label, "url": url, "current": url == current}
        for label, url in _TABS
        if (may_read_mail(actor) if url == "/settings/mail" else actor.may(P.READ_SETTINGS))
    ]


def may_read_mail(actor: Actor) -> bool:
    """Whether the list of mail opens for ``actor``."""
    return context.parts().settings.demo or actor.may(P.READ_MAIL)


def warnings_for(actor: Actor) -> list[str]:
    """What is wrong with the running app, for those who run it."""
    return warnings(context.clock()) if actor.may(P.READ_SETTINGS) else []
