"""The two checklists of a site as data: authenticity (3.5) and security controls (3.6-5, 3.8). Pure.

A check is kept with the number of the edition it answered, so an old one is read in its own words for ever. A change
of any line is a new edition at the end of its tuple.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import auto

from charlton_intranet.core.calendar import add_months
from charlton_intranet.sites.rules.states import Worded


class ChecklistKind(Worded):
    """What is looked at: whether the page is recognised as the town's, and whether it is safe."""

    AUTHENTICITY = auto()
    CONTROLS = auto()

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def clause(self) -> str:
        """The clause that asks for the whole checklist."""
        return _CLAUSES[self]


_LABELS = {ChecklistKind.AUTHENTICITY: "Authenticity", ChecklistKind.CONTROLS: "Security controls"}
_CLAUSES = {ChecklistKind.AUTHENTICITY: "3.5", ChecklistKind.CONTROLS: "3.6-5"}


class Answer(Worded):
    """What somebody found on one line."""

    YES = auto()
    NO = auto()
    DOES_NOT_APPLY = auto()


class ChecklistState(Worded):
    """Where a site's checklist stands on a day; computed, never stored."""

    MISSING = auto()
    CURRENT = auto()
    DUE = auto()
    EXPIRED = auto()
    FAILING = auto()


@dataclass(frozen=True, slots=True)
class Line:
    """One line; ``shown`` says that a yes needs something that shows it."""

    key: str
    clause: str
    words: str
    hint: str
    shown: bool = True


EDITIONS: dict[ChecklistKind, tuple[tuple[Line, ...], ...]] = {
    ChecklistKind.AUTHENTICITY: (
        (
            Line(
                "official_email", "3.5-1", "The account was made with an official Town email account",
                "Look in the settings of the account, not at the page.",
            ),
            Line(
                "contact_email", "3.5-2", "The contact information shows an official Town email address",
                "A picture of the page's contact information shows this line and the next two.",
            ),
            Line("contact_official", "3.5-2", "It says “official Town account” or the like", "", shown=False),
            Line(
                "contact_link", "3.5-2", "It links to the Town's or the department's website",
                "Follow the link once: it still has to lead there.", shown=False,
            ),
            Line(
                "identity", "3.5-3", "The name “Town of Charlton”, the Town seal or the department's logo is displayed",
                "Look as a visitor does, signed out.",
            ),
            Line(
                "guideline", "3.5-4", "A link to the Social Media User Responsibility Guideline is displayed",
                "Follow the link once: it has to open without signing in.",
            ),
        ),
    ),
    ChecklistKind.CONTROLS: (
        (
            Line(
                "second_factor", "3.6-5", "Everybody who runs the page signs in with a second factor",
                "An authenticator app or a security key; a text message is better than nothing.",
            ),
            Line(
                "password", "3.6-5", "The password is used nowhere else and is kept in the password manager",
                "Say where it is kept. Never write or show the password itself.",
            ),
            Line("recovery", "3.6-5", "The recovery address and phone number are the Town's", "Nobody's private ones."),
            Line(
                "administrators", "3.6-5", "At least two people can administer the page",
                "So that the Town is not locked out when one of them leaves.",
            ),
            Line(
                "devices", "3.8", "The computers and phones used for the page have up-to-date software",
                "Against viruses and spyware too: the system, the browser and the network's app.", shown=False,
            ),
            Line(
                "apps", "3.6-5", "The apps and services that are connected to the account are all still wanted",
                "Take out what nobody uses.",
            ),
            Line(
                "alerts", "3.8", "The network's security alerts go to an official mailbox that somebody reads",
                "A sign-in from a new device is the first thing that shows a compromise.", shown=False,
            ),
        ),
    ),
}  # fmt: skip

# A renewal shows on My work and on the page this many days before the last check stops counting.
DUE_DAYS = 14


def edition_in_force(kind: ChecklistKind) -> int:
    """The number of the edition that a new check answers; the first is 1."""
    return len(EDITIONS[kind])


def lines_of(kind: ChecklistKind, edition: int | None = None) -> Mapping[str, Line]:
    """The lines by key, in their order; of the edition in force unless one is named."""
    return {line.key: line for line in EDITIONS[kind][(edition or edition_in_force(kind)) - 1]}


@dataclass(frozen=True, slots=True)
class ChecklistStanding:
    """Where a checklist stands; ``renew_by`` is the last day on which its last check counts, None without one.

    ``failing`` are the words of the lines whose last answer is no.
    """

    state: ChecklistState
    renew_by: date | None = None
    failing: tuple[str, ...] = ()

    @property
    def in_order(self) -> bool:
        """Whether a site may be live with it."""
        return self.state in {ChecklistState.CURRENT, ChecklistState.DUE}


def standing(*, answered_on: date | None, failing: tuple[str, ...], months: int, today: date) -> ChecklistStanding:
    """Where a checklist last answered on ``answered_on`` (None: never) stands on ``today``.

    A check that has run out needs a new one, whatever its lines said: that comes before a line that fails.
    """
    if answered_on is None:
        return ChecklistStanding(ChecklistState.MISSING)
    renew_by = add_months(answered_on, months)
    if today > renew_by:
        state = ChecklistState.EXPIRED
    elif failing:
        state = ChecklistState.FAILING
    else:
        state = ChecklistState.DUE if today >= renew_by - timedelta(days=DUE_DAYS) else ChecklistState.CURRENT
    return ChecklistStanding(state, renew_by, failing)


def hindrance(kind: ChecklistKind, found: ChecklistStanding) -> str:
    """Why a site can not be live with this standing, in one sentence; empty when it can."""
    clause = f"(policy {kind.clause})"
    match found.state:
        case ChecklistState.MISSING:
            return f"The checklist “{kind.label}” has not been answered yet {clause}."
        case ChecklistState.EXPIRED:
            return f"The checklist “{kind.label}” has run out and must be answered anew {clause}."
        case ChecklistState.FAILING:
            return f"The checklist “{kind.label}” has a line to mend: {'; '.join(found.failing)} {clause}."
    return ""
