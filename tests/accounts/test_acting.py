"""Who acts for whom: named by whom, for what, told to whom, ended by whom, and what the dates leave open."""

from datetime import date, timedelta
from typing import Any

import pytest
from playhouse.test_utils import count_queries

from charlton_intranet.accounts import service
from charlton_intranet.accounts.models import Person, RoleAssignment
from charlton_intranet.accounts.rules import Gap, Overlap, PersonState, Span, gaps, overlaps
from charlton_intranet.core.audit import AuditEvent
from charlton_intranet.core.errors import Forbidden, NotFound
from charlton_intranet.core.permissions import Permission, Role
from charlton_intranet.mail.models import OutboxMessage
from tests.conftest import Town

DAY = date(2026, 11, 23)


def text_of(answer: Any) -> str:
    return " ".join(answer.get_data(as_text=True).replace("&#39;", "'").split())


def naming(town: Town, box: str = "user.library", **changes: str) -> dict[str, str]:
    return {
        "person": str(town.person_id(box)), "role": "department_head",
        "department": str(town.department_id("Library")), "starts": "2026-11-23", "ends": "2026-12-04",
        "reason": "Leave", **changes,
    }  # fmt: skip


def act(town: Town, box: str, role: Role, by: str = "administrator", *, days: int = 5, after: int = 0) -> int:
    """Somebody acts in the Library or for the town; returns the assignment's id."""
    return service.give_role(
        town.actor(by), town.person_id(box), role,
        department_id=None if role.town_wide else town.department_id("Library"),
        starts=town.today + timedelta(days=after), ends=town.today + timedelta(days=after + days - 1),
        acting=True, reason="Leave", clock=town.clock,
    )  # fmt: skip


# --- naming -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("box", ["administrator", "head.library"])
def test_somebody_is_named_and_told(town: Town, box: str) -> None:
    answer = town.client(box).submit("/people/acting", naming(town), follow_redirects=True)
    page = text_of(answer)
    assert "The acting role is named" in page
    assert "Uma Reyes" in page
    assert "Department Head, Library" in page
    library = town.department_id("Library")
    assert town.actor("user.library").may(Permission.ADVISE_CASE, library)
    assert not town.actor("user.library").may(Permission.ADVISE_CASE, town.department_id("Police"))
    letter = OutboxMessage.get(OutboxMessage.kind == "acting_named")
    assert letter.recipient == "user.library@charlton.example"
    assert "Department Head, Library from Mon, Nov 23, 2026 to Fri, Dec 4, 2026" in letter.text
    town.clock.advance(days=12)
    assert not town.actor("user.library").may(Permission.ADVISE_CASE, library), "it ends by itself"


@pytest.mark.parametrize(
    ("changes", "status", "sentence"),
    [
        ({"role": "administrator", "department": ""}, 422, "Not a valid choice"),
        ({"role": "it", "department": ""}, 422, "Not a valid choice"),
        ({"role": "authorized_user"}, 422, "Not a valid choice"),
        ({"department": "{Police}"}, 422, "Not a valid choice"),
        ({"department": ""}, 422, "Choose the department for which they act."),
        ({"person": "{head.library}"}, 422, "Not a valid choice"),
        ({"person": "{user.police}"}, 422, "Not a valid choice"),
        ({"person": "999999"}, 422, "Not a valid choice"),
        ({"person": ""}, 422, "Choose who acts."),
        ({"ends": ""}, 422, "an acting role ends by itself"),
        ({"ends": "2026-11-22"}, 422, "The last day lies before the first."),
        ({"starts": "2026-11-22"}, 422, "Choose today or a later day"),
        ({"reason": " "}, 422, "Say why"),
    ],
)
def test_a_head_names_for_the_own_department_and_nothing_else(
    town: Town, changes: dict[str, str], status: int, sentence: str
) -> None:
    known = {
        "{Police}": town.department_id("Police"), "{head.library}": town.person_id("head.library"),
        "{user.police}": town.person_id("user.police"),
    }  # fmt: skip
    before = RoleAssignment.select().count()
    filled = {name: str(known.get(value, value)) for name, value in changes.items()}
    answer = town.client("head.library").submit("/people/acting", naming(town, **filled))
    assert answer.status_code == status
    assert sentence in text_of(answer)
    assert (changes.get("reason") or "Leave").strip() in text_of(answer)
    assert (RoleAssignment.select().count(), OutboxMessage.select().count()) == (before, 0)


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.IT, Role.AUTHORIZED_USER, Role.RECORDS])
def test_the_service_refuses_what_the_form_does_not_offer(town: Town, role: Role) -> None:
    with pytest.raises(Forbidden):
        act(town, "user.library", role, by="head.library")


def test_a_stranger_to_the_department_is_not_there_for_its_head(town: Town) -> None:
    with pytest.raises(NotFound):
        act(town, "user.police", Role.COORDINATOR, by="head.library")


