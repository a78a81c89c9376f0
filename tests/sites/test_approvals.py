"""What was approved stays known, what changes is flagged, and every year somebody says that it is still needed."""

import json
from typing import Any

import pytest
from playhouse.test_utils import count_queries

from charlton_intranet.accounts.models import RecordedException
from charlton_intranet.core import audit, database
from charlton_intranet.core.duties import Scope
from charlton_intranet.core.errors import Forbidden, Invalid, NotFound, StaleState
from charlton_intranet.parts import Parts
from charlton_intranet.sites.duties import approvals as duties
from charlton_intranet.sites.models import Attestation, Network, Site, SiteApproval, SiteChange, YearlyAnswer
from charlton_intranet.sites.queries.approvals import approval_of, past_approvals
from charlton_intranet.sites.rules import (
    ATTESTATIONS,
    PREPARATIONS,
    ApprovalKind,
    Cadence,
    Decision,
    NetworkState,
    SiteFacts,
    SiteState,
)
from charlton_intranet.sites.service import approvals, requests
from tests.conftest import Town
from tests.security.test_races import AT_ONCE, press_together
from tests.sites import factories

DOMAINS = ("charlton.example",)
POSTED = {
    "address": "https://www.facebook.com/CharltonLibrary",
    "title": "Charlton Public Library",
    "account_email": "library@charlton.example",
    "purpose": "News of the department",
    "audience": "Residents",
    "plan": "The coordinator posts twice a week.",
    "cadence": "weekly",
}


def facts(**changes: Any) -> SiteFacts:
    return SiteFacts(**{**POSTED, "cadence": Cadence.WEEKLY, **changes})


def version(site: Site) -> int:
    return int(Site.get_by_id(site.id).version)


def change(town: Town, site: Site, box: str = "head.library", **changes: Any) -> None:
    approvals.change_record(
        town.actor(box), site.id, version(site), facts(**changes), domains=DOMAINS, clock=town.clock
    )


def settle(town: Town, site: Site, step: str = "confirm_change", box: str = "administrator", **more: Any) -> None:
    getattr(approvals, step)(town.actor(box), site.id, version(site), **more, clock=town.clock)


def answer(town: Town, site: Site, *, needed: bool = True, note: str = "") -> None:
    approvals.answer_need(
        town.actor("head.library"), site.id, version(site), needed=needed, note=note, clock=town.clock
    )


def owed(town: Town, box: str) -> list[tuple[str, str]]:
    found = duties.owed(Scope(today=town.today, actor=town.actor(box)))
    return [(duty.kind.name, duty.due.isoformat()) for duty in found if duty.owner.is_held_by(town.actor(box))]


# --- what is kept -----------------------------------------------------------------------------------------


def test_a_decision_keeps_to_the_letter_what_it_approved(town: Town) -> None:
    factories.network(town)
    head = town.actor("head.library")
    asked = facts(
        address="facebook.com/CharltonTeens?fbclid=1", attested=frozenset(ATTESTATIONS),
        prepared=frozenset(PREPARATIONS),
    )  # fmt: skip
    site_id = requests.ask(head, head.department_id or 0, asked, domains=DOMAINS, clock=town.clock)
    requests.advise(town.actor("it"), site_id, 1, recommended=True, text="", clock=town.clock)
    assert approval_of([site_id]) == {}
    requests.decide(town.actor("administrator"), site_id, 2, decision=Decision.APPROVE, reason="", clock=town.clock)
    kept = SiteApproval.get()
    assert (kept.kind, kept.approved_on, kept.digest) == (
        ApprovalKind.FIRST,
        town.today,
        audit.digest_of(kept.facts),
    )
    assert json.loads(kept.facts)["plan"] == "The coordinator posts twice a week."
    found = approval_of([site_id])[site_id]
    assert (found.approved_on, found.renew_by, found.changes) == (
        town.today,
        town.today.replace(year=town.today.year + 1),
        (),
    )
    attested = json.loads(Attestation.get().sentences)
    assert attested == [*ATTESTATIONS.values(), *PREPARATIONS.values()]
    sheet = town.client("auditor").get(f"/sites/{site_id}").text
    assert "Americans with Disabilities Act (ADA)" in sheet
    assert "every picture has a description" in sheet


