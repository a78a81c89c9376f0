"""Reading the list of people that a network shows for a page, as somebody copies it from there. Pure.

Lenient, and nothing is dropped silently: every line of the pasted text ends in the text of some entry.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum, auto
from typing import NamedTuple
from unicodedata import normalize

from charlton_intranet.access.rules.roles import VOCABULARY, PageRole, plain, role_of
from charlton_intranet.core.errors import Invalid

MAX_TEXT = 50_000
# Each entry is three fields of a form, and forms are bounded.
MAX_LINES = 60
NAME_MAX = 200

# Characters that show as nothing: zero-width spaces and joiners, direction marks, soft hyphens, byte order marks.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\0]")
_BULLET = re.compile(r"^(?:[-*•·‣◦▪●–—>]+|\(?\d{1,3}[.)])\s+")  # noqa: RUF001 - the dashes that lists begin with
_CELLS = re.compile(r"\t|[;|·•]|,|\s[-–—]\s|[()\[\]<>]")  # noqa: RUF001 - the dashes people type
_EMAIL = re.compile(r"[^\s@<>,;|()]+@[^\s@<>,;|()]+\.[^\s@<>,;|()]+")
_LABEL = re.compile(r"^(?:role|rol|e-?mail|correo|name|nombre)\s*:\s*", re.IGNORECASE)

_SAYS_NOTHING = frozenset(
    {"you", "tu", "usted", "active", "active now", "activo", "activa", "profile picture", "foto de perfil", "remove"}
)
# Names the one who let somebody in, who stands on a line of their own.
_LET_IN = re.compile(r"^(?:(?:added|invited) by|(?:agregad|añadid|invitad)[oa] por)\s", re.IGNORECASE)
_HEADINGS = frozenset(
    {
        "name", "email", "e mail", "role", "access", "people", "people with access", "people with facebook access",
        "people with task access", "page access", "managers", "nombre", "correo", "correo electronico", "rol",
        "acceso", "personas", "personas con acceso", "personas con acceso de facebook", "last active", "status",
    }
)  # fmt: skip
_SHARED = frozenset(
    {
        "agency", "agencia", "team", "equipo", "town", "department", "departamento", "office", "oficina", "llc",
        "inc", "marketing", "social", "shared", "media", "intern", "volunteers",
    }
)  # fmt: skip


class EntryKind(StrEnum):
    """Whom a line of the list was taken for."""

    PERSON = auto()
    SHARED = auto()
    UNKNOWN = auto()
    WORDS = auto()

    @property
    def label(self) -> str:
        return _KINDS[self]


_KINDS = {
    EntryKind.PERSON: "Somebody with an account here",
    EntryKind.SHARED: "A shared account or an agency",
    EntryKind.UNKNOWN: "Nobody we know",
    EntryKind.WORDS: "A heading, nobody on the page",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as it was read; ``text`` holds the lines it was read from, ``role_words`` parts by semicolons."""

    text: str
    name: str
    email: str = ""
    role_words: str = ""

    @property
    def key(self) -> str:
        """What entries of the same account share, in one list and from list to list."""
        return name_key(self.name) or self.email

    @property
    def role(self) -> PageRole:
        return role_of(self.role_words)


