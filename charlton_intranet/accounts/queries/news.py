"""What is told about one's own roles since the last visit."""

from collections.abc import Collection, Mapping
from typing import Any

from charlton_intranet.accounts.models import Person
from charlton_intranet.core.news import Named, Telling, subjects
from charlton_intranet.core.permissions import Actor


def _oneself(actor: Actor) -> Any:
    return Person.select(subjects("person", Person.id)).where(Person.id == (actor.person_id or 0))


def _names(_actor: Actor, ids: Collection[int]) -> Mapping[int, Named]:
    return {person_id: Named("you") for person_id in ids}


TELLINGS = (
    Telling(
        "person",
        {
            "role.given": "{who} gave {what} a role: {role}",
            "role.ended": "{who} ended a role of yours: {role}",
            "person.moved": "{who} moved {what} to another department",
        },
        readable=_oneself,
        concerning=_oneself,
        named=_names,
        after_own=False,
    ),
)
