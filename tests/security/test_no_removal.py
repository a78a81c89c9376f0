"""Nobody reaches a removal by direct requests: no order without seal, advice and determination, whatever is posted.

Every post of moderation is sent by every role and a visitor, with a valid token, from the page as it is and from older
and newer ones, with every field there is and some that there are not. Counted is what it came to, not what it answered.
"""

import io
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from charlton_intranet.demo.cast import CAST
from charlton_intranet.evidence.models import Seal
from charlton_intranet.moderation.models import Case, Consultation, Determination, Order
from charlton_intranet.moderation.rules import CaseState
from tests.conftest import Town
from tests.moderation import factories
from tests.security.addresses import bare, place_of

EVERYBODY = (None, *(member.box for member in CAST))
# What the forms of moderation ask for, all at once, and what an attacker would like them to take.
FORGED = {
    "outcome": "remove", "categories": "J", "quote": factories.WORDS, "quotes-J": factories.WORDS,
    "same_if_praise": "yes", "reason": "These words threaten to set fire to a named building tonight.",
    "answer-J": "A fire tonight is feared.", "counsel_name": "Amara Hale", "counsel_on": "2026-11-20",
    "counsel_said": "They may be removed.", "position": "violation", "text": "These words are a threat.",
    "concern": "It names a building.", "note": "Gone at noon.", "ground": "J", "words": factories.WORDS,
    "answer": "A fire tonight, by somebody who says how.", "exception": "Nobody else is in office now.",
    "until": "2026-12-01", "what": "Nothing worked.", "reported": "Form, number 7", "to": "police", "confirm": "y",
    # No form has these.
    "state": "closed", "seal": "1", "seal_id": "1", "determination": "1", "order": "1", "gone": "1",
    "done_at": "2026-11-23", "decided_by": "1", "given_by": "1", "actor": "1", "role": "administrator",
    "department": "1", "permission": "determine_case",
}  # fmt: skip
# Where a case may be before anything is decided.
UNDECIDED = (CaseState.OPEN, CaseState.DISMISSED, CaseState.CONSULTING)


def posts(app: Flask) -> list[Rule]:
    """Every address of moderation that takes a post."""
    found = [rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or set())]
    return sorted((rule for rule in found if rule.rule.startswith("/triage")), key=lambda rule: rule.rule)


def addresses(town: Town, case: Case) -> Iterator[str]:
    """The same with records in them: the case where there is one, otherwise the record that the address is about."""
    made: dict[int, tuple[Any, ...]] = {}
    for rule in posts(town.app):
        address = bare(rule)
        values: tuple[Any, ...] = ()
        if address.startswith("/triage/<case_id>"):
            values = (case.id,)
        elif rule.arguments:
            known = place_of(address)
            assert known is not None, address
            place = known[1]
            values = made[id(place)] = made.get(id(place)) or tuple(place.build(town))
        given = iter(values)
        yield re.sub(r"<\w+>", lambda _found, given=given: str(next(given)), address)  # type: ignore[misc]


def send(browser: Any, path: str, case: Case, version: int) -> int:
    """One direct request with everything in it; returns its status."""
    data = {
        **FORGED, "version": str(version), "case_id": str(case.id), "cases": f"{case.id}:{version}",
        "csrf_token": browser.token(), "screenshots": (io.BytesIO(factories.picture("teal")), "gone.png"),
    }  # fmt: skip
    return FlaskClient.open(browser, path, method="POST", data=data).status_code


def decided(case: Case) -> list[str]:
    """What there is of a decision on the case: nothing, as long as it was not sealed, advised on and determined."""
    found = [f"determination {one.id}" for one in Determination.select().where(Determination.case == case.id)]
    orders = Order.select().join(Determination).where(Determination.case == case.id)
    found += [f"order {one.id}" for one in orders]
    state = factories.again(case).state
    if state in {CaseState.DETERMINED, CaseState.CARRIED_OUT, CaseState.CLOSED}:
        found.append(f"state {state}")
    return found


def unfounded() -> list[int]:
    """Orders that lack their determination, its seal, the advice, or (once done) the picture."""
    wrong = []
    for order in Order.select():
        first = Determination.get_or_none(Determination.id == order.determination_id)
        asked = first and Consultation.get_or_none(Consultation.id == first.consultation_id)
        seal = Seal.get_or_none(Seal.id == order.seal_id)
        founded = first and seal and asked and asked.position and order.outcome is first.outcome
        if not founded or (order.done_at is not None and order.gone_id is None):
            wrong.append(order.id)
    return wrong


@pytest.mark.parametrize("state", UNDECIDED)
def test_no_single_request_decides_or_removes(town: Town, state: CaseState) -> None:
    case = factories.in_state(town, state)
    whole = state is CaseState.OPEN
    own = f"/triage/{case.id}/"
    # On an open case every address and older and newer pages; on the others the presses on themselves.
    paths = [path for path in addresses(town, case) if whole or path.startswith(own)]
    assert len(paths) > 20
    answers, reached = Counter[int](), []
    for box in EVERYBODY:
        browser = town.client(box)
        for path in paths:
            for older in (-1, 0, 1) if whole and path.startswith(own) else (0,):
                with town.parts.database.atomic() as savepoint:
                    answers[send(browser, path, case, case.version + older)] += 1
                    reached += [(box, path, older, what) for what in decided(case)]
                    reached += [(box, path, older, f"order {number}") for number in unfounded()]
                    savepoint.rollback()
    print(f"{answers.total():,} requests on a case that is {state}: {dict(sorted(answers.items()))}")  # noqa: T201
    assert reached == []
    assert 500 not in answers
    # They were heard, not turned away at the door: some of these very requests do take a step.
    assert answers[303] > 0


def test_nobody_alone_comes_to_a_removal_in_a_day(town: Town) -> None:
    """Each presses everything three times over, and what they reach stays: they still can not decide alone."""
    reached: list[tuple[str | None, str]] = []
    pressed = 0
    for box in EVERYBODY:
        browser = town.client(box)
        with town.parts.database.atomic() as savepoint:
            case = factories.case(town)
            paths = [path for path in addresses(town, case) if f"/triage/{case.id}/" in path]
            for _round in range(3):
                for path in paths:
                    send(browser, path, case, factories.again(case).version)
                    pressed += 1
            reached += [(box, what) for what in decided(case)]
            savepoint.rollback()
    print(f"{pressed:,} presses by {len(EVERYBODY)} people one by one, each alone")  # noqa: T201
    assert reached == []


def test_the_same_requests_do_remove_where_the_way_was_gone(town: Town) -> None:
    """What proves nothing if nothing ever worked: on an advised case the Town Administrator's request decides."""
    case = factories.advised(town)
    status = send(town.client("administrator"), f"/triage/{case.id}/determination", case, case.version)
    assert (status, decided(case)[0].split()[0]) == (303, "determination")
    assert unfounded() == []
