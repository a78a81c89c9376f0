"""The legal defaults with their basis and how sure we are of it: data that the town can change, never advice.

Sources: the town's policy (clauses in brackets) and ``docs/law.md``.
"""

from dataclasses import dataclass
from enum import StrEnum, auto


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
    "reapproval.months": Default(
        12, "months", "A site is approved anew after", "Policy 2.2; term is the town's choice", Certainty.CHOICE
    ),
    "authenticity.months": Default(
        12,
        "months",
        "A site's authenticity checklist holds for",
        "Policy 3.5; term is the town's choice",
        Certainty.CHOICE,
    ),
    "controls.months": Default(
        3,
        "months",
        "A site's security controls checklist holds for",
        "Policy 3.6-5, 3.8; term is the town's choice",
        Certainty.CHOICE,
    ),
    "checklist.business_days": Default(
        5, "business days", "What a site's checklist found is mended within", "Policy 3.5, 3.6-5, 3.8", Certainty.CHOICE
    ),
    "reconciliation.months": Default(
        3,
        "months",
        "The list of who is on a page is entered anew after",
        "Policy 3.3-3; term is the town's choice",
        Certainty.CHOICE,
    ),
    "takeoff.business_days": Default(
        1, "business days", "Who has no authority is taken off a page within", "Policy 3.3-3", Certainty.CHOICE
    ),
    "difference.business_days": Default(
        5, "business days", "Any other difference on a page is settled within", "Policy 3.3-2, 3.3-3", Certainty.CHOICE
    ),
    "accessreview.business_days": Default(
        10,
        "business days",
        "The quarter's access review is answered within",
        "Policy 3.3-3; term is the town's choice",
        Certainty.CHOICE,
    ),
    "reconsideration_ask.business_days": Default(
        10,
        "business days",
        "A writer may ask that a removal be looked at again within",
        "The policy is silent; the town's choice",
        Certainty.CHOICE,
    ),
    "reconsideration.business_days": Default(
        10,
        "business days",
        "A request to look at a removal again is answered within",
        "The policy is silent; the town's choice",
        Certainty.CHOICE,
    ),
    "restriction.threshold": Default(
        3,
        "decisions",
        "A restriction can be proposed after this many removals that stand",
        "Policy 3.7-4: continue to post; the number is the town's choice",
        Certainty.CHOICE,
    ),
    "restriction.months": Default(
        12,
        "months",
        "Removals count towards a restriction for",
        "Policy 3.7-4; term is the town's choice",
        Certainty.CHOICE,
    ),
    "restriction_review.days": Default(
        7,
        "days",
        "A restriction is looked at again before its end by",
        "Policy 3.7-4; term is the town's choice",
        Certainty.CHOICE,
    ),
    "emergency.business_days": Default(
        2,
        "business days",
        "The Town Administrator decides on what was hidden at once within",
        "Speech law: a hide before the decision is short; the days are the town's choice",
        Certainty.CHOICE,
    ),
    "restore.business_days": Default(
        1,
        "business days",
        "What was wrongly hidden or removed is back within",
        "Speech law; the days are the town's choice",
        Certainty.CHOICE,
    ),
    "claim.days": Default(
        3, "days", "Somebody's claim on a case lapses after", "A claim is help among colleagues", Certainty.CHOICE
    ),
    "snooze.days": Default(
        30, "days", "A case that waits for a first look can be snoozed for at most", "Policy 3.6-1", Certainty.CHOICE
    ),
    "referral_send.business_days": Default(
        1, "business days", "Something referred to others is sent within", "Policy 3.6-4", Certainty.CHOICE
    ),
    "referral_answer.business_days": Default(
        5, "business days", "Something referred is answered, or asked after, within", "Policy 3.6-4", Certainty.CHOICE
    ),
    "fixity.days": Default(
        7,
        "days",
        "Everything that is kept is read again and held against its digest every",
        "Policy 3.6-2: records must stay what they were; the days are the town's choice",
        Certainty.CHOICE,
    ),
    "trail.days": Default(
        7,
        "days",
        "The whole audit trail is proven again every",
        "Policy 3.6-2: records must stay what they were; the days are the town's choice",
        Certainty.CHOICE,
    ),
    "capture.months": Default(
        1,
        "months",
        "A site is captured for the record every",
        "Policy 3.6-2: appropriately archived; the months are the town's choice",
        Certainty.CHOICE,
    ),
    "full.months": Default(
        3,
        "months",
        "A site is reviewed in full every",
        "Policy 3.6-1: regularly; the months are the town's choice",
        Certainty.CHOICE,
    ),
}
