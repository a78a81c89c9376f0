"""Questions about a grant, answered without leaving My work."""

from charlton_intranet.access.duties.reviews import REPLY
from charlton_intranet.access.forms import ReplyForm
from charlton_intranet.access.service import reviews as service
from charlton_intranet.core.errors import Forbidden, StaleState
from charlton_intranet.core.permissions import Actor
from charlton_intranet.web import context
from charlton_intranet.web.in_place import Asked, in_place


def _question(actor: Actor, row_id: int) -> Asked:
    row = service.question(actor, row_id, clock=context.clock())
    if not service.may_reply(actor, row):
        raise Forbidden
    if not row.open or row.answer != "asked" or row.reply:
        raise StaleState("This question does not wait for a reply any more.")
    return Asked(row, row.version)


@in_place(REPLY, record="reviewed_grant", form=ReplyForm, template="access/_reply_in_place.html", load=_question)
def reply(form: ReplyForm, row_id: int, version: int) -> str:
    """The reply of who was asked."""
    service.reply(context.actor(), row_id, version, text=form.reply.data or "", clock=context.clock())
    return "Your reply is on record."
