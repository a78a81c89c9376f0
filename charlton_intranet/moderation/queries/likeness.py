"""Earlier decisions on like words and on the same category, at the same cost however many there are."""

import operator
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import reduce
from typing import Any

from charlton_intranet.core.database import rows
from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.moderation.models import (
    Case,
    DecidedUnder,
    DecisionKey,
    DecisionWords,
    Determination,
    LikePair,
)
from charlton_intranet.moderation.queries.reconsiderations import reversed_decisions
from charlton_intranet.moderation.rules import Outcome, letters_of
from charlton_intranet.moderation.rules.likeness import alike, common, keys_of, share, words_of
from charlton_intranet.sites.models import Site

# So many of the newest are looked at under each key, and so many are shown.
LOOKED_AT = 25
SHOWN = 5
PAGE = 25
EXCERPT = 160


@dataclass(frozen=True, slots=True)
class Likeness:
    """A decision on like words: those in common, and how many they are in a hundred of all words of both."""

    determination_id: int
    common: tuple[str, ...]
    share: int


@dataclass(frozen=True, slots=True)
class EarlierDecision:
    """An earlier decision. Its words and reason, as far as the reader may read the case; otherwise empty.

    ``reversed``: an answer to a request for reconsideration took it back.
    """

    case_id: int
    outcome: Outcome
    reversed: bool
    categories: tuple[str, ...]
    decided_at: datetime
    site_title: str
    readable: bool
    text: str
    reason: str
    common: tuple[str, ...] = ()
    share: int = 0


@dataclass(frozen=True, slots=True)
class Differing:
    """Two decisions on like words that came out differently."""

    id: int
    newer: EarlierDecision
    older: EarlierDecision
    common: tuple[str, ...]
    share: int


def like_words(text: str, *, before: int | None = None) -> list[Likeness]:
    """Decisions on words like ``text``, likest and newest first; ``before`` a determination's id. Two queries."""
    words = words_of(text)
    keys = keys_of(words)
    if not keys:
        return []
    met = {row[0] for row in rows(_meeting(keys, before))}
    if not met:
        return []
    stored = DecisionWords.select(DecisionWords.determination, DecisionWords.words).where(
        DecisionWords.determination.in_(sorted(met))
    )
    found = [(number, frozenset(kept.split())) for number, kept in rows(stored)]
    near = [Likeness(number, common(words, kept), share(words, kept)) for number, kept in found if alike(words, kept)]
    return sorted(near, key=lambda one: (one.share, one.determination_id), reverse=True)


def _meeting(keys: Iterable[int], before: int | None) -> Any:
    """The newest decisions under each key: a bounded walk of the index for each, whatever it holds."""
    earlier = DecisionKey.determination < before if before is not None else None
    return _together(
        DecisionKey.select(DecisionKey.determination)
        .where(DecisionKey.key == key, *([earlier] if earlier is not None else []))
        .order_by(DecisionKey.determination.desc())
        .limit(LOOKED_AT)
        for key in keys
    )


def _together(walks: Iterable[Any]) -> Any:
    """Several queries with a limit of their own as one; each stands in a table expression, as SQL wants it."""
    tables = [walk.alias(f"walk{place}") for place, walk in enumerate(walks)]
    return reduce(operator.or_, (DecisionWords.select(table.c.determination_id).from_(table) for table in tables))


def standing_outcome(outcome: Outcome, *, taken_back: bool) -> Outcome:
    """What became of the content: a removal that was taken back is as good as kept."""
    return Outcome.KEEP if taken_back else outcome


def outcomes_of(determination_ids: Iterable[int]) -> dict[int, Outcome]:
    """What became of the content of these decisions."""
    query = Determination.select(
        Determination.id, Determination.outcome, Determination.id.in_(reversed_decisions())
    ).where(Determination.id.in_(sorted(set(determination_ids))))
    return {number: standing_outcome(outcome, taken_back=bool(back)) for number, outcome, back in rows(query)}


