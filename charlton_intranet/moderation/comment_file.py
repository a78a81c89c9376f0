"""Reading a CSV file of comments: what it is made of, and which rows can go in. Touches no table."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from charlton_intranet.core.clock import TOWN_ZONE, as_utc
from charlton_intranet.core.errors import Invalid
from charlton_intranet.core.uploads import Upload
from charlton_intranet.moderation.rules import (
    AuthorKind,
    Context,
    check_all,
    check_source,
    check_text,
    clean,
    origin_key,
)
from charlton_intranet.sites.rules import normalise

# Our fields and what the import page calls them. Only the words must be there.
IMPORT_FIELDS: dict[str, str] = {
    "text": "Words of the comment",
    "id": "The network's number of the comment",
    "author": "Name of the writer",
    "posted_at": "When it was posted",
    "permalink": "Link to the comment",
}
DELIMITERS = ",;\t|"
US_FORMATS = ("%m/%d/%Y", "%m/%d/%Y %H:%M", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %I:%M %p", "%m/%d/%Y %I:%M:%S %p")
EXCERPT = 200
# Blank rows count: reading them takes as long.
MAX_ROWS = 250_000
# The module's own limit of 131,072 characters ends a file at one long field; such a row is refused instead.
csv.field_size_limit(2**31 - 1)


@dataclass(frozen=True, slots=True)
class Record:
    """A row that is not blank; ``number`` as a spreadsheet counts it, the header being row 1."""

    number: int
    values: dict[str, str]
    surplus: int = 0


@dataclass(frozen=True, slots=True)
class Comment:
    """A row that can go in; ``key`` is what makes two rows the same post.

    ``link_key`` is what the link alone would make of it, where ``key`` is made of the network's own id.
    """

    number: int
    text: str
    handle: str
    permalink: str
    posted_at: datetime | None
    key: str | None
    link_key: str | None = None
    author_kind: AuthorKind = AuthorKind.PUBLIC
    context: Context | None = None
    pictures: tuple[Upload, ...] = ()

    @property
    def size(self) -> int:
        """About how many bytes it takes in memory."""
        return len(self.text) + sum(len(picture.data) for picture in self.pictures)


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that can not go in, with the reason and how it begins."""

    number: int
    reason: str
    excerpt: str


def check_mapping(mapping: Mapping[str, str]) -> dict[str, str]:
    """The mapping without what is left out; ``Invalid`` without a column for the words or with an unknown field."""
    chosen = {field: column.strip() for field, column in mapping.items() if column.strip()}
    unknown = sorted(chosen.keys() - IMPORT_FIELDS.keys())
    if unknown:
        raise Invalid({"mapping": f"There is no field {', '.join(unknown)}; there are {', '.join(IMPORT_FIELDS)}."})
    if "text" not in chosen:
        raise Invalid({"text": "Say which column holds the words of the comments."})
    return chosen


def read(data: bytes, mapping: Mapping[str, str]) -> Iterator[Record]:
    """The rows of a file by our fields. Raises ``Invalid`` before the first row when the file can not be read so.

    ``mapping`` goes from our fields to the file's columns, whose names are compared without regard to case.
    """
    text = _decoded(data)
    delimiter, header = _header(text, mapping["text"])
    columns = _columns(header, mapping)
    return _records(text, delimiter, columns, len(header))


def comments(data: bytes, mapping: Mapping[str, str]) -> Iterator[Comment | Refused]:
    """Each row of a file as a comment, or as a refusal with its reason."""
    for record in read(data, mapping):
        try:
            yield _comment(record)
        except Invalid as invalid:
            words = " ".join(clean(record.values.get("text", "")).split())
            yield Refused(record.number, invalid.message[:300], words[:EXCERPT])


