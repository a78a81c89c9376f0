"""From when on the running app is worth a look. Pure."""

from datetime import timedelta

# A tick comes every minute; a quarter of an hour without one is worth a look.
SCHEDULER_LATE = timedelta(minutes=15)
OUTBOX_STUCK = timedelta(minutes=15)
