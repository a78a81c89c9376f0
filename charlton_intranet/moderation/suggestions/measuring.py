"""How often the helpers point where a labelled list says they should, and where it says they must not.

The list is CSV with the columns ``text``, ``policy_category`` (letters joined by ``|``, or ``none``) and ``mapping``:
``strong`` and ``weak`` labels, ``hard_negative`` (must not be pointed at), ``contested`` (hostile, yet in no category).
"""

import csv
import io
from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass

from charlton_intranet.core.errors import Invalid
from charlton_intranet.moderation.suggestions.catalogue import NAMES, suggest

COLUMNS = ("text", "policy_category", "mapping")
# Nothing in these may be pointed at with a category.
SPARED = ("hard_negative", "contested")


@dataclass(frozen=True, slots=True)
class CategoryMeasure:
    """One category: rows labelled with it, those found, those with a strong label, and all that were pointed at."""

    letter: str
    rows: int
    found: int
    strong: int
    strong_found: int
    pointed: int

    @property
    def recall(self) -> float:
        return self.found / self.rows if self.rows else 0.0

    @property
    def strong_recall(self) -> float:
        return self.strong_found / self.strong if self.strong else 0.0

    @property
    def precision(self) -> float:
        return self.found / self.pointed if self.pointed else 0.0


@dataclass(frozen=True, slots=True)
class SparedMeasure:
    """Rows of one kind that must be left alone, how many were pointed at, and by which rules."""

    mapping: str
    rows: int
    pointed: int
    rules: Mapping[str, int]

    @property
    def share(self) -> float:
        return self.pointed / self.rows if self.rows else 0.0


@dataclass(frozen=True, slots=True)
class Measurement:
    """The whole result."""

    rows: int
    categories: tuple[CategoryMeasure, ...]
    spared: tuple[SparedMeasure, ...]

    def lines(self) -> list[str]:
        """The result as a table for a terminal."""
        head = f"{'':<15}{'rows':>6}{'found':>7}{'recall':>8}{'strong':>8}{'pointed':>9}{'precision':>11}"
        told = [f"{self.rows} rows", head]
        told += [
            f"{one.letter:<15}{one.rows:>6}{one.found:>7}{one.recall:>8.1%}{one.strong_recall:>8.1%}{one.pointed:>9}"
            f"{one.precision:>11.1%}"
            for one in self.categories
        ]
        for one in self.spared:
            rules = ", ".join(f"{name} {count}" for name, count in one.rules.items()) or "no rule"
            told.append(f"{one.mapping:<15}{one.rows:>6} rows, pointed at {one.pointed} ({one.share:.1%}): {rules}")
        return told


def measure_file(data: bytes, without: frozenset[str] = frozenset()) -> Measurement:
    """Measure on a CSV file in UTF-8. Raises ``Invalid`` when it can not be read so, or a helper is not known."""
    if unknown := without - set(NAMES):
        raise Invalid({"without": f"There is no helper {', '.join(sorted(unknown))}. Helpers: {', '.join(NAMES)}."})
    try:
        return measure(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")), without)
    except (UnicodeDecodeError, csv.Error) as error:
        raise Invalid({"file": "This is not a CSV file in UTF-8."}) from error


def measure(rows: Iterable[Mapping[str, str]], without: Container[str] = ()) -> Measurement:
    """Run every row through the helpers and compare. Raises ``Invalid`` when a column is missing."""
    labelled, found, pointed, strong, strong_found = (Counter[str]() for _ in range(5))
    spared, touched = Counter[str](), Counter[str]()
    by_rule: dict[str, Counter[str]] = {mapping: Counter() for mapping in SPARED}
    total = 0
    for total, row in enumerate(rows, 1):
        if missing := [column for column in COLUMNS if row.get(column) is None]:
            raise Invalid({"file": f"The file lacks the column {missing[0]}, or row {total} is too short."})
        mapping = row["mapping"]
        truth = {letter for letter in row["policy_category"].split("|") if len(letter) == 1}
        made = [one for one in suggest(row["text"], without) if one.letters]
        letters = {letter for one in made for letter in one.letters}
        labelled.update(truth)
        found.update(truth & letters)
        pointed.update(letters)
        if mapping == "strong":
            strong.update(truth)
            strong_found.update(truth & letters)
        if mapping in by_rule:
            spared[mapping] += 1
            touched[mapping] += bool(made)
            by_rule[mapping].update({one.rule.name for one in made})
    return Measurement(
        total,
        tuple(
            CategoryMeasure(one, labelled[one], found[one], strong[one], strong_found[one], pointed[one])
            for one in sorted(labelled.keys() | pointed.keys())
        ),
        tuple(
            SparedMeasure(mapping, spared[mapping], touched[mapping], dict(by_rule[mapping].most_common()))
            for mapping in SPARED
        ),
    )
