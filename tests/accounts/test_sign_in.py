import json

import pytest
from argon2 import PasswordHasher

from charlton_intranet.accounts import passwords
from charlton_intranet.accounts.models import Attempt, LoginSession, Person
from charlton_intranet.accounts.rules import ATTEMPTS_PER_ACCOUNT, PersonState
from charlton_intranet.accounts.service import access
from charlton_intranet.core import audit
from charlton_intranet.core.audit import AuditEvent
from charlton_intranet.core.database import database
from charlton_intranet.demo.cast import PASSWORD
from tests.accounts.browser import CountingHasher, argon2, cookie, is_signed_in, sign_in, text_of
from tests.conftest import Town
from tests.page_checks import without_token

__all__ = ["argon2"]


def tags() -> list[str]:
    return [event.tag for event in AuditEvent.select().order_by(AuditEvent.number)]


def test_the_right_password_opens_a_session(town: Town) -> None:
    browser = town.client()
    answer = sign_in(browser, " IT@Charlton.Example ")
    assert (answer.status_code, answer.location) == (303, "/")
    assert is_signed_in(browser)
    session = LoginSession.get(LoginSession.person == town.person_id("it"))
    assert session.created_at == session.proven_at == town.clock.now()
    assert tags()[-1] == "person.signed_in"


def test_unknown_closed_invited_and_wrong_look_alike_and_cost_the_same(town: Town, argon2: CountingHasher) -> None:
    Person.update(state=PersonState.DISABLED).where(Person.id == town.person_id("employee")).execute()
    Person.update(state=PersonState.INVITED, password_hash=None).where(
        Person.id == town.person_id("user.police")
    ).execute()
    answers, costs = [], []
    for box in ("it", "employee", "user.police", "nobody"):
        before = argon2.computed
        password = "not-the-right-password" if box == "it" else PASSWORD
        answer = sign_in(town.client(), box, password)
        costs.append(argon2.computed - before)
        assert "The address or the password is not right." in text_of(answer)
        answers.append((answer.status_code, without_token(answer).replace(f"{box}@", "@"), dict(answer.headers).keys()))
    assert all(answer == answers[0] for answer in answers)
    assert answers[0][0] == 422
    assert costs == [1, 1, 1, 1]
    assert not LoginSession.select().exists()


def test_a_refusal_is_in_the_trail_without_the_address(town: Town) -> None:
    sign_in(town.client(), "it", "not-the-right-password")
    event = AuditEvent.select().order_by(AuditEvent.number.desc()).first()
    assert (event.tag, event.actor_id) == ("person.sign_in_refused", None)
    assert json.loads(event.detail)["details"] == {"account": audit.digest_of("it@charlton.example")}


@pytest.mark.parametrize("data", [{"email": "", "password": ""}, {"email": "it@charlton.example"}, {"password": "x"}])
def test_an_empty_field_is_named_and_costs_no_try(town: Town, data: dict[str, str]) -> None:
    answer = town.client().submit("/sign-in", data)
    assert answer.status_code == 422
    assert "Type your" in text_of(answer)
    assert not Attempt.select().exists()