@pytest.mark.parametrize("decision", [Decision.DECLINE, Decision.ASK_FOR_CHANGES])
def test_no_other_decision_keeps_an_approval(town: Town, decision: Decision) -> None:
    site = factories.site(town, state=SiteState.ADVISED)
    requests.decide(town.actor("administrator"), site.id, 1, decision=decision, reason="Why", clock=town.clock)
    assert not SiteApproval.select().exists()
    assert approval_of([site.id]) == {}


def test_an_approval_from_before_counts_from_its_day_with_facts_unknown(town: Town) -> None:
    site = factories.site(town)
    found = approval_of([site.id])[site.id]
    assert (found.id, found.approved_on, dict(found.facts), found.changes) == (None, town.today, {}, ())
    page = town.client("auditor").get(f"/sites/{site.id}/approval").text
    assert "what was on record then is not known here" in page
    # Its first change shows what was on record until then.
    change(town, site, plan="Once a week")
    found = approval_of([site.id])[site.id]
    assert found.changes == (("Plan", "The coordinator posts twice a week.", "Once a week"),)


# --- changes of the record --------------------------------------------------------------------------------


def test_a_change_counts_at_once_is_flagged_and_confirmed(town: Town) -> None:
    site = factories.site(town)
    change(town, site, title="Library of Charlton", address="https://facebook.com/LibraryCharlton")
    now = Site.get_by_id(site.id)
    assert (now.title, now.handle, now.address_key, now.state) == (
        "Library of Charlton",
        "LibraryCharlton",
        "facebook/librarycharlton",
        SiteState.ACTIVE,
    )
    flagged = approval_of([site.id])[site.id]
    assert [found.label for found in flagged.changes] == ["Name of the page", "Address of the page"]
    assert owed(town, "administrator") == [("site.confirm_change", "2026-12-01")]
    assert owed(town, "head.library") == owed(town, "head.police") == owed(town, "it") == []
    page = town.client("coordinator.library").get(f"/sites/{site.id}/approval").text
    assert "Library of Charlton" in page
    assert "https://www.facebook.com/CharltonLibrary" in page
    assert "The record was changed after the approval" in town.client("auditor").get(f"/sites/{site.id}").text
    settle(town, site, note="Fine")
    assert approval_of([site.id])[site.id].changes == ()
    assert owed(town, "administrator") == []
    assert [(one.kind, one.note) for one in past_approvals(site.id)] == [(ApprovalKind.CHANGE, "Fine")]


def test_the_administrator_asks_to_set_it_back_and_the_head_does_with_one_press(town: Town) -> None:
    site = factories.site(town)
    change(town, site, audience="Everybody on earth")
    with pytest.raises(Invalid, match="Say why"):
        settle(town, site, "refuse_change", reason=" ")
    settle(town, site, "refuse_change", reason="We speak to residents")
    with pytest.raises(StaleState):
        settle(town, site, "refuse_change", reason="Again")
    assert owed(town, "administrator") == []
    assert owed(town, "head.library") == [("site.set_back", "2026-12-01")]
    assert "We speak to residents" in town.client("head.library").get(f"/sites/{site.id}/approval").text
    # Changed otherwise: the Town Administrator is asked anew.
    change(town, site, audience="Neighbors")
    assert [kind for kind, _ in owed(town, "administrator")] == ["site.confirm_change"]
    settle(town, site, "refuse_change", reason="Residents only")
    approvals.set_back(town.actor("head.library"), site.id, version(site), domains=DOMAINS, clock=town.clock)
    assert Site.get_by_id(site.id).audience == "Residents"
    assert owed(town, "administrator") == owed(town, "head.library") == []
    with pytest.raises(StaleState):
        approvals.set_back(town.actor("head.library"), site.id, version(site), domains=DOMAINS, clock=town.clock)
    assert SiteChange.select().count() == 3


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({}, "record", "Nothing is different"),
        ({"plan": " "}, "plan", "who posts"),
        ({"account_email": "me@private.example"}, "account_email", "@charlton.example"),
        ({"address": "https://unknown.example/x"}, "address", "propose the network"),
        ({"address": "https://facebook.com/taken"}, "address", "on record already"),
    ],
)
def test_a_change_is_checked_like_a_request(town: Town, changes: dict[str, Any], field: str, words: str) -> None:
    site = factories.site(town)
    factories.site(town, "Police", handle="taken", title="Police")
    with pytest.raises(Invalid) as refusal:
        change(town, site, **changes)
    assert words in refusal.value.problems[field]
    assert version(site) == 1
    assert not SiteChange.select().exists()


