from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import jinja2
import pytest

from charlton_intranet.core.database import unit_of_work
from charlton_intranet.mail import service
from charlton_intranet.mail.jobs import send_waiting
from charlton_intranet.mail.messages import long_day, long_moment, render
from charlton_intranet.mail.models import MailState, OutboxMessage
from charlton_intranet.mail.sender import FIRST_PAUSE, GIVE_UP_AFTER, LEASE, LONGEST_PAUSE, Sender, SmtpServer
from tests.conftest import Town
from tests.mail.smtp import Mailbox, sender, server

ANNA = "anna@charlton.example"


def queue(town: Town, occasion: str = "letter:1", recipient: str = ANNA, **more: Any) -> bool:
    given = {
        "by": "Sam Ellery", "path": "/welcome/x", "expires": town.clock.now(), "recipient_name": "Anna Weber", **more,
    }  # fmt: skip
    with unit_of_work():
        return service.queue("account_invitation", occasion=occasion, recipient=recipient, clock=town.clock, **given)


def states() -> list[MailState]:
    return [row.state for row in OutboxMessage.select().order_by(OutboxMessage.id)]


class Calling:
    """A transport that does something in the middle of sending."""

    def __init__(self, act: Callable[[EmailMessage], None]) -> None:
        self.act = act

    def open(self) -> "Calling":
        return self

    def __enter__(self) -> Callable[[EmailMessage], None]:
        return self.act

    def __exit__(self, *_exception: object) -> None:
        return None


# --- queueing -------------------------------------------------------------------------------------------


def test_an_occasion_is_told_once_to_each(town: Town) -> None:
    assert queue(town) is True
    assert queue(town) is False
    assert queue(town, recipient="ben@charlton.example") is True
    assert queue(town, "letter:2") is True
    assert OutboxMessage.select().count() == 3


def test_long_occasions_do_not_fall_together(town: Town) -> None:
    assert queue(town, "x" * 250 + "1") is True
    assert queue(town, "x" * 250 + "2") is True
    assert queue(town, "x" * 250 + "2") is False
    assert queue(town, recipient="y" * 230 + "@charlton.example") is True
    assert queue(town, recipient="y" * 231 + "@charlton.example") is True


def test_a_message_belongs_in_the_transaction_of_what_it_tells_of(town: Town) -> None:
    with pytest.raises(RuntimeError, match="transaction of what it tells of"):
        service.queue("account_reset", occasion="x", recipient=ANNA, recipient_name="", clock=town.clock)


def test_a_refused_use_case_mails_nothing(town: Town) -> None:
    def fail() -> None:
        with unit_of_work():
            service.queue(
                "account_invitation", occasion="x", recipient=ANNA, recipient_name="", clock=town.clock,
                by="", path="", expires=town.clock.now(),
            )  # fmt: skip
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert states() == []


def test_a_value_that_is_missing_is_a_bug_not_a_gap_in_the_mail(town: Town) -> None:
    with unit_of_work(), pytest.raises(jinja2.UndefinedError):
        service.queue("account_invitation", occasion="x", recipient=ANNA, recipient_name="", clock=town.clock)


def test_words_are_escaped_where_they_are_markup_and_only_there(town: Town) -> None:
    queue(town, by="Tom & <b>Jerry</b>")
    mail = OutboxMessage.get()
    assert "Tom &amp; &lt;b&gt;Jerry&lt;/b&gt;" in mail.html
    assert "Tom & <b>Jerry</b>" in mail.text


def test_links_lead_to_the_configured_address(town: Town) -> None:
    queue(town, path="/welcome/abc")
    mail = OutboxMessage.get()
    assert f"{town.parts.settings.base_url}/welcome/abc" in mail.text
    assert f'href="{town.parts.settings.base_url}/welcome/abc"' in mail.html


def test_a_subject_is_one_line(town: Town) -> None:
    words = render(
        "account_invitation",
        {"by": "x", "path": "/", "expires": town.clock.now(), "recipient_name": "Anna\r\nBcc: eve@evil.example"},
    )
    assert "\n" not in words.subject
    assert "\r" not in words.subject


def test_dates_as_people_write_them(town: Town) -> None:
    assert long_day(town.today) == "Mon, Nov 23, 2026"
    assert long_moment(town.clock.now()) == "Mon, Nov 23, 2026, 10:00 AM"
    assert long_moment(town.clock.now() - timedelta(hours=10)) == "Mon, Nov 23, 2026, 12:00 AM"
    assert long_moment(town.clock.now() + timedelta(hours=2, minutes=5)) == "Mon, Nov 23, 2026, 12:05 PM"


# --- composing ------------------------------------------------------------------------------------------


