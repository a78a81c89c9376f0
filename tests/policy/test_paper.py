"""A signature on paper: looked into, filed by the Town Administrator, sealed with its scan, and never one's own."""

import hashlib
import io
import json
from collections.abc import Collection
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from PIL import Image

from charlton_intranet.accounts.models import RecordedException
from charlton_intranet.accounts.rules import FRESH_FOR
from charlton_intranet.core.audit import AuditEvent
from charlton_intranet.core.errors import StaleState
from charlton_intranet.core.files import StoredFile
from charlton_intranet.core.scope import ScopeLine
from charlton_intranet.core.uploads import Upload
from charlton_intranet.policy import queries, service
from charlton_intranet.policy.certificate import pdf_of
from charlton_intranet.policy.models import Acknowledgement, PaperSignature
from charlton_intranet.policy.rules import Change, Standing
from charlton_intranet.policy.verifying import verify
from charlton_intranet.web.context import EXTENSION
from tests.conftest import Town
from tests.policy import factories, pdfs

LIBRARY = ScopeLine("site:12", 3, "Library on Facebook: edit")
POLICE = ScopeLine("site:13", 1, "Police on X: view")
SCAN = pdfs.drawn(b"BT /F1 12 Tf 72 700 Td (Uma Reyes, signed) Tj ET")


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 60), "white").save(out, "PNG")
    return out.getvalue()


# Most tests hand in a picture: a PDF is read in a process of its own, which takes its time.
PICTURE = picture()


@pytest.fixture
def lines(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[ScopeLine]:
    """What everybody signs for."""
    present = [LIBRARY, POLICE]

    def scopes(person_ids: Collection[int], _day: date) -> dict[int, list[ScopeLine]]:
        return {person_id: list(present) for person_id in person_ids}

    monkeypatch.setitem(app.extensions, EXTENSION, replace(app.extensions[EXTENSION], scopes=scopes))
    return present


def text_of(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def url_of(town: Town, box: str = "user.library") -> str:
    return f"/policy/people/{town.person_id(box)}/paper"


def file(town: Town, url: str, *, box: str = "administrator", scan: bytes = PICTURE, **changes: object) -> Any:
    """Hand the form in as its page was filled."""
    current = queries.in_force()
    assert current is not None
    form = {
        "document": current.id, "signed_on": town.today.isoformat(), "attested": "y", "shown": "",
        "scan": (io.BytesIO(scan), "signed paper.pdf"), **changes,
    }  # fmt: skip
    return town.client(box).submit(url, {name: value for name, value in form.items() if value is not None})


def test_a_filed_paper_counts_and_its_scan_is_offered(town: Town, lines: list[ScopeLine]) -> None:
    factories.publish(town)
    url = url_of(town)
    page = text_of(town.client("administrator").get(url))
    assert "Library on Facebook: edit" in page
    assert "checked" not in page
    town.clock.advance(days=2)
    day = town.today - timedelta(days=1)
    answer = file(town, url, signed_on=day.isoformat(), covers="site:12", shown=service.fingerprint(lines))
    assert answer.status_code == 303
    person_id = town.person_id("user.library")
    found = queries.standing_of([person_id], town.today)[person_id]
    assert (found.standing, found.signed_on) == (Standing.CURRENT, day)
    (signed,) = queries.signatures_of([person_id])[person_id]
    assert (signed.signed_at, signed.scope) == (town.clock.now(), (("site:12", 3),))
    shown = text_of(town.client("user.library").get(answer.location))
    assert "Signed on paper, filed by" in shown
    scan = town.client("user.library").get(f"{answer.location}/paper")
    assert scan.get_data() == PICTURE
    assert scan.headers["Content-Disposition"].startswith("attachment")


def test_the_record_names_the_paper_and_who_filed_it(town: Town) -> None:
    factories.publish(town)
    file(town, url_of(town))
    kept = Acknowledgement.get()
    told = json.loads(kept.record)
    assert told["paper"]["sha256"] == hashlib.sha256(PICTURE).hexdigest()
    assert told["filed_by"]["email"] == "administrator@charlton.example"
    assert told["person"]["email"] == "user.library@charlton.example"
    assert (told["method"], told["signed_on"]) == ("on paper", town.today.isoformat())
    assert "consents" not in told
    found = queries.certificate(town.actor("user.library"), kept.id, town.today)
    assert found.holds
    assert verify(pdf_of(found.record, found.text)).faults == []
    (event,) = AuditEvent.select().where(AuditEvent.tag == "acknowledgement.filed")
    assert kept.seal in event.detail


@pytest.mark.parametrize(
    ("scan", "kind"),
    [(PICTURE, ("image/png", "signed paper.pdf.png")), (SCAN, ("application/pdf", "signed paper.pdf"))],
    ids=["picture", "pdf"],
)
def test_a_scan_is_a_picture_or_a_pdf(town: Town, scan: bytes, kind: tuple[str, str]) -> None:
    factories.publish(town)
    assert file(town, url_of(town), scan=scan).status_code == 303
    assert (StoredFile.get().media_type, StoredFile.get().file_name) == kind


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"scan": b"not a picture"}, "is not a whole PNG"),
        ({"scan": SCAN[:200]}, "is not a whole PDF"),
        ({"scan": b""}, "is empty"),
        ({"signed_on": ""}, "Enter the day that stands on the paper"),
        ({"signed_on": "2026-11-24"}, "This day is still to come"),
        ({"signed_on": "2026-11-22"}, "the paper is older than it"),
        ({"attested": None}, "Look at the paper"),
        ({"covers": "site:99"}, "not a valid choice"),
    ],
)
def test_what_can_not_be_filed_is_said_beside_its_field(town: Town, changes: dict[str, Any], sentence: str) -> None:
    factories.publish(town)
    answer = file(town, url_of(town), **changes)
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert (Acknowledgement.select().count(), StoredFile.select().count()) == (0, 0)


