"""When differences are due, and when a site's list is to be entered anew."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import peewee

from charlton_intranet.access.models import AdminList
from charlton_intranet.access.queries.lists import LastList
from charlton_intranet.access.rules import Difference, DifferenceKind
from charlton_intranet.accounts.queries import business_calendar
from charlton_intranet.core.calendar import BusinessCalendar, add_months
from charlton_intranet.core.clock import town_time
from charlton_intranet.core.database import rows
from charlton_intranet.policy.queries import default
from charlton_intranet.sites.models import Site
from charlton_intranet.sites.rules import LIVE

AT_ONCE = frozenset({DifferenceKind.TAKE_OFF, DifferenceKind.LOWER, DifferenceKind.IDENTIFY, DifferenceKind.SHARED})


@dataclass(frozen=True, slots=True)
class Terms:
    """The town's terms around pages, and its calendar."""

    calendar: BusinessCalendar
    months: int
    at_once: int
    later: int
    renewal: int

    def settle(self, difference: Difference) -> date:
        """The day by which a difference is settled: not before the term is over in which a new version is signed."""
        days = self.at_once if difference.kind in AT_ONCE else self.later
        days += self.renewal if difference.renews else 0
        return self.calendar.add(town_time(difference.since).date(), days)

    def reconcile(self, since: date) -> date:
        """The day by which the list is entered anew, counted from the last one or from the first day of use."""
        return self.calendar.on_or_after(add_months(since, self.months))


@dataclass(frozen=True, slots=True)
class Due:
    """A live site, and when its list is due; ``listed_on`` None when none was entered yet."""

    site_id: int
    title: str
    department_id: int
    listed_on: date | None
    due: date


def terms() -> Terms:
    """The terms in force, in five queries."""
    return Terms(
        business_calendar(),
        default("reconciliation.months"),
        default("takeoff.business_days"),
        default("difference.business_days"),
        default("acknowledgement.business_days"),
    )


def lists_due(department_ids: Collection[int] | None, held: Terms) -> list[Due]:
    """Every live site of these departments (None: the town) by the day its list is due; one query."""
    query = (
        Site.select(
            Site.id, Site.title, Site.department, Site.active_since, Site.requested_on,
            peewee.fn.MAX(AdminList.taken_at).coerce(False),
        )
        .join_from(Site, AdminList, peewee.JOIN.LEFT_OUTER)
        .where(Site.state.in_(LIVE))
        .group_by(Site.id, Site.title, Site.department, Site.active_since, Site.requested_on)
    )  # fmt: skip
    if department_ids is not None:
        query = query.where(Site.department.in_(list(department_ids)))
    found = []
    for site_id, title, department_id, active_since, requested_on, taken_at in rows(query):
        listed_on = town_time(AdminList.taken_at.python_value(taken_at)).date() if taken_at else None
        due = held.reconcile(listed_on or active_since or requested_on)
        found.append(Due(site_id, title, department_id, listed_on, due))
    return sorted(found, key=lambda one: (one.due, one.title, one.site_id))


def list_due(site: Site, last: LastList | None, held: Terms) -> date:
    """When the next list of a live site is due."""
    return held.reconcile(town_time(last.taken_at).date() if last else site.active_since or site.requested_on)
