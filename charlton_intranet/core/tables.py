"""Tables as files: CSV that a spreadsheet opens without running anything in it, JSON, and CSV that was handed in."""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from charlton_intranet.core.errors import Invalid

# Excel tells UTF-8 by it.
BOM = "\ufeff"
# What makes a spreadsheet take a cell for a formula, their full-width forms too (OWASP, CSV Injection).
_FORMULA_STARTS = tuple("=+-@\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}\N{FULLWIDTH HYPHEN-MINUS}\uff20")
_CONTROL_STARTS = ("\t", "\r", "\n")

_DELIMITERS = ",;\t|"
_UTF_16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
# A quotation mark that is never closed would swallow the rest of the file; no cell is longer than this.
_MOST_LINES = 50
# What a spreadsheet holds in a cell, and more columns than anybody's list has: readers look at every one of them.
_MOST_CHARACTERS, _MOST_CELLS = 32_767, 1_000
# The module's own limit of 131,072 characters ends a file at one long cell.
csv.field_size_limit(2**31 - 1)


@dataclass(frozen=True, slots=True)
class Line:
    """A row that is not blank; ``number`` as a spreadsheet counts it, from 1."""

    number: int
    cells: tuple[str, ...]


def csv_text(headers: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A CSV file (RFC 4180) with its byte order mark, to be written as UTF-8 with its line ends untouched.

    Text that a spreadsheet would run as a formula gets an apostrophe in front; numbers, dates and None (an empty
    cell) need none. Every cell is quoted, so that no separator of another country cuts one in two.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([_cell(name) for name in headers])
    writer.writerows([_cell(value) for value in row] for row in rows)
    return BOM + out.getvalue()


def json_text(value: Any) -> str:
    """JSON for people and programs: indented, in the order given, dates as ISO 8601."""
    return json.dumps(value, indent=1, ensure_ascii=False, default=_plain) + "\n"


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):  # a datetime is one
        return value.isoformat()
    text = str(value)
    if isinstance(value, int | float):
        return text
    risky = text.startswith(_CONTROL_STARTS) or text.lstrip().startswith(_FORMULA_STARTS)
    return f"'{text}" if risky else text


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def read_table(data: bytes, *, most: int) -> list[Line]:
    """The rows of a CSV file as people and programs write them: any usual encoding, any usual delimiter.

    Raises ``Invalid`` for ``file`` when it holds nothing, is no text, or has more than ``most`` rows, or more in one of
    them than a spreadsheet takes.
    """
    text = _decoded(data)
    # Unlike str.splitlines: a cell may hold the line separators of Unicode.
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    offset, told = 0, ""
    if lines[0].lower().startswith("sep=") and len(lines[0]) == 5:  # how Excel notes the delimiter
        offset, told = 1, lines[0][4]
    delimiter = told or _delimiter(lines)
    found = []
    for number, cells in enumerate(_records(lines[offset:], delimiter), start=1 + offset):
        if len(cells) > _MOST_CELLS:
            raise Invalid({"file": f"Row {number:,} has more than {_MOST_CELLS:,} cells. Export the list again."})
        if any(len(cell) > _MOST_CHARACTERS for cell in cells):
            raise Invalid({"file": f"A cell of row {number:,} is longer than a spreadsheet's. Export the list again."})
        if any(cells):
            found.append(Line(number, cells))
        if number > most:
            raise Invalid({"file": f"The file has more than {most:,} rows. Cut it in several."})
    if not found:
        raise Invalid({"file": "The file is empty. Export the list again and choose the new file."})
    return found


def _decoded(data: bytes) -> str:
    """The text of a file: UTF-8 or UTF-16, and where a line is neither, what Windows wrote before (cp1252)."""
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise Invalid({"file": "This is an Excel workbook. Save it as “CSV UTF-8” and choose that file."})
    encoding = _UTF_16.get(data[:2], "")
    start = data[:4000]
    if not encoding and start.count(0) > len(start) // 4:
        encoding = "utf-16-le" if start[1::2].count(0) > start[::2].count(0) else "utf-16-be"
    if encoding:
        text = data.decode(encoding, "replace")
    else:
        try:
            text = data.decode()
        except UnicodeDecodeError:
            text = "\n".join(_line(line) for line in data.split(b"\n"))
    return text.removeprefix(BOM).replace("\0", "")


def _line(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace")


def _delimiter(lines: Sequence[str]) -> str:
    """The delimiter that cuts most of the first rows into the same number of cells, and into most of them."""
    sample = [line for line in lines[:200] if line.strip()][:60]

    def fit(delimiter: str) -> tuple[int, int]:
        widths = Counter(len(cells) for cells in _records(sample, delimiter) if len(cells) > 1)
        width, rows = max(widths.items(), key=lambda one: (one[1], one[0]), default=(1, 0))
        return rows * (width - 1), width

    return max(_DELIMITERS, key=fit)


def _records(lines: Sequence[str], delimiter: str) -> Iterator[tuple[str, ...]]:
    """Rows of cells; a cell may run over lines, but a stray quotation mark spoils its own line only."""
    at, width = 0, 0
    while at < len(lines):
        taken, cells = _record(lines, at, delimiter, width)
        width = width or len(cells)
        at += taken
        yield cells


def _record(lines: Sequence[str], at: int, delimiter: str, width: int) -> tuple[int, tuple[str, ...]]:
    line = lines[at]
    if '"' not in line:
        return 1, tuple(cell.strip() for cell in line.split(delimiter))
    for taken in range(1, min(_MOST_LINES, len(lines) - at) + 1):
        try:
            cells = _cells(lines[at : at + taken], delimiter)
        except csv.Error as error:
            if "unexpected end of data" in str(error):
                continue
            break
        if taken == 1 or width in {0, len(cells)}:
            return taken, cells
        break
    return 1, tuple(cell.replace('"', "").strip() for cell in line.split(delimiter))


def _cells(lines: Sequence[str], delimiter: str) -> tuple[str, ...]:
    reader = csv.reader(["\n".join(lines)], delimiter=delimiter, strict=True, skipinitialspace=True)
    return tuple(cell.strip() for cell in next(reader))
