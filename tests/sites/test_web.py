"""The pages of sites: who gets which answer, what a refused form keeps, and how many queries a page costs."""

from typing import Any

import pytest
from playhouse.test_utils import count_queries

from charlton_intranet.accounts.models import RecordedException
from charlton_intranet.sites.models import Appointment, Network, OfficialMailbox, Site
from charlton_intranet.sites.rules import (
    ATTESTATIONS,
    PREPARATIONS,
    AppointmentState,
    Decision,
    NetworkState,
    SiteState,
)
from charlton_intranet.sites.service import appointments, networks, requests
from tests.conftest import Town
from tests.sites import factories

REQUEST: dict[str, Any] = {
    "address": "https://www.facebook.com/CharltonTeens",
    "title": "Teens",
    "account_email": "library@charlton.example",
    "purpose": "Reading",
    "audience": "Teens",
    "plan": "Twice a week",
    "cadence": "weekly",
    "attested": list(ATTESTATIONS),
    "prepared": list(PREPARATIONS),
}


def appointment(town: Town, *, box: str = "user.library", starts_in: int = 3) -> int:
    head = town.actor("head.library")
    starts = town.today.replace(day=town.today.day + starts_in)
    return appointments.propose(
        head, department_id=head.department_id or 0, person_id=town.person_id(box), letter="I appoint you.",
        starts_on=starts, clock=town.clock,
    )  # fmt: skip


# --- who gets which answer --------------------------------------------------------------------------------

PEOPLE = (
    "administrator", "it", "records", "auditor", "head.library", "coordinator.library", "user.library",
    "head.police", "coordinator.police", "employee",
)  # fmt: skip
READERS = {"administrator", "it", "records", "auditor", "head.library", "coordinator.library"}

# Who may open which page: the others get the status beside it.
PAGES: dict[str, tuple[set[str], int]] = {
    "/sites": (set(PEOPLE), 403),
    "/sites/{requested}": (READERS, 404),
    "/sites/{active}": (set(PEOPLE), 404),
    "/sites/networks": (set(PEOPLE), 403),
    "/sites/mailboxes": (READERS | {"head.police", "coordinator.police"}, 403),
    "/sites/coordinators": (READERS | {"head.police", "coordinator.police"}, 403),
    "/sites/networks/{network}": (READERS | {"head.police", "coordinator.police"}, 403),
    "/sites/request": ({"head.library", "head.police"}, 403),
    "/sites/request/recognised": ({"head.library", "head.police"}, 403),
    "/sites/networks/propose": ({"head.library", "head.police", "it", "administrator"}, 403),
    "/sites/coordinators/propose": ({"head.library", "head.police"}, 403),
}


@pytest.mark.parametrize("path", PAGES)
def test_who_may_open_a_page(town: Town, path: str) -> None:
    ids = {
        "requested": factories.site(town, state=SiteState.REQUESTED, handle="new").id,
        "active": factories.site(town).id,
        "network": factories.network(town).id,
    }
    allowed, otherwise = PAGES[path]
    for box in PEOPLE:
        answer = town.client(box).get(path.format(**ids))
        assert answer.status_code == (200 if box in allowed else otherwise), box
    assert town.client().get(path.format(**ids)).status_code == 303


def test_who_may_open_a_letter(town: Town) -> None:
    path = f"/sites/coordinators/{appointment(town)}"
    expected = {box: 200 if box in READERS else 403 for box in PEOPLE} | {"head.police": 404, "coordinator.police": 404}
    assert {box: town.client(box).get(path).status_code for box in PEOPLE} == expected


# Press, the state it starts from, what is sent, who may; then those who may see but not press, and the rest.
PRESSES: dict[str, tuple[SiteState, dict[str, str], set[str]]] = {
    "advise": (SiteState.REQUESTED, {"recommended": "yes"}, {"it"}),
    "decide": (SiteState.ADVISED, {"decision": "approve"}, {"administrator"}),
    "withdraw": (SiteState.APPROVED, {}, {"head.library"}),
    "activate": (SiteState.APPROVED, {}, {"head.library", "administrator"}),
    "reactivate": (SiteState.SUSPENDED, {}, {"administrator"}),
    "suspend": (SiteState.ACTIVE, {"reason": "Why"}, {"administrator"}),
}