def test_a_record_is_kept_true_on_a_network_that_lost_its_approval_too(town: Town) -> None:
    site = factories.site(town)
    Network.update(state=NetworkState.WITHDRAWN).execute()
    change(town, site, address=site.address, plan="Nobody posts until we have moved.")
    now = Site.get_by_id(site.id)
    assert (now.plan, now.address_key) == ("Nobody posts until we have moved.", site.address_key)
    with pytest.raises(Invalid, match="only approved networks"):
        change(town, site, address="https://facebook.com/elsewhere")


def test_two_administrators_confirm_a_change_once(own_town: Parts) -> None:
    with database.connection():
        town = Town(own_town, own_town.clock, None)  # type: ignore[arg-type] # no page is opened here
        site = factories.site(town)
        change(town, site, plan="New")
        actor, seen = town.actor("administrator"), version(site)

    def press(_number: int) -> None:
        approvals.confirm_change(actor, site.id, seen, clock=town.clock)

    assert press_together(press) == ["", *["StaleState"] * (AT_ONCE - 1)]
    with database.connection():
        assert SiteApproval.select().count() == 1
        assert audit.verify().fault is None


@pytest.mark.parametrize("state", SiteState)
def test_in_which_states_a_record_can_be_changed(town: Town, state: SiteState) -> None:
    site = factories.site(town, state=state)
    if state in {SiteState.APPROVED, SiteState.ACTIVE, SiteState.SUSPENDED}:
        change(town, site, plan="New")
        settle(town, site)
        assert approval_of([site.id])[site.id].changes == ()
    else:
        with pytest.raises(StaleState):
            change(town, site, plan="New")


def test_who_may_change_and_who_may_confirm(town: Town) -> None:
    site = factories.site(town)
    for box in ("coordinator.library", "it", "administrator", "auditor", "head.police"):
        with pytest.raises(Forbidden):
            change(town, site, box, plan="New")
    hidden = factories.site(town, handle="hidden", state=SiteState.APPROVED)
    with pytest.raises(NotFound):
        change(town, hidden, "head.police", plan="New")
    with pytest.raises(StaleState, match="as it was approved"):
        settle(town, factories.site(town, handle="same"))
    change(town, site, plan="New")
    for box in ("head.library", "coordinator.library", "it", "auditor"):
        with pytest.raises(Forbidden):
            settle(town, site, box=box)
    with pytest.raises(StaleState):
        approvals.confirm_change(town.actor("administrator"), site.id, 1, clock=town.clock)
    assert not SiteApproval.select().exists()


def test_nobody_confirms_their_own_change_without_a_recorded_reason(town: Town) -> None:
    site = factories.site(town)
    change(town, site, plan="New")
    SiteChange.update(changed_by=town.person_id("administrator")).execute()
    with pytest.raises(Forbidden, match="matter of your own"):
        settle(town, site)
    assert 'name="exception"' in town.client("administrator").get(f"/sites/{site.id}/approval").text
    settle(town, site, exception="There is nobody who could act in August.")
    assert RecordedException.get().subject == f"site:{site.id}"


# --- every year -------------------------------------------------------------------------------------------


