"""The certificate of a signature: its record field by field, and the PDF that prints it.

Beside the rooms, and without a database: ``verifying`` makes the same PDF again from what a file carries.
"""

import hashlib
import json
from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from typing import Any

from fontTools.ttLib import TTFont
from fpdf import FPDF
from fpdf.enums import WrapMode, XPos, YPos

from charlton_intranet.core.clock import as_utc, town_time
from charlton_intranet.core.resources import vendored
from charlton_intranet.policy.clauses import sha256_of

RECORD, POLICY = "record.json", "policy.txt"
SEAL = "Seal (SHA-256)"
READING_ONLY = "No site yet: the signature is for reading"

# What a text that is no record makes the functions below raise.
NO_RECORD = (ValueError, TypeError, KeyError, RecursionError)

# What stands behind a PDF's end: its own SHA-256. Readers of PDF pass over it.
DIGEST_LINE = b"%% SHA-256 of everything above this line: %s\n"

HOW = (
    f"Take out the two files that are attached to this PDF, {RECORD} and {POLICY}: see under the paper clip.",
    f"Compute the SHA-256 of both: sha256sum {RECORD} {POLICY}, or Get-FileHash {RECORD} on Windows.",
    "The first must be the seal, the second the SHA-256 of the policy's text. The record names the second too.",
    "Or let a program compare it all, without the database: charlton-intranet verify-certificate CERTIFICATE.PDF",
)
SHOWS = "What this shows: neither the record nor the policy's text has changed since the seal was computed."
SHOWS_NOT = (
    "What it does not show: who computed the seal. Anybody can seal a record of their own. For that, hold the seal "
    "against the town's audit trail, where the event of the signature names it, or against a copy kept elsewhere."
)

_LABELS = {
    "person": "Person",
    "typed_name": "Signed as",
    "policy": "Policy",
    "consents": "Declared",
    "scope": "Acts as",
    "signs_for": "Signs for",
    "signed_at": "Signed",
    "signed_on": "Signed on paper on",
    "attested": "Attested",
    "filed_by": "Filed by",
    "filed_at": "Filed",
    "paper": "Scan of the paper",
    "expires_on": "Counts until",
    "address": "Network address",
    "device": "Browser",
    "method": "Method",
    "what": "What this is",
}


def printed_fields(record: str) -> list[tuple[str, list[str]]]:
    """Every field of a sealed record as label and lines, in the order in which people read them.

    A field that this version of the app does not know is printed under its own name, so nothing sealed goes unseen.
    Raises one of ``NO_RECORD`` when this is none.
    """
    found = _told(record)
    order = [*_LABELS, *sorted(found.keys() - _LABELS.keys())]
    return [(_LABELS.get(key, key), list(_words(key, found[key]))) for key in order if key in found]


def _told(record: str) -> dict[str, Any]:
    found = json.loads(record)
    if not isinstance(found, dict):
        raise TypeError("a record is a JSON object")
    return found


def _words(key: str, value: Any) -> Iterator[str]:
    """A field's lines, for people."""
    match key, value:
        case "person" | "filed_by", {"id": number, "name": name, "email": email}:
            yield f"{name}, {email} (person {number})"
        case "policy", {"title": title, "version": version, "sha256": sha256, **others}:
            yield f"{title}, version {version}"
            yield f"SHA-256 of its text: {sha256}"
            if "original_sha256" in others:
                yield f"SHA-256 of the file it was read out of: {others.pop('original_sha256')}"
            yield from (f"{name}: {other}" for name, other in sorted(others.items()))
        case "signs_for", []:
            yield READING_ONLY
        case "signs_for", [*lines]:
            yield from (f"{line['words']} ({line['subject']}, level {line['level']})" for line in lines)
        case "paper", {"file": name, "sha256": sha256, "size": size, "media_type": media_type}:
            yield f"{name} ({media_type}, {size:,} bytes)"
            yield f"SHA-256: {sha256}"
        case (("signed_at" | "filed_at"), str()):
            yield f"{_moment(value)} ({value})"
        case (("signed_on" | "expires_on"), str()):
            yield f"{_day(date.fromisoformat(value))} ({value})"
        case _, [*several]:
            yield from map(str, several)
        case _:
            yield str(value)


