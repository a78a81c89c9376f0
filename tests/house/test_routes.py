"""Promises about every route: marked, refused to who has no business there, and never an open door."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.routing import Rule

from charlton_intranet.core.permissions import Actor, Held, Permission, Role
from charlton_intranet.demo.cast import CAST
from charlton_intranet.web.guard import Access, access_of
from tests.conftest import Town

PUBLIC = {
    "/sign-in",
    "/forgot",
    "/welcome/<token>",
    "/healthz",
    "/guideline",
    "/unsubscribe/<token>",
    "/calendar/<token>.ics",
}


def rules(app: Flask) -> Iterator[tuple[Rule, Access]]:
    for rule in app.url_map.iter_rules():
        access = access_of(app.view_functions[rule.endpoint])
        assert access is not None, f"{rule.rule} is not marked with @needs or @public"
        yield rule, access


def test_every_route_is_marked_and_only_the_allow_list_is_public(app: Flask) -> None:
    assert {rule.rule for rule, access in rules(app) if access.permission is None} == PUBLIC


def test_the_pages_people_were_promised_exist(app: Flask) -> None:
    promised = {
        "/", "/triage", "/sites", "/people", "/reviews", "/incidents", "/incidents/report", "/policy",
        "/oversight", "/settings", "/healthz", "/sign-in",
    }  # fmt: skip
    assert promised <= {rule.rule for rule, _ in rules(app)}


def holds(box: str, permission: Permission) -> bool:
    """Whether a member of the cast has a permission anywhere: from the table alone."""
    role = next(member.role for member in CAST if member.box == box)
    everyday = Actor(person_id=1, name="", held=frozenset({Held(role), Held(Role.EMPLOYEE)}))
    return everyday.may(permission, anywhere=True)


@pytest.mark.parametrize("box", [member.box for member in CAST])
def test_every_plain_page_opens_for_its_roles_and_for_nobody_else(town: Town, box: str) -> None:
    browser = town.client(box)
    wrong = []
    for rule, access in rules(town.app):
        if rule.arguments or access.permission is None:
            continue
        if "GET" in (rule.methods or set()):
            status = browser.get(rule.rule).status_code
            allowed = holds(box, access.permission)
            if (status == 403) == allowed or status >= 500:
                wrong.append((rule.rule, "GET", status))
        elif not holds(box, access.permission):
            status = browser.submit(rule.rule).status_code
            if status != 403:
                wrong.append((rule.rule, "POST", status))
    assert wrong == []


def filled(rule: Rule) -> str:
    """The rule's address with a record that does not exist."""
    return re.sub(r"<(?:(\w+)[^:>]*:)?\w+>", lambda found: "999999" if found[1] == "int" else "none", rule.rule)


@pytest.mark.parametrize("box", [member.box for member in CAST])
def test_what_does_not_exist_is_404_or_403_and_never_an_error(town: Town, box: str) -> None:
    browser = town.client(box)
    wrong = []
    for rule, access in rules(town.app):
        if not rule.arguments or access.permission is None:
            continue
        path = filled(rule)
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            answer = browser.get(path) if method == "GET" else browser.submit(path, {"version": "1"})
            expected = {404, 422} if holds(box, access.permission) else {403}
            if access.fresh:
                expected |= {303, 401}
            if answer.status_code not in expected:
                wrong.append((path, method, answer.status_code))
    assert wrong == []


def test_no_record_has_a_nul_in_its_name(town: Town) -> None:
    browsers = [town.client(box) for box in ("administrator", "it", "auditor", "coordinator.library")]
    texts = [rule for rule, access in rules(town.app) if access.permission and re.search(r"<\w+>", rule.rule)]
    assert texts
    for rule in texts:
        path = re.sub(r"<\w+>", "a%00b", filled(rule).replace("none", "a%00b"))
        statuses = {browser.get(path).status_code for browser in browsers if "GET" in (rule.methods or set())}
        statuses |= {browser.submit(path, {"version": "1"}).status_code for browser in browsers}
        assert statuses <= {404, 405}, path


def test_a_visitor_is_sent_to_the_sign_in_page_and_back(town: Town) -> None:
    browser = town.client()
    wrong = []
    for rule, access in rules(town.app):
        if access.permission is None or "GET" not in (rule.methods or set()):
            continue
        answer = browser.get(filled(rule) if rule.arguments else rule.rule)
        if answer.status_code != 303 or not answer.headers["Location"].startswith("/sign-in?next="):
            wrong.append((rule.rule, answer.status_code))
    assert wrong == []


def test_nothing_can_be_posted_without_the_token(town: Town) -> None:
    browser = town.client("administrator")
    posts = [rule for rule, _ in rules(town.app) if "POST" in (rule.methods or set())]
    assert posts
    statuses = {browser.post(filled(rule) if rule.arguments else rule.rule).status_code for rule in posts}
    assert statuses <= {400, 403}
