"""Pages of oversight: one blueprint for people, one for monitors."""

from charlton_intranet.oversight.web import board, exceptions, mail, running, settings, suggestions, trail, work
from charlton_intranet.oversight.web.blueprint import blueprint
from charlton_intranet.oversight.web.health import health

__all__ = ["blueprint", "board", "exceptions", "health", "mail", "running", "settings", "suggestions", "trail", "work"]
