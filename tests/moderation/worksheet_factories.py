"""Worksheets and referrals as a test needs them."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from charlton_intranet.core.database import unit_of_work
from charlton_intranet.moderation.models import Case, Referral
from charlton_intranet.moderation.rules.worksheet import CounselSought, ReferredTo, Worksheet
from charlton_intranet.moderation.service import referring
from tests.conftest import Town

REASON = "Please look at this: it names a building and a night."


def sought(town: Town) -> CounselSought:
    """Counsel was asked yesterday and has answered."""
    return CounselSought(town.today - timedelta(days=1), "Amara Hale, town counsel", "These words may be removed.")


def filled(town: Town, letters: Iterable[str], **other: Any) -> Worksheet:
    """A worksheet with every question answered and counsel asked."""
    answers = {letter: f"What category {letter} asks for is met by these words." for letter in letters}
    facts: dict[str, Any] = {"answers": answers, "counsel": sought(town)}
    return Worksheet(**(facts | other))


def referral(town: Town, case: Case, to: ReferredTo = ReferredTo.IT, *, by: str = "administrator") -> Referral:
    """A referral of a case that is sealed."""
    with unit_of_work():
        made = referring.refer(town.actor(by), case, to, REASON, clock=town.clock)
    return Referral.get_by_id(made)
