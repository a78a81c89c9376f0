from datetime import timedelta
from typing import Any

import pytest
from playhouse.test_utils import count_queries

from charlton_intranet.accounts import queries, service
from charlton_intranet.accounts.models import LoginSession, Person, RoleAssignment
from charlton_intranet.accounts.rules import PersonState
from charlton_intranet.core.permissions import Permission, Role
from charlton_intranet.mail.models import OutboxMessage
from tests.conftest import Town
from tests.page_checks import without_token


def text_of(answer: Any) -> str:
    return " ".join(answer.get_data(as_text=True).split())


def people(town: Town, count: int) -> list[int]:
    """More employees of the Highway department."""
    return [
        int(
            Person.insert(
                name=f"Extra {n:03}",
                email=f"extra{n}@charlton.example",
                department=town.department_id("Highway"),
                state=PersonState.ACTIVE,
                created_at=town.clock.now(),
            ).execute()
        )
        for n in range(count)
    ]


def url_of(town: Town, box: str, rest: str = "") -> str:
    return f"/people/{town.person_id(box)}{rest}"


def role(**changes: str) -> dict[str, str]:
    return {
        "role": "authorized_user", "department": "", "how": "own", "starts": "2026-11-23", "ends": "", "reason": "",
        **changes,
    }  # fmt: skip


def acting(town: Town, **changes: str) -> dict[str, str]:
    library = str(town.department_id("Library"))
    given = {"role": "department_head", "department": library, "how": "acting", "ends": "2026-12-04", "reason": "Leave"}
    return role(**{**given, **changes})


def version(town: Town, box: str) -> int:
    return int(Person.get_by_id(town.person_id(box)).version)


# --- the list -------------------------------------------------------------------------------------------


def test_the_list_names_department_roles_and_state(town: Town) -> None:
    page = text_of(town.client("administrator").get("/people"))
    assert "Cody Barnes" in page
    assert "Social Media Coordinator, Library" in page
    assert "Reference Librarian" in page
    assert page.index("Carla Nunez") < page.index("Cody Barnes") < page.index("Edith Lowe")


def test_an_acting_role_says_so(town: Town) -> None:
    admin = town.client("administrator")
    assert admin.submit(url_of(town, "user.library", "/roles"), acting(town)).status_code == 303
    assert "Acting Department Head, Library" in text_of(admin.get("/people"))


@pytest.mark.parametrize(("words", "found"), [("barn", 1), ("CODY", 1), ("coordinator.", 2), ("%", 0)])
def test_search_by_name_or_address(town: Town, words: str, found: int) -> None:
    page = text_of(town.client("it").get("/people", query_string={"q": words}))
    assert page.count('data-label="Name"') == found
    assert ("Cody Barnes" in page) is (found > 0)
    assert ("Nobody found" in page) is (found == 0)


def test_htmx_gets_the_list_alone(town: Town) -> None:
    answer = town.client("it").part("/people?q=cody")
    assert text_of(answer).startswith('<div id="people">')
    assert "HX-Request" in answer.headers["Vary"]


@pytest.mark.parametrize(
    ("url", "status"),
    [("/people?after=x", 200), (f"/people?after={10**20}", 404), (f"/people/{10**20}", 404), ("/people?q=%00", 422)],
)
def test_no_address_makes_the_server_fall_over(town: Town, url: str, status: int) -> None:
    answer = town.client("it").get(url)
    # Where one engine refuses a value, the other finds nothing.
    assert answer.status_code in {status, 200 if "?" in url else status}


def test_the_list_pages_by_key(town: Town) -> None:
    people(town, 60)
    client = town.client("it")
    first = client.get("/people?q=extra").get_data(as_text=True)
    assert first.count('data-label="Name"') == 50
    url = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = client.get(url).get_data(as_text=True)
    assert second.count('data-label="Name"') == 10
    assert "Extra 049" in first
    assert "Extra 050" in second


