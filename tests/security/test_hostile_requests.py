"""Requests that nobody's browser would send: whatever stands in them, the app answers and never faults.

Every address with its real record, by every role and a visitor, with names of fields that exist and values that no
form would take. Drawn from one seed, so that a fault is found again.
"""

import io
import random
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import wtforms
from flask import Flask
from flask.testing import FlaskClient

from charlton_intranet.demo.cast import CAST
from tests.conftest import Town
from tests.security.test_no_removal import FORGED
from tests.security.test_ownership import PRESS, routes

EVERYBODY = (None, *(member.box for member in CAST))
REQUESTS = 150
# Beyond this the whole request is refused unread.
SIZE_MAX = 400_000
PLAUSIBLE = {
    **FORGED,
    **PRESS,
    "cases": "1:1",
    "site_id": "1",
    "place": "1-1",
    "days": "30",
    "cause": "threat",
    "grounds": "1",
}
# What is asked for in addresses and by hand-written fields, beside what the forms have.
ASKED_FOR = (
    "after", "all", "answered", "before", "by", "found", "kind", "known", "lapsed", "link", "next", "open", "permalink",
    "person", "q", "quarter", "site", "site_id", "skip", "state", "step", "text", "title", "use", "author", "back",
    "batch", "case", "category", "claimed", "department", "id", "posted_at", "seen_from", "seen_to", "source",
    "urgent", "words", "board", "format", "number", "then", "turn", "version", "version_claim", "cases", "grant",
    "handle", "place", "grounds", "network", "decider", "outcome",
)  # fmt: skip
VALUES = (
    "", " ", "0", "-1", "1", "2", "9" * 19, "9" * 400, "1e999", "NaN", "٣", "²", "1:1", "1:" + "9" * 30, "1-1", "\x00",
    "a\x00b", "\u202e\u2066", "\ufeff", "%00", "%", "_", "'", '"', "\\", "';--", "((", '"*', "NEAR(", "* OR",
    "true", "null", "[]", "{}", "../../x", "//evil.example", "javascript:alert(1)", "https://[::1", "http://x:99999/",
    "https://xn--/", "2026-13-45", "0000-00-00", "9999-12-31", "0001-01-01", "2026-11-23", "2026-Q4", "9999-Q9",
    "0-20261123-1", "1-99991231-" + "9" * 30, "open", "snoozed", "J", "Z", "G,H,I", "remove", "keep", "yes", "on",
    "2026-11-23T10:00", "9999-12-31T23:59", "0001-01-01T00:00", "<script>alert(1)</script>", "=1+1", "x" * 70_000,
    "Seen on the page, and said in a sentence.", "a\r\nX-Evil: 1", "\U0001f6a8" * 50, "1-1-1", "claim-", "undo-claim-",
)  # fmt: skip
FILES = (
    b"", b"%PDF-1.7", b"PK\x03\x04", b"WARC/1.1\r\n\r\n", b"\x1f\x8b\x08", b"\x89PNG\r\n\x1a\n", b"GIF89a",
    b"text\nx\n", b'{"text": "x"}\n', b"\xff\xfe\x00", b"\x00" * 5_000,
)  # fmt: skip


def _fields() -> list[str]:
    """Every name of a field in a form of the app."""
    waiting: list[type] = [wtforms.Form]
    names = set(ASKED_FOR)
    while waiting:
        form = waiting.pop()
        waiting += form.__subclasses__()
        names |= {name for name in dir(form) if isinstance(getattr(form, name), wtforms.fields.core.UnboundField)}
    return sorted(names)


def _asked(app: Flask, town: Town) -> Iterator[tuple[str, str]]:
    """Each method and address there is, with its record."""
    for route in routes(app, town):
        for method in sorted(route.access):
            yield method, route.filled
    for rule in app.url_map.iter_rules():
        if not rule.arguments:
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                yield method, rule.rule


def _filled(chance: random.Random, names: list[str]) -> dict[str, Any]:
    """A few fields, all of them, or all with one and the same value; some several times."""
    taken = chance.sample(names, chance.choice((4, 12, len(names))))
    one = chance.choice(VALUES) if chance.random() < 0.3 else None
    times = chance.choice((1, 1, 1, 3))
    found: dict[str, Any] = {
        name: [chance.choice(VALUES) if one is None else one for _ in range(times)] for name in taken
    }
    if chance.random() < 0.5:
        # Most fields as they should be, so that the request goes on to what the others do.
        found = {**PLAUSIBLE, **{name: found[name] for name in chance.sample(sorted(found), 3)}}
    return found if sum(len(value) for values in found.values() for value in values) < SIZE_MAX else {}


@pytest.mark.parametrize("seed", range(1, 5))
def test_no_request_makes_a_fault(town: Town, seed: int) -> None:
    chance, names = random.Random(seed), _fields()  # noqa: S311
    asked = sorted(set(_asked(town.app, town)))
    assert len(asked) > 200
    browsers = {box: town.client(box) for box in EVERYBODY}
    answers, faults = Counter[int](), []
    for _ in range(REQUESTS):
        box = chance.choice(EVERYBODY)
        method, path = chance.choice(asked)
        query = _filled(chance, names) if chance.random() < 0.5 else {}
        form = _filled(chance, names)
        if method == "POST":
            form |= {"csrf_token": browsers[box].token(), "version": chance.choice(("1", "2", *VALUES))}
            if chance.random() < 0.3:
                name = chance.choice(("screenshots", "file", "papers", "upload", "picture", "scan"))
                form[name] = (
                    io.BytesIO(chance.choice(FILES)),
                    chance.choice(("x.png", "x.pdf", "../x", "", "x" * 300)),
                )
        with town.parts.database.atomic() as savepoint:
            status: int = 500
            try:
                status = FlaskClient.open(
                    browsers[box], path, method=method, query_string=query, data=form if method == "POST" else None
                ).status_code
            except Exception as fault:  # noqa: BLE001
                faults.append((seed, box, method, path, repr(fault)[:200], query, form))
            else:
                if status >= 500:
                    faults.append((seed, box, method, path, str(status), query, form))
            savepoint.rollback()
        answers[status] += 1
    print(f"{answers.total():,} requests: {dict(sorted(answers.items()))}")  # noqa: T201
    assert sorted({f"{one[2]} {one[3]} {one[4]}" for one in faults}) == []
