"""Files that belong to a record: a proof, a signature on paper, the original of a policy.

Their bytes lie in the store (``core.store``), put there before the unit of work opens; a row here keeps them from
the sweep of orphans and within the reach of ``verify``. Captured evidence has rows of its own.
"""

import peewee

from charlton_intranet.core.clock import Clock
from charlton_intranet.core.database import Model, in_unit_of_work
from charlton_intranet.core.fields import UtcDateTimeField
from charlton_intranet.core.store import Stored


class StoredFile(Model):
    """One file; who handed it in stands on the record it belongs to, and in the audit trail."""

    sha256 = peewee.FixedCharField(64, index=True)
    size = peewee.IntegerField()
    media_type = peewee.CharField(max_length=80)
    file_name = peewee.CharField(max_length=200)
    added_at = UtcDateTimeField()


def keep(stored: Stored, *, media_type: str, file_name: str, clock: Clock) -> int:
    """Write the row of content that lies in the store, inside the caller's unit of work; returns its id."""
    if not in_unit_of_work():
        raise RuntimeError("a file belongs in the transaction of the record it is for")
    row = StoredFile.insert(
        sha256=stored.sha256,
        size=stored.size,
        media_type=media_type,
        file_name=file_name,
        added_at=clock.now(),
    )
    return int(row.execute())
