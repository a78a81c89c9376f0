"""What changed between two versions of the policy, section by section and word by word. Pure.

Sections are told apart by their clause number, or their title where they have none; what moved within its section
reads as taken out and put in.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum, auto

from charlton_intranet.policy.clauses import Listing, Section, sections

# Comparing takes time that grows with the square of the words: above this many, the most common ones are passed over
# (difflib's autojunk), and a line of more than MOST_WORDS is shown as a whole.
MANY_WORDS, MOST_WORDS = 500, 2_000

_WORDS = re.compile(r"\s+|[^\s]+")


class Kind(StrEnum):
    """What became of a piece of text."""

    SAME = auto()
    REMOVED = auto()
    ADDED = auto()


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words and what became of them."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class SectionChange:
    """A section that is not as it was: each line of it as pieces. ``anchor`` leads to it in the later version."""

    title: str
    kind: Kind
    anchor: str
    lines: list[list[Piece]]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The sections that changed, in the later version's order, and how many stayed as they were."""

    changes: list[SectionChange]
    unchanged: int


def compare(before: str, after: str) -> Comparison:
    """Compare two texts of the policy. ``SAME`` as a section's kind: it is in both, its words are not."""
    old, new = sections(before), sections(after)
    changes, unchanged = [], 0
    for was, now in _paired([_key(one) for one in old], [_key(one) for one in new]):
        then, present = old[was] if was is not None else None, new[now] if now is not None else None
        change = _section_change(then, present)
        if change is None:
            unchanged += 1
        else:
            changes.append(change)
    return Comparison(changes, unchanged)


def _key(section: Section) -> str:
    return section.clause or section.title


def _title(section: Section) -> str:
    return f"{section.clause} {section.title}".strip() or "At the beginning"


def _whole(kind: Kind, section: Section, anchor: str) -> SectionChange:
    """A section that is there on one side alone."""
    return SectionChange(_title(section), kind, anchor, [[Piece(kind, line)] for line in _lines(section)])


def _section_change(then: Section | None, now: Section | None) -> SectionChange | None:
    """What became of a section, or None when nothing did."""
    if then is None:
        return _whole(Kind.ADDED, now, now.anchor) if now is not None else None
    if now is None:
        return _whole(Kind.REMOVED, then, "")
    old_lines, new_lines = _lines(then), _lines(now)
    lines = [] if _title(then) == _title(now) else [list(words(_title(then), _title(now)))]
    for was, is_now in _paired(old_lines, new_lines, similar=True):
        earlier = old_lines[was] if was is not None else ""
        later = new_lines[is_now] if is_now is not None else ""
        if earlier != later:
            lines.append(list(words(earlier, later)))
    return SectionChange(_title(now), Kind.SAME, now.anchor, lines) if lines else None


def _lines(section: Section) -> list[str]:
    """Each paragraph and each entry of a list, with its mark."""
    found = []
    for block in section.blocks:
        found += list(_entries(block)) if isinstance(block, Listing) else [block.text]
    return found


def _entries(listing: Listing) -> Iterator[str]:
    for entry in listing.entries:
        yield f"{entry.mark}. {entry.text}" if entry.mark else entry.text
        if entry.inner is not None:
            yield from _entries(entry.inner)


def _paired(
    old: Sequence[str], new: Sequence[str], *, similar: bool = False
) -> Iterator[tuple[int | None, int | None]]:
    """Where each of ``old`` is in ``new``; None for what is missing on one side.

    With ``similar`` what stands in another's place is taken for it, line by line.
    """
    for tag, first, last, begin, end in SequenceMatcher(None, old, new, autojunk=len(old) > MANY_WORDS).get_opcodes():
        both = min(last - first, end - begin) if tag == "equal" or similar else 0
        yield from ((first + at, begin + at) for at in range(both))
        yield from ((at, None) for at in range(first + both, last))
        yield from ((None, at) for at in range(begin + both, end))


def words(before: str, after: str) -> Iterator[Piece]:
    """One line as pieces: same, taken out, put in."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if max(len(old), len(new)) > MOST_WORDS:
        old, new = [before], [after]
    for tag, first, last, begin, end in SequenceMatcher(None, old, new, autojunk=len(old) > MANY_WORDS).get_opcodes():
        if tag == "equal":
            yield Piece(Kind.SAME, "".join(old[first:last]))
            continue
        if last > first:
            yield Piece(Kind.REMOVED, "".join(old[first:last]))
        if end > begin:
            yield Piece(Kind.ADDED, "".join(new[begin:end]))
