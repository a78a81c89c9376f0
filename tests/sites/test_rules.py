from collections.abc import Mapping
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest

from charlton_intranet.core.errors import StaleState
from charlton_intranet.core.permissions import SYSTEM
from charlton_intranet.sites import rules
from charlton_intranet.sites.queries.steps import APPOINTMENT_STEPS, NETWORK_STEPS, SITE_STEPS
from charlton_intranet.sites.rules import (
    APPOINTMENT_MOVES,
    ATTESTATIONS,
    NETWORK_MOVES,
    PREPARATIONS,
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
NETWORK_LIFE = """
proposed assessed, assessed approved, assessed declined, approved withdrawn, declined proposed, withdrawn proposed
"""
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
        attested=frozenset(ATTESTATIONS) - {"copyright", "privacy"},
    )  # fmt: skip
    assert rules.facts_problems(empty).keys() == {"title", "purpose", "audience", "plan"}
    assert rules.attestation_problems(empty).keys() == {"attested", "prepared"}
    assert "2 not ticked yet" in rules.attestation_problems(empty)["attested"]


def test_what_is_attested_is_kept_in_the_words_that_were_ticked() -> None:
    full = SiteFacts(
        address="", title="", account_email="", purpose="", audience="", plan="", cadence=Cadence.WEEKLY,
        attested=frozenset(ATTESTATIONS), prepared=frozenset(PREPARATIONS) | {"made up"},
    )  # fmt: skip
    assert rules.attestation_problems(full) == {}
    assert rules.attested_sentences(full) == [*ATTESTATIONS.values(), *PREPARATIONS.values()]
    # Every law and policy that clause 3.1 names.
    told = " ".join(rules.attested_sentences(full))
    for named in (
        "Copyright", "Trademark", "Records retention", "Massachusetts Public Records Law", "First Amendment",
        "Americans with Disabilities Act (ADA)", "Health Insurance Portability and Accountability Act (HIPAA)",
        "Privacy laws", "Employment related laws", "Professional Conduct", "Sexual Harassment",
        "Electronic Communication and Data Security Policy",
    ):  # fmt: skip
        assert named in told


DAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("state", "role_ends", "account_closed", "since"),
    [
        (AppointmentState.ACTIVE, None, None, None),
        (AppointmentState.ACTIVE, DAY, None, None),
        (AppointmentState.ACTIVE, DAY - timedelta(days=1), None, DAY),
        (AppointmentState.ACTIVE, DAY - timedelta(days=3), DAY, DAY - timedelta(days=2)),
        (AppointmentState.ACTIVE, None, DAY - timedelta(days=5), DAY - timedelta(days=5)),
        (AppointmentState.FILED, None, DAY, DAY),
        (AppointmentState.PROPOSED, None, DAY, DAY),
        (AppointmentState.FILED, DAY - timedelta(days=3), None, None),
        (AppointmentState.ENDED, DAY - timedelta(days=3), DAY, None),
    ],
)
def test_when_an_appointment_lapses_by_itself(
    state: AppointmentState, role_ends: date | None, account_closed: date | None, since: date | None
) -> None:
    assert rules.lapsed_on(state, role_ends=role_ends, account_closed=account_closed, day=DAY) == since


@pytest.mark.parametrize(("days", "gap"), [(-2, True), (-1, False), (0, False), (30, False)])
def test_a_hand_over_leaves_no_gap(days: int, *, gap: bool) -> None:
    assert bool(rules.last_day_problem(DAY + timedelta(days=days), successor_starts=DAY)) is gap


@pytest.mark.parametrize(
    ("approved", "months", "renew"),
    [
        (date(2026, 1, 31), 12, date(2027, 1, 31)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
    ],
)
def test_until_when_an_approval_holds(approved: date, months: int, renew: date) -> None:
    assert rules.renew_by(approved, months) == renew
    assert not rules.may_renew(renew, renew - timedelta(days=31))
    assert rules.may_renew(renew, renew - timedelta(days=30))


def test_differences_are_named_as_on_the_form() -> None:
    before = dict.fromkeys(rules.FACTS, "same")
    assert rules.differences(before, before) == ()
    found = rules.differences(before, before | {"plan": "new", "title": "other", "handle": "unknown to the form"})
    assert found == (("Name of the page", "same", "other"), ("Plan", "same", "new"))


def test_hosts_are_read_from_names_and_addresses() -> None:
    assert rules.hosts_of("youtube.com, https://www.youtube.com/x youtu.be\nnonsense") == ("youtube.com", "youtu.be")
    assert rules.slug_of(" Next-door  USA! ") == "next-door-usa"
