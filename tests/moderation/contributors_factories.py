"""Contributors with decisions that stand, and restrictions on every step of their way, by the real use cases."""

from typing import Any

from charlton_intranet.core.database import unit_of_work
from charlton_intranet.moderation.models import Case, Determination, HandleLink, Reconsideration, Restriction
from charlton_intranet.moderation.queries.standing import standing_of
from charlton_intranet.moderation.rules import Outcome, Position
from charlton_intranet.moderation.rules.contributors import Cause, RestrictionState
from charlton_intranet.moderation.rules.letters import LetterHow, LetterKind
from charlton_intranet.moderation.rules.reconsidering import CameBy, ReconsiderationState
from charlton_intranet.moderation.service import linking, proposing, restricting
from charlton_intranet.moderation.service.letters import write_to_writer
from charlton_intranet.moderation.service.warning import warn as write_warning
from tests.conftest import Town
from tests.moderation import factories

HANDLE = "@burner"
REASON = "Three posts of the last months were removed, the last of them a threat."
S = RestrictionState


def upheld(town: Town, count: int = 1, *, handle: str = HANDLE, department: str = "Library") -> list[Case]:
    """Cases of one writer whose content was removed, the decisions standing."""
    start = Case.select().count()
    return [
        factories.closed(
            town, f"{factories.WORDS} ({start + number})", handle=handle, department=department,
            permalink=f"https://example.org/{department.lower()}/{start + number}",
        )
        for number in range(count)
    ]  # fmt: skip


def writer(case: Case) -> int:
    assert case.contributor_id is not None
    return case.contributor_id


def decision(case: Case) -> int:
    return int(Determination.get(Determination.case == case.id).id)


def take_back(town: Town, case: Case, state: ReconsiderationState = ReconsiderationState.REVERSED) -> None:
    """A request to look at the decision again, and the answer."""
    Reconsideration.insert(
        determination=decision(case), asked_on=town.today, came_by=CameBy.MAIL, text="Please look again.",
        logged_by=town.person_id("coordinator.library"), logged_at=town.clock.now(), answer_by=town.today,
        state=state, answered_by=town.person_id("administrator"), answered_at=town.clock.now(),
    ).execute()  # fmt: skip


def warn(town: Town, case: Case) -> int:
    with unit_of_work():
        return write_warning(town.actor("administrator"), decision(case), clock=town.clock)


def propose(
    town: Town, cases: list[Case] | None = None, *, by: str = "coordinator.library", **other: Any
) -> Restriction:
    """A proposal that is right in every field that ``other`` does not replace."""
    cases = cases or upheld(town, 3)
    actor = town.actor(by)
    stand = standing_of(town.actor("administrator"), writer(cases[0]), town.today).decisions
    facts: dict[str, Any] = {
        "site_id": cases[0].site_id,
        "writer_id": writer(cases[0]),
        "cause": Cause.REPEATED,
        "grounds": [one.determination_id for one in stand],
        "days": 30,
        "reason": REASON,
    }
    number = proposing.propose(actor, writer(cases[0]), clock=town.clock, **(facts | other))
    return again(number)


def again(found: Restriction | int) -> Restriction:
    return Restriction.get_by_id(found if isinstance(found, int) else found.id)


def viewed(town: Town, cases: list[Case] | None = None) -> Restriction:
    """A proposal that waits for the Town Administrator."""
    found = propose(town, cases)
    proposing.give_view(
        town.actor("head.library"), found.id, found.version, position=Position.VIOLATION,
        text="The warnings did not help.", clock=town.clock,
    )  # fmt: skip
    return again(found)


def decide(town: Town, found: Restriction, *, by: str = "administrator", **other: Any) -> Restriction:
    facts: dict[str, Any] = {"approve": True, "days": 30, "reason": REASON, "same_if_praise": True}
    proposing.decide(town.actor(by), found.id, found.version, clock=town.clock, **(facts | other))
    return again(found)


def approved(town: Town, cases: list[Case] | None = None) -> Restriction:
    return decide(town, viewed(town, cases))


def in_force(town: Town, cases: list[Case] | None = None) -> Restriction:
    found = approved(town, cases)
    restricting.carry_out(
        town.actor("coordinator.library"), found.id, found.version, proof=factories.upload(town, "red"),
        clock=town.clock,
    )  # fmt: skip
    return again(found)


def review(town: Town, found: Restriction, *, stays: bool) -> Restriction:
    restricting.review(
        town.actor("administrator"), found.id, found.version, stays=stays,
        reason="The writer has been in touch and understands.", clock=town.clock,
    )  # fmt: skip
    return again(found)


def take_off(town: Town, found: Restriction) -> Restriction:
    restricting.take_off(
        town.actor("coordinator.library"), found.id, found.version, proof=factories.upload(town, "green"),
        clock=town.clock,
    )  # fmt: skip
    return again(found)


def to_the_end(town: Town, found: Restriction) -> None:
    """Move the clock to the morning on which the restriction ends."""
    assert found.ends_on is not None
    town.clock.advance(days=(found.ends_on - town.today).days)


def in_state(town: Town, state: RestrictionState) -> Restriction:
    """A restriction in this state."""
    if state is S.PROPOSED:
        return propose(town)
    if state is S.DECLINED:
        return decide(town, viewed(town), approve=False, same_if_praise=None)
    if state is S.APPROVED:
        return approved(town)
    if state is S.WITHDRAWN:
        return review(town, approved(town), stays=False)
    found = in_force(town)
    if state in {S.LIFTING, S.LIFTED}:
        found = review(town, found, stays=False)
    if state is S.ENDED:
        town.clock.advance(days=31)
    return take_off(town, found) if state in {S.LIFTED, S.ENDED} else found


def link(town: Town, one: int, handle: str, *, by: str = "coordinator.library") -> HandleLink:
    """A proposal that another handle is the same person's."""
    network_id = factories.site(town).network_id
    number = linking.propose_link(
        town.actor(by), one, network_id=network_id, handle=handle,
        reason="Both sign as Joe of Main Street, with the same picture.", clock=town.clock,
    )  # fmt: skip
    return HandleLink.get_by_id(number)


def agree(town: Town, found: HandleLink) -> HandleLink:
    linking.decide_link(town.actor("administrator"), found.id, found.version, agree=True, clock=town.clock)
    return HandleLink.get_by_id(found.id)


def linked(town: Town, one: int, handle: str) -> HandleLink:
    return agree(town, link(town, one, handle))


def keep_case(town: Town, handle: str = HANDLE) -> Case:
    """A case of the writer that was decided to be kept."""
    return factories.determine(town, factories.advised(town, handle=handle), Outcome.KEEP)


def letter(town: Town) -> int:
    """A letter about a case, on its way by post."""
    return write_to_writer(
        town.actor("coordinator.library"), factories.closed(town, handle=HANDLE).id, kind=LetterKind.WARNING,
        subject="A warning", text="Please mind the policy.", how=LetterHow.POST, sent_on=town.today, why_not="",
        clock=town.clock,
    )  # fmt: skip
