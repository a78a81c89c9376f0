"""The demo town's policy: versions typed and from a PDF, a draft, signatures in every standing and on paper."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import XPos, YPos

from charlton_intranet.core.clock import FixedClock, today
from charlton_intranet.core.store import EvidenceStore
from charlton_intranet.core.uploads import Upload
from charlton_intranet.demo.cast import actor
from charlton_intranet.policy import queries, service
from charlton_intranet.policy.models import PolicyDocument
from charlton_intranet.policy.rules import CONSENT_READ, CONSENT_SIGN, Change
from charlton_intranet.policy.service import HandedIn

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


# Who would rather sign by hand, and how many days ago.
ON_PAPER, FILED = "it", 90


def load(clock: FixedClock, store: EvidenceStore) -> None:
    """Publish and sign over two years, flagging what ended on the way as the timetable would have."""
    end = clock.at
    text = Path(__file__).with_name("policy.md").read_text("utf-8")
    versions = {
        FIRST: (Change.MAJOR, "", text.replace(SECOND_FACTOR, "").replace(PLAIN_RULE, "")),
        SECOND: (Change.MAJOR, "Two people and a second factor for each account (3.8).", text.replace(PLAIN_RULE, "")),
        THIRD: (Change.MINOR, "Says in plain words that disagreement is no ground for removal (3.6-4).", text),
    }
    for days in sorted({*versions, *SIGNED, FILED}, reverse=True):
        clock.at = end - timedelta(days=days)
        if days in versions:
            original = _printed(clock, store, versions[days][2], "Social Media Policy.pdf") if days == SECOND else None
            _publish(clock, *versions[days], original=original)
        if days == FILED:
            _file_paper(clock, store)
        for box in SIGNED.get(days, ()):
            clock.advance(minutes=7)
            _sign(clock, box)
    for days in (SECOND - 1, 75, 49, 10, 0):
        clock.at = end - timedelta(days=days)
        service.flag(clock=clock)
    _draft(clock, Change.MAJOR, "Groups and messengers are named among social media (1.1).", text)


def _draft(clock: FixedClock, change: Change, summary: str, text: str, original: HandedIn | None = None) -> int:
    return service.draft(
        actor("administrator", today(clock)),
        title=TITLE,
        change=change,
        summary=summary,
        text=text,
        original=original,
        clock=clock,
    )


def _publish(clock: FixedClock, change: Change, summary: str, text: str, *, original: HandedIn | None = None) -> None:
    document_id = _draft(clock, change, summary, text, original)
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


def _file_paper(clock: FixedClock, store: EvidenceStore) -> None:
    """The Town Administrator files what somebody signed by hand the day before."""
    day = today(clock) - timedelta(days=1)
    signer = actor(ON_PAPER, today(clock))
    words = "\n\n".join((TITLE, CONSENT_READ, CONSENT_SIGN, f"Signed by hand: {signer.name}, {day.isoformat()}"))
    current = queries.in_force()
    if current is None or signer.person_id is None:
        raise RuntimeError("the demo signs a version that is in force")
    service.file_on_paper(
        replace(actor("administrator", today(clock)), address="192.0.2.10"),
        signer.person_id,
        current.id,
        service.Paper(_printed(clock, store, words, "signed by hand.pdf"), day, attested=True),
        agent="Firefox on Windows",
        clock=clock,
    )


def _printed(clock: FixedClock, store: EvidenceStore, text: str, name: str) -> HandedIn:
    """A text as somebody would have printed it to PDF, kept in the store."""
    page = FPDF(format="letter")
    page.set_creation_date(clock.now())
    page.set_font("Helvetica", "", 11)
    page.add_page()
    for paragraph in text.split("\n\n"):
        page.multi_cell(0, 5, text=paragraph.strip("# \n"), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        page.ln(4)
    data = bytes(page.output())
    return Upload("application/pdf", name, data), store.put(data)
