"""The audit trail."""

from typing import Any
from urllib.parse import urlencode

from flask import request
from flask.typing import ResponseReturnValue

from charlton_intranet.core.audit import head
from charlton_intranet.core.permissions import Permission
from charlton_intranet.oversight.forms.filters import TrailForm
from charlton_intranet.oversight.queries.chain import last_checks
from charlton_intranet.oversight.queries.trail import TrailFilter, trail_page
from charlton_intranet.oversight.web.blueprint import blueprint, oversight_tabs
from charlton_intranet.web import context
from charlton_intranet.web.guard import needs
from charlton_intranet.web.responding import respond

_PAGE = ("oversight/audit.html", "oversight/_audit.html")


@blueprint.get("/oversight/audit")
@needs(Permission.READ_AUDIT)
def audit_trail() -> ResponseReturnValue:
    """Events newest first, filtered by what stands in the address."""
    form = TrailForm(request.args)
    shared: dict[str, Any] = {
        "form": form,
        "filtered": any(form.data.values()),
        "head": head(),
        "last": next(iter(last_checks(1)), None),
        "tabs": oversight_tabs(context.actor(), "/oversight/audit"),
    }
    if not form.validate():
        return respond(*_PAGE, events=[], next_url=None, **shared, status=422)
    wanted = TrailFilter(**{name: value for name, value in form.data.items() if value})
    events, after = trail_page(context.actor(), wanted, request.args.get("after", type=int))
    kept = {name: value for name, value in request.args.items() if value and name != "after"}
    next_url = f"/oversight/audit?{urlencode({**kept, 'after': after})}" if after else None
    return respond(*_PAGE, events=events, next_url=next_url, **shared)
