"""Pages around accounts: signing in, and people."""

from charlton_intranet.accounts.web import access, people
from charlton_intranet.accounts.web.routes import blueprint

__all__ = ["access", "blueprint", "people"]
