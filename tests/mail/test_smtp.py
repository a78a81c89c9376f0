"""Mail leaves through a real server: STARTTLS, a checked certificate, and a sign-in."""

import ssl
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import trustme

from charlton_intranet.mail.models import MailState, OutboxMessage
from charlton_intranet.mail.sender import SmtpServer
from tests.conftest import Town
from tests.mail.smtp import Mailbox, encrypted, sender, server
from tests.mail.test_outbox import queue


@dataclass
class Authority:
    """A certificate authority of the test: its file, and a server's context for a host name."""

    file: str
    authority: trustme.CA

    def context(self, name: str = "127.0.0.1") -> ssl.SSLContext:
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.authority.issue_cert(name).configure_cert(made)
        return made


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    made = trustme.CA()
    path: Path = tmp_path_factory.mktemp("tls") / "ca.pem"
    made.cert_pem.write_to_path(str(path))
    return Authority(str(path), made)


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def starttls(mailbox: Mailbox, authority: Authority) -> Iterator[SmtpServer]:
    """A server that takes mail only over TLS from somebody signed in."""
    with server(mailbox, **encrypted(authority.context())) as found:
        yield replace(found, security="starttls", username="intranet", password="hush-hush", ca_file=authority.file)


def waits_with(words: str) -> None:
    row = OutboxMessage.get()
    assert row.state is MailState.WAITING
    assert words.lower() in row.last_error.lower()


def test_mail_leaves_encrypted_and_signed_in(town: Town, starttls: SmtpServer, mailbox: Mailbox) -> None:
    queue(town, recipient_name="Anna Weber")
    assert sender(town.parts, starttls).run() == {"sent": 1, "retry": 0, "failed": 0}
    (message,) = mailbox.received
    assert (mailbox.encrypted, mailbox.signed_in) == ([True], [True])
    assert message["To"] == "Anna Weber <anna@charlton.example>"
    assert "Choose your password" in message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert OutboxMessage.get().state is MailState.SENT


def test_a_certificate_nobody_vouches_for_gets_no_password_and_no_mail(
    town: Town, starttls: SmtpServer, mailbox: Mailbox
) -> None:
    queue(town)
    sender(town.parts, replace(starttls, ca_file="")).run()
    waits_with("certificate verify failed")
    assert mailbox.received == []


def test_a_certificate_of_another_host_gets_nothing(town: Town, mailbox: Mailbox, authority: Authority) -> None:
    queue(town)
    with server(mailbox, **encrypted(authority.context("mail.evil.example"))) as found:
        told = replace(found, security="starttls", username="intranet", password="hush-hush", ca_file=authority.file)
        sender(town.parts, told).run()
    waits_with("certificate verify failed")
    assert mailbox.received == []


def test_a_server_that_offers_no_encryption_gets_nothing(town: Town, mailbox: Mailbox, authority: Authority) -> None:
    queue(town)
    with server(mailbox) as found:
        sender(town.parts, replace(found, security="starttls", ca_file=authority.file)).run()
    waits_with("STARTTLS")
    assert mailbox.received == []


def test_a_wrong_password_keeps_the_mail_waiting(town: Town, starttls: SmtpServer, mailbox: Mailbox) -> None:
    queue(town)
    assert sender(town.parts, replace(starttls, password="wrong")).run() == {"sent": 0, "retry": 1, "failed": 0}
    waits_with("535")
    assert mailbox.received == []


def test_a_connection_encrypted_from_the_start(town: Town, mailbox: Mailbox, authority: Authority) -> None:
    queue(town)
    with server(mailbox, ssl_context=authority.context()) as found:
        assert sender(town.parts, replace(found, security="tls", ca_file=authority.file)).run()["sent"] == 1
    assert len(mailbox.received) == 1
