"""Who counts as one person, what stands against them, and restrictions: the use cases."""

from datetime import date
from typing import Any

import pytest
from playhouse.test_utils import count_queries

from charlton_intranet.core.audit import AuditEvent
from charlton_intranet.core.errors import Forbidden, Invalid, NotFound, StaleState
from charlton_intranet.mail.models import OutboxMessage
from charlton_intranet.moderation import service
from charlton_intranet.moderation.models import (
    Case,
    Contributor,
    ContributorWarning,
    Determination,
    HandleLink,
    LinkedHandle,
    Order,
    Restriction,
    RestrictionGround,
)
from charlton_intranet.moderation.queries.ledger import ledger_page
from charlton_intranet.moderation.queries.restrictions import restriction_view, restrictions_page
from charlton_intranet.moderation.queries.standing import standing_of, visible_contributor
from charlton_intranet.moderation.rules import AuthorKind, CaseState, Position
from charlton_intranet.moderation.rules.contributors import Cause, LinkState, RestrictionState
from charlton_intranet.moderation.rules.reconsidering import ReconsiderationState
from charlton_intranet.moderation.service import linking, proposing, restricting
from tests.conftest import Town
from tests.moderation import contributors_factories as made
from tests.moderation import factories

S = RestrictionState


def seen(town: Town, contributor_id: int, box: str = "administrator") -> int:
    return len(standing_of(town.actor(box), contributor_id, town.today).decisions)


# --- what counts ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", factories.RESTING)
def test_only_what_was_carried_out_counts(town: Town, state: CaseState) -> None:
    case = factories.in_state(town, state)
    network_id = factories.site(town).network_id
    contributor = Contributor.create(network=network_id, handle="@burner", handle_key="burner")
    Case.update(contributor=contributor).where(Case.id == case.id).execute()
    assert seen(town, contributor.id) == (1 if state is CaseState.CLOSED else 0)
    listed = [row.handle.id for row in ledger_page(town.today).rows]
    assert listed == ([contributor.id] if state is CaseState.CLOSED else [])


def test_what_is_kept_up_neither_counts_nor_lists_its_writer(town: Town) -> None:
    case = made.keep_case(town)
    assert seen(town, made.writer(case)) == 0
    assert ledger_page(town.today).rows == ()


@pytest.mark.parametrize(
    ("answer", "counts"),
    [
        (ReconsiderationState.ASKED, 0),
        (ReconsiderationState.REVERSED, 0),
        (ReconsiderationState.UPHELD, 1),
        (ReconsiderationState.WITHDRAWN, 1),
    ],
)
def test_a_decision_counts_while_it_stands(town: Town, answer: ReconsiderationState, counts: int) -> None:
    [case] = made.upheld(town)
    made.warn(town, case)
    made.take_back(town, case, answer)
    standing = standing_of(town.actor("administrator"), made.writer(case), town.today)
    assert (len(standing.decisions), len(standing.warnings)) == (counts, counts)
    assert len(ledger_page(town.today).rows) == counts


def test_staff_who_write_for_the_town_have_no_ledger(town: Town) -> None:
    [case] = made.upheld(town)
    Case.update(author_kind=AuthorKind.STAFF).where(Case.id == case.id).execute()
    assert seen(town, made.writer(case)) == 0
    assert ledger_page(town.today).rows == ()


def test_other_departments_see_the_facts_but_not_the_words_nor_the_way(town: Town) -> None:
    [case] = made.upheld(town)
    [own] = standing_of(town.actor("coordinator.library"), made.writer(case), town.today).decisions
    assert (own.case_id, own.quote) == (case.id, "burn that branch down")
    [other] = standing_of(town.actor("coordinator.police"), made.writer(case), town.today).decisions
    assert (other.case_id, other.quote) == (None, "")
    assert (other.site_title, other.letters, other.decided_on) == ("Charlton Library", ("J",), town.today)


def test_who_was_only_seen_is_known_to_the_department_alone(town: Town) -> None:
    case = factories.case(town, handle="@quiet")
    contributor_id = made.writer(case)
    assert visible_contributor(town.actor("coordinator.library"), contributor_id, town.today).empty
    for box in ("coordinator.police", "user.library"):
        with pytest.raises(NotFound):
            visible_contributor(town.actor(box), contributor_id, town.today)


# --- linked handles ---------------------------------------------------------------------------------------


