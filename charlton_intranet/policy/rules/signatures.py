"""What makes a signature under the policy, and where it stands on a day (3.3-4)."""

import unicodedata
from collections.abc import Iterable
from datetime import date
from enum import StrEnum, auto

from charlton_intranet.core.calendar import BusinessCalendar, add_months
from charlton_intranet.core.errors import Invalid

EXPIRING_DAYS = 30
# What a signer declares (M.G.L. c. 110G; 15 USC 7001): the words are sealed with each signature.
CONSENT_READ = "I have read the whole policy shown on this page, and I understand it."
CONSENT_SIGN = (
    "I accept the scope of my responsibility and its limits under this policy, "
    "and I sign electronically instead of on paper."
)
METHOD = "own account, password confirmed within 15 minutes"
ON_PAPER = "on paper"
ATTESTED = (
    "The paper shows this version of the policy, both declarations and what is signed for, "
    "and the person named signed it by hand."
)


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


def check_paper(
    *, signed_on: date | None, today: date, since: date, months: int, present: date | None, attested: bool
) -> date:
    """Refuse a paper that can not count; returns its day.

    ``since`` is the day on which its version came into force, ``present`` that of the signature it would replace.
    """
    problems = {}
    if signed_on is None:
        problems["signed_on"] = "Enter the day that stands on the paper."
    elif signed_on > today:
        problems["signed_on"] = "This day is still to come. Enter the day that stands on the paper."
    elif signed_on < since:
        problems["signed_on"] = f"This version came into force on {since.isoformat()}; the paper is older than it."
    elif expiry(signed_on, months) < today:
        problems["signed_on"] = f"A signature of that day counts no longer: they hold for {months} months."
    elif present is not None and signed_on < present:
        problems["signed_on"] = f"There is a signature of {present.isoformat()} already, which is newer."
    if not attested:
        problems["attested"] = "Look at the paper, and tick this when it is so."
    if problems or signed_on is None:
        raise Invalid(problems)
    return signed_on


def uncovered(signed: Iterable[tuple[str, int]], wanted: Iterable[tuple[str, int]]) -> set[str]:
    """The subjects of ``wanted`` that no line of ``signed`` covers at their level or a higher one."""
    reached: dict[str, int] = {}
    for subject, level in signed:
        reached[subject] = max(level, reached.get(subject, 0))
    return {subject for subject, level in wanted if level > reached.get(subject, 0)}
