"""Pages around accounts: signing in, and people."""

from charlton_intranet.accounts.web import access, acting, people, record
from charlton_intranet.accounts.web.routes import blueprint

__all__ = ["access", "acting", "blueprint", "people", "record"]
