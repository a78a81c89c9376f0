"""A record sheet as files to hand out: one JSON file, or a ZIP with a CSV for each section.

A ZIP, because the sections have different columns: each opens in a spreadsheet with its own header, to be sorted
and filtered. The same record with the same stamp gives the same bytes.
"""

import hashlib
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from charlton_intranet.core.clock import town_time
from charlton_intranet.core.tables import csv_text, json_text
from charlton_intranet.records.rules import FORMAT, Format, Record, Section, Stamp, Value, as_data, dictionary

MANIFEST = "SHA256SUMS"
_MEDIA = {Format.CSV: ("application/zip", "zip"), Format.JSON: ("application/json", "json")}


@dataclass(frozen=True, slots=True)
class File:
    """A sheet as bytes, ready to be sent."""

    name: str
    media_type: str
    data: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


def file_of(record: Record, stamp: Stamp, wanted: Format) -> File:
    """The sheet in the format asked for."""
    data = _zip(record, stamp) if wanted is Format.CSV else json_text(as_data(record, stamp)).encode()
    media_type, ending = _MEDIA[wanted]
    return File(f"record-{record.kind}-{record.id}-{town_time(stamp.as_of):%Y%m%d-%H%M}.{ending}", media_type, data)


def _zip(record: Record, stamp: Stamp) -> bytes:
    files = {name: text.encode() for name, text in _tables(record, stamp)}
    sums = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in files.items())
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as bundle:
        for name, data in {**files, MANIFEST: sums.encode()}.items():
            entry = zipfile.ZipInfo(name, town_time(stamp.as_of).timetuple()[:6])
            entry.create_system = 3  # Unix, also where it was made on Windows: the bytes must not tell
            entry.external_attr = 0o644 << 16
            bundle.writestr(entry, data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _tables(record: Record, stamp: Stamp) -> Iterator[tuple[str, str]]:
    """Names and texts of the tables: what the bundle is, each section, and what each field is."""
    yield "00-about.csv", csv_text(("What", "Value"), _about(record, stamp))
    for number, section in enumerate(record.sections, 1):
        yield f"{number:02}-{section.key.replace('_', '-')}.csv", _table(section)
    headers = ("Section", "Field", "Label", "Release", "Exemption (c. 4 s. 7 cl. 26)")
    yield "fields.csv", csv_text(headers, dictionary(record.sections))


def _about(record: Record, stamp: Stamp) -> list[tuple[str, str]]:
    return [
        ("Record", f"{record.kind.capitalize()} {record.id}: {record.title}"),
        ("Town", stamp.town),
        ("As of (town time)", _town(stamp.as_of)),
        ("Made by", stamp.by),
        ("Last event of the audit trail", str(stamp.number)),
        ("Digest of that event", stamp.digest),
        ("Left out, as its maker does not read them", ", ".join(record.left_out) or "nothing"),
        ("Format", FORMAT),
        ("Dates", "Town time (America/New_York); the JSON export has the exact moments"),
        ("To check the files", f"sha256sum -c {MANIFEST}"),
    ]


def _table(section: Section) -> str:
    """A section as rows under its fields; facts read downwards, each with whether it may go out."""
    if not section.single:
        return csv_text([f.label for f in section.fields], [[_cell(value) for value in row] for row in section.rows])
    facts = zip(section.fields, section.rows[0], strict=True)
    return csv_text(("Field", "Value", "Release"), [(f.label, _cell(value), f.release) for f, value in facts])


def _cell(value: Value) -> Value:
    """A moment as a spreadsheet reads it, on the clock at Town Hall."""
    return _town(value) if isinstance(value, datetime) else value


def _town(moment: datetime) -> str:
    return f"{town_time(moment):%Y-%m-%d %H:%M:%S}"
