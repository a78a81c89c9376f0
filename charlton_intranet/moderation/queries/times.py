"""How long the steps of cases took, for the page of times: one query, whatever there is."""

from datetime import date, datetime
from typing import Any

import peewee

from charlton_intranet.core.clock import town_midnight, town_time
from charlton_intranet.core.database import rows
from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.evidence.models import Seal
from charlton_intranet.moderation.models import Case, Consultation, Determination, EmergencyHide, Order
from charlton_intranet.moderation.rules.times import Moments
from charlton_intranet.sites.models import Network, Site


def moments(actor: Actor, since: date) -> list[Moments]:
    """The cases that raised a concern and were seen from ``since`` on, in departments whose cases the actor reads.

    Sets, not people: nobody's name or words come along.
    """
    found: Any = (
        Case.select(
            Case.id, Site.title, Network.name, Case.seen_at, Seal.sealed_at,
            Consultation.categories, Consultation.given_at,
            Determination.categories, Determination.decided_at, Order.ordered_at, Order.done_at,
            EmergencyHide.ordered_at, EmergencyHide.hidden_at,
        )
        .join_from(Case, Site)
        .join_from(Site, Network)
        .join_from(Case, Seal)
        .join_from(Case, Consultation, peewee.JOIN.LEFT_OUTER, on=(Consultation.case == Case.id))
        .join_from(Case, Determination, peewee.JOIN.LEFT_OUTER, on=(Determination.case == Case.id))
        .join_from(Determination, Order, peewee.JOIN.LEFT_OUTER, on=(Order.determination == Determination.id))
        .join_from(Case, EmergencyHide, peewee.JOIN.LEFT_OUTER, on=(EmergencyHide.case == Case.id))
        .where(Case.seen_at >= town_midnight(since))
        .order_by(Case.seen_at, Case.id)
    )  # fmt: skip
    reach = actor.departments_for(Permission.READ_CASES)
    if reach is not None:
        found = found.where(Case.department.in_(sorted(reach)))
    return [_moments(row) for row in rows(found)]


def _moments(row: tuple[Any, ...]) -> Moments:
    _, title, network, seen_at, sealed_at, proposed, given_at, letters, decided_at, *rest = row
    return Moments(
        _month(seen_at),
        f"{title} ({network})",
        tuple(filter(None, (letters or proposed or "").split(","))),
        seen_at,
        sealed_at,
        given_at,
        decided_at,
        *rest,
    )


def _month(moment: datetime) -> date:
    return town_time(moment).date().replace(day=1)
