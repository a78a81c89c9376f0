"""What damaged evidence makes people owe."""

from collections.abc import Iterable

import peewee

from charlton_intranet.core.clock import town_time
from charlton_intranet.core.database import first_row
from charlton_intranet.core.duties import Duty, Kind, Owner, Scope
from charlton_intranet.core.fields import UtcDateTimeField
from charlton_intranet.core.permissions import Role
from charlton_intranet.evidence.models import FixityFault

MEND = Kind(
    "mend_evidence",
    "3.6-2",
    "See what is damaged",
    ladder=(0,),
    repeat_days=1,
    escalate_after=1,
    label="See what evidence is damaged",
    by="IT and the Records Access Officer",
    legal_clock=True,
)
KINDS = (MEND,)
OWNERS = (Role.IT, Role.RECORDS)


def owed(scope: Scope) -> Iterable[Duty]:
    """One duty for each of the two offices while something is damaged: to bring it back, and to know of it."""
    if scope.actor is not None and not any(scope.actor.holds(role) for role in OWNERS):
        return
    open_faults = FixityFault.select(peewee.fn.COUNT(FixityFault.id), peewee.fn.MIN(FixityFault.found_at)).where(
        FixityFault.mended_at.is_null()
    )
    count, first = first_row(open_faults) or (0, None)
    if not count:
        return
    what = "1 piece of evidence is" if count == 1 else f"{count:,} pieces of evidence are"
    for role in OWNERS:
        yield Duty(
            kind=MEND,
            subject="fixity:faults",
            title=f"{what} not what was kept",
            owner=Owner(role=role),
            due=town_time(UtcDateTimeField().python_value(first)).date(),
            url="/evidence/fixity",
        )
