"""Ways around the rules of moderation that somebody who knows them would try, each by a direct call."""

import pytest

from charlton_intranet.core.errors import Forbidden, Invalid
from charlton_intranet.moderation import service
from charlton_intranet.moderation.models import Order
from charlton_intranet.moderation.rules import CaseState, Outcome
from charlton_intranet.moderation.rules.contributors import RestrictionState
from charlton_intranet.moderation.rules.reconsidering import ReconsiderationState
from charlton_intranet.moderation.service import linking, reconsidering, restricting
from tests.conftest import Town
from tests.moderation import contributors_factories as contributors
from tests.moderation import emergency_factories as emergencies
from tests.moderation import factories
from tests.moderation import reconsideration_factories as asking


def test_a_picture_of_a_hide_that_was_put_back_proves_nothing(town: Town) -> None:
    """Hidden at once, put back as nobody decided in time, then decided to be hidden: it is visible now."""
    case = emergencies.restore(town, emergencies.flagged(town))
    case = emergencies.decided(town, case, Outcome.HIDE)
    assert b"still-hidden" not in town.client("coordinator.library").get(f"/triage/{case.id}").data
    with pytest.raises(Invalid, match="Add a picture"):
        service.carry_out(town.actor("coordinator.library"), case.id, case.version, still_hidden=True, clock=town.clock)
    assert factories.again(case).state is CaseState.DETERMINED
    assert Order.get().done_at is None


@pytest.mark.parametrize("box", ["administrator", "head.library"])
def test_who_decided_or_advised_does_not_close_the_request_against_it(town: Town, box: str) -> None:
    """To call a request withdrawn lets the decision stand as much as to uphold it does."""
    asked = asking.request(town)
    with pytest.raises(Forbidden):
        reconsidering.withdraw(town.actor(box), asked.id, asked.version, "They called at noon.", clock=town.clock)
    assert asking.again(asked).state is ReconsiderationState.ASKED


@pytest.mark.parametrize("undone", ["link", "asked"])
def test_a_restriction_is_not_set_once_it_lost_what_it_rests_on(town: Town, undone: str) -> None:
    """Decided on the posts of two names, and before it is set they are two people's, or a decision is in question."""
    [case] = contributors.upheld(town)
    others = contributors.upheld(town, 2, handle="@burner2")
    link = contributors.linked(town, contributors.writer(case), "@burner2")
    found = contributors.approved(town, [case, *others])
    if undone == "link":
        linking.undo_link(town.actor("administrator"), link.id, link.version, reason="Two people.", clock=town.clock)
    else:
        asking.request(town, case)
    with pytest.raises(Invalid, match="rests on"):
        restricting.carry_out(
            town.actor("coordinator.library"), found.id, found.version, proof=factories.upload(town, "red"),
            clock=town.clock,
        )  # fmt: skip
    assert contributors.again(found).state is RestrictionState.APPROVED


def test_a_restriction_that_may_stay_can_be_set(town: Town) -> None:
    """One of four decisions was reversed, and the Town Administrator said that the others carry it."""
    cases = contributors.upheld(town, 4)
    found = contributors.approved(town, cases)
    contributors.take_back(town, cases[3])
    found = contributors.review(town, found, stays=True)
    assert b"carry-out" in town.client("coordinator.library").get(f"/contributors/restrictions/{found.id}").data
    restricting.carry_out(
        town.actor("coordinator.library"), found.id, found.version, proof=factories.upload(town, "red"),
        clock=town.clock,
    )  # fmt: skip
    assert contributors.again(found).state is RestrictionState.IN_FORCE