@pytest.mark.parametrize("name", PRESSES)
def test_who_may_press_what_on_a_sheet(town: Town, name: str) -> None:
    state, data, allowed = PRESSES[name]
    for box in PEOPLE:
        site = factories.site(town, state=state, handle=box)
        url, browser = f"/sites/{site.id}/{name}", town.client(box)
        answer = browser.submit(url, {**data, "version": "1"})
        if box in allowed:
            assert (answer.status_code, answer.location) == (303, f"/sites/{site.id}")
            assert Site.get_by_id(site.id).version == 2
            # Pressed twice, as a slow line makes people do.
            assert browser.submit(url, {**data, "version": "1"}).status_code == 409
        else:
            assert answer.status_code in {403, 404}, box
            assert Site.get_by_id(site.id).version == 1
        assert browser.get(url).status_code == 405
    missing = town.client(min(allowed)).submit(f"/sites/{10**6}/{name}", {**data, "version": "1"})
    assert missing.status_code == 404


def test_another_departments_unpublished_site_does_not_exist_for_a_head(town: Town) -> None:
    site = factories.site(town, state=SiteState.CHANGES_ASKED)
    browser = town.client("head.police")
    assert browser.submit(f"/sites/{site.id}/withdraw", {"version": "1"}).status_code == 404
    assert browser.submit(f"/sites/{site.id}/activate", {"version": "1"}).status_code == 404
    assert browser.get(f"/sites/{site.id}/change").status_code == 404
    assert browser.submit(f"/sites/{site.id}/change", {**REQUEST, "version": "1"}).status_code == 404


@pytest.mark.parametrize("path", ["/sites/0", "/sites/999999", "/sites/99999999999999999999", "/sites/x", "/sites/-1"])
def test_an_address_of_nothing_is_not_found(town: Town, path: str) -> None:
    assert town.client("administrator").get(path).status_code == 404


@pytest.mark.parametrize("version", ["", "0", "2", "x", "99999999999999999999"])
def test_a_press_without_the_present_version_is_stale(town: Town, version: str) -> None:
    site = factories.site(town, state=SiteState.REQUESTED)
    answer = town.client("it").submit(
        f"/sites/{site.id}/advise", {"recommended": "no", "text": "Kept words", "version": version}
    )
    assert answer.status_code == 409
    assert "Kept words" in answer.text
    assert Site.get_by_id(site.id).state is SiteState.REQUESTED


def test_deciding_asks_for_the_password_when_the_proof_is_old(town: Town) -> None:
    site = factories.site(town, state=SiteState.ADVISED)
    browser = town.client("administrator")
    town.clock.advance(minutes=16)
    answer = browser.submit(f"/sites/{site.id}/decide", {"decision": "approve", "version": "1"})
    assert answer.status_code == 401
    assert Site.get_by_id(site.id).state is SiteState.ADVISED


# --- forms ------------------------------------------------------------------------------------------------


def test_a_request_goes_from_the_form_to_the_sheet(town: Town) -> None:
    factories.network(town)
    browser = town.client("head.library")
    data = {**REQUEST, "department": str(town.department_id("Library"))}
    answer = browser.submit("/sites/request", data, follow_redirects=True)
    assert "Asked. IT advises next" in answer.text
    assert "Facebook, CharltonTeens" in answer.text
    assert "due Tue, Dec 1, 2026" in answer.text
    again = browser.submit("/sites/request", data)
    assert again.status_code == 422
    assert "“Teens” (Library, requested)" in again.text
    assert Site.select().count() == 1


def test_a_refused_request_keeps_what_was_typed_and_names_the_fields(town: Town) -> None:
    factories.network(town)
    data = {**REQUEST, "department": str(town.department_id("Library")), "account_email": "me@private.example"}
    answer = town.client("head.library").submit("/sites/request", data)
    assert answer.status_code == 422
    assert 'href="#account_email"' in answer.text
    assert all(value in answer.text for value in ("Twice a week", "me@private.example", "CharltonTeens"))
    data["attested"] = ["copyright"]
    assert "12 not ticked yet" in town.client("head.library").submit("/sites/request", data).text
    assert not Site.select().exists()