def test_every_year_in_two_presses(town: Town) -> None:
    site = factories.site(town)
    with pytest.raises(StaleState):
        answer(town, site)
    town.clock.advance(days=334)
    assert owed(town, "head.library") == []
    town.clock.advance(days=1)
    assert owed(town, "head.library") == [("site.answer_need", "2027-11-23")]
    with pytest.raises(StaleState):
        settle(town, site, "renew")
    assert (
        town.client("head.library")
        .submit(f"/sites/{site.id}/approval/need", {"decision": "needed", "version": str(version(site))})
        .location
        == f"/sites/{site.id}/approval"
    )
    assert owed(town, "head.library") == []
    assert owed(town, "administrator") == [("site.renew", "2027-11-23")]
    assert (
        town.client("administrator")
        .submit(f"/sites/{site.id}/approval/settle", {"decision": "renew", "version": str(version(site))})
        .status_code
        == 303
    )
    assert owed(town, "administrator") == []
    found = approval_of([site.id])[site.id]
    assert (found.approved_on, found.answer) == (town.today, None)
    assert json.loads(SiteApproval.get().facts)["title"] == "Charlton Public Library"


def test_nobody_renews_on_their_own_word_without_a_recorded_reason(town: Town) -> None:
    site = factories.site(town)
    town.clock.advance(days=350)
    answer(town, site)
    YearlyAnswer.update(answered_by=town.person_id("administrator")).execute()
    with pytest.raises(Forbidden, match="matter of your own"):
        settle(town, site, "renew")
    settle(town, site, "renew", exception="I head the department until somebody is hired.")
    assert RecordedException.get().step == "approve the site for another year"


def test_a_missed_year_is_overdue_on_the_sheet(town: Town) -> None:
    site = factories.site(town)
    town.clock.advance(days=365)
    browser = town.client("auditor")
    assert "overdue" not in browser.get(f"/sites/{site.id}").text
    town.clock.advance(days=1)
    assert (
        "The yearly approval is overdue since Tue, Nov 23, 2027."
        in town.client("auditor").get(f"/sites/{site.id}").text
    )
    assert "overdue" not in town.client("employee").get(f"/sites/{site.id}").text
    Site.update(state=SiteState.DEACTIVATED).execute()
    assert owed(town, "head.library") == []


def test_a_consent_to_a_change_begins_no_new_year_and_keeps_the_answer(town: Town) -> None:
    site = factories.site(town)
    town.clock.advance(days=350)
    answer(town, site)
    change(town, site, plan="New")
    settle(town, site)
    found = approval_of([site.id])[site.id]
    assert found.renew_by.isoformat() == "2027-11-23"
    assert found.answer is not None
    settle(town, site, "renew")
    assert approval_of([site.id])[site.id].renew_by > found.renew_by


def test_a_year_s_approval_takes_the_changes_with_it(town: Town) -> None:
    site = factories.site(town)
    town.clock.advance(days=350)
    change(town, site, plan="New")
    answer(town, site)
    assert sorted(kind for kind, _ in owed(town, "administrator")) == ["site.confirm_change", "site.renew"]
    settle(town, site, "renew")
    assert owed(town, "administrator") == []
    assert approval_of([site.id])[site.id].facts["plan"] == "New"


def test_a_site_that_is_no_longer_needed_is_the_administrators_to_end(town: Town) -> None:
    site = factories.site(town)
    town.clock.advance(days=350)
    with pytest.raises(Invalid, match="what becomes of the page"):
        answer(town, site, needed=False)
    answer(town, site, needed=False, note="The festival is over")
    with pytest.raises(StaleState):
        settle(town, site, "renew")
    assert [kind for kind, _ in owed(town, "administrator")] == ["site.end_use"]
    with pytest.raises(StaleState):
        answer(town, site)
    assert "The festival is over" in town.client("administrator").get(f"/sites/{site.id}/approval").text
    assert YearlyAnswer.select().count() == 1


def test_sites_of_a_withdrawn_network_need_a_decision_each(town: Town) -> None:
    first = factories.site(town)
    factories.site(town, "Police", handle="pd", state=SiteState.SUSPENDED)
    Network.update(state=NetworkState.WITHDRAWN, decided_on=town.today).execute()
    found = [duty for duty in duties.owed(Scope(today=town.today)) if duty.kind is duties.LEAVE_NETWORK]
    assert [(duty.subject, duty.due.isoformat()) for duty in found] == [(f"site:{first.id}", "2026-12-01")]
    assert owed(town, "head.library") == []
    Site.update(state=SiteState.SUSPENDED).execute()
    assert owed(town, "administrator") == []


