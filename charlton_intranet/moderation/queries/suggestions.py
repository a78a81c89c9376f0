"""What the helpers point at in a case, as far as the town lets them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from charlton_intranet.accounts.models import Person
from charlton_intranet.core.database import first_row, rows
from charlton_intranet.core.once import once
from charlton_intranet.moderation.models import Case
from charlton_intranet.moderation.models.suggestions import SuggestionChoice
from charlton_intranet.moderation.queries.case import CaseView
from charlton_intranet.moderation.suggestions import NAMES, REPEATED, Segment, Suggestion, segments, suggest

# The same words count as repeated within so many days, looked for among as many captures before and after.
REPEATED_DAYS = timedelta(days=7)
REPEATED_NEAR = 500
REPEATED_MOST = 5
# A page marks and lists at most so many places: who needs more has seen enough.
MOST = 100


@dataclass(frozen=True, slots=True)
class Choice:
    """What the town lets the helpers do; ``version`` 0 while nobody has chosen."""

    version: int = 0
    enabled: bool = True
    off: frozenset[str] = frozenset()
    chosen_by: str = ""
    chosen_at: datetime | None = None

    @property
    def silent(self) -> frozenset[str]:
        """The rules that do not speak."""
        return self.off if self.enabled else frozenset(NAMES)


@dataclass(frozen=True, slots=True)
class Pointer:
    """Words of a case that may matter, once however often they stand there; ``at`` is the first place of them."""

    words: str
    letters: tuple[str, ...]
    why: str
    at: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Pointers:
    """The words of a case in pieces, what they are marked for, and the cases of the site with the same words."""

    segments: tuple[Segment, ...]
    listed: tuple[Pointer, ...]
    repeated: tuple[int, ...]
    more: bool = False


@once
def suggestion_choice() -> Choice:
    """What the town has chosen."""
    row = first_row(
        SuggestionChoice.select(
            SuggestionChoice.version, SuggestionChoice.enabled, SuggestionChoice.off, Person.name,
            SuggestionChoice.chosen_at,
        ).join(Person)
    )  # fmt: skip
    if row is None:
        return Choice()
    version, enabled, off, name, at = row
    return Choice(version, enabled, frozenset(filter(None, off.split(","))), name, at)


def pointers(case: CaseView) -> Pointers:
    """What the helpers point at; one or two queries."""
    silent = suggestion_choice().silent
    found = suggest(case.text, silent)
    shown = found[:MOST]
    return Pointers(
        tuple(segments(case.text, ((one.start, one.end, _label(one)) for one in shown))),
        _listed(case.text, shown),
        () if REPEATED.name in silent else _repeated(case),
        more=len(found) > MOST,
    )


def _label(one: Suggestion) -> str:
    return f"{one.why} ({', '.join(one.letters)})" if one.letters else one.why


def _listed(text: str, shown: tuple[Suggestion, ...]) -> tuple[Pointer, ...]:
    """In the order of the text, the same words for the same reason only once."""
    first: dict[tuple[str, str], Pointer] = {}
    for one in shown:
        words = text[one.start : one.end]
        at = (one.start, one.end)
        first.setdefault((words.casefold(), one.rule.name), Pointer(words, one.letters, one.why, at))
    return tuple(first.values())


def _repeated(case: CaseView) -> tuple[int, ...]:
    """The cases next to this one, by number, that hold the same words of the same site."""
    same = (
        Case.select(Case.id)
        .where(
            Case.id.between(case.id - REPEATED_NEAR, case.id + REPEATED_NEAR)
            & (Case.id != case.id)
            & (Case.site == case.site_id)
            & Case.seen_at.between(case.seen_at - REPEATED_DAYS, case.seen_at + REPEATED_DAYS)
            & (Case.text == case.text)
        )
        .order_by(Case.id)
        .limit(REPEATED_MOST)
    )
    return tuple(case_id for (case_id,) in rows(same))
