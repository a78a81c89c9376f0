"""What a feature tells people about its records since their last visit, out of the audit trail.

The trail knows numbers and tags; a feature knows which records are somebody's to know about, which concern them, and
what they are called. Each tells it once for a kind of record, and My work asks all of them with one question.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

import peewee

from charlton_intranet.core.permissions import Actor


@dataclass(frozen=True, slots=True)
class Named:
    """A record in words, with the page where its reader may see it."""

    words: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Telling:
    """How the events about one kind of record are told; ``record`` is ``case`` in ``case:12``.

    ``sentences`` are by tag, with ``{who}``, ``{what}`` and ``{role}``; other events are not told.
    ``readable`` selects the subjects that somebody may know of (None: all of them), ``concerning`` those that concern
    them whatever they did before (None: no others). With ``after_own`` also those on which they acted themselves: who
    asked hears of the answer.
    """

    record: str
    sentences: Mapping[str, str]
    readable: Callable[[Actor], Any]
    concerning: Callable[[Actor], Any]
    named: Callable[[Actor, Collection[int]], Mapping[int, Named]]
    after_own: bool = True


def subjects(record: str, key: peewee.Field) -> Any:
    """The column that names records in the trail, ``case:12``."""
    return peewee.Value(f"{record}:").concat(key.cast("TEXT"))


def everything(_actor: Actor) -> None:
    """For records that everybody may know of."""


def nothing_more(_actor: Actor) -> None:
    """For records that concern nobody but those who acted on them."""