def test_a_link_unites_two_handles_once_a_second_person_agrees(town: Town) -> None:
    [one] = made.upheld(town)
    [other] = made.upheld(town, handle="@burner2", department="Police")
    found = made.link(town, made.writer(one), "Burner2")
    assert seen(town, made.writer(one)) == 1
    linking.decide_link(town.actor("administrator"), found.id, found.version, agree=True, clock=town.clock)
    assert seen(town, made.writer(one)) == seen(town, made.writer(other)) == 2
    rows = {row.handle.handle: (row.recent, [h.handle for h in row.linked]) for row in ledger_page(town.today).rows}
    assert rows == {"@burner": (2, ["@burner2"]), "@burner2": (2, ["@burner"])}


def test_nobody_confirms_their_own_link_but_by_a_recorded_exception(town: Town) -> None:
    [one] = made.upheld(town)
    made.upheld(town, handle="@burner2")
    found = made.link(town, made.writer(one), "@burner2")
    with pytest.raises(Forbidden, match="somebody else"):
        linking.decide_link(town.actor("coordinator.library"), found.id, found.version, agree=True, clock=town.clock)
    assert LinkedHandle.select().count() == 0
    linking.decide_link(
        town.actor("coordinator.library"), found.id, found.version, agree=True,
        exception="The Town Administrator is away until Monday.", clock=town.clock,
    )  # fmt: skip
    assert HandleLink.get_by_id(found.id).state is LinkState.STANDING


def test_undoing_one_of_two_links_parts_only_what_hung_on_it(town: Town) -> None:
    [a] = made.upheld(town)
    [b] = made.upheld(town, handle="@b")
    [c] = made.upheld(town, handle="@c")
    first = made.linked(town, made.writer(a), "@b")
    made.linked(town, made.writer(b), "@c")
    assert seen(town, made.writer(a)) == 3
    linking.undo_link(
        town.actor("coordinator.police"), first.id, first.version, reason="Two brothers.", clock=town.clock
    )
    assert [seen(town, made.writer(case)) for case in (a, b, c)] == [1, 2, 2]
    assert HandleLink.get_by_id(first.id).ended_reason == "Two brothers."
    assert AuditEvent.select().where(AuditEvent.tag == linking.UNDONE).count() == 1


@pytest.mark.parametrize("handle", ["@burner", "@nobody", "", "@theirs"])
def test_a_link_to_oneself_or_to_somebody_unknown_is_refused(town: Town, handle: str) -> None:
    [one] = made.upheld(town)
    factories.case(town, department="Police", handle="@theirs")  # only seen, and not by this department
    with pytest.raises(Invalid) as refused:
        made.link(town, made.writer(one), handle)
    assert set(refused.value.problems) == {"handle"}


def test_a_link_is_proposed_once(town: Town) -> None:
    [one] = made.upheld(town)
    [other] = made.upheld(town, handle="@burner2")
    made.link(town, made.writer(one), "@burner2")
    with pytest.raises(Invalid, match="proposed already"):
        made.link(town, made.writer(other), "@burner", by="coordinator.police")


def test_readers_link_nothing(town: Town) -> None:
    [one] = made.upheld(town)
    made.upheld(town, handle="@burner2")
    for box in ("auditor", "records", "head.library"):
        with pytest.raises(Forbidden):
            made.link(town, made.writer(one), "@burner2", by=box)


# --- warnings ---------------------------------------------------------------------------------------------


def test_a_warning_belongs_to_a_decision_against_a_known_writer(town: Town) -> None:
    with pytest.raises(Invalid, match="kept"):
        made.warn(town, made.keep_case(town))
    with pytest.raises(Invalid, match="not known"):
        made.warn(town, factories.closed(town, "Somebody ought to burn that branch down tonight."))
    assert ContributorWarning.select().count() == 0


# --- proposing --------------------------------------------------------------------------------------------


def test_three_decisions_that_stand_open_a_proposal_and_two_do_not(town: Town) -> None:
    cases = made.upheld(town, 2)
    with pytest.raises(Invalid, match="It takes 3 decisions"):
        made.propose(town, cases)
    assert Restriction.select().count() == 0
    found = made.propose(town, made.upheld(town))
    grounds = list(RestrictionGround.select().where(RestrictionGround.restriction == found.id))
    assert len(grounds) == 3
    assert all(ground.seal_id for ground in grounds)
    mail = OutboxMessage.select().where(OutboxMessage.kind == "restriction_view_asked")
    assert [one.recipient for one in mail] == ["head.library@charlton.example"]


def test_an_accusation_is_no_ground(town: Town) -> None:
    cases = made.upheld(town, 3)
    accused = factories.advised(town, handle=made.HANDLE)
    with pytest.raises(Invalid) as refused:
        made.propose(town, cases, grounds=[])
    assert set(refused.value.problems) == {"grounds"}
    other = made.upheld(town, handle="@other")
    with pytest.raises(Invalid, match="does not stand, or is not about this writer"):
        made.propose(town, cases, grounds=[*(made.decision(case) for case in cases), made.decision(other[0])])
    assert accused.state is CaseState.ADVISED


