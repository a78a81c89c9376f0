"""A month of the demo town: the real timetable sends through a real SMTP server, each occasion once.

The month holds the end of daylight saving time (Nov 1), two legal holidays and a mail server that is away for a
while. Mail leaves over STARTTLS with sign-in and a verified certificate.
"""

import collections
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from charlton_intranet.assembly import assemble
from charlton_intranet.core import database, migration
from charlton_intranet.core.calendar import BusinessCalendar
from charlton_intranet.core.clock import FixedClock, town_time
from charlton_intranet.core.jobs import JobRun, RunOutcome
from charlton_intranet.demo.town import load_town
from charlton_intranet.mail.models import MailState, OutboxMessage
from charlton_intranet.mail.sender import SmtpServer
from charlton_intranet.parts import Parts
from charlton_intranet.scheduler import Timetable
from charlton_intranet.settings import Settings
from tests.mail.smtp import Mailbox, encrypted, server

BEGINS = datetime(2026, 10, 26, 12, 0, tzinfo=UTC)
DAYS = 31
STEP = timedelta(hours=1)
AWAY = (date(2026, 11, 4), date(2026, 11, 5))  # the mail server refuses from one midnight to another


@dataclass
class PostOffice:
    """The town's mail server, its certificate authority, and what arrived."""

    mailbox: Mailbox
    smtp: SmtpServer
    ca_file: Path


@pytest.fixture
def office(tmp_path: Path) -> Iterator[PostOffice]:
    authority = trustme.CA()
    ca_file = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(ca_file))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    mailbox = Mailbox()
    with server(mailbox, **encrypted(context)) as smtp:
        yield PostOffice(mailbox, smtp, ca_file)


@pytest.fixture
def running(engine: str, office: PostOffice, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Parts]:
    """The demo town of its own, on Monday morning before the month."""
    url = request.getfixturevalue("postgres_url")("charlton_month") if engine == "postgresql" else ""
    before = database.database.obj
    settings = Settings(
        instance=tmp_path / "instance",
        database_url=url,
        secret_key="k" * 64,
        smtp_host=office.smtp.host,
        smtp_port=office.smtp.port,
        smtp_username="intranet",
        smtp_password="hush-hush",
        smtp_ca_file=str(office.ca_file),
        mail_from="social-media@charlton.example",
    )
    settings.instance.mkdir()
    parts = assemble(settings, clock=FixedClock(BEGINS))
    migration.upgrade()
    load_town(parts)
    yield parts
    parts.close()
    if before is not None:
        database.bind(before)


def play(parts: Parts, office: PostOffice) -> None:
    """Two schedulers tick side by side; the first one is replaced in the middle, as after a crash."""
    clock = parts.clock
    assert isinstance(clock, FixedClock)
    tables = [Timetable(parts, "one"), Timetable(parts, "two")]
    for number in range(int(timedelta(days=DAYS) / STEP)):
        away = AWAY[0] <= town_time(clock.now()).date() < AWAY[1]
        office.mailbox.answers = ["451 try again later"] * 1000 if away else []
        if number == 250:
            tables[0] = Timetable(parts, "three")
        for table in tables:
            table.tick()
        clock.at += STEP


def test_each_occasion_is_told_once(running: Parts, office: PostOffice) -> None:
    play(running, office)
    mailbox = office.mailbox
    ids = collections.Counter(message["Message-ID"] for message in mailbox.received)
    assert [message_id for message_id, times in ids.items() if times > 1] == []
    assert all(mailbox.encrypted)
    assert all(mailbox.signed_in)
    with database.connection():
        rows = list(OutboxMessage.select())
        assert not JobRun.select().where(JobRun.outcome == RunOutcome.FAILED).exists()
    assert collections.Counter(row.state for row in rows) == {MailState.SENT: len(mailbox.received)}

    digests = [(row.recipient, town_time(row.queued_at)) for row in rows if row.kind == "digest"]
    calendar = BusinessCalendar()
    assert len({at.date() for _, at in digests}) > 10
    assert all(calendar.is_business_day(at.date()) and at.hour >= 8 for _, at in digests)
    assert set(collections.Counter((who, at.date()) for who, at in digests).values()) == {1}
    delayed = [row for row in rows if town_time(row.queued_at).date() == AWAY[0]]
    assert delayed
    assert all(row.attempts > 1 for row in delayed)


def test_a_server_with_a_foreign_certificate_gets_nothing(running: Parts, office: PostOffice) -> None:
    trustme.CA().cert_pem.write_to_path(str(office.ca_file))
    counts = running.sender().run()
    assert counts["sent"] == 0
    assert counts["retry"] > 0
    assert office.mailbox.received == []
