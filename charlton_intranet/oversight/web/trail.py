"""The audit trail."""

from typing import Any
from urllib.parse import urlencode

from flask import request
from flask.typing import ResponseReturnValue

from charlton_intranet.core.audit import head
from charlton_intranet.core.permissions import Permission
from charlton_intranet.oversight import service
from charlton_intranet.oversight.forms.filters import TrailForm
from charlton_intranet.oversight.queries.trail import TrailFilter, last_proof, trail_page
from charlton_intranet.oversight.web.blueprint import blueprint, oversight_tabs
from charlton_intranet.web import context
from charlton_intranet.web.guard import needs
from charlton_intranet.web.responding import done, respond

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
        "proof": last_proof(),
        "tabs": oversight_tabs(context.actor(), "/oversight/audit"),
    }
    if not form.validate():
        return respond(*_PAGE, events=[], next_url=None, **shared, status=422)
    wanted = TrailFilter(**{name: value for name, value in form.data.items() if value})
    events, after = trail_page(context.actor(), wanted, request.args.get("after", type=int))
    kept = {name: value for name, value in request.args.items() if value and name != "after"}
    next_url = f"/oversight/audit?{urlencode({**kept, 'after': after})}" if after else None
    return respond(*_PAGE, events=events, next_url=next_url, **shared)


@blueprint.post("/oversight/audit/verify")
@needs(Permission.READ_AUDIT)
def verify_trail() -> ResponseReturnValue:
    """Walk the whole chain and say what was found."""
    found = service.verify_trail(context.actor(), clock=context.clock())
    if found.fault is None:
        words = f"The trail is whole: {found.events:,} events, head {found.head}."
        return done("/oversight/audit", words)
    words = f"The trail is broken at event {found.fault.number:,}: {found.fault.reason}. Keep a copy of the database."
    return done("/oversight/audit", words, "error")
