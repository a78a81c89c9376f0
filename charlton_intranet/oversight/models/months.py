"""What was kept of each month: how the clauses stood."""

import peewee

from charlton_intranet.core.database import Model
from charlton_intranet.core.fields import UtcDateTimeField


class ClauseMonth(Model):
    """One clause in one month (its first day): how often it was met, and what was owed at its end. Never changed.

    ``due`` and ``overdue`` are null when nobody looked at the month's end: what was owed then can not be worked out
    later. ``met`` is null for a clause that nothing is counted for.
    """

    month = peewee.DateField()
    clause = peewee.CharField(max_length=10)
    met = peewee.IntegerField(null=True)
    due = peewee.IntegerField(null=True)
    overdue = peewee.IntegerField(null=True)
    kept_at = UtcDateTimeField()

    class Meta:
        indexes = ((("month", "clause"), True),)