def test_an_empty_request_names_all_that_is_missing_at_once(town: Town) -> None:
    data = {"department": str(town.department_id("Library"))}
    answer = town.client("head.library").submit("/sites/request", data)
    assert answer.status_code == 422
    for words in ("Paste the address", "Say whom it is meant to reach", "13 not ticked yet", "4 not ticked yet"):
        assert words in answer.text


def test_the_sheet_says_who_is_next_and_leads_there(town: Town) -> None:
    site = factories.site(town, state=SiteState.APPROVED, checked=False)
    page = town.client("head.library").get(f"/sites/{site.id}").text
    assert "has not been answered yet" in page
    assert f'<a href="/sites/{site.id}/checklists">To the checklists</a>' in page
    factories.checks(town, site.id)
    assert "Put it in use" in town.client("head.library").get(f"/sites/{site.id}").text
    stopped = factories.site(town, handle="Stopped", state=SiteState.SUSPENDED, checked=False)
    page = town.client("administrator").get(f"/sites/{stopped.id}").text
    assert "The suspension can be ended here once the site is in order" in page


@pytest.mark.parametrize(
    ("box", "state", "step"),
    [
        ("it", SiteState.REQUESTED, "/work/site.advise/{}"),  # given in its row
        ("administrator", SiteState.ADVISED, "/sites/{}#line"),
        ("head.library", SiteState.CHANGES_ASKED, "/sites/{}#line"),
        ("head.library", SiteState.APPROVED, "/sites/{}#line"),
    ],
)
def test_a_duty_leads_to_its_step_and_not_to_the_top_of_the_record(
    town: Town, box: str, state: SiteState, step: str
) -> None:
    site, browser = factories.site(town, state=state), town.client(box)
    assert f'href="{step.format(site.id)}"' in browser.get("/").text
    assert '<h2 id="line">' in browser.get(f"/sites/{site.id}").text


def test_what_was_asked_for_stands_beside_the_changed_request(town: Town) -> None:
    site = factories.site(town, state=SiteState.ADVISED)
    requests.decide(
        town.actor("administrator"), site.id, 1,
        decision=Decision.ASK_FOR_CHANGES, reason="Name who answers", clock=town.clock,
    )  # fmt: skip
    data = {**REQUEST, "version": "2"}
    assert town.client("head.library").submit(f"/sites/{site.id}/change", data).status_code == 303
    page = town.client("it").get(f"/sites/{site.id}").text
    assert "Changes that the Town Administrator asked for" in page
    assert page.count("Name who answers") == 2  # in the line of steps and in what happened


def test_a_head_asks_for_their_own_department_only(town: Town) -> None:
    factories.network(town)
    data = {**REQUEST, "department": str(town.department_id("Police"))}
    assert town.client("head.library").submit("/sites/request", data).status_code == 422
    assert not Site.select().exists()


def test_the_address_is_recognised_while_the_form_is_filled(town: Town) -> None:
    factories.site(town, "Police", handle="secretplan", state=SiteState.REQUESTED, title="Hidden title")
    browser = town.client("head.library")
    part = browser.part("/sites/request/recognised?address=m.facebook.com/CharltonTeens")
    assert "Facebook, account CharltonTeens" in part.text
    assert "<html" not in part.text
    taken = browser.part("/sites/request/recognised?address=facebook.com/secretplan")
    assert "another department" in taken.text
    assert "Hidden title" not in taken.text
    assert "To its record" not in taken.text
    own = factories.site(town, handle="Ours")
    part = browser.part("/sites/request/recognised?address=facebook.com/ours")
    assert f'<a href="/sites/{own.id}">To its record</a>' in part.text
    assert "propose the network" in browser.part("/sites/request/recognised?address=nowhere.example/x").text


def test_changes_are_made_in_the_request_as_it_was(town: Town) -> None:
    site = factories.site(town, state=SiteState.CHANGES_ASKED)
    Site.update(reason="Name who answers").execute()
    browser = town.client("head.library")
    page = browser.get(f"/sites/{site.id}/change").text
    assert "Name who answers" in page
    assert "The coordinator posts twice a week." in page
    data = {**REQUEST, "address": site.address, "plan": "Uma answers", "version": "1"}
    refused = browser.submit(f"/sites/{site.id}/change", {**data, "title": ""})
    assert refused.status_code == 422
    assert "Uma answers" in refused.text
    assert 'name="version" value="1"' in refused.text
    assert browser.submit(f"/sites/{site.id}/change", data).status_code == 303
    assert browser.submit(f"/sites/{site.id}/change", data).status_code == 409
    assert Site.get_by_id(site.id).plan == "Uma answers"


