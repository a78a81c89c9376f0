"""Nobody gets in where they do not belong: every route with a record x method x role x {own, other's, missing}.

What is expected is derived from the table of permissions and the scope of the roles held, not from the views: 403
without the permission anywhere, 404 for a stranger to the record and for a record that is not there, with the same
bytes, 403 for a reader who may not write, 405 for every other method. A refusal leaves no event in the trail.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from charlton_intranet.accounts.models import Person, RecordedException, RoleAssignment
from charlton_intranet.accounts.rules import PersonState
from charlton_intranet.core import audit, database
from charlton_intranet.core.clock import FixedClock
from charlton_intranet.core.permissions import Actor, Role
from charlton_intranet.demo.cast import CAST
from charlton_intranet.parts import Parts
from charlton_intranet.web.context import EXTENSION
from charlton_intranet.web.guard import Access, access_of
from tests.conftest import Town
from tests.page_checks import without_token
from tests.security.addresses import Place, bare, place_of

# Routing answers a method that no view takes before it is known who asks, so three ask for all of them.
EVERY_METHOD = {None, "administrator", "employee"}
MISSING = {"int": "2147480000", "": "none"}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
# What an allowed step answers to a press that is stale or incomplete: never a refusal, never a fault.
TAKEN = {200, 303, 409, 422}
# Readers of everything who write in one department only: what they see and may not change is theirs to be refused.
READERS = {"reader.head": Role.DEPARTMENT_HEAD, "reader.coordinator": Role.COORDINATOR}
# Everybody there is, in three walks that can run side by side.
GROUPS: dict[str, tuple[str | None, ...]] = {
    "town": (None, *(member.box for member in CAST if member.department is None)),
    "library": tuple(member.box for member in CAST if member.department == "Library"),
    "others": (*(member.box for member in CAST if member.department not in {None, "Library"}), *READERS),
}
# Whatever a form here may ask for, so that a press is refused for who makes it and not for what is missing. The
# version is one that no record has: nothing that asks for it is changed.
PRESS = {
    "version": "0", "exception": "Nobody else is in office this week, and the matter can not wait for them.",
    "format": "json", "result": "clean", "due_on": "2026-11-23", "until": "2026-11-27", "note": "Seen",
    "text": "Seen on the page",
    "reason": "It is no longer needed", "letter": "To the Town Administrator", "person": "1", "starts_on": "2026-12-01",
    "last_day": "2026-12-01", "role": "nothing", "who": "shared",
    "decision": "approve", "recommended": "yes", "position": "violation",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Route:
    """One address with a record: the methods it takes and what their views are marked with."""

    address: str
    rest: str
    place: Place
    filled: str
    missing: tuple[str, ...]
    access: dict[str, Access]


@dataclass(slots=True)
class Walk:
    """What was asked, and every answer that was not the one expected."""

    town: Town
    before: tuple[int, str]
    answers: Counter[int] = field(default_factory=Counter)
    wrong: list[tuple[str, str, str, int, set[int]]] = field(default_factory=list)

    def ask(self, browser: Any, who: str, method: str, path: str, expected: set[int], **press: Any) -> Any:
        """Send one request inside a savepoint, so that no answer depends on the one before."""
        with self.town.parts.database.atomic() as savepoint:
            data = {**PRESS, **press, "csrf_token": browser.token()} if method != "GET" else None
            # Not the client that reads each page: the features' own tests do that.
            answer = FlaskClient.open(browser, path, method=method, data=data)
            refused = answer.status_code in {401, 403, 404, 405}
            silent = not refused or (audit.head() == self.before and not RecordedException.select().exists())
            savepoint.rollback()
        self.answers[answer.status_code] += 1
        if answer.status_code not in expected or not silent:
            self.wrong.append((who, method, path, answer.status_code, expected))
        return answer


def routes(app: Flask, town: Town) -> list[Route]:
    """Every address with a record in it, built once; fails for one that ``addresses.PLACES`` does not know."""
    found: dict[str, dict[str, Access]] = {}
    kinds: dict[str, list[str]] = {}
    for rule in app.url_map.iter_rules():
        access = access_of(app.view_functions[rule.endpoint])
        if rule.arguments and access is not None and access.permission is not None:
            for method in (rule.methods or set()) & {"GET", "POST"}:
                found.setdefault(bare(rule), {})[method] = access
            kinds[bare(rule)] = ["int" if "int" in kind else "" for kind in re.findall(r"<([^<>]*?:?)\w+>", rule.rule)]
    places = {address: place_of(address) for address in found}
    unknown = sorted(address for address, place in places.items() if place is None)
    assert unknown == [], "say in tests/security/addresses.py which record these are about"
    made: dict[int, tuple[str, ...]] = {}
    listed = []
    for address, (rest, place) in (
        (address, known) for address, known in sorted(places.items(), key=str) if known is not None
    ):
        if id(place) not in made:
            made[id(place)] = tuple(str(value) for value in place.build(town))
        values = made[id(place)]
        nowhere = [MISSING[kind] for kind in kinds[address]]
        gone = tuple(
            _fill(address, [nowhere[n] if n == at else value for n, value in enumerate(values)])
            for at in range(len(values))
        )
        listed.append(Route(address, rest, place, _fill(address, values), gone, found[address]))
    return listed


def _fill(address: str, values: Any) -> str:
    given = iter(values)
    return re.sub(r"<\w+>", lambda _found: next(given), address)


def _readers(town: Town) -> None:
    """People of the Police who write there and read everywhere."""
    police = town.department_id("Police")
    for box, role in READERS.items():
        person_id = Person.insert(
            email=f"{box}@charlton.example", name=box, department=police, state=PersonState.ACTIVE,
            created_at=town.clock.now(),
        ).execute()  # fmt: skip
        for held, department_id in ((role, police), (Role.AUDITOR, None)):
            RoleAssignment.insert(person=person_id, role=held, department=department_id, starts_on=town.today).execute()


def expected(actor: Actor | None, town: Town, route: Route, method: str) -> set[int]:
    """The answer by the table of permissions and the roles held alone."""
    if actor is None:
        return {303} if method == "GET" else {401}
    permission = route.access[method].permission
    if permission is None or not may_try(actor, route, method):
        return {403}
    if not route.place.sees(actor, town):
        return set(route.place.stranger)
    if not route.place.may(actor, town, f"{method} {route.rest}", permission):
        return {403}
    return set(route.place.opens) if method == "GET" else TAKEN


def may_try(actor: Actor, route: Route, method: str) -> bool:
    """Whether the guard lets ``actor`` through, before anybody knows of the record."""
    permission = route.access[method].permission
    return permission is not None and actor.may(permission, anywhere=True)


@pytest.fixture
def lasting_town(own_town: Parts, app: Flask) -> Iterator[Town]:
    """The cast's town on a database of its own, where what is built is committed.

    In the one long transaction of ``town``, PostgreSQL goes through every version that a press left of a row: after a
    few hundred presses, reading the head of the trail took nine milliseconds instead of a tenth of one.
    """
    assert isinstance(own_town.clock, FixedClock)
    before = app.extensions[EXTENSION]
    app.extensions[EXTENSION] = own_town
    with database.connection():
        yield Town(own_town, own_town.clock, app)
    app.extensions[EXTENSION] = before


@pytest.mark.parametrize("boxes", GROUPS.values(), ids=GROUPS)
def test_every_route_answers_every_role_as_the_table_says(lasting_town: Town, boxes: tuple[str | None, ...]) -> None:
    town = lasting_town
    listed = routes(town.app, town)
    _readers(town)
    walk, unequal = Walk(town, audit.head()), []
    for box in boxes:
        browser, actor, who = town.client(box), town.actor(box) if box else None, box or "visitor"
        for route in listed:
            for method in METHODS if box in EVERY_METHOD else ("GET", "POST"):
                if method not in route.access:
                    walk.ask(browser, who, method, route.filled, {405})
                    continue
                press = route.place.press.get(f"{method} {route.rest}", dict)
                wanted = expected(actor, town, route, method)
                theirs = walk.ask(browser, who, method, route.filled, wanted, **press())
                # Who may not write there may be told so before it is looked whether the record is there.
                nothing = wanted if actor is None or not may_try(actor, route, method) else {404} | (wanted & {403})
                for path in route.missing:
                    absent = walk.ask(browser, who, method, path, nothing, **press())
                    both = theirs.status_code == absent.status_code == 404
                    if both and wanted == nothing and without_token(theirs) != without_token(absent):
                        unequal.append((who, method, path))
    figures = f"{walk.answers.total():,} answers over {len(listed)} addresses: {dict(sorted(walk.answers.items()))}"
    print(figures)  # noqa: T201 - the figure that the promise is told with (pytest -s)
    assert "\n".join(map(str, walk.wrong)) == ""
    assert unequal == []
