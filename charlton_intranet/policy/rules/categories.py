"""Categories A to K of policy 3.6-3, each with its test, its legal risk and the guard the app puts up.

The policy gives the words. Test, risk and guard are the town's reading of the law (``docs/law.md``): they change by
editions, and a determination keeps the one it was made under. What is written out here is what edition 1 began with.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum, auto

from charlton_intranet.core.errors import Invalid


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


# Hiding before a determination is for danger that does not wait; counsel comes first where truth is at issue.
HIDE_AT_MOST = frozenset("EFJK")
COUNSEL_ALWAYS = frozenset("GI")
NEEDS_SIGNATURE = "I"
WORDING_MAX = 500
WHY_MAX = 500

# On what each risk and guard rests, in short; docs/law.md has the sources.
BASIS: dict[str, str] = {
    "A": "Barron v. Kolenda, 491 Mass. 408 (2023): a civility rule for public speech was struck down. "
    "Tanner v. Ziegenhorn (2021): so was a filter of profane words.",
    "B": "First Amendment: offensive opinion is protected. Robinson v. Hunt County (5th Cir. 2019): "
    "“inappropriate” is a viewpoint.",
    "C": "Obscenity is not protected; anything short of it may be.",
    "D": "A rule against advertising is sound while it turns on no viewpoint; political endorsement is protected.",
    "E": "Only incitement to imminent crime and real unlawful offers are outside the protection.",
    "F": "Policy 3.6.3-F. The harm must be named, so that the rule is not one of taste.",
    "G": "Defamation is for courts: removal needs a false statement of fact. Berge v. Gloucester (1st Cir. 2024).",
    "H": "Copyright and trademark are their owner's to claim; the networks have procedures of their own.",
    "I": "Criticism of officials is at the core of protected speech: Barron v. Kolenda, Lindke v. Freed, "
    "601 U.S. 187 (2024).",
    "J": "True threats are not protected; news of violence is.",
    "K": "Depends on the law or duty that makes it confidential; PETA v. Tabak (D.C. Cir. 2024) on filters.",
}


@dataclass(frozen=True, slots=True)
class Changed:
    """One line in which two editions differ; ``what`` is the name of the field."""

    letter: str
    what: str
    before: str
    after: str


def check_grounds(letters: frozenset[str], categories: Mapping[str, Category] = CATEGORIES) -> None:
    """Refuse unknown categories and a ground that may not stand alone (policy 3.6-3, speech law)."""
    unknown = letters - categories.keys()
    if unknown:
        raise Invalid({"categories": f"There is no category {', '.join(sorted(unknown))}."})
    if not letters:
        raise Invalid({"categories": "Choose at least one category of policy 3.6-3."})
    if not any(categories[letter].alone for letter in letters):
        named = ", ".join(sorted(letters))
        raise Invalid({"categories": f"Category {named} can not be the only ground until counsel has signed."})


def check_edition(
    entries: Mapping[str, Category], *, why: str, counsel: str, signed_on: date | None, today: date
) -> None:
    """What an edition needs. Problems are named ``test_A``, ``why`` and so on, as the form names its fields."""
    problems = dict(problem for category in entries.values() for problem in _entry_problems(category))
    if not why.strip():
        problems["why"] = "Say why the categories are judged differently from now on: counsel's advice, a court, a law."
    elif len(why) > WHY_MAX:
        problems["why"] = f"Use at most {WHY_MAX} characters."
    if entries[NEEDS_SIGNATURE].alone and not (counsel.strip() and signed_on):
        problems["counsel"] = "Name the counsel and the day on which they signed that category I may stand alone."
    if signed_on is not None and signed_on > today:
        problems["signed_on"] = "This day has not come yet."
    if problems:
        raise Invalid(problems)


def _entry_problems(category: Category) -> Iterator[tuple[str, str]]:
    letter = category.letter
    for name, text in (("test", category.test), ("guard", category.guard)):
        if not text.strip():
            yield f"{name}_{letter}", "Write a sentence."
        elif len(text) > WORDING_MAX:
            yield f"{name}_{letter}", f"Use at most {WORDING_MAX} characters."
    if category.hide_at_once and letter not in HIDE_AT_MOST:
        yield f"hide_at_once_{letter}", "Only E, F, J and K may be hidden before the determination."
    if not category.counsel and letter in COUNSEL_ALWAYS:
        yield f"counsel_{letter}", "Counsel always comes first for this category."


def differences(before: Mapping[str, Category], after: Mapping[str, Category]) -> list[Changed]:
    """What another edition would change, line by line, in the order of the letters."""
    return [
        Changed(letter, label, _told(getattr(before[letter], name)), _told(getattr(after[letter], name)))
        for letter in sorted(before)
        for name, label in FIELDS.items()
        if getattr(before[letter], name) != getattr(after[letter], name)
    ]


FIELDS = {
    "test": "Ask first",
    "risk": "Legal risk",
    "guard": "Guard",
    "alone": "May be the only ground",
    "counsel": "Counsel first",
    "hide_at_once": "May be hidden at once",
}


def _told(value: object) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return str(value)
