"""Table of visits to My work."""

from typing import TYPE_CHECKING

import peewee

from charlton_intranet.accounts.models import Person
from charlton_intranet.core.database import Model


class Visit(Model):
    """Up to which event of the trail somebody has seen what happened (decision 0032).

    ``opened`` is the trail's head at the first visit of ``day``, the last day on which they came.
    """

    person = peewee.ForeignKeyField(Person, primary_key=True, on_delete="CASCADE")
    day = peewee.DateField()
    opened = peewee.BigIntegerField()
    seen = peewee.BigIntegerField()
    if TYPE_CHECKING:
        person_id: int
