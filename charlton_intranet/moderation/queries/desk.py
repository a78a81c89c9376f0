"""How coordinators share the queue: whose a case is, what waits out of sight, and the views somebody keeps."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from charlton_intranet.accounts.models import Person
from charlton_intranet.accounts.rules import PersonState
from charlton_intranet.core.clock import town_time
from charlton_intranet.core.database import first_row, rows
from charlton_intranet.moderation.models import Case, Claim, SavedView, Snooze
from charlton_intranet.moderation.rules import CaseState
from charlton_intranet.moderation.rules.desk import Press
from charlton_intranet.policy.queries import default

# Who claimed, where a query needs the name beside other people's.
Claimant: Any = Person.alias("claimant")


@dataclass(frozen=True, slots=True)
class ClaimView:
    """Whose a case is, and since when."""

    id: int
    person_id: int
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SnoozeView:
    """Why a case is out of sight, and until when."""

    until: date
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ViewRow:
    """A view of the queue that somebody keeps."""

    id: int
    name: str
    query: str


def is_live(now: datetime) -> Any:
    """Whether a :class:`Claim` joined with ``Claimant`` holds: not given back, not too old, its person still here."""
    since = now - timedelta(days=default("claim.days"))
    return Claim.ended_at.is_null() & (Claim.at > since) & (Claimant.state != PersonState.DISABLED)


def live_claims(now: datetime, person_id: int | None = None) -> Any:
    """A query of the cases that are somebody's, or ``person_id``'s."""
    claims = Claim.select(Claim.case).join(Claimant, on=Claim.person == Claimant.id).where(is_live(now))
    return claims if person_id is None else claims.where(Claim.person == person_id)


def is_asleep(now: datetime) -> Any:
    """Whether a :class:`Snooze` holds. On its day the case is back, without anybody's doing."""
    return Snooze.ended_at.is_null() & (Snooze.until > town_time(now).date())


def live_snoozes(now: datetime) -> Any:
    """A query of the cases that wait out of sight; only an open one does."""
    return Snooze.select(Snooze.case).where(is_asleep(now))


def claim_of(case_id: int, now: datetime) -> ClaimView | None:
    """Whose the case is, if it is anybody's."""
    row = first_row(
        Claim.select(Claim.id, Claim.person, Claimant.name, Claim.at)
        .join(Claimant, on=Claim.person == Claimant.id)
        .where((Claim.case == case_id) & is_live(now))
    )
    return ClaimView(*row) if row else None


def snooze_of(case_id: int, now: datetime) -> SnoozeView | None:
    """Why the case waits out of sight, if it does."""
    row = first_row(
        Snooze.select(Snooze.until, Snooze.reason, Person.name, Snooze.at)
        .join(Person)
        .where((Snooze.case == case_id) & is_asleep(now))
    )
    return SnoozeView(*row) if row else None


def press_count(batch: str) -> int:
    """On how many cases Undo would take back the press of that name."""
    press = Press.of(batch)
    if press is Press.DISMISS:
        standing: Any = Case.select(Case.id).where(
            (Case.dismissed_batch == batch) & (Case.state == CaseState.DISMISSED)
        )
    elif press is Press.CLAIM:
        standing = Claim.select(Claim.id).where((Claim.batch == batch) & Claim.ended_at.is_null())
    elif press is Press.SNOOZE:
        standing = Snooze.select(Snooze.id).where((Snooze.batch == batch) & Snooze.ended_at.is_null())
    else:
        model: Any = Claim if press is Press.RELEASE else Snooze
        later: Any = model.alias()
        followed = later.select(later.case).where(later.ended_at.is_null())
        standing = model.select(model.id).where((model.ended_batch == batch) & model.case.not_in(followed))
    return int(standing.count())


def views_of(person_id: int | None) -> list[ViewRow]:
    """The views that somebody keeps, by name."""
    kept = SavedView.select(SavedView.id, SavedView.name, SavedView.query)
    return [ViewRow(*row) for row in rows(kept.where(SavedView.person == person_id).order_by(SavedView.name))]
