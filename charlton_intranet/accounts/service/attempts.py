"""Budgets of tries at a guarded door, per account and per address; they fail closed."""

import hashlib
from datetime import timedelta

from charlton_intranet.accounts.models import (
    Attempt,
)
from charlton_intranet.accounts.rules import (
    ATTEMPT_WINDOW,
)
from charlton_intranet.core.clock import Clock
from charlton_intranet.core.database import rows, unit_of_work
from charlton_intranet.core.errors import TooMany


def _key(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def spend(budgets: dict[str, int], *, clock: Clock) -> None:
    """Take one try from each budget, or raise ``TooMany`` before anything is evaluated."""
    now = clock.now()
    with unit_of_work():
        for text, budget in budgets.items():
            recent = (Attempt.key == _key(text)) & (Attempt.at > now - ATTEMPT_WINDOW)
            tries = rows(Attempt.select(Attempt.at).where(recent).order_by(Attempt.at).limit(budget))
            if len(tries) >= budget:
                wait = ATTEMPT_WINDOW - (now - tries[0][0])
                raise TooMany(
                    f"Too many tries. Wait {_minutes(wait)} and try again; your account is not locked.",
                    retry_after=max(1, int(wait.total_seconds())),
                )
        Attempt.insert_many([{"key": _key(text), "at": now} for text in budgets]).execute()
        Attempt.delete().where(Attempt.at < now - timedelta(days=1)).execute()


def forgive(text: str) -> None:
    """Give the tries of one budget back after the right answer, inside the caller's unit of work."""
    Attempt.delete().where(Attempt.key == _key(text)).execute()


def _minutes(wait: timedelta) -> str:
    minutes = -(-int(wait.total_seconds()) // 60)
    return "1 minute" if minutes <= 1 else f"{minutes} minutes"
