"""A month of the demo town: the real timetable sends through a real SMTP server, each occasion once.

The month holds the end of daylight saving time (Nov 1), two legal holidays and a mail server that is away for a
while. Mail leaves over STARTTLS with sign-in and a verified certificate.
"""

import collections
import email
import email.message
import email.policy
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from charlton_intranet.assembly import assemble
from charlton_intranet.core import database, migration
from charlton_intranet.core.calendar import BusinessCalendar
from charlton_intranet.core.clock import FixedClock, town_time
from charlton_intranet.core.jobs import JobRun, RunOutcome
from charlton_intranet.demo.town import load_town
from charlton_intranet.mail.models import MailState, OutboxMessage
from charlton_intranet.parts import Parts
from charlton_intranet.scheduler import Timetable
from charlton_intranet.settings import Settings

BEGINS = datetime(2026, 10, 26, 12, 0, tzinfo=UTC)
DAYS = 31
STEP = timedelta(minutes=30)
AWAY = (date(2026, 11, 4), date(2026, 11, 5))  # the mail server is down from one midnight to another


@dataclass
class PostOffice:
    """Collects what arrives; refuses for a while when told to."""

    clock: FixedClock
    away: bool = False
    arrived: list[tuple[datetime, email.message.EmailMessage]] = field(default_factory=list)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        if self.away:
            return "451 try again later"
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.arrived.append((self.clock.now(), message))
        return "250 taken"


def authenticate(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (b"town", b"secret-word")
    return AuthResult(success=right)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[tuple[PostOffice, Controller]]:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    office = PostOffice(FixedClock(BEGINS))
    controller = Controller(
        office,
        hostname="127.0.0.1",
        port=0,
        tls_context=context,
        require_starttls=True,
        auth_required=True,
        authenticator=authenticate,
    )
    controller.start()
    yield office, controller
    controller.stop()


@pytest.fixture
def running(
    engine: str,
    office: tuple[PostOffice, Controller],
    tmp_path: Path,
    request: pytest.FixtureRequest,
    worker_id: str,
) -> Iterator[Parts]:
    url = ""
    if engine == "postgresql":
        url = request.getfixturevalue("postgres_url")(f"charlton_month_{worker_id}")
    before = database.database.obj
    settings = Settings(
        instance=tmp_path / "instance",
        database_url=url,
        secret_key="k" * 64,
        smtp_host="127.0.0.1",
        smtp_port=office[1].server.sockets[0].getsockname()[1],  # type: ignore[union-attr]
        smtp_username="town",
        smtp_password="secret-word",
        smtp_ca_file=str(tmp_path / "ca.pem"),
        mail_from="social-media@charlton.example",
    )
    settings.instance.mkdir()
    parts = assemble(settings, clock=office[0].clock)
    migration.upgrade()
    load_town(parts)
    yield parts
    parts.close()
    if before is not None:
        database.bind(before)


def play(parts: Parts, office: PostOffice) -> None:
    """Two schedulers tick side by side; the first one is replaced in the middle, as after a crash."""
    tables = [Timetable(parts, "one"), Timetable(parts, "two")]
    for number in range(int(timedelta(days=DAYS) / STEP)):
        office.away = AWAY[0] <= town_time(office.clock.now()).date() < AWAY[1]
        if number == 500:
            tables[0] = Timetable(parts, "three")
        for table in tables:
            table.tick()
        office.clock.at += STEP


def test_each_occasion_is_told_once(running: Parts, office: tuple[PostOffice, Controller]) -> None:
    post, _ = office
    play(running, post)
    ids = collections.Counter(message["Message-ID"] for _, message in post.arrived)
    assert [message_id for message_id, times in ids.items() if times > 1] == []
    states = collections.Counter(state for (state,) in database.rows(OutboxMessage.select(OutboxMessage.state)))
    assert set(states) == {MailState.SENT}
    assert states[MailState.SENT] == len(post.arrived)
    assert not JobRun.select().where(JobRun.outcome == RunOutcome.FAILED).exists()

    digests = [row for row in OutboxMessage.select() if row.kind == "digest"]
    calendar = BusinessCalendar()
    days = {town_time(row.queued_at).date() for row in digests}
    assert len(days) > 10
    assert all(calendar.is_business_day(day) for day in days)
    assert all(town_time(row.queued_at).hour >= 8 for row in digests)
    a_day = collections.Counter((row.recipient, town_time(row.queued_at).date()) for row in digests)
    assert set(a_day.values()) == {1}
    assert {row.kind for row in OutboxMessage.select()} >= {"digest", "policy_expired"}


def test_a_server_with_a_foreign_certificate_gets_nothing(
    running: Parts, office: tuple[PostOffice, Controller], tmp_path: Path
) -> None:
    trustme.CA().cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    counts = running.sender().run()
    assert counts["sent"] == 0
    assert counts["retry"] > 0
    assert office[0].arrived == []
