"""Whether the app is well: for monitors at ``/healthz`` and as warnings on the pages of IT."""

from dataclasses import asdict, dataclass
from enum import StrEnum, auto

from charlton_intranet.core import migration
from charlton_intranet.core.clock import Clock
from charlton_intranet.core.jobs import Lease
from charlton_intranet.mail.models import MailState, OutboxMessage
from charlton_intranet.oversight.rules.health import OUTBOX_STUCK, SCHEDULER_LATE

TIMETABLE = "timetable"


class Status(StrEnum):
    """``DEGRADED`` still serves people; ``DOWN`` does not."""

    OK = auto()
    DEGRADED = auto()
    DOWN = auto()


@dataclass(frozen=True, slots=True)
class Health:
    """One word for each part; no addresses, versions or secrets, as anybody may ask."""

    status: Status
    database: str = "ok"
    scheduler: str = "unknown"
    outbox: str = "unknown"
    migrations: str = "unknown"

    def as_dict(self) -> dict[str, str]:
        """Ready for JSON."""
        return asdict(self)

    @property
    def warnings(self) -> list[str]:
        """What IT should know, in sentences."""
        sentences = {
            (self.scheduler, "late"): "The scheduler has not run for a quarter of an hour: no reminders go out and no "
            "mail is sent. Start it with “charlton-intranet scheduler”, or restart “serve”.",
            (
                self.outbox,
                "stuck",
            ): "Mail has been waiting to be sent for more than a quarter of an hour. Check the mail "
            "server's settings and the errors in the list of mail.",
        }
        return [sentence for (found, bad), sentence in sentences.items() if found == bad]


DATABASE_AWAY = Health(Status.DOWN, database="away")


def health(clock: Clock) -> Health:
    """How each part is. Raises Peewee's errors when the database can not be asked."""
    if migration.pending():
        return Health(Status.DOWN, migrations="pending")
    scheduler = "ok" if _ticked(clock) else "late"
    outbox = "stuck" if _stuck(clock) else "ok"
    well = scheduler == outbox == "ok"
    return Health(Status.OK if well else Status.DEGRADED, scheduler=scheduler, outbox=outbox, migrations="ok")


def warnings(clock: Clock) -> list[str]:
    """What stands on top of IT's pages: two queries."""
    return Health(
        Status.OK, scheduler="ok" if _ticked(clock) else "late", outbox="stuck" if _stuck(clock) else "ok"
    ).warnings


def _ticked(clock: Clock) -> bool:
    return Lease.select().where((Lease.name == TIMETABLE) & (Lease.until >= clock.now() - SCHEDULER_LATE)).exists()


def _stuck(clock: Clock) -> bool:
    """Whether a message should have been taken up long ago; one that waits for its next try is not stuck."""
    long_ago = clock.now() - OUTBOX_STUCK
    waiting = (OutboxMessage.state == MailState.WAITING) & (OutboxMessage.next_try_at < long_ago)
    left = (OutboxMessage.state == MailState.SENDING) & (OutboxMessage.lease_until < long_ago)
    return OutboxMessage.select().where(waiting | left).exists()
