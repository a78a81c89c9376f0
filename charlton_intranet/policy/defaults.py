"""The legal defaults as the town has them, and changing one.

A module of its own beside the policy's documents and signatures: it is the settings page's, and every clock's.
"""

from dataclasses import dataclass
from datetime import date

import peewee

from charlton_intranet.accounts.models import Person
from charlton_intranet.core import audit
from charlton_intranet.core.clock import Clock, today
from charlton_intranet.core.database import database, first_row, rows, unit_of_work, update_current
from charlton_intranet.core.errors import Invalid, NotFound, StaleState
from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.policy.models import ChangedDefault
from charlton_intranet.policy.rules import DEFAULTS, Certainty

CHANGED = audit.declare("default.changed", "name", "before", "after", "basis", "verified")

MOST = 1000


@dataclass(frozen=True, slots=True)
class DefaultRow:
    """A default in force. ``version`` is 0 while the town has not changed it."""

    name: str
    label: str
    value: int
    unit: str
    basis: str
    certainty: Certainty
    shipped: int
    verified_by: str
    verified_on: date | None
    version: int

    def in_unit(self, value: int) -> str:
        """``1 business day``."""
        return f"{value} {self.unit.removesuffix('s') if value == 1 else self.unit}"

    @property
    def is_changed(self) -> bool:
        return self.value != self.shipped


def defaults_in_force() -> list[DefaultRow]:
    """Every default, in the order of ``rules.DEFAULTS``: one query."""
    query = ChangedDefault.select(
        ChangedDefault.name, ChangedDefault.value, ChangedDefault.basis, Person.name, ChangedDefault.verified_on,
        ChangedDefault.version,
    ).join(Person, peewee.JOIN.LEFT_OUTER, on=(ChangedDefault.verified_by == Person.id))  # fmt: skip
    changed = {row[0]: row[1:] for row in rows(query)}
    listed = []
    for name, shipped in DEFAULTS.items():
        value, basis, by, on, version = changed.get(name, (shipped.value, shipped.basis, None, None, 0))
        listed.append(
            DefaultRow(
                name, shipped.label, value, shipped.unit, basis, shipped.certainty, shipped.value, by or "", on, version
            )
        )
    return listed


def default_in_force(name: str) -> DefaultRow:
    """One default, or ``NotFound``."""
    row = next((row for row in defaults_in_force() if row.name == name), None)
    if row is None:
        raise NotFound("There is no such default.")
    return row


def change_default(
    actor: Actor, name: str, value: int, basis: str, version: int, *, verified: bool = False, clock: Clock
) -> None:
    """Set a default's value and basis; due dates counted from now on respect it.

    ``version`` is the row's as it was read, 0 for a default as shipped. ``verified`` says that counsel or the
    clerk has confirmed the basis; a change without it takes an earlier confirmation away.
    """
    basis = " ".join(basis.split())
    with unit_of_work():
        actor.must_have(Permission.CHANGE_SETTINGS)
        before = default_in_force(name)
        _check(value, basis, before.unit)
        facts = {
            "value": value,
            "basis": basis,
            "verified_by": actor.person_id if verified else None,
            "verified_on": today(clock) if verified else None,
        }
        _write(name, version, facts)
        audit.record(
            CHANGED, actor, f"default:{name}", clock=clock,
            name=name, before=before.value, after=value, basis=audit.digest_of(basis), verified=verified,
        )  # fmt: skip


def _check(value: int, basis: str, unit: str) -> None:
    problems = {}
    if not 1 <= value <= MOST:
        problems["value"] = f"Enter a whole number of {unit} from 1 to {MOST:,}."
    if not basis:
        problems["basis"] = "Say on what this value rests: a law, a vote of the Board, counsel's advice, or a choice."
    elif len(basis) > 300:
        problems["basis"] = "Use at most 300 characters."
    if problems:
        raise Invalid(problems)


def _write(name: str, version: int, facts: dict[str, object]) -> None:
    if version:
        row = first_row(ChangedDefault.select(ChangedDefault.id).where(ChangedDefault.name == name))
        update_current(ChangedDefault, row[0] if row else 0, version, **facts)
        return
    try:
        with database.atomic():
            ChangedDefault.insert(name=name, **facts).execute()
    except peewee.IntegrityError as taken:
        raise StaleState from taken
