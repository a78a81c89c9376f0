"""What a record sheet shows, to whom, and that it says what the features' own pages say."""

import re
from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from playhouse.test_utils import count_queries

from charlton_intranet.core.errors import NotFound
from charlton_intranet.grants.queries.authority import standings
from charlton_intranet.moderation.models import Case
from charlton_intranet.records import queries
from charlton_intranet.records.rules import Record, Release, Section
from charlton_intranet.sites.queries.checklists import standing_of
from charlton_intranet.sites.rules import Closing, SiteFacts, SiteState
from charlton_intranet.sites.rules.checklists import Answer, ChecklistKind, lines_of
from charlton_intranet.sites.service import approvals, checklists, living
from charlton_intranet.sites.service.checklists import LineFacts
from charlton_intranet.sites.service.proofs import ProofFacts
from tests.access import factories as access
from tests.conftest import Town
from tests.moderation import factories as moderation
from tests.records import factories
from tests.reviews import factories as reviews
from tests.sites import factories as sites

ALWAYS = {
    "account", "order", "life", "approval", "changes", "approvals", "closing", "network", "coordinators", "people",
    "page", "differences", "checklists", "checks", "history",
}  # fmt: skip
BY_ROLE = {
    "administrator": {"reviews", "evidence", "cases", "incidents"},
    "it": {"incidents"},
    "records": {"reviews", "evidence", "cases"},
    "auditor": {"reviews", "evidence", "cases"},
    "head.library": {"reviews", "evidence", "cases"},
    "coordinator.library": {"reviews", "evidence", "cases"},
}
STRANGERS = ("head.police", "coordinator.police")
NOBODY = ("employee", "user.library", "user.police")


def words(answer: Any) -> str:
    """The visible words of a page."""
    body = re.sub(r"(?s)<(script|head|svg)\b.*?</\1>", " ", answer.get_data(as_text=True))
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def sheet(town: Town, box: str, site_id: int) -> Record:
    return queries.site_record(town.actor(box), site_id, town.today)


def facts(section: Section) -> dict[str, Any]:
    """The one row of a section of facts by key."""
    assert section.single
    return {field.key: value for field, value in zip(section.fields, section.rows[0], strict=True)}


# --- who sees what


@pytest.mark.parametrize("box", BY_ROLE)
def test_each_reader_gets_the_sections_they_may_read_and_is_told_what_is_left_out(town: Town, box: str) -> None:
    site = factories.lively(town)
    found = sheet(town, box, site.id)
    assert {section.key for section in found.sections} == ALWAYS | BY_ROLE[box]
    answer = town.client(box).get(f"/records/sites/{site.id}")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    for key in ("reviews", "evidence", "cases", "incidents"):
        assert (f'<h2 id="{key}">' in page) == (key in BY_ROLE[box])
    for name in found.left_out:
        assert f"{name}" in words(answer).partition("role does not reach it:")[2]


@pytest.mark.parametrize("box", STRANGERS)
def test_to_another_department_the_record_is_not_there(town: Town, box: str) -> None:
    site = sites.site(town)
    browser = town.client(box)
    for path in (f"/records/sites/{site.id}", f"/records/departments/{town.department_id('Library')}"):
        assert browser.get(path).status_code == 404
        assert browser.submit(f"{path}/export", {"format": "json"}).status_code == 404
    with pytest.raises(NotFound):
        sheet(town, box, site.id)


@pytest.mark.parametrize("box", NOBODY)
def test_who_reads_no_records_is_refused(town: Town, box: str) -> None:
    site = sites.site(town)
    browser = town.client(box)
    for path in ("/records", f"/records/sites/{site.id}", f"/records/departments/{town.department_id('Library')}"):
        assert browser.get(path).status_code == 403
    assert browser.submit(f"/records/sites/{site.id}/export", {"format": "csv"}).status_code == 403


@pytest.mark.parametrize("number", [0, 999_999, 2_147_483_648, 10**30])
def test_what_is_not_there_is_not_found(town: Town, number: int) -> None:
    browser = town.client("administrator")
    for kind in ("sites", "departments"):
        assert browser.get(f"/records/{kind}/{number}").status_code == 404
        assert browser.submit(f"/records/{kind}/{number}/export", {"format": "csv"}).status_code == 404


def test_the_list_names_the_departments_in_reach(town: Town) -> None:
    sites.site(town)
    sites.site(town, "Police", handle="police", title="Charlton Police", state=SiteState.DEACTIVATED)
    everything = words(town.client("auditor").get("/records"))
    assert "Library Cody Barnes 1 1" in everything
    assert "Police Carla Nunez 0 1" in everything
    assert re.search(r"Highway \S 0 0", everything)
    own = words(town.client("head.police").get("/records"))
    assert "Police Carla Nunez 0 1" in own
    assert "Library Cody" not in own


