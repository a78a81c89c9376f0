"""Presses about writers at the same moment, on connections of their own: one effect, on both engines."""

from charlton_intranet.core import database
from charlton_intranet.moderation.models import HandleLink, LinkedHandle, Restriction
from charlton_intranet.moderation.rules.contributors import LinkState, RestrictionState
from charlton_intranet.parts import Parts
from tests.conftest import Town
from tests.moderation import contributors_factories as made
from tests.security.test_races import AT_ONCE, press_together


def town_of(parts: Parts) -> Town:
    """The committed town as the factories take it; nothing here opens a page."""
    return Town(parts, parts.clock, app=None)  # type: ignore[arg-type]


def test_a_restriction_is_proposed_and_decided_once(own_town: Parts) -> None:
    town = town_of(own_town)
    with database.connection():
        cases = made.upheld(town, 3)
    assert press_together(lambda _: made.propose(town, cases)) == ["", *["Invalid"] * (AT_ONCE - 1)]
    with database.connection():
        [found] = Restriction.select()
        town.clock.advance(days=2)
    assert press_together(lambda _: made.decide(town, found)) == ["", *["StaleState"] * (AT_ONCE - 1)]
    with database.connection():
        assert made.again(found).state is RestrictionState.APPROVED


def test_two_names_are_linked_once_and_chains_come_out_whole(own_town: Parts) -> None:
    town = town_of(own_town)
    with database.connection():
        [first] = made.upheld(town)
        for number in range(AT_ONCE):
            made.upheld(town, handle=f"@other{number}")
    assert press_together(lambda _: made.link(town, made.writer(first), "@other0")) == [
        "",
        *["Invalid"] * (AT_ONCE - 1),
    ]
    with database.connection():
        links = [HandleLink.get()] + [
            made.link(town, made.writer(first), f"@other{number}") for number in range(1, AT_ONCE)
        ]
    assert press_together(lambda number: made.agree(town, links[number])) == [""] * AT_ONCE
    with database.connection():
        assert HandleLink.select().where(HandleLink.state == LinkState.STANDING).count() == AT_ONCE
        groups = LinkedHandle.select(LinkedHandle.head).distinct()
        assert (LinkedHandle.select().count(), groups.count()) == (AT_ONCE + 1, 1)
