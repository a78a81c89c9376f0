"""Cases that were hidden at once, taken there by the real use cases."""

from typing import Any

from charlton_intranet.moderation import service
from charlton_intranet.moderation.jobs import flag_hides
from charlton_intranet.moderation.models import Case, EmergencyHide, RestoreOrder
from charlton_intranet.moderation.rules import Outcome, Position
from charlton_intranet.moderation.rules.emergency import EmergencyState
from tests.conftest import Town
from tests.moderation import factories

ANSWER = "A fire tonight in a named building, by somebody who says how."
FACTS: dict[str, Any] = {"ground": "J", "words": "burn that branch down", "answer": ANSWER, "uploads": []}


def hide(town: Town, case: Case | None = None, *, by: str = "coordinator.library", **other: Any) -> Case:
    """The order to hide at once, right in every field that ``other`` does not replace."""
    case = case or factories.case(town)
    service.hide_at_once(
        town.actor(by), case.id, case.version, store=town.parts.store, clock=town.clock, **(FACTS | other)
    )
    return factories.again(case)


def prove(town: Town, case: Case, colour: str = "gray", *, by: str = "coordinator.library") -> Case:
    """The picture of the hidden place."""
    upload = factories.upload(town, colour)
    service.prove_hidden(town.actor(by), case.id, case.version, upload=upload, clock=town.clock)
    return factories.again(case)


def standing(town: Town, case: Case | None = None) -> Case:
    """Hidden, and shown to be."""
    return prove(town, hide(town, case))


def advised(town: Town, case: Case) -> Case:
    """The head's advice on it."""
    service.give_advice(
        town.actor("head.library"), case.id, case.version, position=Position.VIOLATION, text="We all fear this.",
        clock=town.clock,
    )  # fmt: skip
    return factories.again(case)


def decided(town: Town, case: Case, outcome: Outcome) -> Case:
    """The head's advice, and the determination."""
    return factories.determine(town, advised(town, case), outcome)


def flagged(town: Town, case: Case | None = None) -> Case:
    """Not decided in its days."""
    found = case or standing(town)
    town.clock.advance(days=3)
    flag_hides(town.parts)
    return factories.again(found)


def restore(town: Town, case: Case, colour: str = "green", *, by: str = "coordinator.library") -> Case:
    """The picture of the post in its place."""
    upload = factories.upload(town, colour)
    service.restore(town.actor(by), case.id, case.version, upload=upload, clock=town.clock)
    return factories.again(case)


def in_state(town: Town, state: EmergencyState) -> Case:
    """A case whose emergency hide is in ``state``."""
    if state is EmergencyState.ORDERED:
        return hide(town)
    if state is EmergencyState.ENDED:
        case = standing(town)
        service.mark_vanished(
            factories.coordinator(town), case.id, case.version, note="Its writer deleted it.", clock=town.clock
        )
        return factories.again(case)
    if state is EmergencyState.CONFIRMED:
        return decided(town, standing(town), Outcome.HIDE)
    if state is EmergencyState.STANDING:
        return standing(town)
    case = flagged(town)
    return case if state is EmergencyState.FLAGGED else restore(town, case)


def of(case: Case) -> EmergencyHide:
    """The emergency hide of the case, as it is now."""
    return EmergencyHide.get(EmergencyHide.case == case.id)


def order(case: Case) -> RestoreOrder:
    """The order to restore the case's content."""
    return RestoreOrder.get(RestoreOrder.case == case.id)
