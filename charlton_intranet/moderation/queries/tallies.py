"""How many cases a site has had, and how they came out: figures without anybody's name or words."""

from collections.abc import Collection
from dataclasses import dataclass

import peewee

from charlton_intranet.core.database import rows
from charlton_intranet.moderation.models import Case, Determination
from charlton_intranet.moderation.rules import CaseState, Outcome


@dataclass(frozen=True, slots=True)
class Tally:
    """Cases of one site in one state with one outcome; None when nothing was determined."""

    site_id: int
    state: CaseState
    outcome: Outcome | None
    cases: int


def tallies(site_ids: Collection[int]) -> list[Tally]:
    """The cases of these sites by state and outcome, in the order of a case's life; one query."""
    query = (
        Case.select(Case.site, Case.state, Determination.outcome, peewee.fn.COUNT(Case.id))
        .join(Determination, peewee.JOIN.LEFT_OUTER, on=(Determination.case == Case.id))
        .where(Case.site.in_(sorted(site_ids)))
        .group_by(Case.site, Case.state, Determination.outcome)
    )
    states, outcomes = list(CaseState), [None, *Outcome]
    found = [Tally(*row) for row in rows(query)]
    return sorted(found, key=lambda one: (one.site_id, states.index(one.state), outcomes.index(one.outcome)))