def test_without_a_scan_there_is_nothing_to_file(town: Town) -> None:
    factories.publish(town)
    form = {"document": queries.signable()[0][0], "signed_on": town.today.isoformat(), "attested": "y"}
    answer = town.client("administrator").submit(url_of(town), form)
    assert answer.status_code == 422
    assert "Choose the scan" in text_of(answer)


def test_a_paper_counts_from_its_day_and_no_longer(town: Town) -> None:
    factories.publish(town)
    town.clock.advance(days=400)
    long_ago = (town.today - timedelta(days=370)).isoformat()
    assert "counts no longer" in text_of(file(town, url_of(town), signed_on=long_ago))
    recent = town.today - timedelta(days=300)
    assert file(town, url_of(town), signed_on=recent.isoformat()).status_code == 303
    assert Acknowledgement.get().expires_on == recent.replace(year=recent.year + 1)


def test_an_older_paper_takes_the_place_of_no_newer_signature(town: Town) -> None:
    factories.publish(town)
    town.clock.advance(days=10)
    factories.sign(town, "user.library")
    earlier = (town.today - timedelta(days=1)).isoformat()
    assert "which is newer" in text_of(file(town, url_of(town), signed_on=earlier))
    assert file(town, url_of(town)).status_code == 303
    assert Acknowledgement.select().count() == 2


def test_a_minor_version_printed_before_can_be_signed_but_no_older_major_one(town: Town) -> None:
    old = factories.publish(town)
    older_minor = factories.publish(town, Change.MAJOR)
    factories.publish(town, Change.MINOR)
    assert [number for _, number in queries.signable()] == ["2.1", "2.0"]
    assert file(town, url_of(town), document=old).status_code == 422
    assert file(town, url_of(town), document=older_minor).status_code == 303
    assert Acknowledgement.get().document_id == older_minor
    paper = service.Paper((Upload("application/pdf", "a.pdf", SCAN), town.parts.store.put(SCAN)), town.today)
    with pytest.raises(StaleState, match="Another major version"):
        service.file_on_paper(
            town.actor("administrator"), town.person_id("employee"), old, paper, agent="", clock=town.clock
        )


def test_the_same_paper_again_is_filed_once(town: Town) -> None:
    factories.publish(town)
    assert file(town, url_of(town)).location == file(town, url_of(town)).location
    assert (PaperSignature.select().count(), Acknowledgement.select().count()) == (1, 1)


def test_a_scope_that_changed_meanwhile_files_nothing(town: Town, lines: list[ScopeLine]) -> None:
    factories.publish(town)
    shown = service.fingerprint(lines)
    lines.pop()
    answer = file(town, url_of(town), shown=shown, covers="site:12")
    assert answer.status_code == 409
    assert Acknowledgement.select().count() == 0


def test_nobody_files_their_own_without_a_recorded_exception(town: Town) -> None:
    factories.publish(town)
    url = url_of(town, "administrator")
    assert "This is your own signature" in text_of(town.client("administrator").get(url))
    assert file(town, url).status_code == 403
    assert "Say in a sentence" in text_of(file(town, url, exception="short"))
    assert Acknowledgement.select().count() == 0
    assert file(town, url, exception="Nobody else is in office this week.").status_code == 303
    assert [one.subject for one in RecordedException.select()] == [f"person:{town.person_id('administrator')}"]


@pytest.mark.parametrize("box", ["it", "records", "auditor", "head.library", "coordinator.library", "employee"])
def test_only_the_administrator_files_papers(town: Town, box: str) -> None:
    factories.publish(town)
    assert town.client(box).get(url_of(town)).status_code == 403
    assert file(town, url_of(town), box=box).status_code == 403
    assert "File a paper" not in text_of(town.client("auditor").get("/policy/acknowledgements"))
    assert "File a paper" in text_of(town.client("administrator").get("/policy/acknowledgements"))


def test_filing_asks_for_a_fresh_sign_in(town: Town) -> None:
    factories.publish(town)
    browser = town.client("administrator")
    town.clock.at += FRESH_FOR + timedelta(seconds=1)
    answer = browser.get(url_of(town))
    assert (answer.status_code, answer.location.partition("?")[0]) == (303, "/confirm")


def test_nobody_nothing_and_the_closed_are_not_found(town: Town) -> None:
    browser = town.client("administrator")
    assert browser.get(url_of(town)).status_code == 404  # nothing is in force
    factories.publish(town)
    assert browser.get("/policy/people/999999/paper").status_code == 404
    assert browser.get("/policy/people/x/paper").status_code == 404
    factories.disable(town, "user.library")
    assert file(town, url_of(town)).status_code == 404


def test_the_scan_is_as_private_as_the_certificate(town: Town) -> None:
    factories.publish(town)
    url = f"{file(town, url_of(town)).location}/paper"
    assert town.client("administrator").get(url).status_code == 200
    assert town.client("head.police").get(url).status_code == 404
    assert town.client("employee").get(url).status_code == 404
    electronic = factories.sign(town, "employee")
    assert town.client("employee").get(f"/policy/certificates/{electronic}/paper").status_code == 404
