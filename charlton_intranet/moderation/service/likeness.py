"""Keeping the index of decisions by words and category, and the pairs of like ones, up to date.

It is made from the determinations alone and says nothing new, so it has no part in the audit trail. A job fills it, as
no step of a case needs it at once.
"""

from itertools import islice

from charlton_intranet.core.database import rows, unit_of_work
from charlton_intranet.moderation.models import (
    Case,
    DecidedUnder,
    DecisionKey,
    DecisionWords,
    Determination,
    LikePair,
)
from charlton_intranet.moderation.queries.likeness import like_words, outcomes_of
from charlton_intranet.moderation.rules import Outcome, letters_of
from charlton_intranet.moderation.rules.likeness import joined, keys_of, words_of

BATCH = 25
# A decision is held against so many earlier ones with the same outcome, and so many with another.
PAIRS = 5


def index_decisions(batch: int = BATCH) -> int:
    """Take in up to ``batch`` decisions that are not indexed yet, oldest first; returns how many."""
    with unit_of_work():
        waiting = rows(
            Determination.select(Determination.id, Determination.categories, Case.text)
            .join(Case)
            .where(Determination.id.not_in(DecisionWords.select(DecisionWords.determination)))
            .order_by(Determination.id)
            .limit(batch)
        )
        for determination_id, categories, text in waiting:
            _index(determination_id, categories, text)
    return len(waiting)


def _index(determination_id: int, categories: str, text: str) -> None:
    words = words_of(text)
    DecisionWords.insert(determination=determination_id, words=joined(words)).execute()
    letters = [(determination_id, letter) for letter in sorted(letters_of(categories))]
    if letters:
        DecidedUnder.insert_many(letters, fields=[DecidedUnder.determination, DecidedUnder.letter]).execute()
    keys = [(determination_id, key) for key in keys_of(words)]
    if keys:
        _pair(determination_id, text)
        DecisionKey.insert_many(keys, fields=[DecisionKey.determination, DecisionKey.key]).execute()


def _pair(determination_id: int, text: str) -> None:
    """Hold a decision against the likest ones that are indexed, some that came out the same and some that did not."""
    near = like_words(text)
    outcomes = outcomes_of([determination_id, *(one.determination_id for one in near)])
    own = outcomes[determination_id]
    for differs in (False, True):
        held = (one for one in near if (outcomes[one.determination_id] is not own) is differs)
        for one in islice(held, PAIRS):
            newer, older = max(determination_id, one.determination_id), min(determination_id, one.determination_id)
            LikePair.insert(
                newer=newer, older=older, common=" ".join(one.common), share=one.share, differs=differs
            ).execute()


def settle_differences(determination_id: int, outcome: Outcome) -> None:
    """Say of a decision's pairs whether they differ, now that ``outcome`` is what became of the content.

    Inside the caller's unit of work.
    """
    mine = (LikePair.newer == determination_id) | (LikePair.older == determination_id)
    pairs = rows(LikePair.select(LikePair.id, LikePair.newer, LikePair.older).where(mine))
    others = {pair: older if newer == determination_id else newer for pair, newer, older in pairs}
    outcomes = outcomes_of(others.values())
    for differs in (False, True):
        settled = [pair for pair, other in others.items() if (outcomes[other] is not outcome) is differs]
        LikePair.update(differs=differs).where(LikePair.id.in_(settled)).execute()