def _moment(value: str) -> str:
    local = town_time(datetime.fromisoformat(value))
    return f"{_day(local.date())}, {local:%I:%M:%S %p %Z}"


def _day(day: date) -> str:
    return f"{day:%A, %B} {day.day}, {day.year}"


def pdf_of(record: str, text: str) -> bytes:
    """The certificate as PDF, with the record and the policy's text attached: the same bytes for the same signature.

    Raises one of ``NO_RECORD`` when this is none.
    """
    told, fields = _told(record), printed_fields(record)
    page = _Page(as_utc(datetime.fromisoformat(told.get("signed_at") or told["filed_at"])))
    page.heading("Certificate of acknowledgement", 16)
    page.words(f"{told['person']['name']} signed {told['policy']['title']}, version {told['policy']['version']}.")
    for label, lines in fields:
        page.field(label, lines)
    page.field(SEAL, [sha256_of(record)])
    page.heading("The sealed record", 12)
    page.words("The seal is the SHA-256 of these characters in UTF-8, with nothing before or after them:")
    page.words(record, exactly=True)
    page.heading("Check it yourself", 12)
    for number, step in enumerate(HOW, 1):
        page.words(f"{number}. {step}")
    page.words(SHOWS)
    page.words(SHOWS_NOT)
    for name, content in ((RECORD, record), (POLICY, text)):
        page.embed_file(bytes=content.encode(), basename=name, modification_date=page.at, compress=True)
    made = bytes(page.output())
    return made + DIGEST_LINE % hashlib.sha256(made).hexdigest().encode()


class _Page(FPDF):
    """A letter page in a font with more than Latin letters."""

    def __init__(self, at: datetime) -> None:
        super().__init__(format="letter")
        self.at = at
        self.set_creation_date(at)
        self.set_producer("Charlton Intranet")
        self.set_title("Certificate of acknowledgement")
        self.set_lang("en-US")
        self.add_font("certificate", "", vendored("certificate.ttf"))
        self.add_font("certificate", "B", vendored("certificate-bold.ttf"))
        self.set_margin(20)
        self.set_auto_page_break(auto=True, margin=20)
        self.add_page()

    def footer(self) -> None:
        self.set_y(-15)
        self.set_font("certificate", "", 8)
        self.cell(text=f"Page {self.page_no()} of {{nb}}")

    def heading(self, text: str, size: int) -> None:
        self.ln(3)
        self.set_font("certificate", "B", size)
        self.multi_cell(0, text=text, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(1)

    def words(self, text: str, *, exactly: bool = False) -> None:
        """A paragraph; ``exactly`` breaks lines anywhere, so that no space is lost at a line's end."""
        self.set_font("certificate", "", 8 if exactly else 9)
        height, wrapping = (4.2, WrapMode.CHAR) if exactly else (4.8, WrapMode.WORD)
        self.multi_cell(
            0, height, text=printable(text), align="L", wrapmode=wrapping, new_x=XPos.LMARGIN, new_y=YPos.NEXT
        )
        self.ln(1)

    def field(self, label: str, lines: list[str]) -> None:
        self.set_font("certificate", "B", 9)
        self.cell(42, 5, text=printable(label))
        self.set_font("certificate", "", 9)
        for line in lines:
            self.set_x(self.l_margin + 42)
            self.multi_cell(0, 5, text=printable(line), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)


@cache
def _glyphs() -> frozenset[int]:
    """The characters that the font has."""
    with TTFont(vendored("certificate.ttf"), lazy=True) as font:
        return frozenset(font.getBestCmap() or ())


def printable(text: str) -> str:
    """The text with a box for what the font lacks; the attached record holds it exactly."""
    return "".join(c if ord(c) in _glyphs() or c == "\n" else "\u25a1" for c in text)