def test_a_head_reads_about_the_own_department_only(town: Town) -> None:
    client = town.client("head.library")
    page = text_of(client.get("/people"))
    assert "Uma Reyes" in page
    assert "Carla Nunez" not in page
    assert client.get(url_of(town, "user.library")).status_code == 200
    theirs, missing = client.get(url_of(town, "user.police")), client.get("/people/999999")
    assert (theirs.status_code, missing.status_code) == (404, 404)
    assert without_token(theirs) == without_token(missing)


def test_who_acts_for_a_department_is_its_heads_to_see(town: Town) -> None:
    service.give_role(
        town.actor("administrator"), town.person_id("employee"), Role.COORDINATOR,
        department_id=town.department_id("Library"), starts=town.today, ends=town.today, acting=True,
        reason="Leave", clock=town.clock,
    )  # fmt: skip
    client = town.client("head.library")
    assert client.get(url_of(town, "employee")).status_code == 200
    town.clock.advance(days=1)
    assert town.client("head.library").get(url_of(town, "employee")).status_code == 404


@pytest.mark.parametrize("box", ["employee", "user.library", "coordinator.library", "records"])
@pytest.mark.parametrize("url", ["/people", "/people/1", "/people/invite"])
def test_who_does_not_read_about_people_is_refused(town: Town, box: str, url: str) -> None:
    assert town.client(box).get(url).status_code == 403


@pytest.mark.parametrize(("url", "queries_made"), [("/people", 4), ("/people/{id}", 7)])
def test_pages_cost_the_same_however_much_there_is(town: Town, url: str, queries_made: int) -> None:
    client = town.client("it")
    costs: list[int] = []
    person_id = town.person_id("user.library")
    for size in (2, 30):
        for person in people(town, size) if not costs else []:
            RoleAssignment.insert(person=person, role=Role.IT, starts_on=town.today).execute()
        for n in range(size):
            day = town.today - timedelta(days=400 + n)
            RoleAssignment.insert(person=person_id, role=Role.AUDITOR, starts_on=day, ends_on=day).execute()
        with count_queries() as counted:
            assert client.get(url.format(id=person_id)).status_code == 200
        costs.append(counted.count)
    assert costs == [queries_made, queries_made]


# --- inviting -------------------------------------------------------------------------------------------


def invitation(**changes: str) -> dict[str, str]:
    return {"name": "New Person", "email": "new.person@charlton.example", "title": "", "department": "", **changes}


@pytest.mark.parametrize("box", ["it", "administrator"])
def test_an_invitation_is_mailed_and_the_person_waits(town: Town, box: str) -> None:
    library = str(town.department_id("Library"))
    answer = town.client(box).submit(
        "/people/invite", invitation(department=library, title="Page"), follow_redirects=True
    )
    assert "An invitation is on its way to new.person@charlton.example." in text_of(answer)
    made = Person.get(Person.email == "new.person@charlton.example")
    assert (made.state, made.department_id, made.title) == (PersonState.INVITED, int(library), "Page")
    mail = OutboxMessage.get(OutboxMessage.recipient == made.email)
    assert mail.kind == "account_invitation"
    assert queries.held_by(made.id, town.today) == queries.held_by(town.person_id("employee"), town.today)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": "  "}, "Type the person's name."),
        ({"email": ""}, "Type the official email address."),
        ({"email": "new.person@gmail.com"}, "Use an official town address (@charlton.example)."),
        ({"email": "new person@charlton.example"}, "Type a mail address such as"),
        ({"email": "IT@Charlton.example"}, "it@charlton.example has an account already."),
        ({"department": "999"}, "Not a valid choice"),
        ({"title": "x" * 121}, "120"),
    ],
)
def test_a_bad_invitation_names_the_field_and_keeps_the_rest(
    town: Town, changes: dict[str, str], sentence: str
) -> None:
    before = Person.select().count()
    answer = town.client("it").submit("/people/invite", invitation(**{"title": "Page", **changes}))
    assert answer.status_code == 422
    page = answer.get_data(as_text=True).replace("&#39;", "'")
    assert sentence in " ".join(page.split())
    assert changes.get("title", "Page") in page
    assert (Person.select().count(), OutboxMessage.select().count()) == (before, 0)


