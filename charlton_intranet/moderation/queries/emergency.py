"""What was hidden before it was determined, what goes back, and what a network refused: beside one case."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import peewee

from charlton_intranet.accounts.models import Person
from charlton_intranet.core.database import first_row, rows
from charlton_intranet.moderation.models import Case, Determination, EmergencyHide, Order, OrderObstacle, RestoreOrder
from charlton_intranet.moderation.rules.emergency import EmergencyState, Ground, RestoreCause, RestoreState


@dataclass(frozen=True, slots=True)
class HideView:
    """An emergency hide; people are names. ``hidden_at`` and ``proof_id`` are there once a picture shows it."""

    ground: Ground
    words: str
    answer: str
    state: EmergencyState
    decide_by: date
    ordered_at: datetime
    ordered_by: str
    hidden_at: datetime | None
    hidden_by: str | None
    proof_id: int | None


@dataclass(frozen=True, slots=True)
class RestoreView:
    """An order to bring the content back; ``ordered_by`` is empty when the calendar ordered it."""

    cause: RestoreCause
    state: RestoreState
    due_on: date
    note: str
    ordered_at: datetime
    ordered_by: str | None
    done_at: datetime | None
    done_by: str | None
    shown_id: int | None


@dataclass(frozen=True, slots=True)
class ObstacleView:
    """What kept a coordinator from carrying the order out."""

    what: str
    reported: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Urgency:
    """All of it for one case."""

    hide: HideView | None = None
    restores: tuple[RestoreView, ...] = ()
    obstacles: tuple[ObstacleView, ...] = ()

    @property
    def to_restore(self) -> RestoreView | None:
        """The order to restore that waits."""
        return next((one for one in self.restores if one.state is RestoreState.ORDERED), None)


def urgency_of(case_id: int, *, ordered: bool) -> Urgency:
    """Two queries for a case with a seal, one more for one with an ``ordered`` removal."""
    return Urgency(_hide(case_id), _restores(case_id), _obstacles(case_id) if ordered else ())


def to_be_restored(reach: frozenset[int] | None) -> dict[int, date]:
    """The cases that wait to be put back with the day by which, the first due first; ``reach`` as an actor has it."""
    waiting: Any = (
        RestoreOrder.select(RestoreOrder.case, RestoreOrder.due_on)
        .join(Case)
        .where(RestoreOrder.state == RestoreState.ORDERED)
        .order_by(RestoreOrder.due_on, RestoreOrder.case)
    )
    if reach is not None:
        waiting = waiting.where(Case.department.in_(sorted(reach)))
    return dict(rows(waiting))


def _hide(case_id: int) -> HideView | None:
    orderer, hider = Person.alias(), Person.alias()
    found = first_row(
        EmergencyHide.select(
            EmergencyHide.ground, EmergencyHide.words, EmergencyHide.reason, EmergencyHide.state,
            EmergencyHide.decide_by, EmergencyHide.ordered_at, orderer.name, EmergencyHide.hidden_at, hider.name,
            EmergencyHide.proof,
        )
        .join(orderer, on=(EmergencyHide.ordered_by == orderer.id))
        .join_from(EmergencyHide, hider, peewee.JOIN.LEFT_OUTER, on=(EmergencyHide.hidden_by == hider.id))
        .where(EmergencyHide.case == case_id)
    )  # fmt: skip
    return HideView(*found) if found else None


def _restores(case_id: int) -> tuple[RestoreView, ...]:
    orderer, doer = Person.alias(), Person.alias()
    found = (
        RestoreOrder.select(
            RestoreOrder.cause, RestoreOrder.state, RestoreOrder.due_on, RestoreOrder.note, RestoreOrder.ordered_at,
            orderer.name, RestoreOrder.done_at, doer.name, RestoreOrder.shown,
        )
        .join(orderer, peewee.JOIN.LEFT_OUTER, on=(RestoreOrder.ordered_by == orderer.id))
        .join_from(RestoreOrder, doer, peewee.JOIN.LEFT_OUTER, on=(RestoreOrder.done_by == doer.id))
        .where(RestoreOrder.case == case_id)
        .order_by(RestoreOrder.id)
    )  # fmt: skip
    return tuple(RestoreView(*row) for row in rows(found))


def _obstacles(case_id: int) -> tuple[ObstacleView, ...]:
    found = (
        OrderObstacle.select(OrderObstacle.what, OrderObstacle.reported, OrderObstacle.noted_at, Person.name)
        .join(Order)
        .join(Determination)
        .join_from(OrderObstacle, Person)
        .where(Determination.case == case_id)
        .order_by(OrderObstacle.id)
    )
    return tuple(ObstacleView(*row) for row in rows(found))
