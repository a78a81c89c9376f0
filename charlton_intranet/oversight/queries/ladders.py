"""The ladders in force: the town's own where it chose one, the code's otherwise."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from charlton_intranet.accounts.models import Person
from charlton_intranet.core.database import rows
from charlton_intranet.core.duties import Kind, Ladder
from charlton_intranet.core.errors import NotFound
from charlton_intranet.oversight.models import LadderSetting


@dataclass(frozen=True, slots=True)
class LadderRow:
    """One kind of duty with its ladder in force. ``version`` is 0 while the town has never changed it."""

    kind: Kind
    ladder: Ladder
    version: int = 0
    reason: str = ""
    changed_by: str = ""
    changed_at: datetime | None = None

    @property
    def is_changed(self) -> bool:
        return self.ladder != self.kind.shipped


def chosen_ladders() -> Mapping[str, Ladder]:
    """The town's own ladders by kind, in one query."""
    s = LadderSetting
    query = s.select(s.kind, s.before, s.repeat_days, s.head_after, s.administrator_after, s.courtesy).where(~s.shipped)
    return {kind: _ladder(*values) for kind, *values in rows(query)}


def ladder_rows(kinds: Iterable[Kind]) -> list[LadderRow]:
    """Every kind by clause, in one query."""
    s = LadderSetting
    query = s.select(
        s.kind, s.shipped, s.version, s.reason, Person.name, s.changed_at,
        s.before, s.repeat_days, s.head_after, s.administrator_after, s.courtesy,
    ).join(Person)  # fmt: skip
    found = {row[0]: row[1:] for row in rows(query)}
    listed = []
    for kind in sorted(kinds, key=_by_clause):
        if kind.name not in found:
            listed.append(LadderRow(kind, kind.shipped))
            continue
        shipped, version, reason, by, at, *values = found[kind.name]
        listed.append(LadderRow(kind, kind.shipped if shipped else _ladder(*values), version, reason, by, at))
    return listed


def ladder_row(kinds: Iterable[Kind], name: str) -> LadderRow:
    """One kind's, or ``NotFound``."""
    row = next(iter(ladder_rows(kind for kind in kinds if kind.name == name)), None)
    if row is None:
        raise NotFound("There is no such kind of duty.")
    return row


def _by_clause(kind: Kind) -> tuple[list[int], str]:
    return [int(part) for part in kind.clause.replace("-", ".").split(".") if part.isdecimal()], kind.label


def _ladder(before: str, repeat_days: int, head_after: int, administrator_after: int, courtesy: bool) -> Ladder:  # noqa: FBT001 - columns of a row
    return Ladder(tuple(map(int, before.split(","))), repeat_days, head_after, administrator_after, courtesy)


def courtesies(kinds: Iterable[Kind]) -> list[Kind]:
    """The kinds whose reminders everybody may switch off, by clause."""
    return [row.kind for row in ladder_rows(kinds) if row.ladder.courtesy]
