"""The timetable's call to the sender."""

from typing import Protocol

from charlton_intranet.mail.sender import Sender


class HasSender(Protocol):
    """Whatever can build a sender: the app's parts."""

    def sender(self) -> Sender: ...


def send_waiting(parts: HasSender) -> str:
    """Send what waits in the outbox."""
    counts = parts.sender().run()
    return ", ".join(f"{number} {outcome}" for outcome, number in counts.items() if number)
