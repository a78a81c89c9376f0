"""Which helpers of :mod:`charlton_intranet.moderation.suggestions` the town has turned off."""

from typing import TYPE_CHECKING

import peewee

from charlton_intranet.accounts.models import Person
from charlton_intranet.core.database import Versioned
from charlton_intranet.core.fields import UtcDateTimeField


class SuggestionChoice(Versioned):
    """One row once the town has chosen; without it everything is on. ``off``: names of rules, comma separated."""

    enabled = peewee.BooleanField(default=True)
    off = peewee.CharField(max_length=1000, default="")
    chosen_by = peewee.ForeignKeyField(Person, on_delete="RESTRICT", index=False)
    chosen_at = UtcDateTimeField()
    if TYPE_CHECKING:
        chosen_by_id: int
