"""Where cases wait: how many of each site in each state that has a day, and the oldest day."""

from dataclasses import dataclass
from datetime import date

import peewee

from charlton_intranet.core.database import rows
from charlton_intranet.core.fields import as_date
from charlton_intranet.core.permissions import Actor
from charlton_intranet.moderation.models import Case
from charlton_intranet.moderation.queries.queue import within_reach
from charlton_intranet.moderation.rules import CaseState
from charlton_intranet.moderation.rules.desk import WAITING
from charlton_intranet.sites.models import Network, Site


@dataclass(frozen=True, slots=True)
class WaitingSite:
    """A site's cases that wait, by state; ``due_on`` is the oldest day among them."""

    site_id: int
    title: str
    network_name: str
    counts: dict[CaseState, int]
    due_on: date


def where_they_wait(actor: Actor) -> list[WaitingSite]:
    """The sites where something waits, by the oldest day; one grouped query, snoozed cases included."""
    waiting = (
        Case.select(Case.site, Case.state, peewee.fn.COUNT(Case.id).alias("number"), peewee.fn.MIN(Case.due_on))
        .where(Case.state.in_(list(WAITING)), *within_reach(actor))
        .group_by(Case.site, Case.state)
    )
    found: dict[int, tuple[dict[CaseState, int], list[date]]] = {}
    for site_id, state, number, due_on in rows(waiting):
        counts, days = found.setdefault(site_id, (dict.fromkeys(WAITING, 0), []))
        counts[CaseState(state)] = number
        days.append(as_date(due_on))
    names = Site.select(Site.id, Site.title, Network.name).join(Network).where(Site.id.in_(sorted(found)))
    waits = [
        WaitingSite(site_id, title, network, found[site_id][0], min(found[site_id][1]))
        for site_id, title, network in rows(names)
    ]
    return sorted(waits, key=lambda one: (one.due_on, one.title))
