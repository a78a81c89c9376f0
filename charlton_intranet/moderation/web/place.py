"""Where somebody stands in the queue, as it stands in the address.

Everything that a reload, a shared link, the Back button or a browser without JavaScript needs is in there: the
filters, the chosen case, and which rows were answered since the list was opened, so that Undo stays in its row.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode

from charlton_intranet.moderation.rules import AuthorKind, Source
from charlton_intranet.moderation.rules.desk import Claimed

Member = TypeVar("Member", bound=StrEnum)

QUEUE = "/triage"
# More would not fit the screen, nor an address.
ANSWERED_MAX = 60
PACKED_MAX = 4000
# What narrows the list, as fields of a place; the tab is chosen apart.
FILTERS = ("site", "words", "urgent", "claimed", "department", "author", "source", "category", "seen_from", "seen_to")


@dataclass(frozen=True, slots=True)
class Place:
    """A view of the queue. ``case`` None leaves the choice to the list, ``tab`` '' to what the viewer can act on."""

    tab: str = ""
    site: int | None = None
    words: str = ""
    urgent: bool = False
    claimed: Claimed | None = None
    department: int | None = None
    author: AuthorKind | None = None
    source: Source | None = None
    category: str = ""
    seen_from: date | None = None
    seen_to: date | None = None
    after: str = ""
    case: int | None = None
    answered: tuple[int, ...] = ()
    batch: str = ""

    @classmethod
    def read(cls, values: Mapping[str, str]) -> "Place":
        """The view that an address asks for; what makes no sense in it is left out."""
        return cls(
            tab=values.get("state", ""),
            site=_number(values.get("site", "")),
            words=values.get("words", "").replace("\0", "").strip()[:200].strip(),
            urgent=bool(values.get("urgent", "")),
            claimed=_member(Claimed, values.get("claimed", "")),
            department=_number(values.get("department", "")),
            author=_member(AuthorKind, values.get("author", "")),
            source=_member(Source, values.get("source", "")),
            category=values.get("category", "") if re.fullmatch("[A-K]", values.get("category", "")) else "",
            seen_from=_day(values.get("seen_from", "")),
            seen_to=_day(values.get("seen_to", "")),
            after=values.get("after", "")[:40],
            case=_number(values.get("case", "")),
            answered=numbers(values.get("answered", ""), ",")[-ANSWERED_MAX:],
            batch=values.get("batch", "")[:40],
        )

    @classmethod
    def unpack(cls, text: str) -> "Place":
        """What :attr:`packed` wrote into a form."""
        return cls.read(dict(parse_qsl(text[:PACKED_MAX])))

    @property
    def packed(self) -> str:
        """The view as one line, for a form and for the address; what is not set is left out."""
        values: dict[str, Any] = {
            "state": self.tab,
            **{name: getattr(self, name) for name in FILTERS},
            "urgent": "1" if self.urgent else "",
            "after": self.after,
            "answered": ",".join(map(str, self.answered)),
            "batch": self.batch,
            "case": self.case,
        }
        return urlencode({name: value for name, value in values.items() if value not in {"", None}}, safe=",")

    @property
    def url(self) -> str:
        """The address of the view."""
        return f"{QUEUE}?{self.packed}" if self.packed else QUEUE

    @property
    def filters(self) -> dict[str, Any]:
        """What narrows the list, by field; what is not set is left out."""
        return {name: value for name in FILTERS if (value := getattr(self, name))}

    @property
    def unfiltered(self) -> "Place":
        """The same tab with all there is in it."""
        return Place(tab=self.tab)

    def at(self, case_id: int | None) -> "Place":
        """The same list with another case chosen."""
        return replace(self, case=case_id)

    def fresh(self, **changes: Any) -> "Place":
        """Another list from its beginning: nothing chosen, nothing answered yet."""
        return replace(self, **{"after": "", "case": None, "answered": (), "batch": "", **changes})

    def with_answered(self, *case_ids: int, batch: str = "") -> "Place":
        """The same list, these rows kept in it although they were answered."""
        kept = [*(number for number in self.answered if number not in case_ids), *case_ids]
        return replace(self, answered=tuple(kept[-ANSWERED_MAX:]), batch=batch)


def numbers(text: str, separator: str) -> tuple[int, ...]:
    """The record numbers in a list; what is none is left out."""
    found = (_number(item) for item in text[:PACKED_MAX].split(separator))
    return tuple(number for number in found if number is not None)


def _number(text: str) -> int | None:
    """A record's number, or None; never one that a database could not hold."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _member(choices: type[Member], text: str) -> Member | None:
    return choices(text) if text in set(choices) else None
