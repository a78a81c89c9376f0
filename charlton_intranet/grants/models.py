"""Table of grants: who may use which site, how far, and what for."""

from typing import TYPE_CHECKING

import peewee

from charlton_intranet.accounts.models import Person
from charlton_intranet.core.database import Versioned
from charlton_intranet.core.fields import ChoiceField, UtcDateTimeField
from charlton_intranet.grants.rules import Capability, GrantState
from charlton_intranet.sites.models import Site


class Grant(Versioned):
    """One person on one site (3.3-2): designated by the head, decided by the Town Administrator.

    ``until`` is the last day, None for no end. ``reason`` says why it was declined, revoked or ended; decided is
    when it was approved or declined, ended when it was revoked or ended. A person has at most one designation and
    one approved grant on a site (unique indexes below).
    """

    person = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
    site = peewee.ForeignKeyField(Site, on_delete="RESTRICT")
    capability = ChoiceField(Capability)
    purpose = peewee.TextField()
    limits = peewee.TextField(default="")
    until = peewee.DateField(null=True)
    state = ChoiceField(GrantState, default=GrantState.DESIGNATED, index=True)
    designated_by = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
    designated_at = UtcDateTimeField()
    decided_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    decided_at = UtcDateTimeField(null=True)
    reason = peewee.TextField(default="")
    ended_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    ended_at = UtcDateTimeField(null=True)
    if TYPE_CHECKING:
        person_id: int
        site_id: int
        designated_by_id: int
        decided_by_id: int | None
        ended_by_id: int | None


for _state in (GrantState.DESIGNATED, GrantState.APPROVED):
    Grant.add_index(
        Grant.index(Grant.person, Grant.site, unique=True, name=f"grant_one_{_state.value}").where(
            peewee.SQL(f"\"state\" = '{_state.value}'")
        )
    )