def earlier_like(actor: Actor, case_id: int, text: str) -> list[EarlierDecision]:
    """The likest earlier decisions on other cases. Three queries."""
    near = like_words(text)[: SHOWN + 1]
    told = {row.determination_id: row for row in near}
    found = _decisions(actor, list(told))
    others = (number for number in told if number in found and found[number].case_id != case_id)
    return [replace(found[number], common=told[number].common, share=told[number].share) for number in others][:SHOWN]


def earlier_under(actor: Actor, case_id: int, letters: Iterable[str]) -> dict[str, list[EarlierDecision]]:
    """The newest decisions under each category, other cases only. Two queries."""
    walks = [
        (
            DecidedUnder.select(DecidedUnder.determination)
            .where(DecidedUnder.letter == letter)
            .order_by(DecidedUnder.determination.desc())
            .limit(SHOWN + 1)
        )
        for letter in sorted(set(letters))
    ]
    if not walks:
        return {}
    met = [row[0] for row in rows(_together(walks))]
    found = [one for one in _decisions(actor, met).values() if one.case_id != case_id]
    return {letter: [one for one in found if letter in one.categories][:SHOWN] for letter in sorted(set(letters))}


def _decisions(actor: Actor, determination_ids: Iterable[int]) -> dict[int, EarlierDecision]:
    """These decisions, newest first; without words where the actor does not read the case. One query."""
    query = (
        Determination.select(
            Determination.id, Case.id, Determination.outcome, Determination.id.in_(reversed_decisions()),
            Determination.categories, Determination.decided_at, Site.title, Case.department, Case.text,
            Determination.reason,
        )
        .join_from(Determination, Case)
        .join_from(Case, Site)
        .where(Determination.id.in_(sorted(set(determination_ids))))
        .order_by(Determination.id.desc())
    )  # fmt: skip
    found = {}
    for number, case_id, outcome, taken_back, categories, decided_at, site, department_id, text, reason in rows(query):
        readable = actor.may(Permission.READ_CASES, department_id)
        found[number] = EarlierDecision(
            case_id=case_id,
            outcome=outcome,
            reversed=bool(taken_back),
            categories=tuple(sorted(letters_of(categories))),
            decided_at=decided_at,
            site_title=site,
            readable=readable,
            text=shortened(text) if readable else "",
            reason=shortened(reason) if readable else "",
        )
    return found


def differing(actor: Actor, before: int | None = None, size: int = PAGE) -> tuple[list[Differing], int | None]:
    """Pairs on like words that came out differently, newest first, and the key of the next page. Two queries.

    Both cases are the reader's to read.
    """
    newer, older = Determination.alias(), Determination.alias()
    one, other = Case.alias(), Case.alias()
    query: Any = (
        LikePair.select(LikePair.id, LikePair.newer, LikePair.older, LikePair.common, LikePair.share)
        .join_from(LikePair, newer, on=(LikePair.newer == newer.id))
        .join_from(newer, one, on=(newer.case == one.id))
        .join_from(LikePair, older, on=(LikePair.older == older.id))
        .join_from(older, other, on=(older.case == other.id))
        .where(LikePair.differs)
        .order_by(LikePair.id.desc())
        .limit(size + 1)
    )
    reach = actor.departments_for(Permission.READ_CASES)
    if reach is not None:
        query = query.where(one.department.in_(sorted(reach)) & other.department.in_(sorted(reach)))
    if before is not None:
        query = query.where(LikePair.id < before)
    pairs = rows(query)
    shown = pairs[:size]
    found = _decisions(actor, [number for _id, newest, oldest, *_rest in shown for number in (newest, oldest)])
    return (
        [Differing(key, found[n], found[o], tuple(words.split()), part) for key, n, o, words, part in shown],
        shown[-1][0] if len(pairs) > size else None,
    )


def shortened(text: str) -> str:
    """The beginning of a text in one line."""
    line = " ".join(text.split())
    return line if len(line) <= EXCERPT else line[: EXCERPT - 1].rstrip() + "…"
