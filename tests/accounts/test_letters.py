import re

import pytest
from playhouse.test_utils import count_queries

from charlton_intranet.accounts import service
from charlton_intranet.accounts.jobs import answer_resets
from charlton_intranet.accounts.models import Letter, Person, ResetAsk
from charlton_intranet.accounts.rules import LETTERS_PER_ACCOUNT, PersonState
from charlton_intranet.core.audit import AuditEvent
from charlton_intranet.demo.cast import PASSWORD
from charlton_intranet.mail.models import OutboxMessage
from tests.accounts.browser import is_signed_in, sign_in, text_of
from tests.conftest import Town
from tests.page_checks import without_token

NEW = "quiet-meadow-violin-77"


def letters(box: str) -> list[str]:
    """The own paths mailed to somebody, oldest first."""
    mails = (
        OutboxMessage.select().where(OutboxMessage.recipient == f"{box}@charlton.example").order_by(OutboxMessage.id)
    )
    return [re.search(r"http://127\.0\.0\.1:8000(/welcome/\S+)", mail.text)[1] for mail in mails]  # type: ignore[index]


def ask(town: Town, box: str = "it") -> str:
    answer = town.client().submit("/forgot", {"email": f"{box}@charlton.example"})
    assert answer.status_code == 303
    service.answer_resets(clock=town.clock)
    return letters(box)[-1]


def invited(town: Town, box: str = "new.person") -> int:
    return service.invite(
        town.actor("it"), name="New Person", email=f"{box}@charlton.example", title="", department_id=None,
        domains=("charlton.example",), clock=town.clock,
    )  # fmt: skip


def test_an_invitation_opens_the_account_once(town: Town) -> None:
    person_id = invited(town)
    (path,) = letters("new.person")
    browser = town.client()
    page = text_of(browser.get(path))
    assert "Welcome, New Person." in page
    assert 'autocomplete="new-password"' in page
    answer = browser.submit(path, {"password": NEW}, follow_redirects=True)
    assert "Your password is set. Sign in with it now." in text_of(answer)
    assert Person.get_by_id(person_id).state is PersonState.ACTIVE
    assert browser.get(path).status_code == 404
    assert browser.submit(path, {"password": "another-good-password-1"}).status_code == 404
    assert sign_in(browser, "new.person", NEW).status_code == 303


def test_a_reset_changes_the_password_once(town: Town) -> None:
    path = ask(town)
    browser = town.client()
    assert browser.submit(path, {"password": NEW}).status_code == 303
    assert browser.submit(path, {"password": PASSWORD}).status_code == 404
    assert sign_in(browser, "it", PASSWORD).status_code == 422
    assert sign_in(browser, "it", NEW).status_code == 303


def test_an_unknown_a_closed_and_a_known_address_get_the_same_answer_for_the_same_work(town: Town) -> None:
    Person.update(state=PersonState.DISABLED).where(Person.id == town.person_id("employee")).execute()
    answers, work = [], []
    for box in ("it", "employee", "nobody"):
        browser = town.client()
        browser.token()
        with count_queries() as counted:
            answer = browser.submit("/forgot", {"email": f"{box}@charlton.example"})
        work.append(counted.count)
        assert answer.status_code == 303
        answers.append(without_token(browser.get("/sign-in")))
    assert answers[0] == answers[1] == answers[2]
    assert work[0] == work[1] == work[2]
    assert "If this address has an account, a link is on its way." in answers[0]
    assert not OutboxMessage.select().exists(), "what tells them apart is done later, by the timetable"
    assert answer_resets(town.parts) == "Mailed 1 link for a new password."
    assert [mail.recipient for mail in OutboxMessage.select()] == ["it@charlton.example"]
    assert answer_resets(town.parts) == "", "each is answered once"
    assert not ResetAsk.select().exists(), "and forgotten"


def test_an_account_closed_before_the_answer_gets_none(town: Town) -> None:
    town.client().submit("/forgot", {"email": "employee@charlton.example"})
    service.disable(town.actor("it"), town.person_id("employee"), 1, clock=town.clock)
    assert answer_resets(town.parts) == ""
    assert letters("employee") == []


def test_an_address_that_is_too_long_is_told_so(town: Town) -> None:
    answer = town.client().submit("/forgot", {"email": "a" * 250 + "@charlton.example"})
    assert answer.status_code == 422
    assert not ResetAsk.select().exists()


def test_asking_has_a_budget(town: Town) -> None:
    for _ in range(LETTERS_PER_ACCOUNT):
        ask(town)
    assert town.client().submit("/forgot", {"email": "IT@charlton.example"}).status_code == 429
    assert len(letters("it")) == LETTERS_PER_ACCOUNT


def test_a_new_letter_ends_the_older_ones(town: Town) -> None:
    first, second = ask(town), ask(town)
    assert town.client().get(first).status_code == 404
    assert town.client().get(second).status_code == 200


@pytest.mark.parametrize(("purpose", "hours"), [("reset", 1), ("invitation", 7 * 24)])
def test_a_letter_ends_with_its_time(town: Town, purpose: str, hours: int) -> None:
    if purpose == "reset":
        path = ask(town)
    else:
        invited(town)
        (path,) = letters("new.person")
    town.clock.advance(hours=hours, seconds=-1)
    assert town.client().get(path).status_code == 200
    town.clock.advance(seconds=1)
    assert town.client().get(path).status_code == 404
    assert town.client().submit(path, {"password": NEW}).status_code == 404


def test_a_letter_dies_with_the_account_and_stays_dead(town: Town) -> None:
    path = ask(town, "employee")
    person_id = town.person_id("employee")
    admin = town.actor("administrator")
    service.disable(admin, person_id, 1, clock=town.clock)
    assert town.client().get(path).status_code == 404
    service.enable(admin, person_id, 2, clock=town.clock)
    assert town.client().get(path).status_code == 404


def test_a_refused_password_leaves_the_link_good(town: Town) -> None:
    path = ask(town)
    browser = town.client()
    for password, sentence in (("short", "at least 15"), ("charltoncharlton", "easy to guess"), ("", "Type a new")):
        answer = browser.submit(path, {"password": password})
        assert answer.status_code == 422
        assert sentence in text_of(answer)
        assert password not in text_of(answer) or not password
    assert browser.submit(path, {"password": NEW}).status_code == 303


def test_asking_does_not_sign_anybody_out(town: Town) -> None:
    browser = town.client("it")
    ask(town)
    assert is_signed_in(browser)


@pytest.mark.parametrize("path", ["/welcome/", "/welcome/invented", "/welcome/" + "x" * 5000])
def test_an_invented_link_is_not_found(town: Town, path: str) -> None:
    assert town.client().get(path).status_code == 404


def test_neither_table_nor_trail_holds_the_link(town: Town) -> None:
    token = ask(town).rpartition("/")[2]
    assert Letter.get().token_digest != token
    assert not any(token in event.detail for event in AuditEvent.select())


def test_a_closed_account_without_a_password_waits_for_an_invitation_again(town: Town) -> None:
    person_id = invited(town)
    admin = town.actor("administrator")
    service.disable(admin, person_id, 1, clock=town.clock)
    service.enable(admin, person_id, 2, clock=town.clock)
    assert Person.get_by_id(person_id).state is PersonState.INVITED
    service.invite_again(admin, person_id, clock=town.clock)
    assert town.client().get(letters("new.person")[-1]).status_code == 200
