"""Versions of the policy: their states, their numbers, and what makes one readable."""

from enum import StrEnum, auto

from charlton_intranet.core.errors import Invalid

TITLE_MAX = 200
SUMMARY_MAX = 500
TEXT_MAX = 200_000


class DocumentState(StrEnum):
    """A version of the policy: one is published at a time."""

    DRAFT = auto()
    PUBLISHED = auto()
    SUPERSEDED = auto()


class Change(StrEnum):
    """A major version asks everybody to sign anew, a minor one does not."""

    MAJOR = auto()
    MINOR = auto()


MOVES: dict[DocumentState, frozenset[DocumentState]] = {
    DocumentState.DRAFT: frozenset({DocumentState.PUBLISHED}),
    DocumentState.PUBLISHED: frozenset({DocumentState.SUPERSEDED}),
    DocumentState.SUPERSEDED: frozenset(),
}


def next_number(change: Change, last: tuple[int, int] | None) -> tuple[int, int]:
    """Major and minor number of the version after ``last``; the first one is 1.0."""
    if last is None:
        return 1, 0
    major, minor = last
    return (major + 1, 0) if change is Change.MAJOR else (major, minor + 1)


def check_document(*, title: str, change: Change, summary: str, text: str, first: bool) -> None:
    """Refuse a version that could not be read, cited or explained."""
    problems = {}
    if not title.strip() or len(title) > TITLE_MAX:
        problems["title"] = f"Type the policy's title, at most {TITLE_MAX} characters."
    if first and change is not Change.MAJOR:
        problems["change"] = "The first version is a major one: everybody signs it."
    if not first and not summary.strip():
        problems["summary"] = "Say in a sentence what changed, so that readers need not compare."
    elif len(summary) > SUMMARY_MAX:
        problems["summary"] = f"Use at most {SUMMARY_MAX} characters; the text itself says the rest."
    if not text.strip():
        problems["text"] = "Paste the policy's text or choose a file."
    elif len(text) > TEXT_MAX:
        problems["text"] = f"The text is longer than {TEXT_MAX:,} characters."
    elif "\0" in text:
        problems["text"] = "This is not a text: it holds characters that no text has."
    if problems:
        raise Invalid(problems)
