"""Categories A to K of policy 3.6-3, each with its test, its legal risk and the guard the app puts up."""

from dataclasses import dataclass
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
