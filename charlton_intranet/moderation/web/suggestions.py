"""The part of the case page and of the queue that points at words."""

from flask import request

from charlton_intranet.core.permissions import Actor
from charlton_intranet.moderation.queries import CaseView
from charlton_intranet.moderation.queries.suggestions import Pointers, pointers
from charlton_intranet.moderation.web.place import numbers
from charlton_intranet.moderation.web.sections import section


@section("suggestions", in_queue=True)
def load(_actor: Actor, case: CaseView) -> Pointers:
    """The words in pieces, and what is said of them."""
    return pointers(case)


def words_used(text: str) -> str:
    """The words whose places the address names (``use=12-34``), an empty line between them, for the worksheet."""
    places = [numbers(place, "-") for place in request.args.getlist("use")]
    return "\n\n".join(text[pair[0] : pair[1]] for pair in places if len(pair) == 2 and pair[0] < pair[1] <= len(text))
