"""Moving, renaming, closing: said beforehand, kept in the trail, and never the last key of the town."""

import json
from typing import Any

import pytest

from charlton_intranet.accounts import service
from charlton_intranet.accounts.models import Person, RoleAssignment
from charlton_intranet.core.audit import AuditEvent
from charlton_intranet.core.errors import Invalid
from charlton_intranet.core.permissions import Permission, Role
from charlton_intranet.mail.models import OutboxMessage
from tests.conftest import Town


def text_of(answer: Any) -> str:
    return " ".join(answer.get_data(as_text=True).replace("&#39;", "'").split())


def url_of(town: Town, box: str, rest: str = "") -> str:
    return f"/people/{town.person_id(box)}{rest}"


def role_of(town: Town, box: str) -> RoleAssignment:
    return RoleAssignment.get(RoleAssignment.person == town.person_id(box))


def told(tag: str) -> dict[str, Any]:
    event = AuditEvent.select().where(AuditEvent.tag == tag).order_by(AuditEvent.number.desc()).first()
    return dict(json.loads(event.detail)["details"])


def give(town: Town, box: str, role: Role, *, acting: bool = False) -> int:
    return service.give_role(
        town.actor("administrator"), town.person_id(box), role, department_id=None, starts=town.today,
        ends=town.today if acting else None, acting=acting, reason="Leave", clock=town.clock,
    )  # fmt: skip


# --- moving -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", ["end", "keep"])
def test_a_move_ends_or_keeps_each_role_of_the_old_department(town: Town, answer: str) -> None:
    held, library, highway = role_of(town, "user.library"), town.department_id("Library"), town.department_id("Highway")
    browser, url = town.client("administrator"), url_of(town, "user.library", "/move")
    page = text_of(browser.get(url))
    assert "Now in Library" in page
    assert "Authorized user" in page
    missing = browser.submit(url, {"department": str(highway), "version": "1"})
    assert missing.status_code == 422
    assert "Choose whether it ends or stays." in text_of(missing)
    data = {"department": str(highway), "version": "1", f"role_{held.id}": answer}
    assert "Uma Reyes has moved." in text_of(browser.submit(url, data, follow_redirects=True))
    assert Person.get_by_id(town.person_id("user.library")).department_id == highway
    assert told("person.moved") == {"before": library, "after": highway, "kept": [held.id] * (answer == "keep")}
    assert town.actor("user.library").may(Permission.CAPTURE_CONTENT, library) is (answer == "keep")
    assert not OutboxMessage.select().exists(), "who gives roles has looked at them"
    assert browser.submit(url, data).status_code in {409, 422}, "a repeat moves nothing"


def test_it_moves_people_and_the_administrator_is_asked_about_the_roles(town: Town) -> None:
    browser, url = town.client("it"), url_of(town, "user.library", "/move")
    page = text_of(browser.get(url))
    assert "keeps Authorized user for Library until the Town Administrator ends it" in page
    held = role_of(town, "user.library")
    data = {"department": "", "version": "1", f"role_{held.id}": "end"}
    assert browser.submit(url, data).status_code == 303
    assert town.actor("user.library").may(Permission.CAPTURE_CONTENT, town.department_id("Library")), (
        "not theirs to end"
    )
    letter = OutboxMessage.get()
    assert (letter.kind, letter.recipient) == ("account_moved", "administrator@charlton.example")
    assert "Uma Reyes" in letter.subject
    assert "Authorized user" in letter.text
    assert Person.get_by_id(town.person_id("user.library")).department_id is None


def test_an_acting_administrator_moves_people_and_ends_no_role(town: Town) -> None:
    give(town, "records", Role.ADMINISTRATOR, acting=True)
    OutboxMessage.delete().execute()
    held = role_of(town, "user.library")
    answer = town.client("records").submit(
        url_of(town, "user.library", "/move"), {"department": "", "version": "1", f"role_{held.id}": "end"}
    )
    assert answer.status_code == 303
    assert RoleAssignment.get_by_id(held.id).ends_on is None
    assert OutboxMessage.select().where(OutboxMessage.kind == "account_moved").count() == 2


def test_a_refused_move_changes_nothing(town: Town) -> None:
    browser, url = town.client("it"), url_of(town, "employee", "/move")
    highway = str(town.department_id("Highway"))
    library = str(town.department_id("Library"))
    assert "belongs there already" in text_of(browser.submit(url, {"department": highway, "version": "1"}))
    assert browser.submit(url, {"department": "999999", "version": "1"}).status_code == 422
    assert browser.submit(url, {"department": library, "version": "9"}).status_code == 409
    assert browser.submit(url, {"department": library}).status_code == 409
    assert browser.submit(url_of(town, "it", "/move"), {"department": library, "version": "1"}).status_code == 403
    assert Person.get_by_id(town.person_id("employee")).department_id == int(highway)
    assert not AuditEvent.select().where(AuditEvent.tag == "person.moved").exists()


