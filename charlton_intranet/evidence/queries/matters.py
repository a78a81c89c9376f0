"""Which matter a piece belongs to. Evidence knows of no feature above it, so each tells of its own."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from charlton_intranet.core.permissions import Actor


@dataclass(frozen=True, slots=True)
class Matter:
    """The record that a piece was captured for, as a link."""

    label: str
    url: str


Tell = Callable[[Actor, Collection[int]], dict[int, Matter]]

_TELLERS: list[Tell] = []


def tells_matters(tell: Tell) -> Tell:
    """Register what says, by piece, which of a feature's records the actor may open for it; one query."""
    _TELLERS.append(tell)
    return tell


def matters_of(actor: Actor, piece_ids: Collection[int]) -> dict[int, Matter]:
    """The matters of these pieces that the actor may know of."""
    found: dict[int, Matter] = {}
    for tell in _TELLERS:
        found |= tell(actor, piece_ids)
    return found
