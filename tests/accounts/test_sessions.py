import pytest
from playhouse.test_utils import count_queries

from charlton_intranet.accounts import service, tokens
from charlton_intranet.accounts.models import Letter, LoginSession, RoleAssignment
from charlton_intranet.accounts.service import access
from charlton_intranet.demo.cast import PASSWORD
from tests.accounts.browser import cookie, is_signed_in, sign_in, text_of, with_cookie
from tests.conftest import Town


def test_a_copied_cookie_is_worth_nothing_after_signing_out(town: Town) -> None:
    browser = town.client()
    sign_in(browser, "it")
    stolen = cookie(browser)
    assert is_signed_in(with_cookie(town, stolen))
    answer = browser.submit("/sign-out")
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert not is_signed_in(with_cookie(town, stolen))
    assert not is_signed_in(browser)


def test_signing_out_leaves_the_other_browsers_alone(town: Town) -> None:
    one, other = town.client(), town.client()
    sign_in(one, "it")
    sign_in(other, "it")
    one.submit("/sign-out")
    assert is_signed_in(other)


def test_a_new_password_ends_every_session(town: Town) -> None:
    browser = town.client("it")
    service.ask_reset("it@charlton.example", address="192.0.2.1", clock=town.clock)
    service.answer_resets(clock=town.clock)
    token = tokens.new_token()
    Letter.update(token_digest=tokens.digest(token)).execute()
    assert is_signed_in(browser)
    service.set_password(token, "quiet-meadow-violin-77", town_words=(), address="", clock=town.clock)
    assert not is_signed_in(browser)


def test_half_an_hour_without_use_ends_it(town: Town) -> None:
    browser = town.client("it")
    town.clock.advance(minutes=30)
    assert is_signed_in(browser)
    town.clock.advance(minutes=30)
    assert is_signed_in(browser), "use keeps it alive"
    town.clock.advance(minutes=30, seconds=1)
    assert not is_signed_in(browser)


def test_twelve_hours_end_it_however_busy_somebody_is(town: Town) -> None:
    browser = town.client("it")
    for _ in range(48):
        town.clock.advance(minutes=15)
        assert is_signed_in(browser)
    town.clock.advance(seconds=1)
    assert not is_signed_in(browser)


def test_old_sessions_are_swept_at_the_next_sign_in(town: Town) -> None:
    town.client("auditor")
    town.clock.advance(hours=13)
    sign_in(town.client(), "it")
    assert [session.person_id for session in LoginSession.select()] == [town.person_id("it")]


def test_being_seen_is_written_at_most_once_a_minute(town: Town) -> None:
    browser = town.client("it")
    town.clock.advance(seconds=59)
    with count_queries() as soon:
        browser.get("/confirm")
    town.clock.advance(seconds=1)
    with count_queries() as later:
        browser.get("/confirm")
    assert later.count == soon.count + 1


@pytest.mark.parametrize("value", ["", "garbage", "eyJfdXNlcl9pZCI6IngifQ.aaaa.bbbb"])
def test_a_made_up_cookie_is_nobody(town: Town, value: str) -> None:
    assert not is_signed_in(with_cookie(town, value))


def test_a_form_sent_after_the_session_ended_says_so_and_keeps_the_text(town: Town) -> None:
    browser = town.client("it")
    token = browser.token()
    town.clock.advance(hours=1)
    answer = browser.post("/people/invite", data={"name": "Long Name", "csrf_token": token})
    assert answer.status_code == 401
    assert "Long Name" in text_of(answer)
    part = browser.post("/people/invite", data={"csrf_token": token}, headers={"HX-Request": "true"})
    assert (part.status_code, part.headers["HX-Reswap"]) == (401, "none")


def test_rights_end_with_the_role_in_the_middle_of_a_session(town: Town) -> None:
    browser = town.client("auditor")
    assert browser.get("/people").status_code == 200
    held = RoleAssignment.get(RoleAssignment.person == town.person_id("auditor"))
    service.end_role(town.actor("administrator"), held.person_id, held.id, held.version, clock=town.clock)
    assert browser.get("/people").status_code == 403


# --- step-up --------------------------------------------------------------------------------------------


def test_confirming_moves_the_session_to_a_new_token(town: Town) -> None:
    browser = town.client("administrator")
    stolen = cookie(browser)
    town.clock.advance(minutes=16)
    answer = browser.submit("/confirm?next=/people", {"password": PASSWORD})
    assert (answer.status_code, answer.location) == (303, "/people")
    assert "go back to it and press the button again" in text_of(browser.get("/people"))
    assert not is_signed_in(with_cookie(town, stolen))
    assert is_signed_in(browser)
    session = LoginSession.get()
    assert session.proven_at == town.clock.now()
    assert session.created_at < session.proven_at, "it does not make the session last longer"


def test_the_wrong_password_confirms_nothing(town: Town) -> None:
    browser = town.client("administrator")
    town.clock.advance(minutes=16)
    answer = browser.submit("/confirm", {"password": "not-the-right-password"})
    assert answer.status_code == 422
    assert "This is not your password." in text_of(answer)
    assert LoginSession.get().proven_at < town.clock.now()
    assert browser.submit("/confirm", {"password": ""}).status_code == 422


def test_confirming_has_the_budget_of_the_account(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "ATTEMPTS_PER_ACCOUNT", 2)
    browser = town.client("administrator")
    for _ in range(2):
        browser.submit("/confirm", {"password": "not-the-right-password"})
    assert browser.submit("/confirm", {"password": PASSWORD}).status_code == 429


def test_confirming_never_leads_out_of_the_app(town: Town) -> None:
    answer = town.client("it").submit("/confirm?next=//evil.example", {"password": PASSWORD})
    assert answer.location == "/"
