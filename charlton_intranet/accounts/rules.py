"""Accounts: what a password, an address and a role assignment must be. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum, auto
from itertools import combinations

from charlton_intranet.core.errors import Invalid

# A password alone: 15 characters (NIST SP 800-63B-4). With a second factor 8 will do.
PASSWORD_MIN = 15
PASSWORD_MAX = 256

IDLE_LIMIT = timedelta(minutes=30)
SESSION_LIMIT = timedelta(hours=12)
SEEN_STEP = timedelta(minutes=1)
FRESH_FOR = timedelta(minutes=15)
INVITATION_LIFE = timedelta(days=7)
RESET_LIFE = timedelta(hours=1)

# Budget of sign-in attempts that are evaluated: per account and per address, within the window.
ATTEMPT_WINDOW = timedelta(minutes=15)
ATTEMPTS_PER_ACCOUNT = 10
ATTEMPTS_PER_ADDRESS = 60
LETTERS_PER_ACCOUNT = 5

# What town mailboxes are called; quoting and spaces, legal in RFC 5322, only carry mistakes.
_MAILBOX = re.compile(r"[a-z0-9]([a-z0-9._+'-]{0,62}[a-z0-9])?")

_COMMON = (
    "password", "passw0rd", "qwerty", "letmein", "welcome", "iloveyou", "administrator", "socialmedia",
    "123456789012345", "111111111111111", "abcdefghijklmno", "qwertyuiopasdfg", "correcthorsebatterystaple",
)  # fmt: skip


class PersonState(StrEnum):
    """An invited person has no password yet; a disabled one can not sign in and has no authority."""

    INVITED = auto()
    ACTIVE = auto()
    DISABLED = auto()


class LetterPurpose(StrEnum):
    """What a one-time link lets its holder do."""

    INVITATION = auto()
    RESET = auto()


def normal_email(text: str) -> str:
    """An address as it is stored and compared: trimmed, lower case."""
    return text.strip().lower()


def check_official_email(email: str, domains: tuple[str, ...]) -> None:
    """Refuse what is no address, and an address outside the town's domains (policy 1.2)."""
    box, _, domain = email.rpartition("@")
    if not _MAILBOX.fullmatch(box):
        raise Invalid({"email": "Type a mail address such as first.last@" + domains[0] + "."})
    if domain not in domains:
        allowed = ", ".join(f"@{domain}" for domain in domains)
        raise Invalid({"email": f"Use an official town address ({allowed}). Policy 1.2 asks for one."})


def check_password(password: str, *, email: str, name: str, town_words: tuple[str, ...]) -> None:
    """Refuse a password that is short, long or easy to guess; say how to mend it.

    No rules of composition and no expiry (NIST SP 800-63B-4 3.1.1.2).
    """
    if len(password) < PASSWORD_MIN:
        raise Invalid({"password": f"Use at least {PASSWORD_MIN} characters. Four or five unrelated words do well."})
    if len(password) > PASSWORD_MAX:
        raise Invalid({"password": f"Use at most {PASSWORD_MAX} characters."})
    plain = _letters(password)
    guessable = [*_COMMON, *town_words, email.partition("@")[0], *name.split()]
    rest = plain
    for word in sorted(guessable, key=len, reverse=True):
        if len(_letters(word)) > 3:
            rest = rest.replace(_letters(word), "")
    if len(rest) < 6 or len(set(plain)) < 5:
        raise Invalid({"password": "This is easy to guess: it is made of common words, your name or the town's name."})


def _letters(text: str) -> str:
    """Letters and digits of any script, in lower case."""
    return "".join(c for c in text.casefold() if c.isalnum())


@dataclass(frozen=True, slots=True)
class Span:
    """Somebody who holds an office from a day to a last day (None: for good), in their own right or acting."""

    name: str
    starts: date
    ends: date | None
    acting: bool


@dataclass(frozen=True, slots=True)
class Overlap:
    """Days on which two people act in the same office."""

    names: tuple[str, str]
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Gap:
    """Days on which nobody holds an office; ``last`` None when nobody follows."""

    first: date
    last: date | None


def overlaps(spans: Iterable[Span], day: date) -> list[Overlap]:
    """Where two people act at the same time, from ``day`` on: allowed, and worth knowing."""
    acting = sorted((span for span in spans if span.acting), key=lambda span: (span.starts, span.name))
    found = []
    for one, other in combinations(acting, 2):
        first = max(one.starts, other.starts, day)
        last = min(one.ends or date.max, other.ends or date.max)
        if first <= last:
            found.append(Overlap((one.name, other.name), first, last))
    return found


def gaps(spans: Iterable[Span], day: date) -> list[Gap]:
    """The days from ``day`` on that nobody covers, in their own right or acting."""
    found, uncovered = [], day
    for span in sorted(spans, key=lambda span: span.starts):
        if span.ends is not None and span.ends < max(span.starts, uncovered):
            continue
        if span.starts > uncovered:
            found.append(Gap(uncovered, span.starts - timedelta(days=1)))
        if span.ends is None:
            return found
        uncovered = span.ends + timedelta(days=1)
    return [*found, Gap(uncovered, None)]
