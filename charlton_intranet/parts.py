"""The parts of one running app, handed to views, commands and jobs; ``assembly`` builds them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import peewee

from charlton_intranet.core import duties
from charlton_intranet.core.clock import Clock
from charlton_intranet.core.database import disconnect
from charlton_intranet.core.jobs import Job
from charlton_intranet.core.scope import HoldersOn, ScopeLine, Scopes, no_holders, no_scopes
from charlton_intranet.core.store import EvidenceStore
from charlton_intranet.mail.sender import Sender, Transport
from charlton_intranet.settings import Settings


@dataclass(frozen=True, slots=True)
class Parts:
    """The running app's parts; one a process."""

    settings: Settings
    clock: Clock
    database: peewee.Database
    transport: Transport
    store: EvidenceStore
    register: duties.Register
    jobs: tuple[Job, ...]
    scopes: Scopes = no_scopes
    holders_on: HoldersOn = no_holders

    def scope_of(self, person_id: int, day: date) -> Sequence[ScopeLine]:
        """What one person would sign for on ``day``."""
        return self.scopes([person_id], day).get(person_id, ())

    def close(self) -> None:
        """Let go of the database."""
        disconnect(self.database)

    def sender(self) -> Sender:
        """A sender for one run."""
        settings = self.settings
        address = settings.mail_from or f"social-media@{settings.email_domains[0]}"
        return Sender(
            transport=self.transport,
            clock=self.clock,
            sender_address=address,
            sender_name=f"Town of {settings.town_name}",
            reply_to=settings.mail_reply_to or address,
            domain=settings.email_domains[0],
        )
