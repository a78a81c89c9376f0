"""Where somebody stands in the queue, as it stands in the address.

Everything that a reload, a shared link, the Back button or a browser without JavaScript needs is in there: the
filters, the chosen case, and which rows were answered since the list was opened, so that Undo stays in its row.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

QUEUE = "/triage"
# More would not fit the screen, nor an address.
ANSWERED_MAX = 60


@dataclass(frozen=True, slots=True)
class Place:
    """A view of the queue. ``case`` None leaves the choice to the list, ``tab`` '' to what the viewer can act on."""

    tab: str = ""
    site: int | None = None
    words: str = ""
    urgent: bool = False
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
            words=values.get("words", "").strip()[:200],
            urgent=bool(values.get("urgent", "")),
            after=values.get("after", "")[:40],
            case=_number(values.get("case", "")),
            answered=numbers(values.get("answered", ""), ",")[-ANSWERED_MAX:],
            batch=values.get("batch", "")[:40],
        )

    @classmethod
    def unpack(cls, text: str) -> "Place":
        """What :attr:`packed` wrote into a form."""
        return cls.read(dict(parse_qsl(text[:2000])))

    @property
    def packed(self) -> str:
        """The view as one line, for a form and for the address; what is not set is left out."""
        values: dict[str, Any] = {
            "state": self.tab,
            "site": self.site,
            "words": self.words,
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
    def is_filtered(self) -> bool:
        """Whether something narrows the list."""
        return bool(self.site or self.words or self.urgent)

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
    found = (_number(item) for item in text[:2000].split(separator))
    return tuple(number for number in found if number is not None)


def _number(text: str) -> int | None:
    """A record's number, or None; never one that a database could not hold."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
