"""Letters to contributors: drafted from numbered templates, edited by hand, kept to the letter. Pure.

The app posts nothing on a network. A letter says how it went out, or why it could not.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum, auto
from functools import cache
from importlib.resources import files
from string import Template

from charlton_intranet.core.errors import Invalid

# The templates in force: a folder of text files. A new wording is a new folder, so that a letter can always be held
# against the template it was drafted from.
EDITION = 1
SUBJECT_MAX, TEXT_MAX, WHY_MAX = 200, 20_000, 500
# Stands in a draft for what the app does not know; a letter that still holds it is not finished.
BLANK = "[fill in: {}]"
_BLANK_START = "[fill in: "


class LetterKind(StrEnum):
    """What a letter is about; each has a template of its name."""

    NOTICE_OF_DETERMINATION = auto()
    WARNING = auto()
    RESTRICTION = auto()
    RESTRICTION_ENDED = auto()
    RECONSIDERATION_RECEIVED = auto()
    RECONSIDERATION_ANSWERED = auto()
    RESTORED = auto()

    @property
    def label(self) -> str:
        return _KINDS[self]


_KINDS = {
    LetterKind.NOTICE_OF_DETERMINATION: "Notice of determination",
    LetterKind.WARNING: "Warning",
    LetterKind.RESTRICTION: "Notice of restriction",
    LetterKind.RESTRICTION_ENDED: "End of restriction",
    LetterKind.RECONSIDERATION_RECEIVED: "Request for reconsideration received",
    LetterKind.RECONSIDERATION_ANSWERED: "Answer to a request for reconsideration",
    LetterKind.RESTORED: "Content restored",
}


class LetterHow(StrEnum):
    """How a letter reached its reader, done by a person outside the app."""

    MESSAGE = auto()
    MAIL = auto()
    POST = auto()
    COUNTER = auto()
    NOT_SENT = auto()

    @property
    def label(self) -> str:
        return _HOWS[self]


_HOWS = {
    LetterHow.MESSAGE: "Copied into a message on the network",
    LetterHow.MAIL: "By e-mail",
    LetterHow.POST: "By post",
    LetterHow.COUNTER: "Handed over at the counter",
    LetterHow.NOT_SENT: "Not sent: no way to reach the writer",
}


class _Facts(dict[str, str]):
    """Facts of a draft; what is not known stays a blank that a person fills in."""

    def __missing__(self, name: str) -> str:
        return BLANK.format(name.replace("_", " "))


def draft(kind: LetterKind | str, facts: Mapping[str, str]) -> tuple[str, str]:
    """The subject and text of a letter, by the template in force; empty and missing facts become blanks."""
    head, _, body = _template(LetterKind(kind), EDITION).partition("\n")
    known = _Facts({name: value for name, value in facts.items() if value})
    return Template(head).substitute(known), Template(body.strip("\n")).substitute(known)


@cache
def _template(kind: LetterKind, edition: int) -> str:
    """Subject in the first line, then the text."""
    return (files("charlton_intranet.moderation") / "letters" / str(edition) / f"{kind}.txt").read_text("utf-8")


def check_letter(*, subject: str, text: str, how: LetterHow, why_not: str, sent_on: date | None, today: date) -> None:
    """A finished letter: no blanks, not sent in the future, and a reason when it was not sent at all."""
    problems = {
        "subject": _unfinished(subject, SUBJECT_MAX),
        "text": _unfinished(text, TEXT_MAX),
        "why_not": _no_reason(why_not) if how is LetterHow.NOT_SENT else "",
        "sent_on": "This day has not come yet." if sent_on is not None and sent_on > today else "",
    }
    if any(problems.values()):
        raise Invalid({field: problem for field, problem in problems.items() if problem})


def _unfinished(words: str, most: int) -> str:
    """What is left to do before these words can go out; empty when nothing is."""
    if not words.strip():
        return "Type what the letter says."
    if len(words) > most:
        return f"Use at most {most:,} characters; this has {len(words):,}."
    return "Fill in what stands in square brackets, or take it out." if _BLANK_START in words else ""


def _no_reason(why_not: str) -> str:
    if not why_not.strip():
        return "Say why the writer could not be reached."
    return f"Use at most {WHY_MAX} characters." if len(why_not) > WHY_MAX else ""
