"""What captures and full reviews go through, as data, and what may become of something found. Pure.

A round is kept with the number of the edition it answered, so an old one is read in its own words for ever. A change
of any line is a new edition at the end of its tuple.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum, auto

from charlton_intranet.core.errors import Invalid
from charlton_intranet.reviews.rules.due import NOTE_MAX, ReviewKind


class Answer(StrEnum):
    """What somebody found on one line."""

    FINE = auto()
    FOUND = auto()

    @property
    def label(self) -> str:
        return {"fine": "In order", "found": "Something to act on"}[self.value]


class Outcome(StrEnum):
    """What becomes of something found."""

    CASE = auto()
    INCIDENT = auto()
    CHECKLIST = auto()
    NOTED = auto()

    @property
    def label(self) -> str:
        return _OUTCOMES[self]


_OUTCOMES = {
    Outcome.CASE: "Open a case, to be kept and decided on",
    Outcome.INCIDENT: "Report an incident to IT",
    Outcome.CHECKLIST: "Set the line of the site's checklist to “no”, to be mended",
    Outcome.NOTED: "Nothing more: it is mended already, or the note is enough",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line. ``outcomes`` are what may become of a finding, the likeliest first.

    ``fails`` names the line of a site's checklist as ``checklist.line``; ``incident`` the kind of incident.
    """

    key: str
    clause: str
    words: str
    hint: str
    outcomes: tuple[Outcome, ...]
    fails: str = ""
    incident: str = "not_sure"


_C, _I, _L, _N = Outcome.CASE, Outcome.INCIDENT, Outcome.CHECKLIST, Outcome.NOTED

EDITIONS: dict[ReviewKind, tuple[tuple[Line, ...], ...]] = {
    ReviewKind.CAPTURE: (
        (
            Line(
                "profile", "3.6-2", "The profile is captured: name, picture, contact information, links",
                "As a visitor sees it, signed out.", (_N, _L), fails="authenticity.identity",
            ),
            Line(
                "posts", "3.6-2", "What was posted since the last capture is captured, with its comments",
                "Pictures of the whole page, or a web archive (WARC, WACZ) of it.", (_N, _C),
            ),
            Line(
                "unchanged", "3.7-3", "Nothing has gone from the page that should still be there",
                "Compare with the last capture: posts or comments that were deleted, not hidden.", (_C, _I, _N),
                incident="defacement",
            ),
        ),
    ),
    ReviewKind.FULL: (
        (
            Line(
                "posts", "3.3-3", "Our posts are ours: each was written by somebody with the right to post",
                "Go through the posts since the last full review.", (_C, _I, _N), incident="takeover",
            ),
            Line(
                "comments", "3.6-1", "Comments and messages hold no misuse: nothing of the categories A to K",
                "For a case, copy the words as they stand on the page.", (_C, _N),
            ),
            Line(
                "lookalikes", "3.6-1", "Nobody poses as the town or the department",
                "Search the network for the page's name and for “Charlton”.", (_I, _C, _N), incident="impersonation",
            ),
            Line(
                "identity", "3.5-3", "The name “Town of Charlton”, the seal or the department's logo is displayed",
                "Look as a visitor does, signed out.", (_L, _N), fails="authenticity.identity",
            ),
            Line(
                "contact", "3.5-2", "The contact information shows an official Town email and a link to the website",
                "Follow the link once.", (_L, _N), fails="authenticity.contact_email",
            ),
            Line(
                "guideline", "3.5-4",
                "The link to the Social Media User Responsibility Guideline is displayed and opens",
                "Follow the link once: it has to open without signing in.", (_L, _N), fails="authenticity.guideline",
            ),
            Line(
                "sign_ins", "3.6-5", "The network's list of sign-ins and devices shows ours alone",
                "Look in the settings of the account.", (_I, _L, _N), fails="controls.alerts", incident="takeover",
            ),
            Line(
                "apps", "3.6-5", "The connected apps and services are all still wanted",
                "Take out what nobody uses.", (_L, _I, _N), fails="controls.apps",
            ),
            Line(
                "plan", "2.2", "The page still does what it was approved for",
                "Its purpose and plan stand on the site's page.", (_N,),
            ),
        ),
    ),
}  # fmt: skip


def edition_in_force(kind: ReviewKind) -> int:
    """The number of the edition that a new round answers; the first is 1."""
    return len(EDITIONS[kind])


def lines_of(kind: ReviewKind, edition: int | None = None) -> Mapping[str, Line]:
    """The lines by key, in their order; of the edition in force unless one is named."""
    return {line.key: line for line in EDITIONS[kind][(edition or edition_in_force(kind)) - 1]}


def check_answers(
    lines: Mapping[str, Line],
    answers: Mapping[str, Answer | None],
    notes: Mapping[str, str],
    outcomes: Mapping[str, Outcome | None],
) -> None:
    """Refuse a round that skips a line, or names something found without words or without what becomes of it."""
    problems = {}
    for key, line in lines.items():
        answer, note, outcome = answers.get(key), notes.get(key, "").strip(), outcomes.get(key)
        if answer is None:
            problems[f"{key}_answer"] = "Answer this line."
        if len(note) > NOTE_MAX:
            problems[f"{key}_note"] = f"Keep this below {NOTE_MAX:,} characters; it has {len(note):,}."
        if answer is Answer.FOUND and not note:
            problems[f"{key}_note"] = "Say what you found, in a sentence."
        if answer is Answer.FOUND and outcome not in line.outcomes:
            problems[f"{key}_outcome"] = "Choose what becomes of it."
    if problems:
        raise Invalid(problems)