def test_incidents_leave_no_trace_for_who_does_not_read_them(town: Town) -> None:
    site = factories.lively(town)
    reference = facts_of_incident(sheet(town, "it", site.id))["reference"]
    department = town.department_id("Library")
    for path in (f"/records/sites/{site.id}", f"/records/departments/{department}"):
        assert reference in words(town.client("it").get(path))
        assert "INC-" not in words(town.client("head.library").get(path))


def facts_of_incident(found: Record) -> dict[str, Any]:
    section = found.section("incidents")
    return {field.key: value for field, value in zip(section.fields, section.rows[0], strict=True)}


def test_nobody_from_the_public_stands_on_a_sheet(town: Town) -> None:
    site = factories.lively(town)
    page = words(town.client("administrator").get(f"/records/sites/{site.id}"))
    for told in (factories.HANDLE.lstrip("@"), factories.WORDS_OF_INCIDENT, "lovely", "matches"):
        assert told not in page


def test_incident_fields_are_exempt_and_names_of_officials_are_public(town: Town) -> None:
    found = sheet(town, "administrator", factories.lively(town).id)
    assert {f.release for f in found.section("incidents").fields} == {Release.EXEMPT}
    assert {f.exemption for f in found.section("incidents").fields} == {"n"}
    by_key = {f.key: f for f in found.section("life").fields}
    assert by_key["who"].release is Release.PUBLIC
    assert by_key["words"].release is Release.REVIEW


# --- one truth


def test_reviews_say_what_the_reviews_page_says(town: Town) -> None:
    site = factories.lively(town)
    told = facts(sheet(town, "administrator", site.id).section("reviews"))
    assert (told["on_time"], told["late"], told["ever"]) == (0, 1, 1)
    page = words(town.client("administrator").get(f"/reviews/sites/{site.id}"))
    assert f"{told['next_due']:%a, %b} {told['next_due'].day}, {told['next_due'].year}" in page
    assert "Cody Barnes Nothing to act on Quiet." in page
    assert (told["last_by"], told["last_result"]) == ("Cody Barnes", "Nothing to act on")
    town.clock.advance(days=20)
    later = facts(sheet(town, "administrator", site.id).section("reviews"))
    board = words(town.client("administrator").get("/reviews"))
    assert later["days_overdue"] == (town.today - told["next_due"]).days
    assert f"{later['days_overdue']} days" in board


def test_cases_say_what_the_queue_says(town: Town) -> None:
    site = factories.lively(town)
    moderation.case(town, "A lovely morning.", department="Police")
    section = sheet(town, "administrator", site.id).section("cases")
    assert set(section.rows) == {
        ("Open", None, 2),
        ("Closed", "Keep", 1),
        ("Closed", "Remove", 1),
    }
    queue = town.client("administrator").get(f"/triage?site={site.id}&state=closed")
    tabs = words(queue)
    assert "Open 2" in tabs
    assert "Closed 2" in tabs


def test_authority_says_what_every_other_page_computes(town: Town) -> None:
    site = factories.lively(town)
    section = sheet(town, "administrator", site.id).section("people")
    told = {row[0]: row for row in section.rows}
    computed = standings([site.id], day=town.today)
    assert set(told) == {one.person for one in computed} == {"Helen Marsh", "Uma Reyes"}
    for one in computed:
        assert told[one.person][1] == (one.capability.label if one.capability else "Nothing")
        assert told[one.person][-1] == " ".join(one.lapses)
    assert told["Uma Reyes"][4:6] == ("Posts the week's programs.", "Ruth Okafor")


def test_who_is_on_the_page_says_what_its_own_page_says(town: Town) -> None:
    site = access.page_with_admins(town)
    access.enter(town, site, "Helen Marsh, Admin\nCody Barnes, Admin\nZed Quill, Editor")
    found = sheet(town, "it", site.id)
    page = access.page_of(town, site)
    assert page.last is not None
    told = [row[:3] for row in found.section("page").rows]
    assert told == [
        ("Helen Marsh", "Helen Marsh", "Administer the page"),
        ("Cody Barnes", "Cody Barnes", "Administer the page"),
        ("Zed Quill", "Nobody we know", "Publish"),
    ]
    sentences = [one.sentence for one in page.differences]
    assert sentences
    assert [row[1] for row in found.section("differences").rows] == sentences
    assert {row[1] for row in found.section("order").rows} >= set(sentences)
    own = words(town.client("it").get(f"/sites/{site.id}/admins"))
    for sentence in sentences:
        assert " ".join(sentence.split()) in own


