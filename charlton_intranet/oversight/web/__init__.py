"""Pages of oversight: one blueprint for people, one for monitors."""

from charlton_intranet.oversight.web import (
    board,
    chain,
    exceptions,
    ladders,
    mail,
    reminders,
    running,
    settings,
    suggestions,
    trail,
    work,
)
from charlton_intranet.oversight.web.blueprint import blueprint
from charlton_intranet.oversight.web.health import health

__all__ = [
    "blueprint",
    "board",
    "chain",
    "exceptions",
    "health",
    "ladders",
    "mail",
    "reminders",
    "running",
    "settings",
    "suggestions",
    "trail",
    "work",
]
