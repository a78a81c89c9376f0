"""The certificate prints everything that was sealed, verifies without the town, and shows every change."""

import hashlib
import io
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader, PdfWriter

from charlton_intranet.accounts.models import Person
from charlton_intranet.core.audit import canonical
from charlton_intranet.core.scope import ScopeLine
from charlton_intranet.policy import queries
from charlton_intranet.policy.certificate import DIGEST_LINE, pdf_of, printed_fields
from charlton_intranet.policy.clauses import sha256_of
from charlton_intranet.policy.models import AcknowledgedScope, Acknowledgement
from charlton_intranet.policy.verifying import Report, verify
from tests.conftest import Town
from tests.policy import factories

TEXT = "3.8 Network\n\nReport it.\n"
NAME = "Zoë Łukasz-Ωmega 山田 שלום"
RECORD = canonical(
    {
        "what": "acknowledgement of the Social Media Policy (3.3-4)",
        "person": {"id": 7, "name": NAME, "email": "zoe@charlton.example"},
        "typed_name": NAME,
        "policy": {"title": "Social Media Policy", "version": "2.1", "sha256": sha256_of(TEXT)},
        "consents": ["I have read it.", "I sign it."],
        "scope": "Authorized user; Library",
        "signs_for": [{"subject": "site:12", "level": 3, "words": "Library on Facebook: edit"}],
        "signed_at": "2026-11-23T15:00:00+00:00",
        "expires_on": "2027-11-23",
        "address": "192.0.2.7",
        "device": "Test browser",
        "method": "own account",
    }
)


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return pdf_of(RECORD, TEXT)


def leaves(value: Any) -> Iterator[str]:
    """Every value in a record, as text."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from leaves(one)
    else:
        yield str(value)


def faults(data: bytes, **given: Any) -> str:
    return " ".join(verify(data, **given).faults)


def resealed(data: bytes) -> bytes:
    """A forger's file: whatever was changed, the digest at its end is computed again."""
    return data + DIGEST_LINE % hashlib.sha256(data).hexdigest().encode()


def body(data: bytes) -> bytes:
    """The PDF without the digest at its end."""
    return data[: data.rindex(b"% SHA-256")]


# --- what it prints


def test_every_value_of_the_record_is_printed() -> None:
    shown = " ".join(line for _, lines in printed_fields(RECORD) for line in lines)
    assert [value for value in leaves(json.loads(RECORD)) if value not in shown] == []


def test_a_field_that_nobody_knows_yet_is_printed_too() -> None:
    assert ("witness", ["Ann"]) in printed_fields(canonical({**json.loads(RECORD), "witness": "Ann"}))


def test_the_same_signature_makes_the_same_file(pdf: bytes) -> None:
    assert pdf_of(RECORD, TEXT) == pdf


def test_the_attachments_compute_to_the_digests_that_are_printed(pdf: bytes) -> None:
    reader = PdfReader(io.BytesIO(pdf))
    attached = {name: contents[0] for name, contents in reader.attachments.items()}
    assert attached["record.json"].decode() == RECORD
    printed = "".join("".join(page.extract_text() for page in reader.pages).split())
    assert hashlib.sha256(attached["record.json"]).hexdigest() in printed
    assert hashlib.sha256(attached["policy.txt"]).hexdigest() in printed


def test_names_beyond_latin_letters_are_printed_and_the_rest_is_boxed(pdf: bytes) -> None:
    page = PdfReader(io.BytesIO(pdf)).pages[0].extract_text()
    assert "Zoë Łukasz-Ωmega □□" in page


# --- verifying


def test_a_good_certificate_verifies_and_says_what_that_shows(pdf: bytes) -> None:
    report = verify(pdf, policy=TEXT.encode())
    assert report.faults == []
    lines = "\n".join(report.lines())
    assert NAME in lines
    assert "Verified." in lines
    assert "does not show: who computed the seal" in lines


def test_the_record_alone_needs_the_seal_from_elsewhere() -> None:
    assert "give its seal too" in faults(RECORD.encode())
    report = verify(RECORD.encode(), seal=sha256_of(RECORD).upper(), policy=TEXT.replace("\n", "\r\n").encode())
    assert report.faults == []
    assert "who computed" not in "\n".join(report.lines())


