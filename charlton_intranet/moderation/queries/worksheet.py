"""The worksheet behind a determination, for the case page."""

from collections.abc import Mapping
from dataclasses import dataclass

from charlton_intranet.core.database import first_row, rows
from charlton_intranet.moderation.models import Determination, Ground, Referral, Worksheet
from charlton_intranet.moderation.rules.worksheet import (
    Consequence,
    CounselSought,
    ReferralState,
    ReferredTo,
    quotes_of,
)
from charlton_intranet.policy.queries import categories_at
from charlton_intranet.policy.rules import Category


@dataclass(frozen=True, slots=True)
class GroundView:
    """One category of a determination in the words of its edition; ``quotes`` are the words it rests on."""

    category: Category
    quotes: tuple[str, ...]
    answer: str


@dataclass(frozen=True, slots=True)
class WorksheetView:
    """What a determination rests on; ``edition`` is the one of the categories it was made under."""

    edition: int
    grounds: tuple[GroundView, ...]
    consequence: Consequence
    counsel: CounselSought | None


def is_with_counsel(case_id: int) -> bool:
    """Whether the case was referred to counsel, and that not taken back."""
    asked = Referral.select(Referral.id).where(
        (Referral.case == case_id) & (Referral.to == ReferredTo.COUNSEL) & (Referral.state != ReferralState.WITHDRAWN)
    )
    return first_row(asked.limit(1)) is not None


def worksheet_of(case_id: int) -> WorksheetView | None:
    """The worksheet of a case's determination; three queries. The caller has authorised it."""
    row = first_row(
        Worksheet.select(
            Worksheet.determination, Worksheet.categories_version, Worksheet.consequence, Worksheet.counsel_on,
            Worksheet.counsel_name, Worksheet.counsel_said, Determination.categories, Determination.quote,
        ).join(Determination).where(Determination.case == case_id)
    )  # fmt: skip
    if row is None:
        return None
    determination_id, edition, consequence, counsel_on, counsel_name, counsel_said, letters, quote = row
    kept: Mapping[str, tuple[str, str]] = {
        letter: (quotes, answer)
        for letter, quotes, answer in rows(
            Ground.select(Ground.letter, Ground.quotes, Ground.answer).where(Ground.determination == determination_id)
        )
    }
    by_letter = categories_at(edition).by_letter
    grounds = []
    for letter in filter(None, letters.split(",")):
        quotes, answer = kept.get(letter, (quote, ""))
        grounds.append(GroundView(by_letter[letter], quotes_of(quotes), answer))
    sought = CounselSought(counsel_on, counsel_name, counsel_said) if counsel_name else None
    return WorksheetView(edition, tuple(grounds), consequence, sought)
