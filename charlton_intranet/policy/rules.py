"""Categories of content, defaults with their basis, and what makes a signature count. Pure.

Sources: the town's policy (clauses in brackets) and ``docs/law.md``; a default is data that the town can change,
never advice.
"""

import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum, auto

from charlton_intranet.core.calendar import BusinessCalendar, add_months
from charlton_intranet.core.errors import Invalid


class Certainty(StrEnum):
    """How sure we are of a default's basis."""

    READ = auto()
    SECOND_HAND = auto()
    MEMORY = auto()
    CHOICE = auto()


@dataclass(frozen=True, slots=True)
class Default:
    """A default value with its unit, its basis and how certain that is."""

    value: int
    unit: str
    label: str
    basis: str
    certainty: Certainty


DEFAULTS: dict[str, Default] = {
    "acknowledgement.months": Default(
        12, "months", "An acknowledgement holds for", "Policy 3.3-4; term is the town's choice", Certainty.CHOICE
    ),
    "acknowledgement.business_days": Default(
        10,
        "business days",
        "A new major version is signed within",
        "Policy 3.3-4; term is the town's choice",
        Certainty.CHOICE,
    ),
    "advice.business_days": Default(
        1, "business days", "The department head's advice is waited for", "Policy 3.6-4", Certainty.CHOICE
    ),
    "determination.business_days": Default(
        2, "business days", "The Town Administrator decides after the advice within", "Policy 3.6-4", Certainty.CHOICE
    ),
    "removal.business_days": Default(
        1, "business days", "A removal is carried out within", "Policy 3.7-3: removed immediately", Certainty.CHOICE
    ),
    "triage.business_days": Default(
        1, "business days", "Something seen is looked at within", "Policy 3.6-1", Certainty.CHOICE
    ),
    "site_advice.business_days": Default(
        5, "business days", "IT advises on a site or network within", "Policy 1.3", Certainty.CHOICE
    ),
    "site_approval.business_days": Default(
        5, "business days", "The Town Administrator decides on a site within", "Policy 2.2", Certainty.CHOICE
    ),
    "incident.hours": Default(24, "hours", "IT takes up an incident within", "Policy 3.8: promptly", Certainty.CHOICE),
}


class Risk(StrEnum):
    """How often courts have struck down removals on this ground."""

    LOW = auto()
    MEDIUM = auto()
    HIGH = auto()
    HIGHEST = auto()


@dataclass(frozen=True, slots=True)
class Category:
    """One lettered ground of policy 3.6-3 with the guard the app puts up.

    ``alone`` False: never the only ground. ``counsel``: refer to counsel first. ``hide_at_once``: a coordinator
    may hide before the determination.
    """

    letter: str
    words: str
    test: str
    risk: Risk
    guard: str
    alone: bool = True
    counsel: bool = False
    hide_at_once: bool = False


CATEGORIES: dict[str, Category] = {
    c.letter: c
    for c in (
        Category(
            "A", "Profane language or content",
            "Does the post itself use profane words, whatever it says about the town?",
            Risk.HIGH, "Not alone against criticism of the town or its people. The Administrator decides; ask counsel.",
        ),
        Category(
            "B", "Content that promotes, fosters or perpetuates discrimination of protected classes",
            "Does it threaten or unlawfully harass people for what they are? Offensive opinion is protected.",
            Risk.HIGH, "Offensive opinion is protected speech. Needs a threat or unlawful harassment; ask counsel.",
            counsel=True,
        ),
        Category(
            "C", "Sexual harassment content",
            "Is it obscene or sexually explicit, or does it target somebody sexually?",
            Risk.MEDIUM, "Obscene or explicit: the Administrator decides. Anything else: ask counsel.",
        ),
        Category(
            "D", "Solicitations of commerce or advertisements including promotion or endorsement",
            "Does it sell or advertise something?",
            Risk.LOW, "Advertising only. Endorsing a candidate or a cause is not advertising: ask counsel.",
        ),
        Category(
            "E", "Conduct constituting, or encouragement of, illegal activity",
            "Does it call for a crime now, or offer something unlawful?",
            Risk.MEDIUM, "Imminent incitement or a real unlawful offer only.", hide_at_once=True,
        ),
        Category(
            "F", "Information that may tend to compromise the safety or security of the public or public systems",
            "Which information is it, and which harm may follow?",
            Risk.MEDIUM, "Name the specific information and the harm.", hide_at_once=True,
        ),
        Category(
            "G", "Content more likely than not having the effect of defaming, any person, group or organization",
            "Is it a statement of fact that can be shown to be false? Disagreement is not falsity.",
            Risk.HIGH, "Counsel first. Disagreement is not falsity.", counsel=True,
        ),
        Category(
            "H", "Content that violates a legal ownership interest of any other party, "
            "such as trademark or copyright infringement",
            "Has the owner claimed it?",
            Risk.LOW, "The owner's claim on file; report to the network first.",
        ),
        Category(
            "I", "Making or publishing of false, vicious or malicious statements concerning any employee of the Town",
            "Is another ground met as well?",
            Risk.HIGHEST, "Never the only ground until counsel has signed.", alone=False, counsel=True,
        ),
        Category(
            "J", "Violent or threatening content",
            "Would a reasonable person fear violence from these very words?",
            Risk.LOW, "Quote the threat and tell the police. Graphic news: ask counsel.", hide_at_once=True,
        ),
        Category(
            "K", "Disclosure of confidential, sensitive or proprietary information",
            "Which law or duty does the disclosure breach?",
            Risk.MEDIUM, "Name the law or duty that is breached.", hide_at_once=True,
        ),
    )
}  # fmt: skip


