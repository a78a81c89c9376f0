"""Designations, approvals and their ends, as heads and the Town Administrator make them."""

from datetime import timedelta

import pytest

from charlton_intranet.accounts import service as accounts
from charlton_intranet.accounts.models import RecordedException
from charlton_intranet.core.audit import AuditEvent
from charlton_intranet.core.database import unit_of_work
from charlton_intranet.core.errors import Forbidden, Invalid, NotFound, StaleState
from charlton_intranet.core.permissions import Role
from charlton_intranet.grants import service
from charlton_intranet.grants.models import Grant
from charlton_intranet.grants.rules import MOVES, Capability, GrantState, check_move
from tests.conftest import Town
from tests.grants.factories import approved, designated, end, newest, states, wish
from tests.sites.factories import site as make_site

G = GrantState


def test_every_pair_of_states_is_allowed_or_refused_as_the_table_says() -> None:
    allowed = {
        (G.DESIGNATED, G.APPROVED), (G.DESIGNATED, G.DECLINED), (G.DESIGNATED, G.ENDED),
        (G.APPROVED, G.REVOKED), (G.APPROVED, G.ENDED),
    }  # fmt: skip
    assert MOVES.keys() == set(G)
    for before in G:
        for after in G:
            if (before, after) in allowed:
                check_move(before, after)
            else:
                with pytest.raises(StaleState):
                    check_move(before, after)


def test_a_designation_is_approved_and_both_leave_their_trail(town: Town) -> None:
    site = make_site(town)
    grant = designated(town, "user.library", site, Capability.EDIT)
    assert (grant.state, grant.purpose, grant.limits) == (G.DESIGNATED, "Posts the week's programs.", "Programs only")
    service.decide(town.actor("administrator"), grant.id, grant.version, approve=True, clock=town.clock)
    kept = newest(town, "user.library", site)
    assert (kept.state, kept.decided_by_id, kept.decided_at) == (
        G.APPROVED,
        town.person_id("administrator"),
        town.clock.now(),
    )
    events = AuditEvent.select().where(AuditEvent.subject == f"grant:{grant.id}").order_by(AuditEvent.number)
    trail = [event.tag for event in events]
    assert trail == ["grant.designated", "grant.approved"]


def test_a_new_approval_takes_the_place_of_the_one_before(town: Town) -> None:
    site = make_site(town)
    approved(town, "user.library", site, Capability.COMMENT)
    town.clock.advance(hours=1)
    approved(town, "user.library", site, Capability.PUBLISH)
    assert states(town, "user.library", site) == [G.ENDED, G.APPROVED]
    first = Grant.select().order_by(Grant.id).first()
    assert (first.ended_at, first.reason) == (town.clock.now(), "Replaced by a newer grant.")


def test_the_head_designates_nobody_twice_and_nobody_herself_and_says_why_for_each(town: Town) -> None:
    site = make_site(town)
    designated(town, "user.library", site)
    found = service.designate(
        town.actor("head.library"),
        wish(town, "user.library", "head.library", "user.police", site=site),
        clock=town.clock,
    )
    assert [(row.person, bool(row.refusal)) for row in found] == [
        ("Helen Marsh", True),
        ("Uma Reyes", True),
        ("Umar Dietz", False),
    ]
    assert "by office" in found[0].refusal
    assert "waits" in found[1].refusal
    assert Grant.select().count() == 2


def test_designating_needs_a_purpose_people_sites_and_a_day_to_come(town: Town) -> None:
    site = make_site(town)
    late = service.Wish(
        person_ids=(), site_ids=(), capability=Capability.VIEW, purpose=" ", until=town.today - timedelta(days=1)
    )
    with pytest.raises(Invalid) as refused:
        service.designate(town.actor("head.library"), late, clock=town.clock)
    assert refused.value.problems.keys() == {"people", "sites", "purpose", "until"}
    with pytest.raises(Forbidden):
        service.designate(town.actor("administrator"), wish(town, "user.library", site=site), clock=town.clock)
    with pytest.raises(NotFound):
        service.designate(town.actor("head.police"), wish(town, "user.library", site=site), clock=town.clock)
    assert Grant.select().count() == 0


