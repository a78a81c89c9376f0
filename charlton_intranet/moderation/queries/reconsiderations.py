"""Reads of requests to look at a decision again."""

from typing import Any

from charlton_intranet.moderation.models import Determination, Reconsideration
from charlton_intranet.moderation.rules.reconsidering import ReconsiderationState


def counting() -> Any:
    """A condition on ``Determination``: it counts against a contributor, as no answer took it back or is still due."""
    undecided = Reconsideration.select(Reconsideration.determination).where(
        Reconsideration.state.in_([ReconsiderationState.ASKED, ReconsiderationState.REVERSED])
    )
    return Determination.id.not_in(undecided)
