"""The outbox: all of it for IT and in the demo, for others the messages to themselves."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from charlton_intranet.core.database import rows
from charlton_intranet.core.errors import NotFound
from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.mail.models import MailState, OutboxMessage
from charlton_intranet.settings import Settings

PAGE_SIZE = 25


@dataclass(frozen=True, slots=True)
class MailRow:
    """One message of the list."""

    id: int
    queued_at: datetime
    recipient: str
    recipient_name: str
    subject: str
    state: MailState
    last_error: str


@dataclass(frozen=True, slots=True)
class Message:
    """One message whole. Without ``readable`` its words stay closed: text and HTML are empty."""

    id: int
    kind: str
    recipient: str
    recipient_name: str
    subject: str
    state: MailState
    attempts: int
    queued_at: datetime
    next_try_at: datetime
    sent_at: datetime | None
    last_error: str
    readable: bool
    text: str
    html: str


def mail_page(
    actor: Actor, settings: Settings, state: MailState | None = None, after: int | None = None
) -> tuple[list[MailRow], int | None]:
    """Messages newest first and the key of the next page."""
    conditions: list[Any] = [True if _reads_all(actor, settings) else OutboxMessage.recipient == actor.email]
    if state is not None:
        conditions.append(OutboxMessage.state == state)
    if after is not None:
        conditions.append(OutboxMessage.id < after)
    query = (
        OutboxMessage.select(
            OutboxMessage.id, OutboxMessage.queued_at, OutboxMessage.recipient, OutboxMessage.recipient_name,
            OutboxMessage.subject, OutboxMessage.state, OutboxMessage.last_error,
        )
        .where(*conditions)
        .order_by(OutboxMessage.id.desc())
        .limit(PAGE_SIZE + 1)
    )  # fmt: skip
    found = [MailRow(*row) for row in rows(query)]
    return found[:PAGE_SIZE], found[PAGE_SIZE - 1].id if len(found) > PAGE_SIZE else None


def message(actor: Actor, settings: Settings, message_id: int) -> Message:
    """One message, or ``NotFound``.

    A letter with a one-time link opens an account, so nobody reads it here once it leaves by mail; not even its
    recipient, whose open session would be enough for somebody else then. As long as no mail server is set, IT
    hands such letters over.
    """
    row = OutboxMessage.get_or_none(OutboxMessage.id == message_id)
    reads_all = _reads_all(actor, settings)
    if row is None or not (reads_all or row.recipient == actor.email):
        raise NotFound
    handed_over = settings.demo or (reads_all and not settings.smtp_host)
    readable = handed_over or not row.kind.startswith("account_")
    return Message(
        id=row.id,
        kind=row.kind,
        recipient=row.recipient,
        recipient_name=row.recipient_name,
        subject=row.subject,
        state=row.state,
        attempts=row.attempts,
        queued_at=row.queued_at,
        next_try_at=row.next_try_at,
        sent_at=row.sent_at,
        last_error=row.last_error,
        readable=readable,
        text=row.text if readable else "",
        html=row.html if readable else "",
    )


def _reads_all(actor: Actor, settings: Settings) -> bool:
    """IT reads all mail. A demo's mail leaves nowhere, and everybody who plays in it may read it."""
    return settings.demo or actor.may(Permission.READ_MAIL)
