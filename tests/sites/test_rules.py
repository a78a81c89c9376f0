from collections.abc import Mapping
from itertools import product
from typing import Any

import pytest

from charlton_intranet.core.errors import StaleState
from charlton_intranet.core.permissions import SYSTEM
from charlton_intranet.sites import rules
from charlton_intranet.sites.queries.steps import APPOINTMENT_STEPS, NETWORK_STEPS, SITE_STEPS
from charlton_intranet.sites.rules import (
    APPOINTMENT_MOVES,
    NETWORK_MOVES,
    SITE_MOVES,
    AppointmentState,
    Cadence,
    NetworkState,
    SiteFacts,
    SiteState,
    check_move,
)

# The lifecycles as the design writes them: what is not named here is refused.
SITE_LIFE = """
requested advised, requested withdrawn,
advised approved, advised declined, advised changes_asked, advised withdrawn,
changes_asked requested, changes_asked withdrawn,
approved active, approved withdrawn,
active suspended, active deactivated, suspended active, suspended deactivated
"""
NETWORK_LIFE = "proposed assessed, assessed approved, assessed declined, approved withdrawn"
APPOINTMENT_LIFE = "proposed filed, proposed ended, filed active, filed ended, active ended"


def life(text: str) -> set[tuple[str, str]]:
    return {(before, after) for before, after in (pair.split() for pair in text.split(","))}


PAIRS = [
    (moves, before, after, (before.value, after.value) in life(text))
    for moves, states, text in (
        (SITE_MOVES, SiteState, SITE_LIFE),
        (NETWORK_MOVES, NetworkState, NETWORK_LIFE),
        (APPOINTMENT_MOVES, AppointmentState, APPOINTMENT_LIFE),
    )
    for before, after in product(states, states)
]


@pytest.mark.parametrize(("moves", "before", "after", "allowed"), PAIRS)
def test_every_pair_of_states(moves: Mapping[Any, frozenset[Any]], before: Any, after: Any, *, allowed: bool) -> None:
    if allowed:
        check_move(moves, before, after)
    else:
        with pytest.raises(StaleState):
            check_move(moves, before, after)


@pytest.mark.parametrize(
    ("steps", "moves"),
    [(SITE_STEPS, SITE_MOVES), (NETWORK_STEPS, NETWORK_MOVES), (APPOINTMENT_STEPS, APPOINTMENT_MOVES)],
)
def test_every_step_starts_from_a_state_that_can_be_left(steps: dict[str, Any], moves: dict[Any, Any]) -> None:
    for step in steps.values():
        assert all(moves[state] for state in step.before)
        assert not any(step.is_open(SYSTEM, state, None) for state in moves)


@pytest.mark.parametrize(
    ("address", "normal", "handle"),
    [
        ("https://www.Facebook.com/CharltonLibrary/", "facebook.com/CharltonLibrary", "CharltonLibrary"),
        (
            "http://m.facebook.com/CharltonLibrary/posts/9?mibextid=z&utm_source=x&__cft__[0]=A",
            "facebook.com/CharltonLibrary/posts/9",
            "CharltonLibrary",
        ),
        ("facebook.com/profile.php?ref=x&id=100042", "facebook.com/profile.php?id=100042", "100042"),
        (
            "https://www.facebook.com/permalink.php?story_fbid=5&id=77",
            "facebook.com/permalink.php?id=77&story_fbid=5",
            "77",
        ),
        ("https://fb.com/groups/CharltonTeens/", "facebook.com/groups/CharltonTeens", "CharltonTeens"),
        ("https://twitter.com/CharltonPD/status/1?s=20&t=q", "x.com/CharltonPD/status/1", "CharltonPD"),
        ("https://www.instagram.com/p/AbC/?igsh=1", "instagram.com/p/AbC", ""),
        ("https://instagram.com/charlton_lib", "instagram.com/charlton_lib", "charlton_lib"),
        ("https://www.youtube.com/@CharltonTV/videos", "youtube.com/@CharltonTV/videos", "CharltonTV"),
        ("https://www.youtube.com/watch?v=dQw4&si=z", "youtube.com/watch?v=dQw4", ""),
        ("https://charlton.wordpress.com/2026/05/x", "charlton.wordpress.com/2026/05/x", "charlton"),
        ("https://nextdoor.com/agency/town-of-charlton", "nextdoor.com/agency/town-of-charlton", "town-of-charlton"),
        ("https://www.facebook.com", "facebook.com", ""),
        ("https://x:secret@example.com:8443/a", "example.com/a", "a"),
        ("  example.com/a  ", "example.com/a", "a"),
        ("javascript:alert(1)", "", ""),
        ("ftp://example.com/a", "", ""),
        ("not a link", "", ""),
        ("http://[::1", "", ""),
        ("localhost", "", ""),
        ("", "", ""),
    ],
)
def test_what_an_address_is_read_as(address: str, normal: str, handle: str) -> None:
    assert (rules.normalise(address), rules.handle_of(address)) == (normal, handle)
    assert rules.normalise(normal) == normal


@pytest.mark.parametrize(
    ("address", "fits"),
    [
        ("https://www.facebook.com/x", True),
        ("https://l.facebook.com/x", True),
        ("https://notfacebook.com/x", False),
        ("https://facebook.com.example.org/x", False),
        ("", False),
    ],
)
def test_a_network_is_known_by_its_host_and_no_lookalike(address: str, *, fits: bool) -> None:
    assert rules.on_host(address, "fb.me facebook.com") is fits


@pytest.mark.parametrize(
    ("email", "official"),
    [
        ("library@town.example", True),
        ("box@elsewhere.example", True),
        ("other@elsewhere.example", False),
        ("library@town.example.org", False),
        ("library@sub.town.example", False),
        ("town.example", False),
    ],
)
def test_which_addresses_are_official(email: str, *, official: bool) -> None:
    problem = rules.email_problem(email, ("town.example",), {"box@elsewhere.example"})
    assert (problem == "") is official
    assert official or "@town.example" in problem


def test_a_request_says_all_that_is_missing_at_once() -> None:
    empty = SiteFacts(
        address="", title=" ", account_email="", purpose="", audience="\n", plan="", cadence=Cadence.WEEKLY,
        attested=False,
    )  # fmt: skip
    assert rules.facts_problems(empty).keys() == {"title", "purpose", "audience", "plan", "attested"}


def test_hosts_are_read_from_names_and_addresses() -> None:
    assert rules.hosts_of("youtube.com, https://www.youtube.com/x youtu.be\nnonsense") == ("youtube.com", "youtu.be")
    assert rules.slug_of(" Next-door  USA! ") == "next-door-usa"