def test_a_decision_that_was_reversed_is_no_ground(town: Town) -> None:
    cases = made.upheld(town, 3)
    made.take_back(town, cases[1])
    with pytest.raises(Invalid) as refused:
        made.propose(town, cases, grounds=[made.decision(case) for case in cases])
    assert set(refused.value.problems) == {"grounds"}


def test_one_true_threat_is_enough(town: Town) -> None:
    found = made.propose(town, made.upheld(town), cause=Cause.THREAT)
    assert found.state is S.PROPOSED
    with pytest.raises(Invalid, match="category E or F"):
        made.propose(town, made.upheld(town, handle="@other"), cause=Cause.MALWARE)


def test_handles_of_one_person_add_up_and_the_site_is_one_of_theirs(town: Town) -> None:
    cases = made.upheld(town, 2)
    [other] = made.upheld(town, handle="@burner2", department="Police")
    made.linked(town, made.writer(cases[0]), "@burner2")
    with pytest.raises(Invalid) as refused:
        made.propose(town, cases, writer_id=made.writer(other))
    assert set(refused.value.problems) == {"place"}
    assert made.propose(town, cases).contributor_id == made.writer(cases[0])


def test_a_coordinator_proposes_for_their_own_sites_alone(town: Town) -> None:
    cases = made.upheld(town, 3)
    with pytest.raises(NotFound):
        made.propose(town, cases, by="coordinator.police")
    for box in ("auditor", "records"):
        with pytest.raises(Forbidden):
            made.propose(town, cases, by=box)
    assert made.propose(town, cases, by="head.library").view is Position.VIOLATION


def test_no_second_one_while_one_is_under_way(town: Town) -> None:
    cases = made.upheld(town, 3)
    made.propose(town, cases)
    with pytest.raises(Invalid) as refused:
        made.propose(town, cases)
    assert set(refused.value.problems) == {"place"}


def test_after_one_is_over_it_takes_a_new_decision_and_the_next_term(town: Town) -> None:
    cases = made.upheld(town, 3)
    over = made.take_off(town, made.review(town, made.in_force(town, cases), stays=False))
    assert over.state is S.LIFTED
    with pytest.raises(Invalid, match="takes a new one"):
        made.propose(town, cases, days=90)
    cases += made.upheld(town)
    with pytest.raises(Invalid, match="90 days is the next step"):
        made.propose(town, cases)
    assert made.propose(town, cases, days=90).asked_days == 90


# --- deciding ---------------------------------------------------------------------------------------------


def test_the_head_is_heard_first_or_has_had_the_day(town: Town) -> None:
    found = made.propose(town)
    with pytest.raises(Invalid, match="until the end of November 24"):
        made.decide(town, found)
    town.clock.advance(days=2)
    decided = made.decide(town, found)
    assert (decided.state, decided.view) == (S.APPROVED, Position.NO_ANSWER)


def test_who_proposed_or_advised_does_not_decide(town: Town) -> None:
    cases = made.upheld(town, 3)
    found = made.propose(town, cases, by="administrator")
    town.clock.advance(days=2)
    with pytest.raises(Forbidden, match="somebody else"):
        made.decide(town, found)
    assert made.again(found).state is S.PROPOSED


@pytest.mark.parametrize(
    ("field", "other"),
    [
        ("reason", {"reason": "no"}),
        ("same_if_praise", {"same_if_praise": None}),
        ("same_if_praise", {"same_if_praise": False}),
        ("days", {"days": 3650}),
        ("deviation", {"days": 365}),
    ],
)
def test_what_a_determination_on_a_person_needs(town: Town, field: str, other: dict[str, Any]) -> None:
    found = made.viewed(town)
    with pytest.raises(Invalid) as refused:
        made.decide(town, found, **other)
    assert set(refused.value.problems) == {field}
    assert made.again(found).state is S.PROPOSED


def test_a_ground_that_falls_before_the_decision_stops_it(town: Town) -> None:
    cases = made.upheld(town, 3)
    found = made.viewed(town, cases)
    made.take_back(town, cases[0], ReconsiderationState.ASKED)
    with pytest.raises(Invalid, match="has changed since"):
        made.decide(town, found)
    assert made.decide(town, found, approve=False).state is S.DECLINED