@pytest.mark.parametrize("box", ["it", "auditor", "coordinator.library", "user.library", "records", "employee"])
def test_nobody_else_names(town: Town, box: str) -> None:
    browser = town.client(box)
    assert browser.submit("/people/acting", naming(town, "employee")).status_code == 403
    page = browser.get("/people/acting")
    assert page.status_code == (200 if town.actor(box).may(Permission.READ_PEOPLE, anywhere=True) else 403)
    assert "Name who acts" not in text_of(page)
    assert not RoleAssignment.select().where(RoleAssignment.acting).exists()


# --- who acts hands nothing on ----------------------------------------------------------------------------


def test_an_acting_administrator_decides_but_gives_no_role_and_prolongs_nothing(town: Town) -> None:
    held = act(town, "records", Role.ADMINISTRATOR)
    browser = town.client("records")
    assert town.actor("records").may(Permission.DETERMINE_CASE)
    later = naming(town, "employee", role="administrator", department="", starts="2026-11-28", ends="2026-12-24")
    person = f"/people/{town.person_id('employee')}"
    tries = {
        "/people/acting": later,
        f"/people/acting/{held}/end": {"version": "1"},
        f"{person}/roles": {**later, "how": "own"},
        f"{person}/roles/{held}/end": {"version": "1"},
    }
    assert {url: browser.submit(url, data).status_code for url, data in tries.items()} == dict.fromkeys(tries, 403)
    page = text_of(browser.get("/people/acting"))
    assert "Name who acts" not in page
    assert "End it" not in page
    assert "Give a role" not in text_of(browser.get(person))
    assert RoleAssignment.select().where(RoleAssignment.acting).count() == 1


def test_an_acting_head_does_the_heads_work_and_names_nobody(town: Town) -> None:
    act(town, "user.library", Role.DEPARTMENT_HEAD, by="head.library")
    library = town.department_id("Library")
    assert town.actor("user.library").may(Permission.REQUEST_SITE, library)
    answer = town.client("user.library").submit("/people/acting", naming(town, "coordinator.library"))
    assert answer.status_code == 403


# --- ending -----------------------------------------------------------------------------------------------


def test_whoever_names_in_the_office_ends_it_early(town: Town) -> None:
    held = act(town, "user.library", Role.DEPARTMENT_HEAD)
    browser = town.client("head.library")
    assert "End it" in text_of(browser.get("/people/acting"))
    answer = browser.submit(f"/people/acting/{held}/end", {"version": "1"}, follow_redirects=True)
    assert "The acting role has ended." in text_of(answer)
    assert not town.actor("user.library").may(Permission.ADVISE_CASE, town.department_id("Library"))
    assert browser.submit(f"/people/acting/{held}/end", {"version": "2"}).status_code == 409
    assert AuditEvent.select().where(AuditEvent.tag == "role.ended").count() == 1


@pytest.mark.parametrize(
    ("box", "role", "status"),
    [
        ("head.police", Role.DEPARTMENT_HEAD, 404),
        ("head.library", Role.ADMINISTRATOR, 403),
        ("it", Role.ADMINISTRATOR, 403),
        ("auditor", Role.DEPARTMENT_HEAD, 403),
        ("administrator", Role.ADMINISTRATOR, 303),
    ],
)
def test_who_does_not_name_there_does_not_end_there(town: Town, box: str, role: Role, status: int) -> None:
    held = act(town, "user.library", role)
    assert town.client(box).submit(f"/people/acting/{held}/end", {"version": "1"}).status_code == status


def test_a_stale_press_and_a_role_in_ones_own_right(town: Town) -> None:
    held = act(town, "user.library", Role.COORDINATOR, by="head.library")
    browser = town.client("head.library")
    assert browser.submit(f"/people/acting/{held}/end", {"version": "7"}).status_code == 409
    own = RoleAssignment.get(RoleAssignment.person == town.person_id("coordinator.library"))
    assert browser.submit(f"/people/acting/{own.id}/end", {"version": "1"}).status_code == 404
    assert browser.get(f"/people/acting/{held}/end").status_code == 405


def test_the_password_is_asked_again(town: Town) -> None:
    browser = town.client("head.library")
    browser.token()
    town.clock.advance(minutes=16)
    assert browser.submit("/people/acting", naming(town)).status_code == 401
    assert not RoleAssignment.select().where(RoleAssignment.acting).exists()


# --- the page ---------------------------------------------------------------------------------------------


def test_now_coming_and_past_stand_apart(town: Town) -> None:
    act(town, "user.library", Role.COORDINATOR, days=1)
    town.clock.advance(days=1)
    act(town, "employee", Role.DEPARTMENT_HEAD)
    act(town, "records", Role.ADMINISTRATOR, after=30)
    page = text_of(town.client("auditor").get("/people/acting"))
    now, coming = page.index("<caption>Now"), page.index("<caption>Coming")
    past = page.index("<caption>Past")
    assert now < page.index("Edith Lowe") < coming < page.index("Priya Natarajan") < past < page.index("Uma Reyes")