def test_the_auditor_reads_and_does_not_invite(town: Town) -> None:
    client = town.client("auditor")
    assert "Invite somebody" not in text_of(client.get("/people"))
    assert client.get("/people/invite").status_code == 403
    assert client.submit("/people/invite", invitation()).status_code == 403


def test_an_invitation_can_be_sent_again_until_it_is_used(town: Town) -> None:
    client = town.client("it")
    client.submit("/people/invite", invitation())
    made = Person.get(Person.email == "new.person@charlton.example")
    assert client.submit(f"/people/{made.id}/invite").status_code == 303
    assert OutboxMessage.select().where(OutboxMessage.recipient == made.email).count() == 2
    assert client.submit(url_of(town, "employee", "/invite")).status_code == 422


# --- closing and opening --------------------------------------------------------------------------------


def test_closing_ends_the_session_and_opening_brings_it_back(town: Town) -> None:
    victim = town.client("employee")
    assert victim.get("/policy-of-nothing").status_code == 404
    client = town.client("it")
    answer = client.submit(
        url_of(town, "employee", "/close"), {"version": version(town, "employee")}, follow_redirects=True
    )
    assert "The account is closed." in text_of(answer)
    assert victim.get("/confirm").status_code == 303
    assert not LoginSession.select().where(LoginSession.person == town.person_id("employee")).exists()
    answer = client.submit(
        url_of(town, "employee", "/open"), {"version": version(town, "employee")}, follow_redirects=True
    )
    assert "The account is open again." in text_of(answer)
    assert victim.get("/confirm").status_code == 303, "the old session stays dead"


@pytest.mark.parametrize("step", ["close", "open"])
def test_a_stale_or_repeated_press_is_told(town: Town, step: str) -> None:
    client = town.client("it")
    old = version(town, "employee")
    url = url_of(town, "employee", f"/{step}")
    if step == "open":
        client.submit(url_of(town, "employee", "/close"), {"version": old})
    assert client.submit(url, {"version": 99}).status_code == 409
    assert client.submit(url, {}).status_code == 409
    assert client.submit(url, {"version": version(town, "employee")}).status_code == 303
    assert client.submit(url, {"version": version(town, "employee")}).status_code == 409


def test_nobody_closes_their_own_account(town: Town) -> None:
    client = town.client("it")
    assert "Close the account" not in text_of(client.get(url_of(town, "it")))
    assert client.submit(url_of(town, "it", "/close"), {"version": version(town, "it")}).status_code == 403
    assert client.get("/people").status_code == 200


# --- roles ----------------------------------------------------------------------------------------------


def test_the_administrator_gives_and_ends_a_role(town: Town) -> None:
    admin = town.client("administrator")
    url = url_of(town, "employee")
    highway = str(town.department_id("Highway"))
    answer = admin.submit(f"{url}/roles", role(department=highway), follow_redirects=True)
    page = text_of(answer)
    assert "The role is given." in page
    assert "Authorized user, Highway" in page
    assert "Ruth Okafor" in page.split("<table")[1].split("</table>")[0]
    assert town.actor("employee").may(Permission.CAPTURE_CONTENT, int(highway))
    held = RoleAssignment.get(RoleAssignment.person == town.person_id("employee"))
    assert admin.submit(f"{url}/roles/{held.id}/end", {"version": held.version}).status_code == 303
    assert not town.actor("employee").may(Permission.CAPTURE_CONTENT, int(highway))
    assert admin.submit(f"{url}/roles/{held.id}/end", {"version": held.version + 1}).status_code == 409