def test_checklists_say_what_their_own_page_says(town: Town) -> None:
    site = sites.site(town, checked=False)
    sites.checks(town, site.id, kinds=[ChecklistKind.AUTHENTICITY])
    seen = ProofFacts(note="Kept in the manager.", link="https://charlton.example/vault")
    lines = {key: LineFacts(Answer.YES, proof=seen) for key in lines_of(ChecklistKind.CONTROLS)}
    lines["alerts"] = LineFacts(Answer.NO, proof=ProofFacts(note="They go to a private address."))
    checklists.answer(
        town.actor("coordinator.library"), site.id, ChecklistKind.CONTROLS, number=1, version=0, lines=lines,
        complete=True, clock=town.clock,
    )  # fmt: skip
    found = sheet(town, "auditor", site.id)
    told = standing_of([site.id], town.today)[site.id]
    assert found.section("checklists").rows == tuple(
        (kind.label, one.state.label, one.renew_by, "; ".join(one.failing)) for kind, one in told.items()
    )
    assert [row[1] for row in found.section("checklists").rows] == ["Current", "Failing"]
    answers = {row[2]: row for row in found.section("checks").rows}
    assert len(answers) == sum(len(lines_of(kind)) for kind in ChecklistKind)
    password = answers[lines_of(ChecklistKind.CONTROLS)["password"].words]
    assert password[3:8] == ("Yes", "", "Kept in the manager.", "https://charlton.example/vault", "Cody Barnes")
    failed = answers[lines_of(ChecklistKind.CONTROLS)["alerts"].words]
    assert failed[3:5] == ("No", "They go to a private address.")
    hindrance = next(str(row[1]) for row in found.section("order").rows)
    assert hindrance in words(town.client("auditor").get(f"/sites/{site.id}"))


def test_the_approval_and_what_changed_since_say_what_the_site_page_says(town: Town) -> None:
    site = sites.site(town)
    assert sheet(town, "auditor", site.id).section("changes").rows == ()
    before = SiteFacts(
        address=site.address, title=site.title, account_email=site.account_email, purpose=site.purpose,
        audience=site.audience, plan=site.plan, cadence=site.cadence,
    )  # fmt: skip
    approvals.change_record(
        town.actor("head.library"), site.id, site.version, replace(before, plan="Once a month."),
        domains=("charlton.example",), clock=town.clock,
    )  # fmt: skip
    found = sheet(town, "auditor", site.id)
    assert found.section("changes").rows == (("Plan", site.plan, "Once a month."),)
    told = facts(found.section("approval"))
    assert (told["approved_on"], told["approved_by"], told["changed"]) == (site.decided_on, "Ruth Okafor", "Plan")
    page = words(town.client("auditor").get(f"/sites/{site.id}"))
    assert [row[1] for row in found.section("order").rows] == ["The record was changed after the approval: Plan."]
    assert "The record was changed after the approval: Plan." in page
    approvals.confirm_change(
        town.actor("administrator"), site.id, factories.now(site).version, note="Fine.", clock=town.clock
    )
    assert sheet(town, "auditor", site.id).section("approvals").rows[0][2:] == ("Ruth Okafor", "Fine.")
    town.clock.advance(days=400)
    overdue = f"The yearly approval is overdue since {told['renew_by']:%a, %b} {told['renew_by'].day}, 2027."
    assert overdue in [row[1] for row in sheet(town, "auditor", site.id).section("order").rows]
    assert overdue in words(town.client("auditor").get(f"/sites/{site.id}"))


def test_a_deactivation_says_what_shows_each_step(town: Town) -> None:
    site = sites.site(town)
    for step in Closing:
        gone = {"impossible": "The network closed it."} if step is Closing.PROFILE_SAYS_SO else {}
        proof = ProofFacts() if gone else ProofFacts(note=f"Shown: {step.label}.")
        living.show_closing(
            town.actor("coordinator.library"), site.id, factories.now(site).version, step, proof,
            clock=town.clock, **gone,
        )  # fmt: skip
    living.deactivate(
        town.actor("administrator"), site.id, factories.now(site).version, reason="Nobody reads it.", clock=town.clock
    )
    found = sheet(town, "records", site.id)
    assert [row[:2] for row in found.section("closing").rows][:3] == [
        (step.label, f"Shown: {step.label}.") for step in list(Closing)[:3]
    ]
    assert found.section("closing").rows[3][3:5] == ("The network closed it.", "Cody Barnes")
    assert found.section("life").rows[-1] == ("Deactivated", "Ruth Okafor", town.today, "Nobody reads it.")


