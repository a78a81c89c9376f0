"""Authority: the truth table of the six conditions, by the rule and through the database, and its reasons."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product

import pytest

from charlton_intranet.accounts import queries as people
from charlton_intranet.accounts import service as accounts
from charlton_intranet.core.permissions import Role
from charlton_intranet.grants import service
from charlton_intranet.grants.queries.authority import standings
from charlton_intranet.grants.queries.scopes import scope_of
from charlton_intranet.grants.queries.sheets import may
from charlton_intranet.grants.rules import Capability, Facts, Granted, GrantState, Signature, authority, effective
from charlton_intranet.sites.models import Network, Site
from charlton_intranet.sites.service import living, networks
from tests.conftest import Town
from tests.grants.factories import approved, designated, newest, signed, standing
from tests.policy import factories as policy
from tests.sites.factories import network as make_network
from tests.sites.factories import site as make_site

C = Capability
DAY = date(2026, 11, 23)
LIBRARY, POLICE, SITE = 1, 2, 7
# Every way a signature's scope can meet the site: none, too low, enough, and the office of either department.
SCOPES = ("none", "below", "site", "library", "police", "other site")
HEADS = ("nobody", "library", "police")


@dataclass(frozen=True)
class Line:
    """One line of the truth table. The site is the library's."""

    site: bool
    network: bool
    person: bool
    designated: bool
    approved: bool
    signed: bool
    head: str
    scope: str
    held: Capability
    asked: Capability


def expected(line: Line) -> bool:
    """The oracle: the policy's sentence in plain ifs, knowing nothing of the code."""
    order = ["view", "comment", "edit", "publish"]
    if not (line.site and line.network and line.person and line.signed):
        return False
    if line.head == "library" and line.scope == "library":
        return True
    if not line.designated:
        return False
    if not line.approved:
        return False
    if order.index(line.asked) > order.index(line.held):
        return False
    if line.scope == "site":
        return True
    return line.scope == "below" and order.index(line.asked) < order.index(line.held)


def scope_lines(line: Line) -> frozenset[tuple[str, int]]:
    level = list(C).index(line.held) + 1
    return frozenset(
        {
            "none": set(),
            "below": {(f"site:{SITE}", level - 1)},
            "site": {(f"site:{SITE}", level)},
            "library": {(f"department:{LIBRARY}", 4)},
            "police": {(f"department:{POLICE}", 4)},
            "other site": {("site:70", 4)},
        }[line.scope]
    )


def facts_of(line: Line) -> Facts:
    state = {
        (True, True): GrantState.APPROVED,
        (True, False): GrantState.DESIGNATED,
        (False, True): GrantState.REVOKED,  # the head took back what the Administrator had approved
    }.get((line.designated, line.approved))
    return Facts(
        day=DAY,
        site_id=SITE,
        department_id=LIBRARY,
        site_state="Active" if line.site else "Suspended",
        site_active=line.site,
        network="Facebook",
        network_state="Approved" if line.network else "Withdrawn",
        network_approved=line.network,
        person_active=line.person,
        head=line.head == "library",
        grants=(Granted(line.held, state),) if state else (),
        signature=Signature(2 if line.signed else 1, DAY, scope_lines(line)),
        major=2,
    )


def lines() -> list[Line]:
    yes_or_no = (True, False)
    flags = product(yes_or_no, yes_or_no, yes_or_no, yes_or_no, yes_or_no, yes_or_no)
    return [
        Line(*six, head, scope, held, asked) for six, head, scope, held, asked in product(flags, HEADS, SCOPES, C, C)
    ]


def test_the_rule_agrees_with_the_policys_sentence_on_every_line_of_the_table() -> None:
    table = lines()
    assert len(table) == 2**6 * 3 * 6 * 4 * 4
    wrong = []
    for line in table:
        verdict = authority(facts_of(line), line.asked)
        if verdict.allowed != expected(line) or verdict.allowed == bool(verdict.lapses):
            wrong.append(line)
    assert wrong == []
    # By hand: the office 4 x 16; a grant signed for in full 3 x 10 (asked up to held), for one level less 3 x 6.
    assert sum(map(expected, table)) == 64 + 30 + 18


