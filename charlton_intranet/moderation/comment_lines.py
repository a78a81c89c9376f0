"""Reading the intake format: JSON lines, one comment each (docs/intake-format.md). Touches no table.

Whoever writes such a file is a stranger: a line is taken only when everything in it is what the format says, and what
could show itself otherwise than it is stored is refused. The other lines go in.
"""

import base64
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from itertools import chain
from typing import Any

from charlton_intranet.core.clock import as_utc
from charlton_intranet.core.errors import Invalid
from charlton_intranet.core.uploads import MAX_PICTURES, Upload, inspect_picture
from charlton_intranet.moderation.comment_file import EXCERPT, Comment, Refused, keys_of
from charlton_intranet.moderation.rules import (
    HANDLE_MAX,
    LINK_MAX,
    TEXT_MAX,
    AuthorKind,
    Context,
    cleaned,
)
from charlton_intranet.sites.rules import normalise

VERSION = 1
# With its pictures in base64, which takes a third more than they do.
MAX_LINE = 8_000_000
MAX_LINES = 1_000_000
# What is kept of a longer one, to show how it begins.
BEGINNING = 4 * EXCERPT
ID_MAX, SITE_MAX, NAME_MAX = 300, 1_000, 150

FIELDS = frozenset({"version", "site", "id", "permalink", "author", "text", "posted_at", "in_reply_to", "pictures"})
AUTHOR_FIELDS = frozenset({"handle", "kind"})
REPLY_FIELDS = frozenset({"text", "author", "permalink"})
PICTURE_FIELDS = frozenset({"name", "data"})

# RFC 3339, section 5.6: with its offset.
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
# Characters that no text on a page holds: controls but tab and line ends.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_HALF = re.compile(r"[\ud800-\udfff]")
# What turns the direction of the text around it (Unicode Standard Annex 9), so that one reads what is not there.
# Isolates end by themselves, and networks write them around names: in the words they may stand.
_TURNING = re.compile(r"[\u202a-\u202e]")
_DIRECTION = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not blank, counted from 1; of one that is too long only its beginning is there."""

    number: int
    data: bytes
    too_long: bool = False


def is_lines(start: bytes) -> bool:
    """Whether a file that begins so is in this format: its first line is a JSON object."""
    return start.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n").startswith(b"{")


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a line, for whoever writes such files."""
    loaded: dict[str, Any] = json.loads(
        files("charlton_intranet.moderation").joinpath("intake-format.schema.json").read_text("utf-8")
    )
    return loaded


def split(blocks: Iterable[bytes]) -> Iterator[Line]:
    """The lines of a file that comes in blocks; never more than a block and one line of it is in memory."""
    data, number, too_long = bytearray(), 1, False
    for block in chain(blocks, (b"\n",)):
        for index, part in enumerate(block.split(b"\n")):
            if index:
                if data.strip():
                    yield Line(number, bytes(data), too_long)
                data, number, too_long = bytearray(), number + 1, False
            too_long = too_long or len(data) + len(part) > MAX_LINE
            data += part
            if too_long:
                del data[BEGINNING:]


def read_line(line: Line, site_names: frozenset[str]) -> Comment | Refused:
    """The comment of a line, or why it can not go in. ``site_names`` are what the file may call its site."""
    text = ""
    try:
        given = _object(line)
        text = given["text"] if isinstance(given.get("text"), str) else ""
        return _comment(line.number, given, site_names)
    except Invalid as invalid:
        return Refused(line.number, invalid.message[:300], _shown(text or line.data.decode("utf-8", "replace")))


def _shown(text: str) -> str:
    """How a refused line begins, as it can be shown without harm."""
    words = " ".join(text[: EXCERPT * 2].split())[:EXCERPT]
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in words)


# --- JSON (RFC 8259), and no more lenient -------------------------------------------------------------------


def _object(line: Line) -> dict[str, Any]:
    if line.too_long:
        raise _wrong(f"The line is longer than {MAX_LINE // 1_000_000} MB. Capture the pictures by hand.")
    try:
        text = line.data.removeprefix(b"\xef\xbb\xbf").decode("utf-8")
    except UnicodeDecodeError as broken:
        raise _wrong("The line is not UTF-8 text.") from broken
    try:
        found = json.loads(text, object_pairs_hook=_once_each, parse_constant=_no_number, parse_int=_whole)
    except RecursionError as deep:
        raise _wrong("The line is nested too deeply.") from deep
    except json.JSONDecodeError as broken:
        raise _wrong(f"The line is not JSON: {broken.msg} at character {broken.pos + 1:,}.") from broken
    if not isinstance(found, dict):
        raise _wrong("The line is not a JSON object.")
    return found


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _wrong("A name stands in the line twice. Which of the two counts can not be known.")
    return found


def _no_number(name: str) -> Any:
    raise _wrong(f"{name} is not JSON.")


def _whole(digits: str) -> int:
    if len(digits) > 18:
        raise _wrong("A number in the line is too large.")
    return int(digits)