class Taken(NamedTuple):
    """Whom an earlier list took a name for."""

    kind: EntryKind
    person_id: int | None


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of people: ids by official address and by the key of a name, and earlier confirmed names."""

    by_email: Mapping[str, int] = field(default_factory=dict)
    by_name: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    here: Mapping[str, Taken] = field(default_factory=dict)
    elsewhere: Mapping[str, Taken] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Match:
    """Whom a line is taken for, and why, in words."""

    kind: EntryKind
    person_id: int | None
    why: str


class _Cells(NamedTuple):
    names: list[str]
    emails: list[str]
    roles: list[str]


def name_key(name: str) -> str:
    """A name without accents, signs and case; ``Barnes, Cody`` gives what ``Cody Barnes`` gives."""
    last, comma, first = name.partition(",")
    return plain(f"{first} {last}" if comma else name)


def address_in(text: str) -> str:
    """The first mail address in ``text`` in lower case, or nothing."""
    found = _EMAIL.search(text)
    return found[0].removeprefix("mailto:").strip(".").lower() if found else ""


def read_list(text: str) -> list[Line]:
    """The entries of a pasted list, in its order.

    Raises ``Invalid`` for ``text`` when there is nothing in it, or far too much.
    """
    if len(text) > MAX_TEXT:
        raise Invalid({"text": f"This is more than {MAX_TEXT:,} characters. Paste only the list of people."})
    lines: list[Line] = []
    for raw in _clean(text).splitlines():
        if line := raw.strip():
            _take(lines, line)
    if not any(_says_something(line) for line in lines):
        raise Invalid({"text": "Type or paste the list, one person a line, as the network shows it."})
    if len(lines) > MAX_LINES:
        raise Invalid({"text": f"These are {len(lines)} entries; at most {MAX_LINES} can be read at once."})
    return lines


def _clean(text: str) -> str:
    return _INVISIBLE.sub("", normalize("NFC", text).replace("\u00a0", " "))


def _says_something(line: Line) -> bool:
    return any(c.isalnum() for c in line.text)


def _take(lines: list[Line], text: str) -> None:
    """Add a line of text as a new entry, or to the one before when it only tells more about it."""
    cells = _cells_of(_BULLET.sub("", text))
    name, email = ", ".join(cells.names)[:NAME_MAX], next(iter(cells.emails), "")
    before = lines[-1] if lines else None
    if before and not name and not (email and (before.email or not before.name)):
        told = "; ".join(filter(None, [before.role_words, *cells.roles]))
        lines[-1] = replace(
            before, text=f"{before.text}\n{text}", email=before.email or email[:254], role_words=told[:NAME_MAX]
        )
        return
    lines.append(
        Line(text, name or email[:NAME_MAX] or text[:NAME_MAX], email[:254], "; ".join(cells.roles)[:NAME_MAX])
    )


def _cells_of(text: str) -> _Cells:
    found = _Cells([], [], [])
    for email in _EMAIL.findall(text):
        found.emails.append(address_in(email))
    rest = _EMAIL.sub(" ", text).replace("mailto:", " ")
    # "Editor (limited)" is one role.
    whole = [rest] if plain(rest) in VOCABULARY else _CELLS.split(rest)
    for part in whole:
        cell = _LABEL.sub("", part.strip()).strip(" .:")
        words = plain(cell)
        if words in VOCABULARY or _LET_IN.match(cell):
            found.roles.append(cell)
        elif words and words not in _SAYS_NOTHING:
            name, role = _role_at_the_end(cell)
            # Behind a whole name stand words about it; before it, as in "Barnes, Cody", a part of it.
            whole_name = bool(found.names) and " " in found.names[0]
            (found.roles if whole_name else found.names).append(name)
            found.roles.extend(role)
    return found


def _role_at_the_end(cell: str) -> tuple[str, list[str]]:
    """``Cody Barnes Full access`` is a name of two words at least and a role."""
    words = cell.split()
    for first in range(2, len(words)):
        role = " ".join(words[first:])
        if plain(role) in VOCABULARY:
            return " ".join(words[:first]), [role]
    return cell, []


def match(line: Line, known: Known) -> Match:
    """Whom a line is taken for: by official address, by a name confirmed before, or by the exact name."""
    if line.email in known.by_email:
        return Match(EntryKind.PERSON, known.by_email[line.email], "by the official address")
    for aliases, where in ((known.here, "for this page"), (known.elsewhere, "for another page")):
        if (taken := aliases.get(line.key)) is not None:
            return Match(taken.kind, taken.person_id, f"confirmed earlier {where}")
        if where == "for this page" and len(same := known.by_name.get(line.key, ())) == 1:
            return Match(EntryKind.PERSON, same[0], "by the exact name")
    if len(known.by_name.get(line.key, ())) > 1:
        return Match(EntryKind.UNKNOWN, None, "several people have this name")
    if _is_heading(line):
        return Match(EntryKind.WORDS, None, "looks like a heading")
    if set(line.key.split()) & _SHARED:
        return Match(EntryKind.SHARED, None, "sounds like a shared account")
    return Match(EntryKind.UNKNOWN, None, "nobody here has this name or address")


def _is_heading(line: Line) -> bool:
    words = {plain(cell) for cell in _CELLS.split(line.text)} - {""}
    return bool(words) and words <= _HEADINGS


def repeats(lines: Iterable[Line]) -> Iterator[bool]:
    """For each entry, whether the list has named the same account before."""
    seen: set[str] = set()
    for line in lines:
        yield line.key in seen
        seen.add(line.key)