def test_another_seal_or_policy_is_found(pdf: bytes) -> None:
    assert "is not the SHA-256 of this record" in faults(pdf, seal="0" * 64)
    assert "that you gave is not the one that was signed" in faults(pdf, policy=b"3.8 Nothing is asked.\n")


def test_every_changed_byte_of_the_file_is_found(pdf: bytes) -> None:
    """A byte changed, lost, doubled or added anywhere: 1,000 places spread over the whole file."""
    places = [*range(40), *range(40, len(pdf) - 100, len(pdf) // 900), *range(len(pdf) - 100, len(pdf))]
    missed = []
    for number, at in enumerate(places):
        changed = (
            pdf[:at] + bytes([pdf[at] ^ 1 << number % 8]) + pdf[at + 1 :],
            pdf[:at] + pdf[at + 1 :],
            pdf[:at] + pdf[at : at + 1] + pdf[at:],
            pdf[:at],
        )[number % 4]
        if changed != pdf and verify(changed).holds:
            missed.append((number % 4, at))
    assert missed == []
    assert not verify(pdf + b"\n").holds


def test_every_changed_byte_of_a_record_is_found() -> None:
    seal, data = sha256_of(RECORD), RECORD.encode()
    missed = [
        (at, bit)
        for at in range(len(data))
        for bit in (0, 5)
        if verify(data[:at] + bytes([data[at] ^ 1 << bit]) + data[at + 1 :], seal=seal).holds
    ]
    assert missed == []


FORGERIES = {
    "person": {"id": 8, "name": NAME, "email": "zoe@charlton.example"},
    "typed_name": "Somebody Else",
    "consents": ["I have read it."],
    "scope": "Town Administrator",
    "signs_for": [{"subject": "site:12", "level": 4, "words": "Library on Facebook: publish"}],
    "signed_at": "2026-11-22T15:00:00+00:00",
    "expires_on": "2028-11-23",
    "address": "192.0.2.8",
    "device": "Another browser",
    "method": "on paper",
    "policy": {"title": "Social Media Policy", "version": "2.0", "sha256": sha256_of(TEXT)},
}


@pytest.mark.parametrize("field", FORGERIES)
def test_a_page_that_says_something_else_than_the_record_is_found(pdf: bytes, field: str) -> None:
    """The forger prints another value on the page, leaves the record as it was, and mends every digest."""
    forged = pdf_of(canonical({**json.loads(RECORD), field: FORGERIES[field]}), TEXT)
    writer = PdfWriter(clone_from=io.BytesIO(body(forged)))
    for attachment in writer.attachment_list:
        attachment.content = {"record.json": RECORD, "policy.txt": TEXT}[attachment.name].encode()
    out = io.BytesIO()
    writer.write(out)
    found = faults(resealed(out.getvalue()))
    assert "The pages say something else than the record at" in found
    assert "Seal (SHA-256)" in found


def test_a_forged_record_that_agrees_with_its_page_needs_the_seal_from_elsewhere(pdf: bytes) -> None:
    """What a digest can not show, and the words say so: a certificate made anew as a whole."""
    forged = pdf_of(canonical({**json.loads(RECORD), "expires_on": "2037-11-23"}), TEXT)
    assert verify(forged).holds
    assert "is not the SHA-256 of this record" in faults(forged, seal=sha256_of(RECORD))
    assert faults(pdf, seal=sha256_of(RECORD)) == ""


def test_another_policy_in_the_file_is_found() -> None:
    assert "that it carries is not the one that was signed" in faults(pdf_of(RECORD, "3.8 Nothing is asked.\n"))


@pytest.mark.parametrize("words", ["one more line", "Seal (SHA-256)"])
def test_words_added_to_the_page_are_found(pdf: bytes, words: str) -> None:
    writer = PdfWriter(clone_from=io.BytesIO(body(pdf)))
    extra = PdfReader(io.BytesIO(body(pdf_of(canonical({**json.loads(RECORD), "note": words}), TEXT))))
    writer.add_page(extra.pages[0])
    out = io.BytesIO()
    writer.write(out)
    assert "say something else" in faults(resealed(out.getvalue()))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"%PDF-1.7",
        b"{}",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'{"person":1}',
        RECORD.encode()[:-1],
        b" " + RECORD.encode(),
        pytest.param(b"[" * 100_000, id="nested"),
    ],
)
def test_what_is_no_certificate_is_called_so(data: bytes) -> None:
    report = verify(data, seal="0" * 64)
    assert not report.holds
    assert "NOT VERIFIED." in report.lines()


