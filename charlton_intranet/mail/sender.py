"""Emptying the outbox: claim with a lease, send outside any transaction, mark.

A crash between sending and marking sends again after the lease: at least once, with the same Message-ID so that
a server or a reader can tell. 4xx answers and network trouble are tried again with a growing pause for up to four
days; 5xx answers stop and are shown to IT.
"""

import smtplib
import ssl
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import timedelta
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any, Protocol

from charlton_intranet.core.clock import Clock
from charlton_intranet.core.database import connection, rows, unit_of_work
from charlton_intranet.mail.models import MailState, OneClick, OutboxMessage

LEASE = timedelta(minutes=5)
GIVE_UP_AFTER = timedelta(days=4)
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=4)
PERMANENT = 500


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """How to reach the town's mail server. ``security`` is ``starttls``, ``tls`` or ``none`` (loopback only)."""

    host: str
    port: int
    security: str
    username: str = ""
    password: str = field(default="", repr=False)
    ca_file: str = ""
    timeout: float = 20.0


class Transport(Protocol):
    """Where messages go."""

    def open(self) -> AbstractContextManager[Callable[[EmailMessage], None]]: ...


class SmtpTransport:
    """One SMTP connection for a batch; certificates are always verified (RFC 3207, RFC 8314)."""

    def __init__(self, server: SmtpServer) -> None:
        self.server = server

    def open(self) -> "_SmtpBatch":
        return _SmtpBatch(self.server)


class _SmtpBatch:
    def __init__(self, server: SmtpServer) -> None:
        self.server = server
        self.smtp: smtplib.SMTP | None = None

    def __enter__(self) -> Callable[[EmailMessage], None]:
        server = self.server
        context = ssl.create_default_context(cafile=server.ca_file or None)
        if server.security == "tls":
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=server.timeout, context=context)
        else:
            smtp = smtplib.SMTP(server.host, server.port, timeout=server.timeout)
        try:
            if server.security == "starttls":
                smtp.starttls(context=context)
            if server.username:
                smtp.login(server.username, server.password)
        except BaseException:
            smtp.close()
            raise
        self.smtp = smtp
        return self._send

    def _send(self, message: EmailMessage) -> None:
        if self.smtp is None:
            raise RuntimeError("the connection is not open")
        self.smtp.send_message(message)

    def __exit__(self, *_exception: object) -> None:
        if self.smtp is not None:
            try:
                self.smtp.quit()
            except (smtplib.SMTPException, OSError):
                self.smtp.close()


class KeepTransport:
    """The demo's and a new town's transport: a message counts as sent and is read in the app."""

    def open(self) -> "KeepTransport":
        return self

    def __enter__(self) -> Callable[[EmailMessage], None]:
        return lambda _message: None

    def __exit__(self, *_exception: object) -> None:
        return None