def test_a_refused_step_keeps_its_words_and_its_version(town: Town) -> None:
    site = factories.site(town, state=SiteState.REQUESTED)
    browser = town.client("it")
    answer = browser.submit(
        f"/sites/{site.id}/advise", {"text": "Half a thought", "version": "1"}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 422
    assert answer.text.lstrip().startswith('<div id="sheet"')
    assert "Half a thought" in answer.text
    decided = factories.site(town, state=SiteState.ADVISED, handle="other")
    refused = town.client("administrator").submit(
        f"/sites/{decided.id}/decide", {"decision": "decline", "version": "1"}
    )
    assert refused.status_code == 422
    assert "Say why, so that the department head can act on it." in refused.text


def test_htmx_gets_the_part_with_the_word_that_it_is_done(town: Town) -> None:
    site = factories.site(town, state=SiteState.REQUESTED)
    answer = town.client("it").submit(
        f"/sites/{site.id}/advise", {"recommended": "yes", "version": "1"},
        headers={"HX-Request": "true"}, follow_redirects=True,
    )  # fmt: skip
    # The test client forgets the header on the way, a browser does not.
    assert answer.status_code == 200
    assert "Your advice is on record." in answer.text
    part = town.client("it").part(f"/sites/{site.id}")
    assert part.headers["Vary"].find("HX-Request") >= 0
    assert "<html" not in part.text


def test_an_employee_learns_whether_a_page_is_official_and_no_more(town: Town) -> None:
    words = {
        SiteState.ACTIVE: "This is an official page of the town",
        SiteState.SUSPENDED: "suspended",
        SiteState.DEACTIVATED: "no longer official",
    }
    browser = town.client("employee")
    for state, said in words.items():
        site = factories.site(town, state=state, handle=state, title=f"Page {state}")
        page = browser.get(f"/sites/{site.id}").text
        assert said in page
        assert "library@charlton.example" not in page
        assert "What happened" not in page
    found = browser.get("/sites?q=https://facebook.com/ACTIVE/posts/1").text
    assert "Page active" in found
    assert "Page suspended" not in found


@pytest.mark.parametrize(
    "query",
    ["state=nonsense", "department=x&network=-1", "after=99999999999999999999", "q=%00", "q=%25", "after=5&q=a"],
)
def test_nonsense_in_the_address_of_the_list_is_no_error(town: Town, query: str) -> None:
    factories.site(town)
    assert town.client("employee").get(f"/sites?{query}").status_code == 200


def test_filters_stay_in_the_address_of_the_next_page(town: Town) -> None:
    for number in range(26):
        factories.site(town, handle=f"page{number}", title=f"Page {number:02}")
    browser = town.client("employee")
    page = browser.get("/sites?state=active&q=page")
    last = Site.get(Site.title == "Page 24").id
    assert f"q=page&amp;state=active&amp;after={last}" in page.text or f"after={last}&amp;q=page" in page.text
    rest = browser.part(f"/sites?state=active&q=page&after={last}")
    assert "Page 25" in rest.text
    assert "Page 24" not in rest.text


def test_an_own_request_shows_why_it_can_not_be_decided(town: Town) -> None:
    site = factories.site(town, state=SiteState.ADVISED, requested_by="administrator")
    browser = town.client("administrator")
    page = browser.get(f"/sites/{site.id}").text
    assert "so an acting Town Administrator settles it" in page
    data = {"decision": "approve", "version": "1"}
    assert browser.submit(f"/sites/{site.id}/decide", data).status_code == 403
    short = browser.submit(f"/sites/{site.id}/decide", {**data, "exception": "Because."})
    assert short.status_code == 422
    assert "Because." in short.text
    why = "The deputy left and the board meets in June only."
    assert browser.submit(f"/sites/{site.id}/decide", {**data, "exception": why}).status_code == 303
    assert RecordedException.get().reason == why
    other = factories.site(town, state=SiteState.ADVISED, handle="other")
    assert 'name="exception"' not in browser.get(f"/sites/{other.id}").text


# --- networks and mailboxes -------------------------------------------------------------------------------


def test_a_network_is_proposed_assessed_and_decided_on(town: Town) -> None:
    data = {"name": "Forum", "kind": "forum", "hosts": "forum.example", "terms_url": "https://forum.example/terms"}
    made = town.client("head.library").submit("/sites/networks/propose", data)
    url = made.location
    assert made.status_code == 303
    again = town.client("it").submit("/sites/networks/propose", data)
    assert again.status_code == 422
    assert "in the catalogue already" in again.text
    assert "https://forum.example/terms" in again.text
    head, ta, it = (town.client(box) for box in ("head.library", "administrator", "it"))
    assert head.submit(f"{url}/assess", {"text": "x", "version": "1"}).status_code == 403
    assert it.submit(f"{url}/assess", {"text": "", "version": "1"}).status_code == 422
    assert it.submit(f"{url}/assess", {"text": "Safe enough", "version": "1"}).status_code == 303
    assert it.submit(f"{url}/decide", {"decision": "approve", "version": "2"}).status_code == 403
    assert ta.submit(f"{url}/decide", {"decision": "decline", "version": "2"}).status_code == 422
    assert ta.submit(f"{url}/decide", {"decision": "approve", "version": "1"}).status_code == 409
    assert ta.submit(f"{url}/decide", {"decision": "approve", "version": "2"}).status_code == 303
    assert "Safe enough" in ta.get(url).text
    assert ta.submit(f"{url}/withdraw", {"reason": "", "version": "3"}).status_code == 422
    assert ta.submit(f"{url}/withdraw", {"reason": "Unsafe", "version": "3"}).status_code == 303
    assert Network.get().state is NetworkState.WITHDRAWN
    assert town.client("records").submit(f"{url}/propose-anew", {"reason": "x", "version": "4"}).status_code == 403
    refused = it.submit(f"{url}/propose-anew", {"reason": "", "version": "4"})
    assert refused.status_code == 422
    assert it.submit(f"{url}/propose-anew", {"reason": "Mended", "version": "3"}).status_code == 409
    assert it.submit(f"{url}/propose-anew", {"reason": "Mended", "version": "4"}).status_code == 303
    assert "Mended" in it.get(url).text
    for step in ("assess", "decide", "withdraw", "propose-anew"):
        assert ta.get(f"{url}/{step}").status_code == 405
        assert ta.submit(
            f"/sites/networks/999/{step}", {"reason": "x", "decision": "approve", "version": "1"}
        ).status_code in {
            403,
            404,
        }


def test_a_mailbox_is_put_on_the_list_once(town: Town) -> None:
    browser = town.client("it")
    data = {"address": "box@region.example", "purpose": "Library"}
    assert browser.submit("/sites/mailboxes", data).status_code == 303
    again = browser.submit("/sites/mailboxes", {**data, "purpose": "Typed again"})
    assert again.status_code == 422
    assert "Typed again" in again.text
    assert browser.submit("/sites/mailboxes", {**data, "address": "nonsense"}).status_code == 422
    head = town.client("head.library")
    assert head.submit("/sites/mailboxes", data).status_code == 403
    assert "Put a mailbox on the list" not in head.get("/sites/mailboxes").text
    assert OfficialMailbox.select().count() == 1


def test_a_mailbox_is_taken_off_once_no_site_belongs_to_it(town: Town) -> None:
    it, head = town.client("it"), town.client("head.library")
    it.submit("/sites/mailboxes", {"address": "box@region.example", "purpose": "Library"})
    path = f"/sites/mailboxes/{OfficialMailbox.get().id}/remove"
    site = factories.site(town)
    Site.update(account_email="box@region.example").where(Site.id == site.id).execute()
    assert "Take it off" not in head.get("/sites/mailboxes").text
    assert head.submit(path, {}).status_code == 403
    refused = it.submit(path, {})
    assert refused.status_code == 422
    assert "is the official email of “Charlton Public Library”" in refused.text
    Site.update(state=SiteState.DEACTIVATED).where(Site.id == site.id).execute()
    assert it.submit(path, {}).status_code == 303
    assert not OfficialMailbox.select().exists()
    assert it.submit(path, {}).status_code == 404


# --- coordinators -----------------------------------------------------------------------------------------


def test_a_coordinator_is_appointed_filed_and_ended(town: Town) -> None:
    head, ta = town.client("head.library"), town.client("administrator")
    data = {
        "department": str(town.department_id("Library")),
        "person": str(town.person_id("user.library")),
        "starts_on": town.today.isoformat(),
        "letter": "I appoint Uma.",
    }
    refused = head.submit("/sites/coordinators/propose", {**data, "starts_on": "2020-01-01"})
    assert refused.status_code == 422
    assert "I appoint Uma." in refused.text
    assert head.submit("/sites/coordinators/propose", {**data, "department": "999"}).status_code == 422
    made = head.submit("/sites/coordinators/propose", data)
    url = made.location
    assert made.status_code == 303
    assert head.submit(f"{url}/file", {"version": "1"}).status_code == 403
    assert ta.submit(f"{url}/file", {"version": "7"}).status_code == 409
    assert ta.submit(f"{url}/file", {"version": "1"}).status_code == 303
    assert ta.submit(f"{url}/file", {"version": "1"}).status_code == 409
    assert "Uma Reyes" in ta.get("/sites/coordinators").text
    police = town.client("head.police")
    assert police.submit(f"{url}/end", {"version": "3"}).status_code == 404
    assert town.client("auditor").submit(f"{url}/end", {"version": "3"}).status_code == 403
    assert head.submit(f"{url}/end", {"version": "3"}).status_code == 303
    assert head.submit(f"{url}/end", {"version": "3"}).status_code == 409
    assert Appointment.get().state is AppointmentState.ENDED
    assert head.get(f"{url}/end").status_code == 405


def test_the_form_starts_with_the_department_the_duty_names(town: Town) -> None:
    library = town.department_id("Library")
    page = town.client("head.library").get(f"/sites/coordinators/propose?department={library}").text
    assert f'<option selected value="{library}">' in page


def test_nobody_is_appointed_because_they_stand_first_in_the_list(town: Town) -> None:
    head = town.client("head.library")
    people = head.get("/sites/coordinators/propose").text.partition('name="person"')[2].partition("</select>")[0]
    assert people.index("Choose a person") < people.index("Carla Nunez")
    data = {"department": str(town.department_id("Library")), "person": "0"}
    refused = head.submit("/sites/coordinators/propose", data | {"starts_on": town.today.isoformat(), "letter": "Dear"})
    assert refused.status_code == 422
    assert "Choose a person." in refused.text
    assert Appointment.select().count() == 0


# --- what a page costs ------------------------------------------------------------------------------------


def queries_of(town: Town, box: str, path: str) -> int:
    browser = town.client(box)
    browser.get(path)
    with count_queries() as counted:
        assert browser.get(path).status_code == 200
    return int(counted.count)


@pytest.mark.parametrize(
    ("box", "path", "expected"),
    [
        ("auditor", "/sites", 6),
        ("employee", "/sites", 6),
        ("auditor", "/sites/{site}", 19),
        ("employee", "/sites/{site}", 4),
        ("auditor", "/sites/networks", 3),
        ("auditor", "/sites/networks/{network}", 6),
        ("auditor", "/sites/coordinators", 7),
        ("auditor", "/sites/coordinators/{appointment}", 10),
        ("auditor", "/sites/mailboxes", 3),
    ],
)
def test_a_page_costs_the_same_at_any_size(town: Town, box: str, path: str, expected: int) -> None:
    def grow(number: int) -> dict[str, int]:
        network_id = networks.propose(
            town.actor("it"), name=f"Net {number}", kind=factories.network(town).kind, hosts=f"net{number}.example",
            terms_url="", clock=town.clock,
        )  # fmt: skip
        networks.add_mailbox(town.actor("it"), address=f"a{number}@b.example", purpose="x", clock=town.clock)
        site = factories.site(
            town, ("Library", "Police", "Highway")[number % 3], handle=f"h{number}", requested_by="it"
        )
        made = Appointment.create(
            department=town.department_id("Library"), person=town.person_id("employee"), letter="x",
            proposed_on=town.today, starts_on=town.today, state=AppointmentState.ENDED,
        )  # fmt: skip
        return {"site": site.id, "network": network_id, "appointment": made.id}

    ids: dict[str, Any] = grow(0)
    small = queries_of(town, box, path.format(**ids))
    for number in range(1, 12):
        grow(number)
    assert (small, queries_of(town, box, path.format(**ids))) == (expected, expected)
