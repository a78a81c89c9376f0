"""Somebody leaves the town or moves to another department: what is settled, on every site. Pure."""

from datetime import date
from enum import StrEnum, auto

from charlton_intranet.core.errors import Invalid

NOTE_MAX = 2000


class DepartureKind(StrEnum):
    """Leaving ends everything; moving ends what belongs to the old department."""

    LEAVES = auto()
    MOVES = auto()

    @property
    def label(self) -> str:
        return {"leaves": "Leaves the town", "moves": "Moves to another department"}[self.value]


class DepartureState(StrEnum):
    """A checklist is open until everything on it is done, or the person stays after all."""

    OPEN = auto()
    SETTLED = auto()
    CALLED_OFF = auto()

    @property
    def label(self) -> str:
        return self.value.replace("_", " ").capitalize()


class StepKind(StrEnum):
    """What is shown by hand; everything else on the checklist is read from the records."""

    PASSWORD = auto()
    HANDOVER = auto()


def check_opening(last_day: date, today: date) -> None:
    """Refuse a last day that has passed: a closed account opens its checklist by itself."""
    if last_day < today:
        raise Invalid({"last_day": "Choose today or a later day."})