def _wrong(sentence: str) -> Invalid:
    return Invalid({"file": sentence})


# --- what a line says ------------------------------------------------------------------------------------


def _comment(number: int, given: Mapping[str, Any], site_names: frozenset[str]) -> Comment:
    if type(given.get("version")) is not int or given["version"] != VERSION:
        raise _wrong(f"“version” must be {VERSION}: this app reads no other.")
    _only(given, FIELDS, "The line")
    site = _named(given, "site", SITE_MAX)
    if site and not {site.casefold(), normalise(site)} & site_names:
        raise _wrong(f"The line is for {site[:100]}, another site than the one chosen for this file.")
    author = _part(given, "author", AUTHOR_FIELDS)
    kind = _named(author, "kind", 20) or AuthorKind.PUBLIC
    if kind not in set(AuthorKind):
        raise _wrong(f"“author.kind” must be one of {', '.join(AuthorKind)}.")
    text = _words(given, "text")
    if not text.strip():
        raise _wrong("There are no words in this line. For a picture say what it shows.")
    permalink, external_id = _named(given, "permalink", LINK_MAX), _named(given, "id", ID_MAX)
    key, link_key = keys_of(permalink, external_id)
    return Comment(
        number=number,
        text=text,
        handle=_named(author, "handle", HANDLE_MAX),
        permalink=permalink,
        posted_at=_moment(_named(given, "posted_at", 40)),
        key=key,
        link_key=link_key,
        author_kind=AuthorKind(kind),
        context=_context(_part(given, "in_reply_to", REPLY_FIELDS)),
        pictures=_pictures(given.get("pictures")),
    )


def _only(given: Mapping[str, Any], known: frozenset[str], what: str) -> None:
    unknown = sorted(given.keys() - known)
    if unknown:
        raise _wrong(f"{what} has a field “{_shown(unknown[0])[:40]}”, which the format does not know.")


def _part(given: Mapping[str, Any], name: str, known: frozenset[str]) -> Mapping[str, Any]:
    part = given.get(name)
    if part is None:
        return {}
    if not isinstance(part, dict):
        raise _wrong(f"“{name}” must be an object.")
    _only(part, known, f"“{name}”")
    return part


def _string(given: Mapping[str, Any], name: str, most: int) -> str:
    value = given.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _wrong(f"“{name}” must be text between quotation marks.")
    if len(value) > most:
        raise _wrong(f"“{name}” is longer than {most:,} characters ({len(value):,}).")
    if _HALF.search(value):
        raise _wrong(f"“{name}” holds half a character (a surrogate alone).")
    control = _CONTROL.search(value)
    if control:
        raise _wrong(f"“{name}” holds a character that is not text (U+{ord(control[0]):04X}).")
    return value


def _words(given: Mapping[str, Any], name: str) -> str:
    """What people wrote, to the letter."""
    text = _string(given, name, TEXT_MAX)
    turning = _TURNING.search(text)
    if turning:
        raise _wrong(
            f"“{name}” holds a hidden sign that turns its direction (U+{ord(turning[0]):04X}), so it reads otherwise "
            "than it is written. Capture it by hand, with a screenshot."
        )
    return text


def _named(given: Mapping[str, Any], name: str, most: int) -> str:
    """What names something: on one line, and without any sign of direction that could make it look like another."""
    text = _string(given, name, most).strip()
    if _DIRECTION.search(text) or len(text.splitlines()) > 1:
        raise _wrong(f"“{name}” holds a line end or a hidden sign of direction.")
    return text


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    try:
        if not _MOMENT.fullmatch(text):
            raise ValueError  # noqa: TRY301 - the same sentence for both
        return as_utc(datetime.fromisoformat(text.upper()))
    except (ValueError, OverflowError) as unreadable:
        raise _wrong(f"“posted_at” is “{text}”; it must be like 2026-11-23T14:05:00-05:00 (RFC 3339).") from unreadable


def _context(reply: Mapping[str, Any]) -> Context | None:
    return cleaned(
        Context(
            text=_words(reply, "text"),
            handle=_named(reply, "author", HANDLE_MAX),
            permalink=_named(reply, "permalink", LINK_MAX),
        )
    )


def _pictures(given: Any) -> tuple[Upload, ...]:
    if given is None:
        return ()
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise _wrong("“pictures” must be a list of objects.")
    if len(given) > MAX_PICTURES:
        raise _wrong(f"A line takes at most {MAX_PICTURES} pictures.")
    return tuple(_picture(one) for one in given)


def _picture(given: Mapping[str, Any]) -> Upload:
    _only(given, PICTURE_FIELDS, "A picture")
    name = _named(given, "name", NAME_MAX)
    try:
        data = base64.b64decode(_string(given, "data", MAX_LINE), validate=True)
    except ValueError as broken:  # what binascii raises is one
        raise _wrong("The “data” of a picture must be base64 (RFC 4648), without line ends.") from broken
    return inspect_picture(data, name or "picture", field="pictures")
