"""The demo town: the cast, then each wing played by its real services over the past weeks."""

from datetime import datetime, time, timedelta

from charlton_intranet.core import clock as clocks
from charlton_intranet.core.clock import TOWN_ZONE, FixedClock
from charlton_intranet.core.database import connection
from charlton_intranet.demo import (
    access,
    checklists,
    contributors,
    desk,
    emergencies,
    evidence,
    grants,
    incidents,
    intake,
    moderation,
    people,
    policy,
    reconsiderations,
    registry,
    reviews,
    rounds,
    site_life,
    sites,
    visits,
    worksheets,
)
from charlton_intranet.demo.cast import CAST, PASSWORD, load_cast
from charlton_intranet.parts import Parts

LOADERS = (
    policy.load,
    sites.load,
    site_life.load,
    checklists.load,
    registry.load,
    grants.load,
    access.load,
    moderation.load,
    desk.load,
    evidence.load,
    contributors.load,
    emergencies.load,
    reconsiderations.load,
    worksheets.load,
    reviews.load,
    rounds.load,
    intake.load,
    incidents.load,
    people.load,
    visits.load,
)
YEARS_HELD = timedelta(days=730)


def load_town(parts: Parts) -> None:
    """Fill an empty database; dates are relative to today, and nothing lies in the future."""
    morning = datetime.combine(clocks.today(parts.clock), time(8, 30), TOWN_ZONE)
    clock = FixedClock(min(parts.clock.now(), morning))
    with connection():
        load_cast(clock, clocks.today(clock) - YEARS_HELD)
        for load in LOADERS:
            end = clock.at
            load(clock, parts.store)
            clock.at = end


def sign_ins(address: str) -> str:
    """What ``run`` prints: where, who, and the one password."""
    width = max(len(member.email) for member in CAST)
    people = [f"  {member.email:<{width}}  {member.name}, {member.title}" for member in CAST]
    return "\n".join([f"Address:  {address}", "Sign-ins:", *people, f"Password: {PASSWORD}"])