@pytest.mark.parametrize("capability", C)
def test_the_most_that_is_allowed_is_the_best_capability_that_is(capability: Capability) -> None:
    for line in lines():
        if line.asked is capability:
            best = effective(facts_of(line))
            levels = [c.level for c in C if authority(facts_of(line), c).allowed]
            assert (best.level if best else 0) == max(levels, default=0)


# --- through the services and the database ---------------------------------------------------------------


def suspend(town: Town, site: Site) -> None:
    kept = Site.get_by_id(site.id)
    living.suspend(town.actor("administrator"), kept.id, kept.version, reason="A check.", clock=town.clock)


def withdraw_network(town: Town, site: Site) -> None:
    kept = Network.get_by_id(site.network_id)
    networks.withdraw(town.actor("administrator"), kept.id, kept.version, reason="Unused.", clock=town.clock)


def close_account(town: Town, box: str) -> None:
    kept = people.person(town.person_id(box))
    accounts.disable(town.actor("it"), kept.id, kept.version, clock=town.clock)


def conditions(town: Town, box: str, site: Site, held: Capability) -> list[tuple[Callable[[], object], ...]]:
    """For each of the six in turn: how it comes about, and how it does not. Approval looks at what is there."""

    def approve() -> None:
        if f"site:{site.id}" not in {line.subject for line in scope_of(town.person_id(box), town.today)}:
            approved(town, box, site, held)
            grant = newest(town, box, site)
            service.take_back(town.actor("head.library"), grant.id, grant.version, reason="No.", clock=town.clock)
        else:
            grant = newest(town, box, site)
            service.decide(town.actor("administrator"), grant.id, grant.version, approve=True, clock=town.clock)

    return [
        (lambda: designated(town, box, site, held), lambda: None),
        (approve, lambda: None),
        (lambda: signed(town, box), lambda: None),
        (lambda: None, lambda: suspend(town, site)),
        (lambda: None, lambda: withdraw_network(town, site)),
        (lambda: None, lambda: close_account(town, box)),
    ]


@pytest.mark.parametrize("held", [C.COMMENT, C.PUBLISH])
@pytest.mark.parametrize("box", ["user.library", "head.police"])
def test_all_64_combinations_made_by_the_use_cases_answer_as_the_policy_says(
    town: Town, box: str, held: Capability
) -> None:
    policy.publish(town)
    site = make_site(town)
    steps = conditions(town, box, site, held)
    wrong: list[object] = []
    seen = 0

    def branch(chosen: tuple[bool, ...]) -> None:
        nonlocal seen
        if len(chosen) < len(steps):
            for index, holds in enumerate((True, False)):
                with town.parts.database.atomic() as savepoint:
                    steps[len(chosen)][index]()
                    branch((*chosen, holds))
                    savepoint.rollback()
            return
        seen += 1
        designated_, approved_, signed_, site_, network_, person_ = chosen
        for asked in C:
            line = Line(site_, network_, person_, designated_, approved_, signed_, "nobody", "site", held, asked)
            verdict = may(town.person_id(box), site.id, asked, town.today)
            if verdict.allowed != expected(line):
                wrong.append((line, verdict))
        stands = standing(town, box, site)
        full = all(chosen)
        if (stands.capability if stands else None) is not (held if full else None):
            wrong.append((chosen, stands))

    branch(())
    assert (seen, wrong) == (64, [])


def test_heads_hold_theirs_by_office_on_their_own_departments_sites_alone(town: Town) -> None:
    policy.publish(town)
    library = make_site(town)
    police = make_site(town, "Police", handle="Police", title="Charlton Police")
    assert standing(town, "head.library", library) is not None
    signed(town, "head.library")
    by_office = standing(town, "head.library", library)
    assert by_office is not None
    assert (by_office.capability, by_office.by_office, by_office.lapses) == (C.PUBLISH, True, ())
    assert standing(town, "head.library", police) is None
    assert not may(town.person_id("head.library"), police.id, C.VIEW, town.today).allowed
    accounts.give_role(
        town.actor("administrator"), town.person_id("user.library"), Role.DEPARTMENT_HEAD,
        department_id=town.department_id("Library"), starts=town.today, ends=town.today, acting=True,
        reason="Leave", clock=town.clock,
    )  # fmt: skip
    signed(town, "user.library")
    acting = standing(town, "user.library", library)
    assert acting is not None
    assert (acting.capability, acting.by_office) == (C.PUBLISH, True)
    town.clock.advance(days=1)
    assert standing(town, "user.library", library) is None


