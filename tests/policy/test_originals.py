"""The policy as the town has it: Markdown, text or PDF, read into sections, kept, sealed and offered again."""

import hashlib
import io
import json
from typing import Any

import pytest

from charlton_intranet.core.files import StoredFile
from charlton_intranet.policy import queries
from charlton_intranet.policy.clauses import sections
from charlton_intranet.policy.models import Acknowledgement, PolicyDocument, PolicyOriginal
from charlton_intranet.policy.originals import text_of_pages
from tests.conftest import Town
from tests.policy import factories, pdfs
from tests.policy.test_clauses import clauses

WORDS = {"title": "Social Media Policy", "change": "major", "summary": "Clearer.", "text": "", "version": 0}
FIRST = "3.6 Site Content\n\nDepartments keep their sites.\n\n1. Coordinators review.\n\n2. Posts are records and"
SECOND = "kept like all others.\n\n3. Removed is what holds:\n\nA. Profane words;"


def text_of(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def hand_in(town: Town, data: bytes, name: str, url: str = "/policy/documents/new", **changes: object) -> Any:
    form = {**WORDS, **changes, "file": (io.BytesIO(data), name)}
    return town.client("administrator").submit(url, form)


def test_a_pdf_becomes_clauses_and_stays_to_be_downloaded(town: Town) -> None:
    data = pdfs.printed(FIRST, SECOND, "4. The Administrator decides.", running="Town of Charlton")
    assert hand_in(town, data, "Policy 2026.pdf").status_code == 303
    draft = PolicyDocument.get()
    assert clauses(sections(draft.text)) == {
        "3.6": "Site Content",
        "3.6-1": "Coordinators review.",
        "3.6-2": "Posts are records and kept like all others.",
        "3.6-3": "Removed is what holds:",
        "3.6.3-A": "Profane words;",
        "3.6-4": "The Administrator decides.",
    }
    assert "Town of Charlton" not in draft.text
    assert "Page" not in draft.text
    answer = town.client("administrator").get(f"/policy/documents/{draft.id}/original")
    assert answer.get_data() == data
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")


@pytest.mark.parametrize(
    ("name", "media_type"), [("policy.md", "text/markdown"), ("policy.txt", "text/plain"), ("policy", "text/plain")]
)
def test_text_and_markdown_are_kept_to_the_byte(town: Town, name: str, media_type: str) -> None:
    data = "\ufeff## 3.8 Réseau\r\n\r\nReport it.\r\n".encode()
    hand_in(town, data, name)
    assert "3.8 Réseau\n\nReport it.\n" in PolicyDocument.get().text
    kept = StoredFile.get()
    assert (kept.media_type, kept.sha256) == (media_type, hashlib.sha256(data).hexdigest())


def test_a_scan_without_text_is_refused_and_the_rest_kept(town: Town) -> None:
    answer = hand_in(town, pdfs.drawn(b"0 0 m 100 100 l S"), "scan.pdf", summary="Keep this sentence.")
    assert answer.status_code == 422
    assert "holds pictures of pages" in text_of(answer)
    assert "Keep this sentence." in text_of(answer)
    assert (PolicyDocument.select().count(), StoredFile.select().count()) == (0, 0)


def test_the_signature_seals_the_file_too(town: Town) -> None:
    data = b"3.8 Network\n\nReport it.\n"
    hand_in(town, data, "policy.txt")
    draft = PolicyDocument.get()
    town.client("administrator").submit(f"/policy/documents/{draft.id}/publish", {"version": 1})
    acknowledgement_id = factories.sign(town, "employee")
    digest = hashlib.sha256(data).hexdigest()
    assert json.loads(Acknowledgement.get_by_id(acknowledgement_id).record)["policy"]["original_sha256"] == digest
    assert digest in text_of(town.client("employee").get(f"/policy/certificates/{acknowledgement_id}"))
    assert town.client("employee").get(f"/policy/documents/{draft.id}/original").get_data() == data


def test_another_file_takes_its_place_and_typed_words_none(town: Town) -> None:
    hand_in(town, b"3.8 One\n\nFirst.\n", "one.txt")
    draft_id = PolicyDocument.get().id
    url = f"/policy/documents/{draft_id}/edit"
    assert hand_in(town, b"3.8 Two\n\nSecond.\n", "two.txt", url, version=1).status_code == 303
    assert [one.file.file_name for one in PolicyOriginal.select()] == ["two.txt"]
    browser = town.client("administrator")
    browser.submit(url, {**WORDS, "text": "3.8 Two\n\nSecond, mended.\n", "version": 2})
    assert queries.original_of(draft_id) is not None
    browser.submit(url, {**WORDS, "text": "3.8 Own words\n", "version": 3, "typed": "y"})
    assert (PolicyOriginal.select().count(), StoredFile.select().count()) == (0, 0)


def test_a_typed_version_has_no_file(town: Town) -> None:
    document_id = factories.publish(town)
    assert town.client("employee").get(f"/policy/documents/{document_id}/original").status_code == 404


@pytest.mark.parametrize("box", ["employee", "it", "head.library"])
def test_the_file_of_a_draft_is_as_private_as_the_draft(town: Town, box: str) -> None:
    hand_in(town, b"3.8 One\n\nFirst.\n", "one.txt")
    url = f"/policy/documents/{PolicyDocument.get().id}/original"
    assert town.client(box).get(url).status_code == 404


def test_running_heads_go_and_a_list_that_begins_a_page_stays() -> None:
    pages = [
        f"Town of Charlton\n\n{text}\n\nPage {at} of 3" for at, text in enumerate(("One goes", "on.", "3. Three."))
    ]
    assert text_of_pages(pages) == "One goes\non.\n\n3. Three."
    assert text_of_pages(["1. One.", "2. Two."]) == "1. One.\n\n2. Two."
    assert text_of_pages([]) == ""