def test_a_message_has_the_headers_that_mail_needs(town: Town) -> None:
    queue(town, recipient_name="Anna “Annie” Weber, née Møller")
    row = OutboxMessage.get()
    composer: Sender = replace(town.parts.sender(), reply_to="clerk@charlton.example")
    message = composer.compose(row)
    assert message["From"] == "Town of Charlton <social-media@charlton.example>"
    assert message["To"].addresses[0].addr_spec == ANNA
    assert message["To"].addresses[0].display_name == "Anna “Annie” Weber, née Møller"
    assert message["Reply-To"] == "clerk@charlton.example"
    assert message["Subject"] == row.subject
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"].datetime == town.clock.now()
    assert message["Message-ID"] == f"<outbox-{row.id}-20261123150000@charlton.example>"
    assert message["Message-ID"] == composer.compose(OutboxMessage.get())["Message-ID"]
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert "Anna “Annie” Weber" in message.get_body(("plain",)).get_content()  # type: ignore[union-attr]


# --- sending --------------------------------------------------------------------------------------------


def test_what_waits_is_sent_once(town: Town) -> None:
    queue(town)
    queue(town, "letter:2", "ben@charlton.example")
    mailbox = Mailbox()
    with server(mailbox) as smtp:
        assert sender(town.parts, smtp).run() == {"sent": 2, "retry": 0, "failed": 0}
        assert sender(town.parts, smtp).run() == {"sent": 0, "retry": 0, "failed": 0}
    assert [message["To"].addresses[0].addr_spec for message in mailbox.received] == [ANNA, "ben@charlton.example"]
    sent = OutboxMessage.get()
    assert (sent.state, sent.sent_at, sent.attempts, sent.lease_until) == (MailState.SENT, town.clock.now(), 1, None)


def test_a_batch_has_its_size(town: Town) -> None:
    for n in range(5):
        queue(town, f"letter:{n}")
    mailbox = Mailbox()
    with server(mailbox) as smtp:
        assert sender(town.parts, smtp).run(batch=2)["sent"] == 2
        assert sender(town.parts, smtp).run(batch=10)["sent"] == 3


def test_a_temporary_refusal_is_tried_again_with_a_growing_pause(town: Town) -> None:
    queue(town)
    pauses = []
    with server(Mailbox(answers=["451 Greylisted, try later"] * 12)) as smtp:
        for _ in range(10):
            assert sender(town.parts, smtp).run()["retry"] == 1
            row = OutboxMessage.get()
            pauses.append(row.next_try_at - town.clock.now())
            town.clock.at = row.next_try_at - timedelta(seconds=1)
            assert sender(town.parts, smtp).run()["retry"] == 0, "not before its time"
            town.clock.advance(seconds=1)
    assert pauses[0] == 2 * FIRST_PAUSE
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST_PAUSE
    assert "Greylisted" in OutboxMessage.get().last_error


def test_greylisting_ends_with_the_message_sent(town: Town) -> None:
    queue(town)
    mailbox = Mailbox(answers=["451 Greylisted, try later"])
    with server(mailbox) as smtp:
        sender(town.parts, smtp).run()
        town.clock.advance(minutes=5)
        assert sender(town.parts, smtp).run()["sent"] == 1
    assert OutboxMessage.get().last_error == ""


def test_after_four_days_it_is_given_up_and_shown(town: Town) -> None:
    queue(town)
    with server(Mailbox(answers=["451 later"] * 100)) as smtp:
        started = town.clock.now()
        while states() == [MailState.WAITING]:
            sender(town.parts, smtp).run()
            town.clock.at = max(OutboxMessage.get().next_try_at, town.clock.now())
    assert states() == [MailState.FAILED]
    assert GIVE_UP_AFTER < town.clock.now() - started < GIVE_UP_AFTER + LONGEST_PAUSE
    assert "later" in OutboxMessage.get().last_error


def test_a_lasting_refusal_stops_this_message_and_no_other(town: Town) -> None:
    queue(town)
    queue(town, "letter:2", "gone@charlton.example")
    queue(town, "letter:3")
    mailbox = Mailbox(refused={"gone@charlton.example": "550 No such user"})
    with server(mailbox) as smtp:
        assert sender(town.parts, smtp).run() == {"sent": 2, "retry": 0, "failed": 1}
        town.clock.advance(days=1)
        assert sender(town.parts, smtp).run() == {"sent": 0, "retry": 0, "failed": 0}
    assert states() == [MailState.SENT, MailState.FAILED, MailState.SENT]
    assert "No such user" in OutboxMessage.get(OutboxMessage.state == MailState.FAILED).last_error


