"""What a request for a site must hold, and how it is answered. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import auto

from charlton_intranet.sites.rules.states import Cadence, SiteState, Worded


class Decision(Worded):
    """What the Town Administrator says to a request (2.2)."""

    APPROVE = auto()
    ASK_FOR_CHANGES = auto()
    DECLINE = auto()


DECISIONS = {
    Decision.APPROVE: SiteState.APPROVED,
    Decision.ASK_FOR_CHANGES: SiteState.CHANGES_ASKED,
    Decision.DECLINE: SiteState.DECLINED,
}


# What a request attests one by one: the list of policy 3.1 in its own words.
ATTESTATIONS = {
    "copyright": "Copyright",
    "trademark": "Trademark",
    "records_retention": "Records retention",
    "public_records": "Massachusetts Public Records Law",
    "first_amendment": "U.S. Constitution First Amendment",
    "accessibility": "Americans with Disabilities Act (ADA)",
    "health": "Health Insurance Portability and Accountability Act (HIPAA)",
    "privacy": "Privacy laws",
    "employment": "Employment related laws",
    "conduct": "The town's policy on Professional Conduct",
    "harassment": "The town's policy on Sexual Harassment",
    "data_security": "The town's Electronic Communication and Data Security Policy",
    "others": "All other federal, state and town statutes, bylaws, rules, regulations and policies that apply",
}
# What is checked before anything is posted.
PREPARATIONS = {
    "rights": "Rights: words, pictures and music are the town's own, or their owners have agreed",
    "people": "Privacy: nobody is shown or named who should not be",
    "reading": "Access: every picture has a description, every video has captions",
    "records": "Records: what is posted, edited or taken down is kept for the record",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteFacts:
    """What a department head says about a site.

    ``attested`` and ``prepared`` name the sentences of policy 3.1 that were ticked; a change of the record of an
    approved site needs none.
    """

    address: str
    title: str
    account_email: str
    purpose: str
    audience: str
    plan: str
    cadence: Cadence
    attested: frozenset[str] = frozenset()
    prepared: frozenset[str] = frozenset()


def attested_sentences(facts: SiteFacts) -> list[str]:
    """The sentences that were ticked, in their order."""
    lists = ((ATTESTATIONS, facts.attested), (PREPARATIONS, facts.prepared))
    return [words for every, ticked in lists for name, words in every.items() if name in ticked]


def unticked(missing: int) -> str:
    """What to do about sentences of policy 3.1 that are not ticked."""
    return f"Tick each line once you have made sure of it: {missing} not ticked yet (policy 3.1)."


def attestation_problems(facts: SiteFacts) -> dict[str, str]:
    """What is not attested yet, by field."""
    problems = {}
    for field, every, ticked in (
        ("attested", ATTESTATIONS, facts.attested),
        ("prepared", PREPARATIONS, facts.prepared),
    ):
        if missing := len(every.keys() - ticked):
            problems[field] = unticked(missing)
    return problems


def facts_problems(facts: SiteFacts) -> dict[str, str]:
    """What is missing in a site's record, by field."""
    asked = {
        "title": "Type the name that the page shows.",
        "purpose": "Say what the site is for.",
        "audience": "Say whom it is meant to reach.",
        "plan": "Say who posts, how often, and who answers.",
    }
    return {name: mend for name, mend in asked.items() if not getattr(facts, name).strip()}


def email_problem(email: str, domains: Collection[str], mailboxes: Collection[str]) -> str:
    """Why ``email`` is no official address (1.2, 3.5-1), with the mend; empty when it is one."""
    box, _, domain = email.rpartition("@")
    if (box and domain in domains) or email in mailboxes:
        return ""
    allowed = ", ".join(f"@{domain}" for domain in domains)
    return (
        f"{email} is no official address. Use a town address ({allowed}) or a mailbox that the town has approved; "
        "the IT Technician can put one on the list (policy 1.2, 3.5-1)."
    )
