"""What a signature is for: shown before it is given, sealed with it, and read back for every day since."""

import csv
import io
import json
from collections.abc import Collection
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from flask import Flask
from playhouse.test_utils import count_queries

from charlton_intranet.core.scope import ScopeLine
from charlton_intranet.policy import queries, service
from charlton_intranet.policy.models import AcknowledgedScope, Acknowledgement
from charlton_intranet.policy.rules import Change, uncovered
from charlton_intranet.web.context import EXTENSION
from tests.conftest import Town
from tests.policy import factories

LIBRARY = ScopeLine("site:12", 3, "Library on Facebook: edit")
POLICE = ScopeLine("site:13", 1, "Police on X: view")
SIGNED = {"read": "y", "agreed": "y", "typed_name": "Uma Reyes"}


@pytest.fixture
def lines(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[ScopeLine]:
    """What everybody signs for; a test changes it."""
    present: list[ScopeLine] = []

    def scopes(person_ids: Collection[int], _day: date) -> dict[int, list[ScopeLine]]:
        return {person_id: list(present) for person_id in person_ids}

    monkeypatch.setitem(app.extensions, EXTENSION, replace(app.extensions[EXTENSION], scopes=scopes))
    return present


def text_of(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def test_the_page_says_what_one_signs_for_and_the_record_seals_it(town: Town, lines: list[ScopeLine]) -> None:
    document_id = factories.publish(town)
    lines += [LIBRARY, POLICE]
    browser = town.client("user.library")
    page = text_of(browser.get("/policy/sign"))
    assert "Library on Facebook: edit" in page
    assert "Police on X: view" in page
    form = {**SIGNED, "document_id": document_id, "shown": service.fingerprint(lines)}
    assert browser.submit("/policy/sign", form).status_code == 303
    told = json.loads(Acknowledgement.get().record)["signs_for"]
    assert told == [
        {"subject": "site:12", "level": 3, "words": "Library on Facebook: edit"},
        {"subject": "site:13", "level": 1, "words": "Police on X: view"},
    ]
    person_id = town.person_id("user.library")
    (kept,) = queries.signatures_of([person_id])[person_id]
    assert kept.scope == (("site:12", 3), ("site:13", 1))


def test_without_lines_the_signature_is_for_reading(town: Town) -> None:
    factories.publish(town)
    assert "no site yet" in text_of(town.client("user.library").get("/policy/sign"))


def test_lines_that_changed_while_reading_sign_nothing(town: Town, lines: list[ScopeLine]) -> None:
    form = {**SIGNED, "document_id": factories.publish(town), "shown": ""}
    lines.append(LIBRARY)
    answer = town.client("user.library").submit("/policy/sign", form)
    assert answer.status_code == 409
    assert "What you sign for changed while you were reading" in text_of(answer)
    assert Acknowledgement.select().count() == 0


def test_the_same_day_signs_again_only_for_something_else(town: Town) -> None:
    factories.publish(town)
    first = factories.sign(town, "employee", [LIBRARY])
    assert factories.sign(town, "employee", [LIBRARY]) == first
    more = factories.sign(town, "employee", [LIBRARY, POLICE])
    higher = factories.sign(town, "employee", [replace(LIBRARY, level=4), POLICE])
    factories.publish(town, Change.MINOR)
    newer = factories.sign(town, "employee", [replace(LIBRARY, level=4), POLICE])
    assert len({first, more, higher, newer}) == 4
    assert AcknowledgedScope.select().count() == 7


def test_the_history_of_signatures_and_versions_is_whole_and_in_order(town: Town) -> None:
    factories.publish(town)
    start = town.clock.now()
    factories.sign(town, "employee", [LIBRARY])
    town.clock.advance(days=3)
    factories.publish(town, Change.MINOR)
    town.clock.advance(days=3)
    factories.publish(town, Change.MAJOR)
    factories.sign(town, "employee")
    employee, head = town.person_id("employee"), town.person_id("head.library")
    with count_queries() as counted:
        found = queries.signatures_of([employee, head])
    assert counted.count == 2
    assert found[head] == []
    assert [(one.major, one.signed_at, one.scope) for one in found[employee]] == [
        (1, start, (("site:12", 3),)),
        (2, town.clock.now(), ()),
    ]
    assert queries.majors() == [(1, start), (2, town.clock.now())]


def test_nobody_and_nothing_have_an_empty_history(town: Town) -> None:
    factories.draft(town)
    assert queries.signatures_of([]) == {}
    assert queries.majors() == []


def test_the_policy_page_asks_to_sign_again_for_what_came_later(town: Town, lines: list[ScopeLine]) -> None:
    factories.publish(town)
    lines.append(LIBRARY)
    factories.sign(town, "employee", [LIBRARY])
    browser = town.client("employee")
    assert "Sign again" not in text_of(browser.get("/policy"))
    lines[:] = [replace(LIBRARY, level=4, words="Library on Facebook: publish"), POLICE]
    page = text_of(browser.get("/policy"))
    assert "Sign again" in page
    assert "Library on Facebook: publish" in page
    factories.sign(town, "employee", lines)
    assert "Sign again" not in text_of(browser.get("/policy"))


def test_the_list_of_signatures_says_whose_signature_is_for_less(town: Town, lines: list[ScopeLine]) -> None:
    factories.publish(town)
    lines.append(LIBRARY)
    factories.sign(town, "user.library", [LIBRARY])
    browser = town.client("administrator")
    assert "Signed for less" not in text_of(browser.get("/policy/acknowledgements"))
    lines.append(POLICE)
    page = text_of(browser.get("/policy/acknowledgements"))
    assert page.count("Signed for less") == 1
    assert "Not for Police on X: view" in page
    answer = browser.get("/policy/acknowledgements.csv")
    listed = csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"), newline=""))
    lacking = {row["Name"]: row["Not signed for"] for row in listed if row["Not signed for"]}
    assert lacking == {"Uma Reyes": "Police on X: view"}


@pytest.mark.parametrize(
    ("signed", "wanted", "missing"),
    [
        ([], [("site:1", 1)], {"site:1"}),
        ([("site:1", 3)], [("site:1", 3)], set()),
        ([("site:1", 3)], [("site:1", 2)], set()),
        ([("site:1", 3)], [("site:1", 4)], {"site:1"}),
        ([("site:1", 3), ("site:2", 1)], [("site:2", 1), ("site:3", 1)], {"site:3"}),
        ([("site:1", 4)], [], set()),
    ],
)
def test_a_signature_covers_its_level_and_those_below(
    signed: list[tuple[str, int]], wanted: list[tuple[str, int]], missing: set[str]
) -> None:
    assert uncovered(signed, wanted) == missing