@pytest.mark.parametrize(
    ("target", "lands"),
    [
        ("/triage?state=open", "/triage?state=open"),
        ("", "/"),
        ("https://evil.example/", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/\t/evil.example", "/"),
        ("/\n/evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("evil.example", "/"),
    ],
)
def test_signing_in_never_leads_out_of_the_app(town: Town, target: str, lands: str) -> None:
    browser = town.client()
    answer = sign_in(browser, "it", query_string={"next": target})
    assert answer.location == lands
    again = browser.get("/sign-in", query_string={"next": target})
    assert (again.status_code, again.location) == (303, lands)


def test_a_page_sends_to_the_sign_in_and_back(town: Town) -> None:
    answer = town.client().get("/people?q=anna")
    assert (answer.status_code, answer.location) == (303, "/sign-in?next=%2Fpeople%3Fq%3Danna")


def test_every_sign_in_has_a_token_of_its_own_and_drops_what_was_there(town: Town) -> None:
    browser = town.client()
    with browser.session_transaction() as before:
        before["planted"] = "by somebody else"
        before["_user_id"] = "chosen by somebody else"
    sign_in(browser, "it")
    with browser.session_transaction() as after:
        assert "planted" not in after
        first = after["_user_id"]
    assert first != "chosen by somebody else"
    other = town.client()
    sign_in(other, "it")
    with other.session_transaction() as second:
        assert second["_user_id"] != first


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(town: Town) -> None:
    browser = town.client()
    header = sign_in(browser, "it").headers["Set-Cookie"]
    assert {"HttpOnly", "Path=/", "SameSite=Lax"} <= set(header.split("; "))
    assert cookie(browser) in header


def test_the_table_does_not_hold_the_token(town: Town) -> None:
    browser = town.client()
    sign_in(browser, "it")
    with browser.session_transaction() as session:
        token = session["_user_id"]
    kept = LoginSession.get()
    assert token != kept.token_digest
    assert len(kept.token_digest) == 64


def test_an_old_hash_is_renewed_at_sign_in(town: Town) -> None:
    old = PasswordHasher(time_cost=1, memory_cost=8_192).hash(PASSWORD)
    Person.update(password_hash=old).where(Person.id == town.person_id("it")).execute()
    assert sign_in(town.client(), "it").status_code == 303
    renewed = Person.get_by_id(town.person_id("it")).password_hash
    assert renewed is not None
    assert renewed != old
    assert not passwords.needs_rehash(renewed)


# --- throttle -------------------------------------------------------------------------------------------


def test_the_budget_of_an_account_is_evaluated_and_no_try_more(town: Town, argon2: CountingHasher) -> None:
    for _ in range(ATTEMPTS_PER_ACCOUNT):
        assert sign_in(town.client(), "it", "not-the-right-password").status_code == 422
    spent = argon2.computed
    answer = sign_in(town.client(), "it")
    assert answer.status_code == 429
    assert argon2.computed == spent == ATTEMPTS_PER_ACCOUNT
    assert answer.headers["Retry-After"] == "900"
    assert "Wait 15 minutes and try again; your account is not locked." in text_of(answer)
    assert sign_in(town.client(), "auditor").status_code == 303, "others are not held up"
    town.clock.advance(minutes=15, seconds=1)
    assert sign_in(town.client(), "it").status_code == 303


def test_an_address_without_an_account_has_the_same_budget(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "ATTEMPTS_PER_ACCOUNT", 2)
    for _ in range(2):
        sign_in(town.client(), "nobody")
    assert sign_in(town.client(), "NOBODY").status_code == 429


def test_a_right_password_gives_the_budget_back(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "ATTEMPTS_PER_ACCOUNT", 2)
    for _ in range(3):
        sign_in(town.client(), "it", "not-the-right-password")
        assert sign_in(town.client(), "it").status_code == 303


def test_one_network_address_has_a_budget_over_all_accounts(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "ATTEMPTS_PER_ADDRESS", 3)
    here, there = {"REMOTE_ADDR": "192.0.2.1"}, {"REMOTE_ADDR": "192.0.2.2"}
    for n in range(3):
        assert sign_in(town.client(), f"nobody{n}", environ_base=here).status_code == 422
    assert sign_in(town.client(), "it", environ_base=here).status_code == 429
    assert sign_in(town.client(), "it", environ_base=there).status_code == 303


def test_without_the_table_of_tries_nothing_is_evaluated(town: Town, argon2: CountingHasher) -> None:
    database.execute_sql("DROP TABLE attempt")
    answer = sign_in(town.client(), "it")
    assert answer.status_code in {500, 503}
    assert argon2.computed == 0
