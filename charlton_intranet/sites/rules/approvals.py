"""What an approval holds, how a record differs from it, and what closes a site. Pure."""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import auto
from typing import NamedTuple

from charlton_intranet.core.calendar import add_months
from charlton_intranet.sites.rules.states import Worded


class ApprovalKind(Worded):
    """The first decision, the one of every year (2.2), or the consent to a change of the record."""

    FIRST = auto()
    YEARLY = auto()
    CHANGE = auto()


class Closing(Worded):
    """What is done on the network before a site is over for good (3.7-1)."""

    LAST_CAPTURE = auto()
    ADMINS_EMPTIED = auto()
    CREDENTIALS_HANDED_OVER = auto()
    PROFILE_SAYS_SO = auto()

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def how(self) -> str:
        """What shows that it is done."""
        return _HOW[self]


_LABELS = {
    Closing.LAST_CAPTURE: "Last capture taken",
    Closing.ADMINS_EMPTIED: "List of administrators emptied",
    Closing.CREDENTIALS_HANDED_OVER: "Credentials handed over",
    Closing.PROFILE_SAYS_SO: "Profile says so",
}
_HOW = {
    Closing.LAST_CAPTURE: "The page as it stands is captured for the record. Link the capture or say where it is.",
    Closing.ADMINS_EMPTIED: "Nobody but the town's own account manages the page. A picture of its list shows it.",
    Closing.CREDENTIALS_HANDED_OVER: "The IT Technician has the sign-in and has changed its password.",
    Closing.PROFILE_SAYS_SO: "The profile says that the page is no longer used and where to turn, or it is taken down.",
}

# The facts that an approval keeps, with their names on the screen.
FACTS = {
    "title": "Name of the page",
    "address": "Address of the page",
    "account_email": "Official email of the account",
    "purpose": "Purpose",
    "audience": "Audience",
    "plan": "Plan",
    "cadence": "Regular review",
}
# From this many days before its end an approval may be renewed.
RENEWAL_DAYS = 30


class FactChange(NamedTuple):
    """A fact that differs from the approved one."""

    label: str
    before: str
    after: str


def differences(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[FactChange, ...]:
    """The facts that differ, in the order of the form."""
    return tuple(
        FactChange(label, before.get(name, ""), after.get(name, ""))
        for name, label in FACTS.items()
        if before.get(name, "") != after.get(name, "")
    )


def renew_by(approved: date, months: int) -> date:
    """The last day on which an approval holds."""
    return add_months(approved, months)


def may_renew(renew: date, day: date) -> bool:
    """Whether the department is asked on ``day`` if the site is still needed."""
    return day >= renew - timedelta(days=RENEWAL_DAYS)