def test_a_report_without_faults_alone_holds() -> None:
    assert Report().holds
    assert not Report(faults=["x"]).holds


# --- in the town


def test_the_downloaded_certificate_verifies_after_the_database_is_gone(town: Town, tmp_path: Path) -> None:
    """Another process, with no instance folder and no database anywhere, on what the browser saved."""
    document_id = factories.publish(town)
    Person.update(name=NAME).where(Person.id == town.person_id("user.library")).execute()
    line = ScopeLine("site:12", 3, "Library on Facebook: edit")
    acknowledgement_id = factories.sign(town, "user.library", [line])
    browser, url = town.client("user.library"), f"/policy/certificates/{acknowledgement_id}"
    answer = browser.get(f"{url}/pdf")
    assert answer.mimetype == "application/pdf"
    saved = {
        "c.pdf": answer.get_data(),
        "c.json": browser.get(f"{url}/record").get_data(),
        "policy.txt": browser.get(f"/policy/documents/{document_id}/text").get_data(),
    }
    for name, data in saved.items():
        (tmp_path / name).write_bytes(data)
    seal = Acknowledgement.get().seal
    good = run(tmp_path, "c.pdf", "--policy", "policy.txt", "--seal", seal)
    assert (good.returncode, good.stderr) == (0, "")
    assert NAME in good.stdout
    assert "Library on Facebook: edit (site:12, level 3)" in good.stdout
    assert run(tmp_path, "c.json", "--seal", seal).returncode == 0
    (tmp_path / "c.json").write_bytes(saved["c.json"].replace(b'"level":3', b'"level":4'))
    bad = run(tmp_path, "c.json", "--seal", seal)
    assert bad.returncode == 1
    assert "NOT VERIFIED." in bad.stdout


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "charlton_intranet", "--instance", str(folder / "no instance")]
    return subprocess.run(
        [*command, "verify-certificate", *arguments], cwd=folder, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    "change",
    [
        AcknowledgedScope.update(level=4),
        AcknowledgedScope.update(subject="site:13"),
        AcknowledgedScope.delete(),
        Acknowledgement.update(expires_on="2030-01-01"),
        Acknowledgement.update(record="{}", seal=sha256_of("{}")),
    ],
    ids=["level", "subject", "line", "expiry", "record"],
)
def test_rows_that_say_something_else_than_what_was_sealed_show(town: Town, change: Any) -> None:
    factories.publish(town)
    acknowledgement_id = factories.sign(town, "employee", [ScopeLine("site:12", 3, "Library on Facebook: edit")])
    change.execute()
    browser, url = town.client("employee"), f"/policy/certificates/{acknowledgement_id}"
    assert "This record does not match its seal" in browser.get(url).get_data(as_text=True)
    refused = browser.get(f"{url}/pdf")
    assert (refused.status_code, refused.mimetype) == (503, "text/html")


def test_a_record_from_before_there_were_lines_still_holds(town: Town) -> None:
    factories.publish(town)
    acknowledgement_id = factories.sign(town, "employee")
    kept = Acknowledgement.get_by_id(acknowledgement_id)
    told = {key: value for key, value in json.loads(kept.record).items() if key != "signs_for"}
    Acknowledgement.update(record=canonical(told), seal=sha256_of(canonical(told))).execute()
    found = queries.certificate(town.actor("employee"), acknowledgement_id, town.today)
    assert found.holds
    assert verify(pdf_of(found.record, found.text)).holds


def test_whose_pdf_one_may_have(town: Town) -> None:
    factories.publish(town)
    url = f"/policy/certificates/{factories.sign(town, 'user.library')}/pdf"
    assert town.client("user.library").get(url).status_code == 200
    assert town.client("administrator").get(url).status_code == 200
    assert town.client("head.police").get(url).status_code == 404
    assert town.client("employee").get(url).status_code == 404
    assert town.client("administrator").get("/policy/certificates/999/pdf").status_code == 404


def test_signing_twice_under_two_scopes_gives_two_certificates(town: Town) -> None:
    factories.publish(town)
    line = ScopeLine("site:12", 3, "Library on Facebook: edit")
    first = factories.sign(town, "employee", [line])
    second = factories.sign(town, "employee", [replace(line, level=4)])
    actor = town.actor("employee")
    records = {queries.certificate(actor, one, town.today).record for one in (first, second)}
    assert len(records) == 2