@dataclass(frozen=True, slots=True)
class Sender:
    """Everything one run of the sender needs; ``sender_address`` and ``reply_to`` are mailboxes people read."""

    transport: Transport
    clock: Clock
    sender_address: str
    sender_name: str
    reply_to: str
    domain: str

    def run(self, batch: int = 50) -> dict[str, int]:
        """Send what is due, at most ``batch`` messages; returns counts by outcome."""
        counts = {"sent": 0, "retry": 0, "failed": 0}
        claimed = self._claim(batch)
        if not claimed:
            return counts
        try:
            with self.transport.open() as send:
                for row in claimed:
                    counts[self._send_one(send, row)] += 1
        except (OSError, smtplib.SMTPException) as trouble:
            # The server could not be reached or broke off: whatever is still leased goes back with a pause.
            for row in claimed:
                counts["retry"] += self._back_off(row, trouble)
        return counts

    def _claim(self, batch: int) -> list[OutboxMessage]:
        now = self.clock.now()
        due = ((OutboxMessage.state == MailState.WAITING) & (OutboxMessage.next_try_at <= now)) | (
            (OutboxMessage.state == MailState.SENDING) & (OutboxMessage.lease_until < now)
        )
        waiting = OutboxMessage.select(OutboxMessage.id).where(due).order_by(OutboxMessage.id).limit(batch)
        with connection():
            ids = [message_id for (message_id,) in rows(waiting)]
        if not ids:
            return []
        with unit_of_work():
            mine = [
                message_id
                for message_id in ids
                if OutboxMessage.update(
                    state=MailState.SENDING, lease_until=now + LEASE, attempts=OutboxMessage.attempts + 1
                )
                .where((OutboxMessage.id == message_id) & due)
                .execute()
            ]
            return list(OutboxMessage.select().where(OutboxMessage.id.in_(mine)).order_by(OutboxMessage.id))

    def _send_one(self, send: Callable[[EmailMessage], None], row: OutboxMessage) -> str:
        try:
            message = self.compose(row)
        except (ValueError, IndexError, MessageError) as unsendable:  # what the standard library says of odd addresses
            return self._refused(row, PERMANENT, unsendable)
        try:
            send(message)
        except smtplib.SMTPRecipientsRefused as refused:
            code = max((code for code, _ in refused.recipients.values()), default=PERMANENT)
            return self._refused(row, code, refused)
        except smtplib.SMTPResponseException as refused:
            return self._refused(row, refused.smtp_code, refused)
        except (ValueError, smtplib.SMTPNotSupportedError) as unsendable:
            # This server can not carry this address: it must not hold up the others.
            return self._refused(row, PERMANENT, unsendable)
        self._mark(row, state=MailState.SENT, sent_at=self.clock.now(), lease_until=None, last_error="")
        return "sent"

    def _refused(self, row: OutboxMessage, code: int, trouble: Exception) -> str:
        if code >= PERMANENT:
            self._mark(row, state=MailState.FAILED, lease_until=None, last_error=str(trouble)[:500])
            return "failed"
        self._back_off(row, trouble)
        return "retry"

    def _back_off(self, row: OutboxMessage, trouble: Exception) -> int:
        now = self.clock.now()
        if now - row.queued_at > GIVE_UP_AFTER:
            return self._mark(row, state=MailState.FAILED, lease_until=None, last_error=str(trouble)[:500])
        pause = min(FIRST_PAUSE * 2 ** min(row.attempts, 10), LONGEST_PAUSE)
        return self._mark(
            row,
            state=MailState.WAITING,
            next_try_at=now + pause,
            lease_until=None,
            last_error=str(trouble)[:500],
        )

    @staticmethod
    def _mark(row: OutboxMessage, **changes: Any) -> int:
        """Change the row if it is still leased under the claim that sent it."""
        leased = (
            (OutboxMessage.id == row.id)
            & (OutboxMessage.state == MailState.SENDING)
            & (OutboxMessage.attempts == row.attempts)
        )
        with connection():
            return int(OutboxMessage.update(**changes).where(leased).execute())

    @staticmethod
    def _name_the_way_out(message: EmailMessage, row: OutboxMessage) -> None:
        """What a mail program needs to offer its own button; without TLS it may only lead to the page (RFC 8058)."""
        with connection():
            way = OneClick.get_or_none(OneClick.message == row.id)
        if way is not None:
            message["List-Unsubscribe"] = f"<{way.url}>"
            if way.url.startswith("https:"):
                message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"

    def compose(self, row: OutboxMessage) -> EmailMessage:
        """The MIME message of an outbox row; the same row always gives the same Message-ID."""
        message = EmailMessage()
        message["Message-ID"] = f"<outbox-{row.id}-{row.queued_at:%Y%m%d%H%M%S}@{self.domain}>"
        message["Date"] = format_datetime(row.queued_at)
        message["From"] = Address(self.sender_name, addr_spec=self.sender_address)
        message["To"] = Address(row.recipient_name, addr_spec=row.recipient)
        message["Reply-To"] = self.reply_to
        message["Subject"] = row.subject
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: out-of-office replies stay away
        self._name_the_way_out(message, row)
        message.set_content(row.text)
        message.add_alternative(row.html, subtype="html")
        return message