def test_only_the_town_administrator_decides(town: Town) -> None:
    found = made.viewed(town)
    for box in ("coordinator.library", "head.library", "auditor", "records"):
        with pytest.raises(Forbidden):
            made.decide(town, found, by=box)
    for box in ("coordinator.police", "user.library", "it"):
        with pytest.raises(NotFound):
            made.decide(town, found, by=box)


# --- carried out, looked at again, over -------------------------------------------------------------------


def test_the_days_run_from_the_proof_and_never_longer_than_decided(town: Town) -> None:
    found = made.in_force(town)
    assert (found.starts_on, found.ends_on) == (date(2026, 11, 23), date(2026, 12, 23))
    assert found.review_on == date(2026, 12, 16)
    town.clock.advance(days=3)  # thirty days later is the day after Christmas, a Saturday
    later = made.in_force(town, made.upheld(town, 3, handle="@other"))
    assert later.ends_on == date(2026, 12, 24)


def test_it_ends_on_its_day_with_proof_and_not_before(town: Town) -> None:
    found = made.in_force(town)
    with pytest.raises(Invalid, match="not ended yet"):
        made.take_off(town, found)
    made.to_the_end(town, found)
    over = made.take_off(town, found)
    assert (over.state, over.over_proof_id is not None) == (S.ENDED, True)


def test_lifting_early_is_ordered_and_proven(town: Town) -> None:
    found = made.review(town, made.in_force(town), stays=False)
    assert found.state is S.LIFTING
    mail = OutboxMessage.select().where(OutboxMessage.kind == "restriction_lift")
    assert [one.recipient for one in mail] == ["coordinator.library@charlton.example"]
    assert made.take_off(town, found).state is S.LIFTED


def test_a_reversed_ground_lets_it_only_go(town: Town) -> None:
    cases = made.upheld(town, 3)
    found = made.in_force(town, cases)
    made.take_back(town, cases[2])
    assert restriction_view(town.actor("administrator"), found.id).fallen
    with pytest.raises(Invalid) as refused:
        made.review(town, found, stays=True)
    assert set(refused.value.problems) == {"stays"}
    assert made.review(town, found, stays=False).state is S.LIFTING


def test_with_more_grounds_than_it_needs_it_may_stay(town: Town) -> None:
    cases = made.upheld(town, 4)
    found = made.in_force(town, cases)
    made.take_back(town, cases[3])
    stays = made.review(town, found, stays=True)
    assert stays.state is S.IN_FORCE
    reviewed = RestrictionGround.get(RestrictionGround.determination == made.decision(cases[3]))
    assert reviewed.reviewed_id is not None


def test_what_is_approved_is_not_carried_out_on_a_reversed_ground(town: Town) -> None:
    cases = made.upheld(town, 3)
    found = made.approved(town, cases)
    made.take_back(town, cases[0])
    with pytest.raises(Invalid, match="was reversed"):
        restricting.carry_out(
            town.actor("coordinator.library"), found.id, found.version, proof=factories.upload(town), clock=town.clock
        )
    assert made.review(town, found, stays=False).state is S.WITHDRAWN


@pytest.mark.parametrize("state", list(S))
def test_each_step_is_open_in_its_states_alone(town: Town, state: RestrictionState) -> None:
    found = made.in_state(town, state)
    assert found.state is state
    steps = {
        S.APPROVED: lambda: made.decide(town, found),
        S.IN_FORCE: lambda: restricting.carry_out(
            town.actor("coordinator.library"), found.id, found.version, proof=factories.upload(town), clock=town.clock
        ),
        S.ENDED: lambda: made.take_off(town, found),
        S.LIFTING: lambda: made.review(town, found, stays=False),
        S.WITHDRAWN: lambda: proposing.withdraw(
            town.actor("administrator"), found.id, found.version, reason="Not needed.", clock=town.clock
        ),
    }
    opened = {
        S.PROPOSED: {S.APPROVED, S.WITHDRAWN},
        S.APPROVED: {S.IN_FORCE, S.LIFTING},
        S.IN_FORCE: {S.ENDED, S.LIFTING},
        S.LIFTING: {S.ENDED},
    }
    for step in steps.keys() - opened.get(state, set()):
        with pytest.raises(StaleState):
            steps[step]()
    assert made.again(found).state is state


def test_a_stale_press_changes_nothing(town: Town) -> None:
    found = made.viewed(town)
    made.decide(town, found)
    with pytest.raises(StaleState):
        made.decide(town, found)


