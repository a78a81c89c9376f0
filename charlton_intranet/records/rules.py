"""A record sheet as data: sections of fields and rows, of which page, CSV and JSON are three views. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum, auto
from typing import Any

Value = str | int | bool | date | datetime | None

# Moves on whenever a reader of the JSON would have to change; docs/record-sheets.md describes it.
FORMAT = "charlton-record-sheet/1"


class Release(StrEnum):
    """Whether a field goes out with a public record as it is (950 CMR 32.07(1)).

    A default, for the Records Access Officer to overrule: ``REVIEW`` means that somebody reads it first.
    """

    PUBLIC = auto()
    REVIEW = auto()
    EXEMPT = auto()


class Kind(StrEnum):
    """What a record sheet is about."""

    SITE = auto()
    DEPARTMENT = auto()


class Format(StrEnum):
    """What a record sheet is handed out as."""

    CSV = auto()
    JSON = auto()


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a section. ``exemption`` is the letter of M.G.L. c. 4 § 7 cl. 26 that may apply."""

    key: str
    label: str
    release: Release = Release.PUBLIC
    exemption: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a sheet. A ``single`` one has exactly one row and reads as facts rather than as a table.

    ``total`` counts the rows on record when ``rows`` holds only the first of them; ``url`` is where the app keeps
    them.
    """

    key: str
    title: str
    clause: str
    fields: tuple[Field, ...]
    rows: tuple[tuple[Value, ...], ...]
    single: bool = False
    empty: str = "Nothing on record."
    url: str = ""
    total: int | None = None

    def __post_init__(self) -> None:
        if any(len(row) != len(self.fields) for row in self.rows) or (self.single and len(self.rows) != 1):
            raise ValueError(f"the rows of {self.key} do not fit its fields")


@dataclass(frozen=True, slots=True)
class Record:
    """Everything on record about one site or department, as far as its reader may read.

    ``left_out`` names the sections that the reader's role does not reach, whether or not they hold anything.
    """

    kind: Kind
    id: int
    department_id: int
    title: str
    lead: str
    sections: tuple[Section, ...]
    left_out: tuple[str, ...] = ()

    @property
    def subject(self) -> str:
        """Its name in the audit trail, apart from the site's or department's own."""
        return f"{self.kind}_record:{self.id}"

    @property
    def contents(self) -> list[tuple[str, str]]:
        """The sections as (anchor, title)."""
        return [(section.key, section.title) for section in self.sections]

    def section(self, key: str) -> Section:
        return next(found for found in self.sections if found.key == key)


@dataclass(frozen=True, slots=True)
class Stamp:
    """Of which moment a sheet is and by whom it was made, with the number and digest of the trail's event then."""

    town: str
    as_of: datetime
    by: str
    number: int
    digest: str


def as_data(record: Record, stamp: Stamp) -> dict[str, Any]:
    """The sheet for machines, in a fixed order; moments stay what they are."""
    return {
        "format": FORMAT,
        "record": {"kind": record.kind, "id": record.id, "title": record.title},
        "town": stamp.town,
        "as_of": stamp.as_of,
        "made_by": stamp.by,
        "audit": {"number": stamp.number, "digest": stamp.digest},
        "left_out": list(record.left_out),
        "sections": [_section(section) for section in record.sections],
    }


def _section(section: Section) -> dict[str, Any]:
    return {
        "key": section.key,
        "title": section.title,
        "clause": section.clause,
        "fields": [
            {"key": f.key, "label": f.label, "release": f.release, "exemption": f.exemption or None}
            for f in section.fields
        ],
        "rows": [{f.key: value for f, value in zip(section.fields, row, strict=True)} for row in section.rows],
    }


def dictionary(sections: Iterable[Section]) -> list[tuple[str, str, str, Release, str]]:
    """Every field of the sections: (section, field, label, release, exemption)."""
    return [(s.key, f.key, f.label, f.release, f.exemption) for s in sections for f in s.fields]