def test_each_lapse_ends_it_at_once_and_says_why(town: Town) -> None:
    policy.publish(town)
    site = make_site(town)
    approved(town, "user.library", site, C.EDIT, until=town.today + timedelta(days=3))
    signed(town, "user.library")
    first = standing(town, "user.library", site)
    assert first is not None
    assert (first.capability, first.lapses) == (C.EDIT, ())
    told = []
    for lapse in (
        lambda: policy.publish(town),
        lambda: town.clock.advance(days=4),
        lambda: withdraw_network(town, site),
        lambda: suspend(town, site),
        lambda: close_account(town, "user.library"),
    ):
        lapse()
        now = standing(town, "user.library", site)
        assert now is not None
        assert (now.capability, now.granted) == (None, C.EDIT)
        told.append(now.lapses)
    assert [len(lapses) for lapses in told] == [1, 2, 3, 4, 5]
    assert told[0] == ("The signature is for an earlier version of the policy (policy 3.3-4).",)
    assert told[-1][:4] == (
        "The site is not in use: it is “suspended”.",
        "Facebook is “withdrawn”: only approved networks may be used (policy 1.3).",
        "This person has no open account with the town.",
        "The last day of the grant was November 26, 2026.",
    )


def test_a_newer_signature_counts_in_place_of_the_older_and_the_last_day_is_the_last(town: Town) -> None:
    policy.publish(town)
    site = make_site(town)
    approved(town, "user.library", site, until=town.today + timedelta(days=1))
    signed(town, "user.library")
    policy.publish(town)
    signed(town, "user.library")
    found = []
    for _ in range(3):
        now = standing(town, "user.library", site)
        assert now is not None
        found.append(now.capability)
        town.clock.advance(days=1)
    assert found == [C.PUBLISH, C.PUBLISH, None]


def test_nobody_is_asked_to_sign_for_what_is_over(town: Town) -> None:
    policy.publish(town)
    over, lasting = make_site(town), make_site(town, handle="Films", title="Library Films")
    approved(town, "user.library", over, until=town.today)
    town.clock.advance(days=1)
    approved(town, "user.library", lasting)
    signed(town, "user.library")
    ended = standing(town, "user.library", over)
    assert ended is not None
    assert [reason.split(" was ")[0] for reason in ended.lapses] == ["The last day of the grant"]
    assert standing(town, "user.library", lasting).capability is C.PUBLISH  # type: ignore[union-attr]


def test_a_wider_grant_counts_only_after_it_is_signed_for_and_the_narrower_one_meanwhile(town: Town) -> None:
    policy.publish(town)
    site = make_site(town)
    approved(town, "user.library", site, C.COMMENT)
    signed(town, "user.library")
    town.clock.advance(days=1)
    approved(town, "user.library", site, C.PUBLISH)
    wider = standing(town, "user.library", site)
    assert wider is not None
    assert (wider.capability, wider.granted) == (C.COMMENT, C.PUBLISH)
    assert wider.lapses == (
        "The signature under the policy is not for this scope yet: the person has to sign again (policy 3.3-4).",
    )
    signed(town, "user.library")
    covered = standing(town, "user.library", site)
    assert covered is not None
    assert (covered.capability, covered.lapses) == (C.PUBLISH, ())


def test_standings_narrow_to_sites_and_to_people_and_are_sorted_by_name(town: Town) -> None:
    make_network(town)
    library = make_site(town)
    police = make_site(town, "Police", handle="Police", title="Charlton Police")
    approved(town, "user.police", library, C.VIEW)
    everybody = [(one.person, one.site_id) for one in standings(day=town.today)]
    assert everybody == [("Helen Marsh", library.id), ("Paul Hadley", police.id), ("Umar Dietz", library.id)]
    assert [one.person for one in standings([police.id], day=town.today)] == ["Paul Hadley"]
    mine = standings(person_ids=[town.person_id("user.police")], day=town.today)
    grant = newest(town, "user.police", library)
    assert [(one.site_id, one.grant_id, one.grant_version) for one in mine] == [(library.id, grant.id, grant.version)]
