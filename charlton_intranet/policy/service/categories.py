"""Publishing another edition of how the categories of 3.6-3 are judged."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date

from charlton_intranet.core import audit
from charlton_intranet.core.clock import Clock, today
from charlton_intranet.core.database import unit_of_work
from charlton_intranet.core.errors import Invalid, StaleState
from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.policy import queries
from charlton_intranet.policy.models import CategoryEdition, CategoryEntry
from charlton_intranet.policy.rules import Category, check_edition, differences

PUBLISHED = audit.declare("categories.published", "number", "before", "after", "why", "letters", "counsel", "signed_on")


def publish_edition(
    actor: Actor,
    number: int,
    entries: Mapping[str, Category],
    *,
    why: str,
    counsel: str = "",
    signed_on: date | None = None,
    clock: Clock,
) -> int:
    """Judge by ``entries`` from now on, in place of edition ``number``; returns the new number.

    The words are the policy's: they are taken over from the edition before, whatever ``entries`` say. What was
    determined under an earlier edition keeps it.
    """
    why, counsel = " ".join(why.split()), " ".join(counsel.split())
    with unit_of_work():
        actor.must_have(Permission.PUBLISH_CATEGORIES)
        before = queries.categories()
        if before.number != number:
            raise StaleState("Another edition has been published meanwhile. Nothing of yours was saved.")
        after = {letter: _with_words(entries[letter], kept.words) for letter, kept in before.by_letter.items()}
        check_edition(after, why=why, counsel=counsel, signed_on=signed_on, today=today(clock))
        changed = differences(before.by_letter, after)
        if not changed:
            raise Invalid({"why": "Nothing differs from the edition in force."})
        CategoryEdition.insert(
            number=number + 1, published_at=clock.now(), published_by=actor.person_id, why=why, counsel=counsel,
            signed_on=signed_on,
        ).execute()  # fmt: skip
        CategoryEntry.insert_many([{"edition": number + 1, **asdict(one)} for one in after.values()]).execute()
        audit.record(
            PUBLISHED, actor, f"categories:{number + 1}", clock=clock, number=number + 1,
            before=_digest(before.by_letter), after=_digest(after), why=audit.digest_of(why),
            letters=",".join(sorted({one.letter for one in changed})), counsel=audit.digest_of(counsel),
            signed_on=signed_on,
        )  # fmt: skip
    return number + 1


def _with_words(category: Category, words: str) -> Category:
    return replace(category, words=words, test=category.test.strip(), guard=category.guard.strip())


def _digest(entries: Mapping[str, Category]) -> str:
    return audit.digest_of(audit.canonical([asdict(entries[letter]) for letter in sorted(entries)]))