def test_a_closed_account_does_not_move(town: Town) -> None:
    service.disable(town.actor("it"), town.person_id("employee"), 1, clock=town.clock)
    data = {"department": "", "version": "2", "name": "X", "title": ""}
    for rest in ("/move", "/name"):
        assert town.client("it").submit(url_of(town, "employee", rest), data).status_code == 409


# --- name and title ---------------------------------------------------------------------------------------


def test_name_and_title_change_and_the_trail_keeps_both(town: Town) -> None:
    browser, url = town.client("it"), url_of(town, "employee", "/name")
    assert 'value="Edith Lowe"' in browser.get(url).get_data(as_text=True)
    data = {"name": " Edith  Lowe-Park ", "title": "Foreman", "version": "1"}
    page = text_of(browser.submit(url, data, follow_redirects=True))
    assert "Edith Lowe-Park" in page
    assert told("person.renamed") == {
        "before": ["Edith Lowe", "Equipment Operator"], "after": ["Edith Lowe-Park", "Foreman"],
    }  # fmt: skip
    assert browser.submit(url, {**data, "name": "Other"}).status_code == 409
    again = browser.submit(url, {**data, "version": "2"})
    assert "the same as before" in text_of(again)
    empty = browser.submit(url, {"name": " ", "title": "Foreman", "version": "2"})
    assert (empty.status_code, "Type the person's name." in text_of(empty)) == (422, True)
    assert browser.submit(url_of(town, "it", "/name"), {**data, "version": "1"}).status_code == 403


@pytest.mark.parametrize("box", ["auditor", "head.library", "employee", "coordinator.library"])
@pytest.mark.parametrize("rest", ["/move", "/name"])
def test_who_does_not_run_accounts_is_refused(town: Town, box: str, rest: str) -> None:
    browser, url = town.client(box), url_of(town, "user.library", rest)
    assert (browser.get(url).status_code, browser.submit(url, {"version": "1"}).status_code) == (403, 403)
    assert town.client("it").get(f"/people/999999{rest}").status_code == 404


# --- said beforehand --------------------------------------------------------------------------------------


def test_closing_says_beforehand_what_lapses(town: Town) -> None:
    page = text_of(town.client("it").get(url_of(town, "head.library")))
    closing = page.split("Closing the account ends at once:")[1]
    assert "Department Head, Library, which is vacant then" in closing
    give(town, "employee", Role.RECORDS)
    page = text_of(town.client("it").get(url_of(town, "records")))
    assert "which is vacant then" not in page, "somebody else holds it as well"
    page = text_of(town.client("administrator").get(url_of(town, "head.library")))
    assert "The office is vacant then." in page
    assert "To end a role takes effect at once: yesterday was its last day." in page


# --- the last keys ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("box", "by"), [("administrator", "it"), ("it", "administrator")])
def test_the_last_key_of_the_town_is_not_closed(town: Town, box: str, by: str) -> None:
    browser, url = town.client(by), url_of(town, box)
    assert "The account can not be closed" in text_of(browser.get(url))
    answer = browser.submit(f"{url}/close", {"version": "1"})
    assert answer.status_code == 422
    assert "in their own right. Give somebody the role first." in text_of(answer)
    assert Person.get_by_id(town.person_id(box)).state == "active"


def test_the_last_it_technician_keeps_the_role(town: Town) -> None:
    browser, held = town.client("administrator"), role_of(town, "it")
    assert "give somebody the role before it can end" in text_of(browser.get(url_of(town, "it")))
    url = url_of(town, "it", f"/roles/{held.id}/end")
    assert browser.submit(url, {"version": "1"}).status_code == 422
    give(town, "employee", Role.IT, acting=True)
    assert browser.submit(url, {"version": "1"}).status_code == 422, "who acts does not count"
    town.clock.advance(days=1)
    give(town, "employee", Role.IT)
    assert town.client("administrator").submit(url, {"version": "1"}).status_code == 303
    with pytest.raises(Invalid):
        service.disable(town.actor("administrator"), town.person_id("employee"), 1, clock=town.clock)


def test_an_invited_successor_does_not_count(town: Town) -> None:
    give(town, "employee", Role.ADMINISTRATOR)
    Person.update(state="invited").where(Person.id == town.person_id("employee")).execute()
    with pytest.raises(Invalid):
        service.disable(town.actor("it"), town.person_id("administrator"), 1, clock=town.clock)