# --- pages ------------------------------------------------------------------------------------------------


def test_the_record_is_changed_in_the_form_of_the_request(town: Town) -> None:
    site = factories.site(town)
    browser = town.client("head.library")
    url = f"/sites/{site.id}/record"
    page = browser.get(url).text
    assert "Change the record of Charlton Public Library" in page
    assert 'name="attested"' not in page
    data = {**POSTED, "version": "1", "plan": "Uma posts now"}
    refused = browser.submit(url, {**data, "account_email": "me@private.example"})
    assert refused.status_code == 422
    assert "Uma posts now" in refused.text
    same = browser.submit(url, {**POSTED, "version": "1"})
    assert same.status_code == 422
    assert "Nothing is different" in same.text
    assert browser.submit(url, data).location == f"/sites/{site.id}/approval"
    assert browser.submit(url, {**data, "plan": "Pressed again"}).status_code == 409
    assert town.client("administrator").get(url).status_code == 403
    assert town.client("head.police").get(url).status_code == 403
    declined = factories.site(town, state=SiteState.DECLINED, handle="declined")
    assert browser.get(f"/sites/{declined.id}/record").status_code == 409


STATUS = {
    "administrator": 200, "it": 200, "records": 200, "auditor": 200, "head.library": 200, "coordinator.library": 200,
    "head.police": 404, "coordinator.police": 404, "user.library": 403, "employee": 403,
}  # fmt: skip


def test_who_reads_an_approval(town: Town) -> None:
    site = factories.site(town)
    answers = {box: town.client(box).get(f"/sites/{site.id}/approval").status_code for box in STATUS}
    assert answers == STATUS
    requested = factories.site(town, state=SiteState.REQUESTED, handle="new")
    assert "Not approved yet" in town.client("auditor").get(f"/sites/{requested.id}/approval").text
    for path in ("0/approval", "999999/approval", "x/approval"):
        assert town.client("auditor").get(f"/sites/{path}").status_code == 404


@pytest.mark.parametrize(
    ("step", "data", "allowed"),
    [
        ("need", {"decision": "needed"}, "head.library"),
        ("settle", {"decision": "confirm"}, "administrator"),
        ("settle", {"decision": "refuse", "text": "Why"}, "administrator"),
        ("set-back", {}, "head.library"),
    ],
)
def test_who_presses_what_on_an_approval(town: Town, step: str, data: dict[str, str], allowed: str) -> None:
    site = factories.site(town)
    change(town, site, plan="New")
    town.clock.advance(days=350)
    url, data = f"/sites/{site.id}/approval/{step}", {**data, "version": str(version(site))}
    for box, read in STATUS.items():
        if box != allowed:
            assert town.client(box).submit(url, data).status_code in {403, read} - {200}, box
    browser = town.client(allowed)
    assert browser.get(url).status_code == 405
    assert browser.submit(url, {**data, "version": "1"}).status_code == 409
    assert browser.submit(url, data).status_code == 303
    assert browser.submit(url, data).status_code == 409
    assert browser.submit("/sites/999999/approval/" + step, data).status_code == 404


def test_a_refused_word_is_kept(town: Town) -> None:
    site = factories.site(town)
    change(town, site, plan="New")
    browser = town.client("administrator")
    answer = browser.submit(f"/sites/{site.id}/approval/settle", {"decision": "refuse", "text": "", "version": "2"})
    assert answer.status_code == 422
    assert "Say why, so that the department head can act on it." in answer.text
    none = browser.submit(f"/sites/{site.id}/approval/settle", {"text": "Half a thought", "version": "2"})
    assert none.status_code == 422
    assert "Half a thought" in none.text


def test_the_approvals_of_many_sites_cost_the_same(town: Town) -> None:
    def cost() -> int:
        with count_queries() as counted:
            list(duties.owed(Scope(today=town.today)))
        return int(counted.count)

    site = factories.site(town)
    change(town, site, plan="New")
    small = cost()
    for number in range(8):
        more = factories.site(town, handle=f"page{number}")
        change(town, more, address=more.address, plan=f"New {number}")
    assert len(list(duties.owed(Scope(today=town.today)))) == 9
    assert cost() == small
