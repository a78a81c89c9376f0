"""A real mail server on this machine, that answers as it is told."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from charlton_intranet.mail.sender import Sender, SmtpServer, SmtpTransport
from charlton_intranet.parts import Parts


@dataclass
class Mailbox:
    """What arrived; ``answers`` are given to the next messages, a break ends the connection instead."""

    received: list[EmailMessage] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    signed_in: list[bool] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer == "break":
            assert server.transport is not None
            server.transport.close()
        if answer.startswith("250"):
            assert isinstance(envelope.content, bytes)
            message = message_from_bytes(envelope.content, policy=policy.default)
            assert isinstance(message, EmailMessage)
            self.received.append(message)
            self.encrypted.append(session.ssl is not None)
            self.signed_in.append(bool(session.authenticated))
        return answer


@contextmanager
def server(mailbox: Mailbox, **options: Any) -> Iterator[SmtpServer]:
    """The server while it runs, as the sender is told of it (unencrypted, without sign-in)."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(mailbox, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield SmtpServer(host="127.0.0.1", port=port, security="none", timeout=5)
    finally:
        controller.stop()


def encrypted(context: ssl.SSLContext) -> dict[str, Any]:
    """Options of a server that wants STARTTLS and then a sign-in as ``intranet``."""

    def check(_server: SMTP, _session: Session, _envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        right = isinstance(data, LoginPassword) and data == LoginPassword(b"intranet", b"hush-hush")
        return AuthResult(success=right, handled=mechanism not in {"LOGIN", "PLAIN"})

    return {
        "tls_context": context, "require_starttls": True, "auth_required": True, "authenticator": check,
    }  # fmt: skip


def sender(parts: Parts, server: SmtpServer) -> Sender:
    return replace(parts.sender(), transport=SmtpTransport(server))