def _decoded(data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as broken:
        line = data[: broken.start].count(b"\n") + 1
        raise Invalid(
            {"file": f"Line {line} is not UTF-8 text. Save the file as “CSV UTF-8” and choose it again."}
        ) from broken
    if not text.strip():
        raise Invalid({"file": "The file is empty. Export the comments again and choose the new file."})
    return text


def _reader(text: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def _header(text: str, wanted: str) -> tuple[str, list[str]]:
    """The delimiter and the header: the delimiter that makes ``wanted`` a column, or else the most columns.

    Comments hold commas and semicolons in any number, so counting them over the file would tell nothing.
    """
    found = []
    for delimiter in DELIMITERS:
        header = next((row for row in _reader(text, delimiter) if any(cell.strip() for cell in row)), [])
        names = [clean(cell.strip()) for cell in header]
        found.append((_folded(wanted) in map(_folded, names), len(names), delimiter, names))
    _has_it, _count, delimiter, names = max(found, key=lambda one: one[:2])
    return delimiter, names


def _columns(header: list[str], mapping: Mapping[str, str]) -> dict[str, int]:
    """Where each mapped field stands; ``Invalid`` names every one that is missing or there twice."""
    names = [_folded(name) for name in header]
    shown = ", ".join(f"“{name}”" for name in header[:20] if name) or "no names"
    problems = {}
    for field, column in mapping.items():
        count = names.count(_folded(column))
        if count == 0:
            problems[field] = f"There is no column “{column}”. The first row holds {shown}."[:500]
        elif count > 1:
            problems[field] = f"There are {count} columns “{column}”. Give each its own name in the first row."
    if problems:
        raise Invalid(problems)
    return {field: names.index(_folded(column)) for field, column in mapping.items()}


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()


def _records(text: str, delimiter: str, columns: Mapping[str, int], width: int) -> Iterator[Record]:
    numbered = enumerate(_reader(text, delimiter), start=1)
    next((row for _number, row in numbered if any(cell.strip() for cell in row)), None)
    for number, row in numbered:
        if number > MAX_ROWS:
            raise Invalid({"file": f"The file has more than {MAX_ROWS:,} rows. Cut it in several."})
        if any(cell.strip() for cell in row):
            values = {field: row[index] if index < len(row) else "" for field, index in columns.items()}
            yield Record(number, values, sum(1 for cell in row[width:] if cell.strip()))


def _comment(record: Record) -> Comment:
    """The row as a comment; ``Invalid`` says what is wrong with it."""
    if record.surplus:
        raise Invalid({"text": "The row has more columns than the first one. Put the words between quotation marks."})
    values = {field: clean(value) for field, value in record.values.items()}
    text = values["text"]
    if not text.strip():
        raise Invalid({"text": "There are no words in this row."})
    handle, permalink = values.get("author", "").strip(), values.get("permalink", "").strip()
    check_all(lambda: check_text(text), lambda: check_source(permalink, handle))
    key, link_key = keys_of(permalink, values.get("id", ""))
    return Comment(
        number=record.number,
        text=text,
        handle=handle,
        permalink=permalink,
        posted_at=_moment(values.get("posted_at", "").strip()),
        key=key,
        link_key=link_key,
    )


def keys_of(permalink: str, external_id: str) -> tuple[str | None, str | None]:
    """The key of a post, and what its link alone would make of it where that is another."""
    link = normalise(permalink)
    key, link_key = origin_key(link=link, external_id=external_id), origin_key(link=link)
    return key, link_key if link_key != key else None


def _moment(text: str) -> datetime | None:
    """A moment as networks export it: ISO 8601, US style, or seconds since 1970. Without a zone it is town time."""
    if not text:
        return None
    try:
        if text.isascii() and text.isdecimal() and len(text) in {10, 13}:
            return datetime.fromtimestamp(int(text[:10]), UTC)
        moment = _iso_or_us(text)
        return as_utc(moment if moment.tzinfo else moment.replace(tzinfo=TOWN_ZONE))
    except (ValueError, OverflowError) as unreadable:
        raise Invalid(
            {"posted_at": f"“{text[:40]}” is not a date we can read. Write it like 2026-11-23 14:05."}
        ) from unreadable


def _iso_or_us(text: str) -> datetime:
    for us_format in US_FORMATS if "/" in text else ():
        try:
            return datetime.strptime(text, us_format).replace(tzinfo=TOWN_ZONE)
        except ValueError:
            continue
    return datetime.fromisoformat(text)
