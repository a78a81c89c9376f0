"""The outbox: all of it for IT and in the demo, for others the messages to themselves."""

from urllib.parse import urlencode

from flask import Response, request
from flask.typing import ResponseReturnValue

from charlton_intranet.core.errors import NotFound
from charlton_intranet.core.permissions import Permission
from charlton_intranet.mail.models import MailState
from charlton_intranet.oversight.forms.filters import MailForm
from charlton_intranet.oversight.queries import outbox
from charlton_intranet.oversight.web.blueprint import blueprint, settings_tabs, warnings_for
from charlton_intranet.web import context
from charlton_intranet.web.guard import needs
from charlton_intranet.web.responding import respond

# A message is shown as a mail program would, in a page that can do nothing: no script, no form, no address loaded.
SANDBOX = "sandbox; default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


@blueprint.get("/settings/mail")
@needs(Permission.USE_APP)
def mail_list() -> ResponseReturnValue:
    """Messages newest first."""
    actor, form = context.actor(), MailForm(request.args)
    state = MailState(form.state.data) if form.validate() and form.state.data else None
    rows, after = outbox.mail_page(actor, context.parts().settings, state, request.args.get("after", type=int))
    kept = {"state": state} if state else {}
    return respond(
        "oversight/mail.html",
        "oversight/_mail.html",
        tabs=settings_tabs(actor, "/settings/mail"),
        warnings=warnings_for(actor),
        form=form,
        rows=rows,
        next_url=f"/settings/mail?{urlencode({**kept, 'after': after})}" if after else None,
    )


@blueprint.get("/settings/mail/<int:message_id>")
@needs(Permission.USE_APP)
def mail_message(message_id: int) -> ResponseReturnValue:
    """One message as plain text, with how its sending went."""
    actor = context.actor()
    found = outbox.message(actor, context.parts().settings, message_id)
    return respond("oversight/message.html", tabs=settings_tabs(actor, "/settings/mail"), message=found)


@blueprint.get("/settings/mail/<int:message_id>/html")
@needs(Permission.USE_APP)
def mail_html(message_id: int) -> ResponseReturnValue:
    """The message's HTML alone, under a policy of its own."""
    found = outbox.message(context.actor(), context.parts().settings, message_id)
    if not found.readable:
        raise NotFound
    return Response(found.html, mimetype="text/html", headers={"Content-Security-Policy": SANDBOX})
