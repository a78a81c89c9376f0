"""What is told about the checklists of leavers since somebody's last visit."""

from collections.abc import Collection, Mapping
from typing import Any

from charlton_intranet.access.models import Departure
from charlton_intranet.accounts.models import Person
from charlton_intranet.core.database import rows
from charlton_intranet.core.news import Named, Telling, nothing_more, subjects
from charlton_intranet.core.permissions import Actor, Permission


def _departures(actor: Actor) -> Any:
    reach = actor.departments_for(Permission.READ_SITE_RECORDS)
    query = Departure.select(subjects("departure", Departure.id))
    return None if reach is None else query.where(Departure.from_department.in_(sorted(reach)))


def _names(_actor: Actor, ids: Collection[int]) -> Mapping[int, Named]:
    query = Departure.select(Departure.id, Person.name).join(Person, on=(Departure.person == Person.id))
    return {
        number: Named(f"the checklist of {person}", f"/access/departures/{number}")
        for number, person in rows(query.where(Departure.id.in_(list(ids))))
    }


TELLINGS = (
    Telling(
        "departure",
        {
            "departure.grants_ended": "{who} ended the grants on {what}",
            "departure.settled": "{who} settled {what}",
            "departure.called_off": "{who} called off {what}",
        },
        readable=_departures,
        concerning=nothing_more,
        named=_names,
    ),
)
