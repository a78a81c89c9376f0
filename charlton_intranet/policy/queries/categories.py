"""The categories of 3.6-3 as they are judged: the edition in force, and every one before it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import peewee

from charlton_intranet.accounts.models import Person
from charlton_intranet.core.database import rows
from charlton_intranet.core.errors import NotFound
from charlton_intranet.core.once import once
from charlton_intranet.policy.models import CategoryEdition, CategoryEntry
from charlton_intranet.policy.rules import Category

_COLUMNS = (
    CategoryEntry.letter, CategoryEntry.words, CategoryEntry.test, CategoryEntry.risk, CategoryEntry.guard,
    CategoryEntry.alone, CategoryEntry.counsel, CategoryEntry.hide_at_once,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Categories:
    """One edition: its number, and its categories in the order of their letters."""

    number: int
    by_letter: Mapping[str, Category]


@dataclass(frozen=True, slots=True)
class EditionRow:
    """When, by whom and why an edition came into force; the first came with the app."""

    number: int
    published_at: datetime | None
    published_by: str
    why: str
    counsel: str
    signed_on: date | None


@once
def categories() -> Categories:
    """The edition in force; one query."""
    newest = CategoryEdition.select(peewee.fn.MAX(CategoryEdition.number))
    return _edition(rows(_entries().where(CategoryEntry.edition == newest)))


@once
def categories_at(number: int) -> Categories:
    """The edition of that number, or ``NotFound``."""
    return _edition(rows(_entries().where(CategoryEntry.edition == number)))


def editions() -> list[EditionRow]:
    """Every edition, newest first."""
    query = (
        CategoryEdition.select(
            CategoryEdition.number, CategoryEdition.published_at, Person.name, CategoryEdition.why,
            CategoryEdition.counsel, CategoryEdition.signed_on,
        )
        .join(Person, peewee.JOIN.LEFT_OUTER, on=(CategoryEdition.published_by == Person.id))
        .order_by(CategoryEdition.number.desc())
    )  # fmt: skip
    return [EditionRow(number, at, by or "", *rest) for number, at, by, *rest in rows(query)]


def _entries() -> Any:
    return CategoryEntry.select(CategoryEntry.edition, *_COLUMNS).order_by(CategoryEntry.letter)


def _edition(found: list[tuple[Any, ...]]) -> Categories:
    if not found:
        raise NotFound("There is no such edition of the categories.")
    kept = [Category(*row[1:]) for row in found]
    return Categories(int(found[0][0]), {category.letter: category for category in kept})