def test_a_head_sees_the_own_department_and_the_town_not_the_others(town: Town) -> None:
    act(town, "user.library", Role.COORDINATOR)
    act(town, "records", Role.ADMINISTRATOR)
    page = text_of(town.client("head.police").get("/people/acting"))
    assert "Uma Reyes" not in page
    assert "Priya Natarajan" in page


def test_overlaps_and_gaps_are_explained(town: Town) -> None:
    RoleAssignment.delete().where(
        (RoleAssignment.role == Role.DEPARTMENT_HEAD) & (RoleAssignment.department == town.department_id("Library"))
    ).execute()
    act(town, "user.library", Role.DEPARTMENT_HEAD, days=5)
    act(town, "employee", Role.DEPARTMENT_HEAD, days=5, after=3)
    page = text_of(town.client("administrator").get("/people/acting"))
    assert "Uma Reyes and Edith Lowe both act from Thu, Nov 26, 2026 to Fri, Nov 27, 2026." in page
    assert "Nobody holds this office from Tue, Dec 1, 2026 on." in page


def test_an_office_with_a_holder_of_its_own_has_no_gap(town: Town) -> None:
    act(town, "user.library", Role.DEPARTMENT_HEAD)
    page = text_of(town.client("administrator").get("/people/acting"))
    assert "Nobody holds this office" not in page
    Person.update(state=PersonState.DISABLED).where(Person.id == town.person_id("head.library")).execute()
    page = text_of(town.client("administrator").get("/people/acting"))
    assert "Nobody holds this office from Sat, Nov 28, 2026 on." in page, "a closed account covers nothing"


def test_the_page_costs_the_same_however_much_there_is(town: Town) -> None:
    browser = town.client("administrator")
    costs = []
    for size in (1, 60):
        for n in range(size):
            day = town.today - timedelta(days=100 + n)
            RoleAssignment.insert(
                person=town.person_id("employee"), role=Role.AUDITOR, starts_on=day, ends_on=day, acting=True,
                reason="Leave",
            ).execute()  # fmt: skip
        act(town, "user.library", Role.COORDINATOR, days=1, after=size)
        with count_queries() as counted:
            browser.get("/people/acting")
        costs.append(counted.count)
    assert costs == [7, 7]


def test_the_past_pages_by_key(town: Town) -> None:
    for n in range(30):
        RoleAssignment.insert(
            person=town.person_id("employee"), role=Role.AUDITOR, starts_on=DAY - timedelta(days=100 + n),
            ends_on=DAY - timedelta(days=50), acting=True, reason="Leave",
        ).execute()  # fmt: skip
    browser = town.client("administrator")
    first = browser.get("/people/acting").get_data(as_text=True)
    assert first.count("Edith Lowe</a>") == 25
    url = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert text_of(browser.get(url)).count("Edith Lowe</a>") == 5


# --- the rules of the dates -------------------------------------------------------------------------------


def span(first: int, last: int | None, name: str = "A", *, acting: bool = True) -> Span:
    return Span(name, DAY + timedelta(days=first), None if last is None else DAY + timedelta(days=last), acting)


def days(first: int, last: int | None) -> Gap:
    return Gap(DAY + timedelta(days=first), None if last is None else DAY + timedelta(days=last))


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([], [days(0, None)]),
        ([span(-5, None)], []),
        ([span(0, 4)], [days(5, None)]),
        ([span(2, 4)], [days(0, 1), days(5, None)]),
        ([span(0, 4), span(5, None)], []),
        ([span(0, 4), span(6, 9)], [days(5, 5), days(10, None)]),
        ([span(0, 9), span(2, 4)], [days(10, None)]),
        ([span(-9, -1), span(0, 4)], [days(5, None)]),
        ([span(3, 2), span(0, None)], []),
        ([span(5, 4)], [days(0, None)]),
    ],
)
def test_gaps(spans: list[Span], expected: list[Gap]) -> None:
    assert gaps(spans, DAY) == gaps(list(reversed(spans)), DAY) == expected


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([span(0, 4), span(5, 9, "B")], None),
        ([span(0, 5), span(5, 9, "B")], (5, 5)),
        ([span(-9, 9), span(-5, 3, "B")], (0, 3)),
        ([span(-9, -1), span(-5, -2, "B")], None),
        ([span(0, None, acting=False), span(1, 3, "B")], None),
    ],
)
def test_overlaps(spans: list[Span], expected: tuple[int, int] | None) -> None:
    found = overlaps(spans, DAY)
    wanted = [] if expected is None else [days(*expected)]
    assert [Gap(o.first, o.last) for o in found] == wanted
    assert all(o == Overlap(("A", "B"), o.first, o.last) for o in found)