def test_the_account_and_its_life_say_what_the_site_says(town: Town) -> None:
    site = factories.lively(town)
    found = sheet(town, "it", site.id)
    told = facts(found.section("account"))
    assert (told["title"], told["address"], told["state"]) == (site.title, site.address, "Active")
    assert told["coordinators"] == "Cody Barnes"
    assert [row[:2] for row in found.section("life").rows][:3] == [
        ("Asked for, policy 3.1 attested", "Helen Marsh"),
        ("IT recommends it", "Sam Ellery"),
        ("Town Administrator's decision", "Ruth Okafor"),
    ]


def test_the_trail_says_who_did_what_and_when(town: Town) -> None:
    site = factories.lively(town)
    section = sheet(town, "it", site.id).section("history")
    told = [(*row[1:4], row[5]) for row in section.rows]
    assert ("Ruth Okafor", "Suspended", "active → suspended", f"site:{site.id}") in told
    assert ("Suspended", "The password is being changed.") in [(row[2], row[4]) for row in section.rows]
    assert any(row[:2] == ("Ruth Okafor", "Grant approved") for row in told)
    numbers = [int(str(row[6])) for row in section.rows]
    assert numbers == sorted(numbers, reverse=True)
    page = words(town.client("administrator").get(f"/sites/{site.id}"))
    assert "Suspended by Ruth Okafor" in page


def test_what_is_not_in_order_says_what_the_site_page_says(town: Town) -> None:
    site = reviews.make_site(town)
    town.clock.advance(days=30)
    section = sheet(town, "head.library", site).section("order")
    sentences = [str(row[1]) for row in section.rows]
    assert any("review" in sentence and "overdue" in sentence for sentence in sentences)
    for_it = sheet(town, "it", site).section("order")
    assert not any("review" in str(row[1]) for row in for_it.rows)


def test_a_department_s_sheet_holds_its_sites_in_all_states(town: Town) -> None:
    for number, state in enumerate(SiteState):
        sites.site(town, handle=f"page{number}", title=f"Page {number}", state=state)
    sites.site(town, "Police", handle="police", title="Charlton Police")
    found = queries.department_record(town.actor("auditor"), town.department_id("Library"), town.today)
    listed = {(row[0], row[3]) for row in found.section("sites").rows}
    assert listed == {(f"Page {number}", state.label) for number, state in enumerate(SiteState)}
    page = words(town.client("auditor").get(f"/records/departments/{town.department_id('Library')}"))
    assert "Charlton Police" not in page


def test_a_department_s_figures_are_those_of_its_sites(town: Town) -> None:
    site = factories.lively(town)
    reviews.make_site(town, title="Second page")
    whole = queries.department_record(town.actor("administrator"), town.department_id("Library"), town.today)
    one = sheet(town, "administrator", site.id)
    for key in ("reviews", "evidence", "cases", "people", "checklists", "incidents"):
        of_site = [row[1:] for row in whole.section(key).rows if row[0] == site.title]
        assert of_site == [tuple(row) for row in one.section(key).rows], key


# --- the page


def test_the_page_says_what_it_is_as_of_when_and_by_whom(town: Town) -> None:
    site = sites.site(town)
    page = words(town.client("auditor").get(f"/records/sites/{site.id}"))
    assert f"Record sheet: {site.title}" in page
    assert "As of Mon, Nov 23, 2026, 10:00 AM, read by Jonas Weld" in page.replace(" ,", ",")


def test_the_sheet_is_one_of_the_tabs_of_the_site(town: Town) -> None:
    site = sites.site(town)
    page = town.client("head.library").get(f"/records/sites/{site.id}").get_data(as_text=True)
    assert f'href="/records/sites/{site.id}" aria-current="page"' in page
    assert 'href="/records"' in town.client("head.library").get("/sites").get_data(as_text=True)


def test_a_long_history_stays_short_on_the_page(town: Town) -> None:
    site = sites.site(town)
    factories.many_events(town, site, 120)
    page = town.client("administrator").get(f"/records/sites/{site.id}")
    assert "The newest 50 of 120." in words(page)
    assert page.get_data(as_text=True).count(f"site:{site.id}<") == 50
    assert len(sheet(town, "administrator", site.id).section("history").rows) == 120


@pytest.mark.parametrize("of", ["site", "department"])
def test_a_sheet_costs_the_same_queries_at_any_size(town: Town, of: str) -> None:
    site = factories.lively(town)
    browser = town.client("administrator")
    path = f"/records/sites/{site.id}" if of == "site" else f"/records/departments/{town.department_id('Library')}"
    browser.get(path)
    with count_queries() as few:
        browser.get(path)
    moderation.copies(Case.select().where(Case.site == site.id).first(), 300)
    factories.many_events(town, site, 300)
    for number in range(20):
        reviews.make_site(town, title=f"Page {number}")
    with count_queries() as many:
        assert browser.get(path).status_code == 200
    assert few.count == many.count