def test_every_step_leaves_its_event(town: Town) -> None:
    found = made.in_state(town, S.LIFTED)
    tags = [
        event.tag
        for event in AuditEvent.select()
        .where(AuditEvent.subject == f"restriction:{found.id}")
        .order_by(AuditEvent.number)
    ]
    assert tags == [
        "restriction.proposed", "restriction.viewed", "restriction.decided", "restriction.started",
        "restriction.reviewed", "restriction.over",
    ]  # fmt: skip


# --- lists ------------------------------------------------------------------------------------------------


def test_the_list_of_restrictions_keeps_to_the_department(town: Town) -> None:
    made.propose(town)
    assert len(restrictions_page(town.actor("coordinator.library"), open_only=True)[0]) == 1
    assert restrictions_page(town.actor("coordinator.police"), open_only=False)[0] == ()


def test_the_ledger_finds_by_name_and_network(town: Town) -> None:
    made.upheld(town, handle="@burner")
    made.upheld(town, handle="@Somebody Else")
    network_id = factories.site(town).network_id
    assert [row.handle.handle for row in ledger_page(town.today, words="BODY").rows] == ["@Somebody Else"]
    assert len(ledger_page(town.today, network_id=network_id).rows) == 2
    assert ledger_page(town.today, network_id=network_id + 1000).rows == ()
    assert ledger_page(town.today, words="100%_").rows == ()
    assert ledger_page(town.today, restricted=True).rows == ()


@pytest.mark.parametrize("decided", [False, True], ids=["proposed", "declined"])
def test_a_restriction_that_is_proposed_is_not_said_to_be_open_for_proposing(town: Town, *, decided: bool) -> None:
    found = made.viewed(town)
    if decided:
        found = made.decide(town, found, approve=False, same_if_praise=None)
    case = Case.get(Case.contributor == found.contributor_id)
    clerk = town.client("coordinator.library")
    for address in ("/contributors", f"/contributors/{found.contributor_id}", f"/triage/{case.id}"):
        page = clerk.get(address).text
        assert ("restriction is proposed" in page) is not decided, address
        assert ("restriction can be proposed" in page) is decided, address
    standing = standing_of(town.actor("coordinator.library"), found.contributor_id, town.today)
    assert standing.restrictions == (), "a proposal stands against nobody"


def test_the_ledger_pages_through_everybody_once_and_costs_the_same(town: Town) -> None:
    for number in range(3):
        made.upheld(town, handle=f"@writer{number}")
    with count_queries() as few:
        assert len(ledger_page(town.today).rows) == 3
    copies(60)
    with count_queries() as many:
        page = ledger_page(town.today)
    assert (many.count, len(page.rows)) == (few.count, 25)
    names, key = [row.handle.handle for row in page.rows], page.next_key
    while key is not None:
        page = ledger_page(town.today, after=key)
        names, key = names + [row.handle.handle for row in page.rows], page.next_key
    assert len(names) == len(set(names)) == 63
    assert names == sorted(names)


def facts_of(query: Any) -> dict[str, Any]:
    """A row's columns, to be written again as another row."""
    found: dict[str, Any] = query.dicts().get()
    return {name: value for name, value in found.items() if name not in {"id", "origin_key"}}


def copies(count: int) -> None:
    """Many more writers with a decision that stands each."""
    case = Case.get(Case.state == CaseState.CLOSED)
    decided = Determination.get(Determination.case == case.id)
    of_case = facts_of(Case.select().where(Case.id == case.id))
    of_decision = facts_of(Determination.select().where(Determination.id == decided.id))
    of_order = facts_of(Order.select().where(Order.determination == decided.id))
    network_id = case.site.network_id
    for number in range(count):
        key = f"copy{number:05}"
        contributor = Contributor.insert(network=network_id, handle=f"@{key}", handle_key=key).execute()
        copy = Case.insert(**of_case | {"contributor": contributor}).execute()
        decision = Determination.insert(**of_decision | {"case": copy}).execute()
        Order.insert(**of_order | {"determination": decision}).execute()


def test_old_decisions_stay_on_the_page_but_do_not_open_a_proposal(town: Town) -> None:
    cases = made.upheld(town, 3)
    town.clock.advance(days=370)
    standing = standing_of(town.actor("administrator"), made.writer(cases[0]), town.today)
    assert (len(standing.decisions), standing.recent, standing.reached) == (3, 0, False)
    with pytest.raises(Invalid, match="last 12 months"):
        made.propose(town, cases)


def test_a_vanished_case_never_counts(town: Town) -> None:
    ordered = factories.determined(town, handle="@burner")
    service.mark_vanished(
        town.actor("coordinator.library"), ordered.id, ordered.version, note="Gone by itself.", clock=town.clock
    )
    assert seen(town, made.writer(ordered)) == 0
