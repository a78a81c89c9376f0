"""A text in pieces, so that a page can mark some of them without building markup from words."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of the text, and what it is marked for; nothing when it is not marked."""

    text: str
    labels: tuple[str, ...] = ()


def segments(text: str, marks: Iterable[tuple[int, int, str]]) -> list[Segment]:
    """The whole text in order, cut where a mark ``(start, end, label)`` begins or ends; marks may overlap."""
    opening: dict[int, list[str]] = {}
    closing: dict[int, list[str]] = {}
    for start, end, label in marks:
        opening.setdefault(start, []).append(label)
        closing.setdefault(end, []).append(label)
    pieces, open_labels, at = [], list[str](), 0
    for cut in sorted({*opening, *closing, len(text)}):
        if cut > at:
            pieces.append(Segment(text[at:cut], tuple(dict.fromkeys(open_labels))))
        for label in closing.get(cut, ()):
            open_labels.remove(label)
        open_labels += opening.get(cut, ())
        at = cut
    return pieces
