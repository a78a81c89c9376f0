"""Categories of content, defaults with their basis, versions and signatures. Pure."""

from charlton_intranet.policy.rules.categories import CATEGORIES, Category, Risk, check_grounds
from charlton_intranet.policy.rules.defaults import DEFAULTS, Certainty, Default
from charlton_intranet.policy.rules.documents import (
    MOVES,
    SUMMARY_MAX,
    TEXT_MAX,
    TITLE_MAX,
    Change,
    DocumentState,
    check_document,
    next_number,
)
from charlton_intranet.policy.rules.signatures import (
    CONSENT_READ,
    CONSENT_SIGN,
    EXPIRING_DAYS,
    METHOD,
    Standing,
    Told,
    check_signature,
    expiry,
    sign_by,
    standing,
)

__all__ = [
    "CATEGORIES",
    "CONSENT_READ",
    "CONSENT_SIGN",
    "DEFAULTS",
    "EXPIRING_DAYS",
    "METHOD",
    "MOVES",
    "SUMMARY_MAX",
    "TEXT_MAX",
    "TITLE_MAX",
    "Category",
    "Certainty",
    "Change",
    "Default",
    "DocumentState",
    "Risk",
    "Standing",
    "Told",
    "check_document",
    "check_grounds",
    "check_signature",
    "expiry",
    "next_number",
    "sign_by",
    "standing",
]
