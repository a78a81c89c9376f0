"""What a determination needs before it counts (3.6-3, 3.6-4). Pure."""

from datetime import date

from charlton_intranet.core.errors import Invalid
from charlton_intranet.moderation.rules.words import QUOTE_MAX, REASON_MIN, check_words


def check_quote(quote: str, text: str) -> None:
    """The exact words in question must stand in the captured text, white space aside."""
    if not quote.strip():
        raise Invalid({"quote": "Quote the exact words that break the category."})
    if len(quote) > QUOTE_MAX:
        raise Invalid({"quote": f"Quote at most {QUOTE_MAX:,} characters: the words that matter."})
    if " ".join(quote.split()) not in " ".join(text.split()):
        raise Invalid({"quote": "These words are not in the captured text. Copy them from it."})


def check_reason(reason: str) -> None:
    """A content-only reason, long enough to be read by a court."""
    if len(reason.strip()) < REASON_MIN:
        raise Invalid({"reason": "Say in a sentence what about the content decides it, without the author's view."})
    check_words("reason", reason, ask="")


def check_neutral(*, same_if_praise: bool | None) -> None:
    """The neutral-viewpoint question of a hide or remove must be answered with yes."""
    if same_if_praise is None:
        raise Invalid({"same_if_praise": "Answer whether the same words in praise of the town would go as well."})
    if not same_if_praise:
        raise Invalid(
            {"same_if_praise": "Then this turns on viewpoint and the town may not remove it. Keep it, or ask counsel."}
        )


def check_no_answer(due_on: date, today: date) -> None:
    """Going on without the head's advice is open from the day after it was due (3.6-4)."""
    if today <= due_on:
        raise Invalid({"position": f"The head has until the end of {due_on:%B} {due_on.day} to answer."})