def test_an_acting_role_holds_until_its_last_day(town: Town) -> None:
    town.client("administrator").submit(url_of(town, "user.library", "/roles"), acting(town))
    library = town.department_id("Library")
    assert town.actor("user.library").may(Permission.ADVISE_CASE, library)
    town.clock.advance(days=11)
    assert town.actor("user.library").may(Permission.ADVISE_CASE, library)
    town.clock.advance(days=1)
    assert not town.actor("user.library").may(Permission.ADVISE_CASE, library)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"role": "invented"}, "Not a valid choice"),
        ({"role": "employee"}, "Not a valid choice"),
        ({"role": "it"}, "leave the department empty"),
        ({"department": ""}, "Choose the department for which"),
        ({"ends": ""}, "An acting role needs its last day."),
        ({"reason": " "}, "Say why somebody acts"),
        ({"ends": "2026-11-22"}, "The last day lies before the first."),
        ({"starts": ""}, "Enter the first day."),
        ({"starts": "soon"}, "Not a valid date"),
        ({"role": "coordinator", "how": "own"}, "coordinator is appointed in writing"),
        ({"role": "authorized_user"}, "already in that time"),
    ],
)
def test_a_bad_role_names_the_field_and_keeps_the_rest(town: Town, changes: dict[str, str], sentence: str) -> None:
    before = RoleAssignment.select().count()
    answer = town.client("administrator").submit(url_of(town, "user.library", "/roles"), acting(town, **changes))
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert sentence in " ".join(page.split())
    assert (changes.get("reason") or "Leave").strip() in page
    assert RoleAssignment.select().count() == before


@pytest.mark.parametrize("box", ["it", "auditor", "head.library"])
def test_only_the_administrator_gives_and_ends_roles(town: Town, box: str) -> None:
    client = town.client(box)
    assert "Give a role" not in text_of(client.get(url_of(town, "user.library")))
    held = RoleAssignment.get(RoleAssignment.person == town.person_id("user.library"))
    assert client.submit(url_of(town, "user.library", "/roles"), acting(town)).status_code == 403
    url = url_of(town, "user.library", f"/roles/{held.id}/end")
    assert client.submit(url, {"version": held.version}).status_code == 403
    assert RoleAssignment.get_by_id(held.id).ends_on is None


def test_nobody_gives_or_ends_their_own_role(town: Town) -> None:
    admin = town.client("administrator")
    held = RoleAssignment.get(RoleAssignment.person == town.person_id("administrator"))
    page = text_of(admin.get(url_of(town, "administrator")))
    assert "Give a role" not in page
    assert admin.submit(url_of(town, "administrator", "/roles"), acting(town)).status_code == 403
    url = url_of(town, "administrator", f"/roles/{held.id}/end")
    assert admin.submit(url, {"version": held.version}).status_code == 403


def test_a_role_of_somebody_else_is_not_ended_under_this_person(town: Town) -> None:
    held = RoleAssignment.get(RoleAssignment.person == town.person_id("user.police"))
    url = url_of(town, "user.library", f"/roles/{held.id}/end")
    assert town.client("administrator").submit(url, {"version": held.version}).status_code == 404


def test_roles_ask_for_the_password_when_the_sign_in_is_old(town: Town) -> None:
    admin = town.client("administrator")
    token = admin.token()
    town.clock.advance(minutes=16)
    answer = admin.post(url_of(town, "user.library", "/roles"), data={**acting(town), "csrf_token": token})
    assert answer.status_code == 401
    page = text_of(answer)
    assert "Please confirm that it is you" in page
    assert "Please sign in again" not in page, "the session is alive, and nobody need fear for it"
    assert 'href="/confirm?next=' in page
    assert "Leave" in page, "what was typed is kept"
    assert not town.actor("user.library").may(Permission.ADVISE_CASE, town.department_id("Library"))


@pytest.mark.parametrize("rest", ["/invite", "/close", "/open", "/roles", "/roles/1/end"])
def test_steps_are_posted_only(town: Town, rest: str) -> None:
    assert town.client("administrator").get(url_of(town, "employee", rest)).status_code == 405


@pytest.mark.parametrize("rest", ["/invite", "/close", "/open", "/roles", "/roles/1/end"])
def test_steps_on_nobody_are_not_found(town: Town, rest: str) -> None:
    assert (
        town.client("administrator").submit(f"/people/999999{rest}", acting(town) | {"version": "1"}).status_code == 404
    )
