"""Verifying a certificate with nothing but the file: no database, no instance, no network.

It takes the PDF, or the record as JSON with the seal that was kept elsewhere, and computes everything again.
"""

import hashlib
import json
from dataclasses import dataclass, field

from charlton_intranet.core.audit import canonical
from charlton_intranet.core.pdf_reader import PdfText, read
from charlton_intranet.policy.certificate import (
    DIGEST_LINE,
    NO_RECORD,
    POLICY,
    RECORD,
    SEAL,
    SHOWS,
    SHOWS_NOT,
    pdf_of,
    printable,
    printed_fields,
)
from charlton_intranet.policy.clauses import plain_text, sha256_of

MAX_PAGES = 50
SEAL_GIVEN = "The seal is the one you gave: this is the record that was sealed then."

_DIGEST_LINE_LENGTH = len(DIGEST_LINE % (b"0" * 64))


class _Fault(Exception):
    """Something that does not hold, and after which nothing more can be said."""


@dataclass(slots=True)
class Report:
    """What holds and what does not, in sentences, and the record's fields for people to read."""

    held: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    fields: list[tuple[str, list[str]]] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return not self.faults

    def check(self, holds: bool, sentence: str, fault: str) -> None:  # noqa: FBT001 - it is what the check found
        (self.held if holds else self.faults).append(sentence if holds else fault)

    def lines(self) -> list[str]:
        """The report for people."""
        told = [
            f"{label if number == 0 else '':<20} {line}"
            for label, lines in self.fields
            for number, line in enumerate(lines)
        ]
        checked = [*(f"ok   {sentence}" for sentence in self.held), *(f"BAD  {fault}" for fault in self.faults)]
        end = (
            ["Verified.", SHOWS, *([] if SEAL_GIVEN in self.held else [SHOWS_NOT])] if self.holds else ["NOT VERIFIED."]
        )
        return [*told, "", *checked, "", *end]


def verify(data: bytes, *, policy: bytes | None = None, seal: str = "") -> Report:
    """Compute a certificate again: a PDF, or the bytes of a record, which needs the ``seal`` that was kept elsewhere.

    ``policy`` is the policy's text to hold against the record, as it was downloaded.
    """
    report = Report()
    try:
        is_pdf = data.startswith(b"%PDF-")
        record = _from_pdf(report, data) if is_pdf else _record_in(data)
        if not seal and not is_pdf:
            report.faults.append("There is nothing to hold this record against: give its seal too, with --seal.")
        if seal:
            report.check(
                seal.strip().lower() == sha256_of(record),
                SEAL_GIVEN,
                "The seal that you gave is not the SHA-256 of this record: one of the two was changed.",
            )
        report.fields = [*printed_fields(record), (SEAL, [sha256_of(record)])]
        if policy is not None:
            _check_policy(report, record, policy, "The policy's text that you gave")
    except _Fault as fault:
        report.faults.append(str(fault))
    return report


def _from_pdf(report: Report, data: bytes) -> str:
    """The record out of a PDF whose bytes, attachments and pages agree."""
    above, line = data[:-_DIGEST_LINE_LENGTH], data[-_DIGEST_LINE_LENGTH:]
    if line != DIGEST_LINE % hashlib.sha256(above).hexdigest().encode():
        raise _Fault("The file is not as it was made: some of its bytes were changed, added or lost.")
    report.held.append("The file is whole: it ends with the SHA-256 of all its bytes.")
    found = read(data, pages=MAX_PAGES)
    if isinstance(found, str) or sorted(name for name, _ in found.attachments) != [POLICY, RECORD]:
        raise _Fault("The file does not carry one record and one policy's text, as a certificate does.")
    files = {name: content.encode("latin-1") for name, content in found.attachments}
    record = _record_in(files[RECORD])
    _check_policy(report, record, files[POLICY], "The policy's text that it carries")
    _check_pages(report, found, record, files[POLICY])
    return record


def _record_in(data: bytes) -> str:
    """The record in these bytes; only one that is written as the app writes them, so that nothing hides in it."""
    try:
        record = data.decode()
        printed_fields(record)
        as_written = canonical(json.loads(record))
    except NO_RECORD as broken:
        raise _Fault("This is neither a certificate nor the record of one.") from broken
    if record != as_written:
        raise _Fault("The record is not written as the app writes records: it was changed.")
    return record


def _check_policy(report: Report, record: str, policy: bytes, which: str) -> None:
    """Whether these are the words that were signed; line ends that mail or an editor changed do not count."""
    text = plain_text(policy.decode(errors="replace"))
    report.check(
        json.loads(record)["policy"]["sha256"] in {hashlib.sha256(policy).hexdigest(), sha256_of(text)},
        f"{which} is the one that was signed.",
        f"{which} is not the one that was signed: its SHA-256 is another than the record names.",
    )


def _check_pages(report: Report, found: PdfText, record: str, policy: bytes) -> None:
    """Whether the pages print what the record says: made again from it, they hold the same words."""
    made = read(pdf_of(record, policy.decode(errors="replace")), pages=MAX_PAGES)
    printed = _squeezed(found.pages)
    if not isinstance(made, str) and _squeezed(made.pages) == printed:
        report.held.append("Every field, and the seal, is printed as the record says.")
        return
    fields = [*printed_fields(record), (SEAL, [sha256_of(record)])]
    wrong = [label for label, lines in fields if any(_squeezed([printable(line)]) not in printed for line in lines)]
    at = f"at {', '.join(wrong)}" if wrong else "beside its fields"
    report.faults.append(f"The pages say something else than the record {at}. What stands above is the record's.")


def _squeezed(pages: list[str]) -> str:
    """The characters without the white space, which depends on where lines break."""
    return "".join("".join(pages).split())