def test_only_the_administrator_decides_and_a_stranger_does_not_learn_of_it(town: Town) -> None:
    grant = designated(town, "user.library", make_site(town))
    for box, refusal in (("head.library", Forbidden), ("it", Forbidden), ("head.police", NotFound)):
        with pytest.raises(refusal):
            service.decide(town.actor(box), grant.id, grant.version, approve=True, clock=town.clock)
    with pytest.raises(Invalid):
        service.decide(town.actor("administrator"), grant.id, grant.version, approve=False, clock=town.clock)
    service.decide(
        town.actor("administrator"), grant.id, grant.version, approve=False, reason="Not needed.", clock=town.clock
    )
    with pytest.raises(StaleState):
        service.decide(town.actor("administrator"), grant.id, grant.version, approve=True, clock=town.clock)
    assert Grant.get_by_id(grant.id).state is G.DECLINED


def test_nobody_approves_their_own_nor_what_they_designated_but_by_a_recorded_exception(town: Town) -> None:
    site = make_site(town)
    own = designated(town, "administrator", site)
    with pytest.raises(Forbidden):
        service.decide(town.actor("administrator"), own.id, own.version, approve=True, clock=town.clock)
    accounts.give_role(
        town.actor("administrator"), town.person_id("head.library"), Role.ADMINISTRATOR, department_id=None,
        starts=town.today, ends=town.today, acting=True, reason="Leave", clock=town.clock,
    )  # fmt: skip
    hers = designated(town, "user.library", site)
    with pytest.raises(Forbidden):
        service.decide(town.actor("head.library"), hers.id, hers.version, approve=True, clock=town.clock)
    assert RecordedException.select().count() == 0
    why = "The Administrator is away until December."
    service.decide(town.actor("head.library"), hers.id, hers.version, approve=True, exception=why, clock=town.clock)
    assert [(kept.subject, kept.reason) for kept in RecordedException.select()] == [(f"grant:{hers.id}", why)]
    assert (Grant.get_by_id(own.id).state, Grant.get_by_id(hers.id).state) == (G.DESIGNATED, G.APPROVED)


def test_head_and_administrator_take_back_at_any_time_and_others_do_not(town: Town) -> None:
    site = make_site(town)
    grant, waiting = approved(town, "user.library", site), designated(town, "user.police", site)
    for box, refusal in (("coordinator.library", Forbidden), ("head.police", NotFound)):
        with pytest.raises(refusal):
            service.take_back(town.actor(box), grant.id, grant.version, reason="x", clock=town.clock)
    with pytest.raises(Invalid):
        service.take_back(town.actor("head.library"), grant.id, grant.version, reason=" ", clock=town.clock)
    with pytest.raises(StaleState):
        service.take_back(town.actor("head.library"), grant.id, grant.version - 1, reason="x", clock=town.clock)
    service.take_back(town.actor("head.library"), grant.id, grant.version, reason="Moved on.", clock=town.clock)
    service.take_back(town.actor("administrator"), waiting.id, waiting.version, reason="A slip.", clock=town.clock)
    assert (Grant.get_by_id(grant.id).state, Grant.get_by_id(waiting.id).state) == (G.REVOKED, G.ENDED)


def test_grants_end_in_the_callers_unit_all_or_none(town: Town) -> None:
    site = make_site(town)
    grant, waiting = approved(town, "user.library", site), designated(town, "user.library", site)
    pairs = [(grant.id, grant.version), (waiting.id, waiting.version + 1)]
    with pytest.raises(StaleState), unit_of_work():
        service.end_grants(town.actor("it"), pairs, reason="Left.", clock=town.clock)
    assert states(town, "user.library", site) == [G.APPROVED, G.DESIGNATED]
    end(town, "it", grant)
    end(town, "it", waiting)
    assert states(town, "user.library", site) == [G.ENDED, G.ENDED]
