"""Recorded exceptions."""

from flask import request, url_for
from flask.typing import ResponseReturnValue

from charlton_intranet.core.permissions import Permission
from charlton_intranet.oversight.queries.exceptions import exceptions_page
from charlton_intranet.oversight.web.blueprint import blueprint, oversight_tabs
from charlton_intranet.web import context
from charlton_intranet.web.guard import needs
from charlton_intranet.web.responding import respond


@blueprint.get("/oversight/exceptions")
@needs(Permission.READ_AUDIT)
def exceptions() -> ResponseReturnValue:
    """Who settled a matter of their own, what, why and when."""
    rows, after = exceptions_page(request.args.get("after", type=int))
    return respond(
        "oversight/exceptions.html",
        rows=rows,
        next_url=url_for("oversight.exceptions", after=after) if after else None,
        tabs=oversight_tabs(context.actor(), "/oversight/exceptions"),
    )
