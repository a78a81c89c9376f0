"""The part of the case page, and of the queue, that shows what the words of a case answer."""

from charlton_intranet.core.permissions import Actor
from charlton_intranet.moderation import queries
from charlton_intranet.moderation.queries import CaseView
from charlton_intranet.moderation.rules import Context
from charlton_intranet.moderation.web.sections import section


@section("context", in_queue=True)
def load(_actor: Actor, case: CaseView) -> Context | None:
    """The post replied to; who sees the case sees it too."""
    return queries.context_of(case.id)
