"""A PDF that somebody hands in is read, or refused with a sentence, within its bounds; the app itself never waits."""

import os

import pytest

from charlton_intranet.core import pdf
from charlton_intranet.core.errors import Invalid
from charlton_intranet.core.pdf import inspect_pdf
from tests.policy import pdfs

HELLO = b"BT /F1 12 Tf 72 700 Td (Hello policy) Tj ET"


def refusal(data: bytes) -> str:
    with pytest.raises(Invalid) as refused:
        inspect_pdf(data, "policy.pdf", field="file")
    return refused.value.problems["file"]


def test_a_pdf_is_read_page_by_page_and_kept_as_it_came() -> None:
    data = pdfs.drawn(HELLO, pages=2)
    upload, found = inspect_pdf(data, "../the policy", field="file")
    assert [page.strip() for page in found.pages] == ["Hello policy", "Hello policy"]
    assert (upload.media_type, upload.file_name, upload.data) == ("application/pdf", "the policy.pdf", data)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "is empty"),
        (b"%PDF-1.7 and nothing else", "not a whole PDF"),
        (pdfs.drawn(HELLO)[:300], "not a whole PDF"),
        (b"%PDF-1.7" + b"0" * pdf.MAX_BYTES, "larger than 10 MB"),
        (pdfs.drawn(HELLO, pages=1000), "more than 200 pages"),
        (pdfs.printed("Secret words.", password="open sesame"), "protected by a password"),
        (pdfs.drawn(b"BT /F1 12 Tf (x) Tj ET " * 15_000_000), "unfolds to more text"),
        (pdfs.drawn(b"[" * 200_000, packed=False), "not a whole PDF"),
    ],
    ids=["empty", "a header alone", "cut", "too many bytes", "pages", "password", "bomb", "nested"],
)
def test_what_can_not_be_read_is_refused_in_a_sentence(data: bytes, sentence: str) -> None:
    assert sentence in refusal(data)


SLOW = pdfs.drawn(b"".join(b"BT /F1 12 Tf 1 0 0 1 %d 4 Tm (x) Tj ET " % (at % 500) for at in range(300_000)))


@pytest.mark.parametrize("bound", ["SECONDS", "PATIENCE"])
def test_a_file_made_to_be_slow_is_given_up(monkeypatch: pytest.MonkeyPatch, bound: str) -> None:
    monkeypatch.setattr(pdf, bound, 2)
    before = os.times()
    assert "took longer" in refusal(SLOW)
    after = os.times()
    assert after.children_user - before.children_user < 5
