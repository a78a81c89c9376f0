"""Tables as files: CSV that a spreadsheet opens without running anything in it, and JSON."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

# Excel tells UTF-8 by it.
BOM = "\ufeff"
# What makes a spreadsheet take a cell for a formula, their full-width forms too (OWASP, CSV Injection).
_FORMULA_STARTS = tuple("=+-@\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}\N{FULLWIDTH HYPHEN-MINUS}\uff20")
_CONTROL_STARTS = ("\t", "\r", "\n")


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