@pytest.mark.parametrize("recipient", ["no address", "", "two@@charlton.example", "bücher@charlton.example"])
def test_an_address_no_message_can_carry_holds_up_no_other(town: Town, recipient: str) -> None:
    queue(town, recipient=recipient)
    queue(town, "letter:2")
    with server(Mailbox(), enable_SMTPUTF8=False) as smtp:
        assert sender(town.parts, smtp).run() == {"sent": 1, "retry": 0, "failed": 1}
    assert states() == [MailState.FAILED, MailState.SENT]


def test_while_the_server_is_down_everything_waits(town: Town) -> None:
    queue(town)
    queue(town, "letter:2")
    with server(Mailbox()) as smtp:
        away = smtp
    assert sender(town.parts, away).run() == {"sent": 0, "retry": 2, "failed": 0}
    assert states() == [MailState.WAITING, MailState.WAITING]
    assert OutboxMessage.get().next_try_at > town.clock.now()


def test_a_connection_that_breaks_in_the_middle_loses_and_doubles_nothing(town: Town) -> None:
    for n in range(3):
        queue(town, f"letter:{n}")
    mailbox = Mailbox(answers=["250 OK", "break"])
    with server(mailbox) as smtp:
        sender(town.parts, smtp).run()
        assert states() == [MailState.SENT, MailState.WAITING, MailState.WAITING]
        town.clock.advance(minutes=5)
        sender(town.parts, smtp).run()
    assert states() == [MailState.SENT] * 3
    assert len({message["Message-ID"] for message in mailbox.received}) == len(mailbox.received) == 3


# --- several senders ------------------------------------------------------------------------------------


def test_a_sender_that_dies_leaves_its_message_to_the_next_after_the_lease(town: Town) -> None:
    queue(town)
    seen: list[str] = []

    def die(message: EmailMessage) -> None:
        seen.append(message["Message-ID"])
        raise SystemExit

    with pytest.raises(SystemExit):
        replace(town.parts.sender(), transport=Calling(die)).run()
    assert states() == [MailState.SENDING]
    mailbox = Mailbox()
    with server(mailbox) as smtp:
        town.clock.advance(seconds=LEASE.total_seconds())
        assert sender(town.parts, smtp).run()["sent"] == 0
        town.clock.advance(seconds=1)
        assert sender(town.parts, smtp).run()["sent"] == 1
    assert [message["Message-ID"] for message in mailbox.received] == seen, "a reader can tell that it is the same"


def test_two_senders_at_once_share_the_work(town: Town) -> None:
    for n in range(3):
        queue(town, f"letter:{n}")
    mailbox, told = Mailbox(), []
    with server(mailbox) as smtp:

        def meanwhile(message: EmailMessage) -> None:
            told.append(message["Message-ID"])
            sender(town.parts, smtp).run()

        replace(town.parts.sender(), transport=Calling(meanwhile)).run(batch=1)
    assert states() == [MailState.SENT] * 3
    assert len(told) == 1
    assert len(mailbox.received) == 2


def test_a_sender_that_was_too_slow_does_not_undo_what_the_next_did(town: Town) -> None:
    queue(town)
    mailbox = Mailbox()
    with server(mailbox) as smtp:

        def slow(_message: EmailMessage) -> None:
            town.clock.advance(minutes=6)
            sender(town.parts, smtp).run()
            raise TimeoutError("the answer never came")

        assert replace(town.parts.sender(), transport=Calling(slow)).run()["retry"] == 0
    assert states() == [MailState.SENT]
    assert len(mailbox.received) == 1


def test_a_sender_that_was_too_slow_does_not_take_the_message_from_the_next(town: Town) -> None:
    queue(town)

    def still_at_it(_message: EmailMessage) -> None:
        raise SystemExit

    def slow(_message: EmailMessage) -> None:
        town.clock.advance(minutes=6)
        with pytest.raises(SystemExit):
            replace(town.parts.sender(), transport=Calling(still_at_it)).run()
        raise TimeoutError("the answer never came")

    replace(town.parts.sender(), transport=Calling(slow)).run()
    row = OutboxMessage.get()
    assert (row.state, row.attempts, row.lease_until) == (MailState.SENDING, 2, town.clock.now() + LEASE)


# --- the job --------------------------------------------------------------------------------------------


def test_without_a_server_mail_counts_as_sent_and_is_read_in_the_app(town: Town) -> None:
    queue(town)
    assert send_waiting(town.parts) == "1 sent"
    assert send_waiting(town.parts) == ""
    assert states() == [MailState.SENT]


def test_the_server_of_the_sender_keeps_its_password_to_itself() -> None:
    assert "hush" not in repr(SmtpServer(host="x", port=25, security="tls", username="a", password="hush-hush"))
