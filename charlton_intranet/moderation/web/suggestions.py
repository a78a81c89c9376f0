"""The part of the case page and of the queue that points at words."""

from charlton_intranet.core.permissions import Actor
from charlton_intranet.moderation.queries import CaseView
from charlton_intranet.moderation.queries.suggestions import Pointers, pointers
from charlton_intranet.moderation.web.sections import section


@section("suggestions", in_queue=True)
def load(_actor: Actor, case: CaseView) -> Pointers:
    """The words in pieces, and what is said of them."""
    return pointers(case)