class DocumentState(StrEnum):
    """A version of the policy: one is published at a time."""

    DRAFT = auto()
    PUBLISHED = auto()
    SUPERSEDED = auto()


class Change(StrEnum):
    """A major version asks everybody to sign anew, a minor one does not."""

    MAJOR = auto()
    MINOR = auto()


class Standing(StrEnum):
    """Where somebody's acknowledgement stands today; computed, never stored."""

    MISSING = auto()
    CURRENT = auto()
    EXPIRING = auto()
    EXPIRED = auto()
    SUPERSEDED = auto()


class Told(StrEnum):
    """How far a person was told about the end of a signature.

    Only their newest one can end; the ones before it are replaced.
    """

    NOTHING = auto()
    EXPIRING = auto()
    LAPSED = auto()
    REPLACED = auto()


EXPIRING_DAYS = 30
TITLE_MAX = 200
SUMMARY_MAX = 500
TEXT_MAX = 200_000

# What a signer declares (M.G.L. c. 110G; 15 USC 7001): the words are sealed with each signature.
CONSENT_READ = "I have read the whole policy shown on this page, and I understand it."
CONSENT_SIGN = (
    "I accept the scope of my responsibility and its limits under this policy, "
    "and I sign electronically instead of on paper."
)
METHOD = "own account, password confirmed within 15 minutes"

MOVES: dict[DocumentState, frozenset[DocumentState]] = {
    DocumentState.DRAFT: frozenset({DocumentState.PUBLISHED}),
    DocumentState.PUBLISHED: frozenset({DocumentState.SUPERSEDED}),
    DocumentState.SUPERSEDED: frozenset(),
}


def expiry(signed: date, months: int) -> date:
    """The last day on which an acknowledgement signed on ``signed`` counts."""
    return add_months(signed, months)


def standing(*, expires: date | None, covers_major: bool, today: date) -> Standing:
    """Where an acknowledgement stands; ``expires`` None means that there is none."""
    if expires is None:
        return Standing.MISSING
    if not covers_major:
        return Standing.SUPERSEDED
    if expires < today:
        return Standing.EXPIRED
    return Standing.EXPIRING if (expires - today).days <= EXPIRING_DAYS else Standing.CURRENT


def sign_by(
    *, expires: date | None, covers_major: bool, since: date, calendar: BusinessCalendar, business_days: int
) -> date:
    """The day by which a signature is owed: its last day, or some days after ``since`` when none counts.

    ``since`` is the day on which the major version came into force, or the role was given if that was later.
    """
    if expires is not None and covers_major:
        return expires
    return calendar.add(since, business_days)


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


def check_signature(*, typed_name: str, account_name: str, read: bool, agreed: bool) -> None:
    """Refuse what would not prove the signer's own act: both consents, and the name of the account."""
    problems = {}
    if not read:
        problems["read"] = "Tick this when you have read the whole policy."
    if not agreed:
        problems["agreed"] = "Tick this to sign here. You can also sign on paper."
    if _same(typed_name) != _same(account_name):
        problems["typed_name"] = f"Type your name as your account has it: {account_name}."
    if problems:
        raise Invalid(problems)


def _same(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def check_grounds(letters: frozenset[str]) -> None:
    """Refuse unknown categories and a ground that may not stand alone (policy 3.6-3, speech law)."""
    unknown = letters - CATEGORIES.keys()
    if unknown:
        raise Invalid({"categories": f"There is no category {', '.join(sorted(unknown))}."})
    if not letters:
        raise Invalid({"categories": "Choose at least one category of policy 3.6-3."})
    if not any(CATEGORIES[letter].alone for letter in letters):
        named = ", ".join(sorted(letters))
        raise Invalid({"categories": f"Category {named} can not be the only ground until counsel has signed."})
