"""The pages of grants as each role meets them."""

from typing import Any

import pytest

from charlton_intranet.accounts import service as accounts
from charlton_intranet.accounts.models import RecordedException
from charlton_intranet.core.permissions import Role
from charlton_intranet.grants.models import Grant
from charlton_intranet.grants.queries.scopes import scope_of
from charlton_intranet.grants.rules import Capability, GrantState
from charlton_intranet.sites.models import Site
from tests.conftest import Town
from tests.grants.factories import approved, designated, newest, signed, states
from tests.policy import factories as policy
from tests.sites.factories import site as make_site

C, G = Capability, GrantState


def text_of(answer: Any) -> str:
    return " ".join(answer.get_data(as_text=True).split())


def wish(town: Town, site: Site, **changes: object) -> dict[str, object]:
    return {
        "people": [str(town.person_id("user.library"))], "others": "", "sites": [str(site.id)],
        "capability": "publish", "purpose": "Programs of the week", "limits": "", "until": "", "step": "designate",
        **changes,
    }  # fmt: skip


# --- designate --------------------------------------------------------------------------------------------


def test_a_head_sees_what_comes_out_and_then_designates_people_of_any_department(town: Town) -> None:
    site = make_site(town)
    head = town.client("head.library")
    page = text_of(head.get(f"/grants/designate?site={site.id}"))
    assert "Uma Reyes" in page
    assert "Umar Dietz" not in page
    assert "Helen Marsh, Library" not in page
    assert "checked" in page.partition("Sites</legend>")[2].partition("</fieldset>")[0]
    typed = wish(town, site, others="User.Police@charlton.example", step="preview")
    preview = head.submit("/grants/designate", typed)
    assert preview.status_code == 200
    assert text_of(preview).count("Will be sent for approval") == 2
    assert "Programs of the week" in text_of(preview)
    assert Grant.select().count() == 0
    assert head.submit("/grants/designate", {**typed, "step": "designate"}).status_code == 303
    assert states(town, "user.library", site) == states(town, "user.police", site) == [G.DESIGNATED]
    again = text_of(head.submit("/grants/designate", {**typed, "step": "designate"}))
    assert again.count("waits for the Town Administrator already") == 2
    assert Grant.select().count() == 2


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"people": [], "others": ""}, "Choose at least one person."),
        ({"others": "nobody@charlton.example"}, "Nobody with an open account has the address nobody@charlton.example."),
        ({"sites": []}, "Choose at least one site."),
        ({"sites": ["999999"]}, "is not a valid choice"),
        ({"purpose": " "}, "Say which town business it is for"),
        ({"capability": "own"}, "Not a valid choice"),
        ({"until": "2020-01-01"}, "Choose today or a later day"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(town: Town, change: dict[str, object], words: str) -> None:
    site = make_site(town)
    answer = town.client("head.library").submit("/grants/designate", wish(town, site, limits="Only events", **change))
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert "Only events" in text_of(answer)
    assert Grant.select().count() == 0


def test_nobody_designates_for_another_departments_site(town: Town) -> None:
    site = make_site(town)
    answer = town.client("head.police").submit("/grants/designate", wish(town, site, people=[], others=""))
    assert answer.status_code == 422
    for box in ("administrator", "coordinator.library", "it", "employee", "auditor"):
        assert town.client(box).submit("/grants/designate", wish(town, site)).status_code == 403
    assert Grant.select().count() == 0


# --- approve or decline -----------------------------------------------------------------------------------


def test_many_are_decided_at_once_and_each_row_says_what_became_of_it(town: Town) -> None:
    site = make_site(town)
    boxes = ("user.library", "user.police", "coordinator.library")
    first, second, third = (designated(town, box, site) for box in boxes)
    own = designated(town, "administrator", site)
    browser = town.client("administrator")
    page = text_of(browser.get("/grants/waiting"))
    assert [name in page for name in ("Uma Reyes", "Umar Dietz", "Cody Barnes", "Ruth Okafor")] == [True] * 4
    ticked = [f"{first.id}:1", f"{second.id}:7", f"{own.id}:1", "rubbish", "9999999:1"]
    answer = browser.submit("/grants/waiting", {"grant": ticked, "decision": "approve"})
    words = text_of(answer)
    assert answer.status_code == 200
    assert (words.count("Done</span>"), words.count("Changed meanwhile</span>"), words.count("Refused</span>")) == (
        1,
        1,
        2,
    )
    assert "This is a matter of your own" in words
    assert [Grant.get_by_id(grant.id).state for grant in (first, second, third, own)] == [
        G.APPROVED, G.DESIGNATED, G.DESIGNATED, G.DESIGNATED,
    ]  # fmt: skip
    both = {"grant": [f"{second.id}:1", f"{third.id}:1"], "decision": "decline"}
    assert browser.submit("/grants/waiting", both).status_code == 422
    assert browser.submit("/grants/waiting", {**both, "reason": "Not needed."}).status_code == 303
    assert browser.submit("/grants/waiting", {**both, "reason": "Not needed."}).status_code == 409
    assert states(town, "user.police", site) == [G.DECLINED]
    why = "Nobody else can act before the holidays."
    last = browser.submit("/grants/waiting", {"grant": f"{own.id}:1", "decision": "approve", "exception": why})
    assert last.status_code == 303
    assert RecordedException.get().reason == why


def test_nothing_ticked_and_no_decision_are_said(town: Town) -> None:
    grant = designated(town, "user.library", make_site(town))
    browser = town.client("administrator")
    nothing = browser.submit("/grants/waiting", {"decision": "approve"})
    assert (nothing.status_code, "Tick at least one designation." in text_of(nothing)) == (422, True)
    assert browser.submit("/grants/waiting", {"grant": f"{grant.id}:1"}).status_code == 422
    assert newest(town, "user.library", grant.site).state is G.DESIGNATED


def test_only_the_administrator_gets_the_boxes_and_a_department_reads_its_own(town: Town) -> None:
    designated(town, "user.library", make_site(town))
    for box, sees in (("auditor", True), ("head.library", True), ("head.police", False)):
        page = text_of(town.client(box).get("/grants/waiting"))
        assert ("Uma Reyes" in page) == sees
        assert 'name="grant"' not in page
        assert town.client(box).submit("/grants/waiting", {"grant": "1:1", "decision": "approve"}).status_code == 403


# --- one grant --------------------------------------------------------------------------------------------


def test_a_grants_page_shows_its_history_and_takes_a_decision_once(town: Town) -> None:
    grant = designated(town, "user.library", make_site(town))
    browser = town.client("administrator")
    url = f"/grants/{grant.id}"
    assert browser.submit(f"{url}/decide", {"version": 1, "decision": "decline"}).status_code == 422
    assert browser.submit(f"{url}/decide", {"version": 9, "decision": "approve"}).status_code == 409
    assert browser.submit(f"{url}/decide", {"version": 1, "decision": "approve"}).status_code == 303
    assert browser.submit(f"{url}/decide", {"version": 2, "decision": "approve"}).status_code == 409
    page = text_of(browser.get(url))
    assert "It does not count today" in page
    assert "nobody can have signed it" in page
    assert page.index('">Approved <') < page.index('">Designated <')
    policy.publish(town)
    signed(town, "user.library")
    assert "It counts today" in text_of(browser.get(url))


def test_a_head_takes_a_grant_back_and_says_why(town: Town) -> None:
    grant = approved(town, "user.library", make_site(town))
    head, url = town.client("head.library"), f"/grants/{grant.id}/take-back"
    assert head.submit(url, {"version": grant.version, "reason": " "}).status_code == 422
    assert head.submit(url, {"version": 1, "reason": "Moved on."}).status_code == 409
    assert head.get(url).status_code == 405
    assert head.submit(url, {"version": grant.version, "reason": "Moved on."}).status_code == 303
    assert "Moved on." in text_of(head.get(f"/grants/{grant.id}"))
    assert town.client("coordinator.library").submit(url, {"version": 3, "reason": "x"}).status_code == 403
    assert town.client("head.police").submit(url, {"version": 3, "reason": "x"}).status_code == 404
    assert town.client("employee").submit(url, {"version": 3, "reason": "x"}).status_code == 403


def test_a_grant_is_read_by_its_person_and_by_readers_of_the_site_alone(town: Town) -> None:
    grant = approved(town, "user.library", make_site(town))
    seen = {
        box: town.client(box).get(f"/grants/{grant.id}").status_code
        for box in ("user.library", "coordinator.library", "auditor", "it", "head.police", "user.police", "employee")
    }
    assert seen == {
        "user.library": 200, "coordinator.library": 200, "auditor": 200, "it": 200,
        "head.police": 404, "user.police": 404, "employee": 404,
    }  # fmt: skip


# --- lists ------------------------------------------------------------------------------------------------


def test_the_matrix_says_what_each_may_do_or_why_not_and_is_narrowed_by_its_address(town: Town) -> None:
    policy.publish(town)
    library = make_site(town)
    make_site(town, "Police", handle="Police", title="Charlton Police")
    approved(town, "user.library", library, C.COMMENT)
    approved(town, "user.police", library, C.PUBLISH)
    signed(town, "user.library")
    auditor = town.client("auditor")
    page = text_of(auditor.get("/grants"))
    assert [name in page for name in ("Helen Marsh", "Paul Hadley", "Uma Reyes", "Umar Dietz")] == [True] * 4
    assert "By office" in page
    assert "This person has not signed the policy (policy 3.3-4)." in page
    for address, names in (
        (f"department={town.department_id('Police')}", {"Paul Hadley"}),
        (f"site={library.id}&capability=comment", {"Uma Reyes"}),
        ("lapsed=y", {"Helen Marsh", "Paul Hadley", "Umar Dietz"}),
        ("lapsed=y&q=uma", {"Umar Dietz"}),
        ("q=Reyes", {"Uma Reyes"}),
        ("q=zzz%00", set()),
    ):
        shown = text_of(auditor.part(f"/grants?{address}"))
        people = {name for name in ("Helen Marsh", "Paul Hadley", "Uma Reyes", "Umar Dietz") if f">{name}<" in shown}
        assert (address, people) == (address, names)
    own = text_of(town.client("head.police").get("/grants"))
    assert "Charlton Public Library" not in own
    assert "Uma Reyes" not in own
    for box in ("employee", "user.library"):
        assert town.client(box).get("/grants").status_code == 403


def test_a_sites_people_stand_on_its_own_page_for_its_readers(town: Town) -> None:
    policy.publish(town)
    site = make_site(town)
    approved(town, "user.library", site, C.EDIT)
    signed(town, "user.library")
    designated(town, "user.police", site)
    page = text_of(town.client("head.library").get(f"/sites/{site.id}/people"))
    assert [words in page for words in ("Uma Reyes", "Edit", "Waiting for the Town Administrator", "Umar Dietz")] == [
        True
    ] * 4
    assert "Designate people" in page
    assert "Designate people" not in text_of(town.client("auditor").get(f"/sites/{site.id}/people"))
    assert town.client("head.police").get(f"/sites/{site.id}/people").status_code == 404
    assert town.client("employee").get(f"/sites/{site.id}/people").status_code == 403


def test_everybody_reads_their_own_access_and_readers_that_of_their_sites(town: Town) -> None:
    policy.publish(town)
    site = make_site(town)
    approved(town, "user.library", site)
    mine = town.client("user.library")
    assert "This person has not signed the policy" in text_of(mine.get("/grants/mine"))
    assert "Sign the policy for what you may do" in text_of(mine.get("/grants/mine"))
    assert "Publish on Charlton Public Library (Facebook), within these limits: Programs only" in text_of(
        mine.get("/policy/sign")
    )
    signed(town, "user.library")
    assert "Sign the policy for what you may do" not in text_of(mine.get("/grants/mine"))
    own_id, other_id = town.person_id("user.library"), town.person_id("employee")
    assert mine.get(f"/grants/people/{own_id}").status_code == 303
    assert mine.get(f"/grants/people/{other_id}").status_code == 404
    assert "Charlton Public Library" in text_of(town.client("head.library").get(f"/grants/people/{own_id}"))
    assert town.client("head.police").get(f"/grants/people/{own_id}").status_code == 404
    colleague = town.person_id("coordinator.library")
    assert "No access today" in text_of(town.client("head.library").get(f"/grants/people/{colleague}"))
    people = town.client("head.library").get(f"/people/{own_id}").text
    assert f'href="/grants/people/{own_id}"' in people
    assert "No access today" in text_of(town.client("auditor").get(f"/grants/people/{other_id}"))
    assert "My access" in text_of(town.client("employee").get("/"))


def test_the_quick_question_is_answered_with_the_reason(town: Town) -> None:
    policy.publish(town)
    site = make_site(town)
    auditor, person = town.client("auditor"), town.person_id("user.library")
    url = f"/grants/ask?person={person}&site={site.id}&capability=publish"
    assert "has not designated this person" in text_of(auditor.get(url))
    grant = designated(town, "user.library", site)
    assert "waits for the Town Administrator" in text_of(auditor.get(url))
    town.client("administrator").submit(f"/grants/{grant.id}/decide", {"version": 1, "decision": "approve"})
    signed(town, "user.library")
    assert "Yes: Uma Reyes may" in text_of(auditor.get(url))
    assert "Yes: Uma Reyes may" not in text_of(town.client("head.police").get(url))
    for broken in ("person=0&site=x&capability=all", "person=99999999999&site=1&capability=view", "person=999999"):
        assert auditor.get(f"/grants/ask?{broken}&site={site.id}&capability=view").status_code in {200, 404}


def test_a_past_day_is_answered_for_the_sites_one_reads(town: Town) -> None:
    policy.publish(town)
    site = make_site(town)
    approved(town, "user.library", site)
    signed(town, "user.library")
    day = town.today
    town.clock.advance(days=60)
    auditor = town.client("auditor")
    page = text_of(auditor.get(f"/grants/history?site={site.id}&day={day}&capability=publish"))
    assert "Uma Reyes" in page
    assert "For a time" in page
    ahead = auditor.get(f"/grants/history?site={site.id}&day={town.today.replace(year=2030)}")
    assert "still to come" in text_of(ahead)
    assert "Uma Reyes" not in text_of(town.client("head.police").get(f"/grants/history?site={site.id}&day={day}"))
    for day_text in ("", "yesterday", "0001-01-01", "9999-12-31"):
        assert auditor.get(f"/grants/history?site={site.id}&day={day_text}").status_code == 200


def test_acting_heads_decide_nothing_they_designated(town: Town) -> None:
    site = make_site(town)
    accounts.give_role(
        town.actor("administrator"), town.person_id("head.library"), Role.ADMINISTRATOR, department_id=None,
        starts=town.today, ends=town.today, acting=True, reason="Leave", clock=town.clock,
    )  # fmt: skip
    grant = designated(town, "user.library", site)
    answer = town.client("head.library").submit(f"/grants/{grant.id}/decide", {"version": 1, "decision": "approve"})
    assert answer.status_code == 403
    assert newest(town, "user.library", site).state is G.DESIGNATED


def test_limits_too_long_for_a_line_of_a_signature_say_where_they_go_on(town: Town) -> None:
    policy.publish(town)
    site = make_site(town)
    form = wish(town, site, limits="Story hours only. " * 60)
    assert town.client("head.library").submit("/grants/designate", form).status_code == 303
    line = scope_of(town.person_id("user.library"), town.today)[0].words
    assert (len(line), line.endswith("… (whole under My access)")) == (300, True)
    signed(town, "user.library")
    assert "Limits: Story hours only." in text_of(town.client("user.library").get("/grants/mine"))
