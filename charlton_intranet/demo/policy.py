"""The demo town's policy: two major versions, a draft, and signatures in every standing."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from charlton_intranet.core.clock import FixedClock, today
from charlton_intranet.core.store import EvidenceStore
from charlton_intranet.demo.cast import actor
from charlton_intranet.policy import queries, service
from charlton_intranet.policy.models import PolicyDocument
from charlton_intranet.policy.rules import Change

TITLE = "Social Media Policy"
SECOND_FACTOR = "- Two people hold the credentials of each account, with a second factor.\n"
PLAIN_RULE = " Disagreement with the town is never a ground."

# Days before today on which each version came into force, and on which people signed it.
FIRST, SECOND, THIRD = 700, 420, 120
SIGNED = {
    690: ("head.library", "coordinator.library", "user.library", "head.police"),
    415: ("head.police", "coordinator.police"),
    350: ("coordinator.library",),
    200: ("head.library", "administrator"),
    60: ("head.police", "employee"),
}


def load(clock: FixedClock, _store: EvidenceStore) -> None:
    """Publish and sign over two years, flagging what ended on the way as the timetable would have."""
    end = clock.at
    text = Path(__file__).with_name("policy.md").read_text("utf-8")
    versions = {
        FIRST: (Change.MAJOR, "", text.replace(SECOND_FACTOR, "").replace(PLAIN_RULE, "")),
        SECOND: (Change.MAJOR, "Two people and a second factor for each account (3.8).", text.replace(PLAIN_RULE, "")),
        THIRD: (Change.MINOR, "Says in plain words that disagreement is no ground for removal (3.6-4).", text),
    }
    for days in sorted(versions.keys() | SIGNED.keys(), reverse=True):
        clock.at = end - timedelta(days=days)
        if days in versions:
            _publish(clock, *versions[days])
        for box in SIGNED.get(days, ()):
            clock.advance(minutes=7)
            _sign(clock, box)
    for days in (SECOND - 1, 75, 49, 10, 0):
        clock.at = end - timedelta(days=days)
        service.flag(clock=clock)
    _draft(clock, Change.MAJOR, "Groups and messengers are named among social media (1.1).", text)


def _draft(clock: FixedClock, change: Change, summary: str, text: str) -> int:
    administrator = actor("administrator", today(clock))
    return service.draft(administrator, title=TITLE, change=change, summary=summary, text=text, clock=clock)


def _publish(clock: FixedClock, change: Change, summary: str, text: str) -> None:
    document_id = _draft(clock, change, summary, text)
    version = PolicyDocument.get_by_id(document_id).version
    service.publish(actor("administrator", today(clock)), document_id, version, clock=clock)


def _sign(clock: FixedClock, box: str) -> None:
    signer = replace(actor(box, today(clock)), address="192.0.2.24")
    current = queries.in_force()
    if current is None:
        raise RuntimeError("the demo signs a version that is in force")
    service.sign(
        signer, current.id, typed_name=signer.name, read=True, agreed=True, agent="Firefox on Windows", clock=clock
    )
