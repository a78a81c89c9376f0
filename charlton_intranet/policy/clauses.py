"""The policy's text as sections and clauses with stable names, so that each rule on a screen links to its words.

A town numbers its headings (``3.6 Site Content``), the items below them (``3.`` is clause 3.6-3) and the letters
below those (``A.`` is clause 3.6.3-A, as the policy writes it itself). Plain text and Markdown are read alike. Pure.
"""

import hashlib
import re
import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum, auto

from charlton_intranet.core.errors import Invalid

_NUMBERED_HEADING = re.compile(r"(?:#{1,6}\s+)?(\d{1,2}\.\d{1,2})\.?\s+(\S.*[^.])")
_HEADING = re.compile(r"#{1,6}\s+(\S.*)")
_NUMBER = re.compile(r"(?:[-*•]\s+)?(\d{1,2})[.)]\s+(\S.*)")
_LETTER = re.compile(r"(?:[-*•]\s+)?([A-Z])[.)]\s+(\S.*)")
_BULLET = re.compile(r"[-*•]\s+(\S.*)")
_HEADING_LENGTH = 60
_SENTENCE_SIGNS = frozenset(".:;,!?")


class Marks(StrEnum):
    """How the entries of a list are marked."""

    NUMBERS = auto()
    LETTERS = auto()
    BULLETS = auto()


@dataclass(slots=True)
class Entry:
    """One entry of a list; ``clause`` is empty where the text gives it no name."""

    mark: str
    clause: str
    text: str
    inner: "Listing | None" = None


@dataclass(slots=True)
class Listing:
    """Entries under one kind of mark."""

    marks: Marks
    entries: list[Entry] = field(default_factory=list)


@dataclass(slots=True)
class Paragraph:
    """Words outside any list."""

    text: str


@dataclass(slots=True)
class Section:
    """A heading with what stands below it; ``clause`` is its number, ``level`` 2 or 3 as in HTML."""

    title: str
    clause: str
    anchor: str
    level: int
    blocks: list[Paragraph | Listing] = field(default_factory=list)


def plain_text(raw: str) -> str:
    """The text as it is kept and hashed: LF line ends, no white space at line ends or around it, NFC."""
    lines = unicodedata.normalize("NFC", raw.removeprefix("\ufeff")).replace("\r\n", "\n").replace("\r", "\n")
    return "\n".join(line.rstrip() for line in lines.split("\n")).strip() + "\n"


def decode(data: bytes, *, field: str = "file") -> str:
    """A file's text; anything but UTF-8 text is refused for ``field`` rather than guessed at."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise Invalid({field: "This is not a UTF-8 text, and no PDF. Save it as .txt or .md in UTF-8, or paste it."})
    return text


def sha256_of(text: str) -> str:
    """SHA-256 of the UTF-8 text, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def anchor_of(clause: str) -> str:
    """The name under which a clause can be linked to on the policy's page."""
    return f"clause-{clause}"


def sections(text: str) -> list[Section]:
    """Read the policy's text; words before the first heading stand in a section without a title."""
    reader = _Reader()
    for chunk in re.split(r"\n[ \t]*\n", text):
        lines = [line.strip() for line in chunk.splitlines() if line.strip()]
        if len(lines) == 1 and _looks_like_heading(lines[0]):
            reader.heading(lines[0], "")
            continue
        reader.break_off()
        for line in lines:
            reader.line(line)
    return [section for section in reader.sections if section.title or section.blocks]


def _looks_like_heading(line: str) -> bool:
    """A short line alone that is no sentence and carries no mark: how plain text writes a heading."""
    marked = any(pattern.fullmatch(line) for pattern in (_NUMBERED_HEADING, _HEADING, _NUMBER, _LETTER, _BULLET))
    return not marked and len(line) <= _HEADING_LENGTH and not _SENTENCE_SIGNS & set(line)


class _Reader:
    """Reads line by line and remembers what is open."""

    def __init__(self) -> None:
        self.sections = [Section("", "", "part-0", 2)]
        self.named: set[str] = set()
        self.open: Paragraph | Entry | None = None

    def line(self, line: str) -> None:
        if found := _NUMBERED_HEADING.fullmatch(line):
            self.heading(found[2], found[1])
        elif found := _HEADING.fullmatch(line):
            self.heading(found[1], "")
        elif found := _NUMBER.fullmatch(line):
            self.entry(Marks.NUMBERS, found[1], found[2])
        elif found := _LETTER.fullmatch(line):
            self.entry(Marks.LETTERS, found[1], found[2])
        elif found := _BULLET.fullmatch(line):
            self.entry(Marks.BULLETS, "", found[1])
        elif self.open is not None:
            self.open.text += f" {line}"
        else:
            self.open = Paragraph(line)
            self.sections[-1].blocks.append(self.open)

    def break_off(self) -> None:
        """A blank line: what comes next goes on with nothing."""
        self.open = None

    def heading(self, title: str, number: str) -> None:
        """Start a section. The first one stands at the upper level, so that no level is skipped."""
        clause = self.name(number) if number else ""
        upper = not number or number.endswith(".0") or not any(section.title for section in self.sections)
        anchor = anchor_of(clause) if clause else f"part-{len(self.sections)}"
        self.sections.append(Section(title, number, anchor, 2 if upper else 3))
        self.open = None

    def entry(self, marks: Marks, mark: str, text: str) -> None:
        """Add an entry: letters belong to the number above them, everything else to the section."""
        section = self.sections[-1]
        last = section.blocks[-1] if section.blocks else None
        listing = last if isinstance(last, Listing) else None
        name = f"{section.clause}-{mark}"
        if listing is not None and (listing.marks, marks) == (Marks.NUMBERS, Marks.LETTERS):
            above = listing.entries[-1]
            name = f"{section.clause}.{above.mark}-{mark}"
            listing = above.inner = above.inner or Listing(marks)
        if listing is None or listing.marks is not marks:
            listing = Listing(marks)
            section.blocks.append(listing)
        self.open = Entry(mark, self.name(name) if section.clause and mark else "", text)
        listing.entries.append(self.open)

    def name(self, clause: str) -> str:
        """The clause's name, or nothing when it is taken: two places can not share one address."""
        if clause in self.named:
            return ""
        self.named.add(clause)
        return clause
