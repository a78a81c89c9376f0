"""What may come in as evidence, shown with real files: honest ones, damaged ones, and ones made to harm."""

import gzip
import io
import os
import time
import zipfile
from collections.abc import Callable

import pytest
from PIL import Image

from charlton_intranet.core.errors import Invalid
from charlton_intranet.evidence.inspect import (
    MAX_ARCHIVE,
    MEMORY,
    Archive,
    ends_as_zip,
    inspect_evidence,
    kind_of,
    read_archive,
)
from charlton_intranet.evidence.models import PieceKind
from tests.evidence.archives import PAGE, bomb, encrypted, record, wacz, warc, zipped
from tests.evidence.test_pictures import picture, png_that_claims, zip_file
from tests.policy import pdfs

HELLO = b"BT /F1 12 Tf 72 700 Td (To the Town) Tj ET"
# What a file may cost of the processor; its reader has no more than 256 MB of memory to begin with.
SECONDS = 2.0


@pytest.mark.parametrize(
    ("data", "name", "media_type", "kept", "kind"),
    [
        (picture("PNG"), "shot", "image/png", "shot.png", PieceKind.SCREENSHOT),
        (picture("JPEG"), "shot.warc", "image/jpeg", "shot.warc.jpg", PieceKind.SCREENSHOT),
        (pdfs.drawn(HELLO), "letter.exe", "application/pdf", "letter.exe.pdf", PieceKind.DOCUMENT),
        (record(), "../page.warc", "application/warc", "page.warc", PieceKind.ARCHIVE),
        (warc(), "page", "application/warc", "page.warc.gz", PieceKind.ARCHIVE),
        (warc(record(), record(b"")), "page.warc.gz", "application/warc", "page.warc.gz", PieceKind.ARCHIVE),
        (wacz(), "page.zip", "application/wacz", "page.zip.wacz", PieceKind.ARCHIVE),
        (wacz(deflate=True), "page.wacz", "application/wacz", "page.wacz", PieceKind.ARCHIVE),
    ],
)
def test_evidence_is_known_by_its_content_and_kept_to_the_byte(
    data: bytes, name: str, media_type: str, kept: str, kind: PieceKind
) -> None:
    found = inspect_evidence(data, name, field="evidence")
    assert (found.media_type, found.file_name, found.data, kind_of(found)) == (media_type, kept, data, kind)


def test_an_archive_says_what_is_in_it() -> None:
    found = read_archive(wacz({"archive/data.warc.gz": warc(record(), record(address="https://x.com/a\u202eb"))}))
    assert isinstance(found, Archive)
    first, second = found.records
    assert (first.kind, first.address, first.media_type, first.status, first.size) == (
        "response", "https://facebook.com/CharltonLibrary/posts/7", "text/html; charset=utf-8", "200", len(PAGE),
    )  # fmt: skip
    assert first.digest.startswith("sha1:")
    assert second.address == "https://x.com/a\N{REPLACEMENT CHARACTER}b"


def paper(data: bytes) -> bytes:
    """A PDF with ``data`` behind it."""
    return pdfs.drawn(HELLO) + data


def prefixed(data: bytes) -> bytes:
    """A ZIP in front of which a script stands, behind something that looks like a ZIP."""
    return b"PK\x03\x04<script>alert(1)</script>" + data


def many_entries() -> bytes:
    return zipped({"datapackage.json": b"{}", **{f"a/{n}": b"" for n in range(3_000)}})


def twice() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("datapackage.json", "{}")
        with pytest.warns(UserWarning, match="Duplicate"):
            packed.writestr("datapackage.json", "{}")
    return out.getvalue()


def large_png() -> bytes:
    out = io.BytesIO()
    Image.new("L", (6_400, 6_400)).save(out, "PNG")
    return out.getvalue()


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "is empty"),
    "a page": (lambda: b"<!doctype html><script>alert(1)</script>", "is neither a picture"),
    "an SVG": (lambda: b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "is neither a picture"),
    "a program": (lambda: b"MZ\x90\0" + b"\0" * 400, "is neither a picture"),
    "a page behind PNG's first bytes": (lambda: b"\x89PNG\r\n\x1a\n<script>alert(1)</script>", "is not a whole PNG"),
    "a cut picture": (lambda: picture("PNG")[:-40], "is not a whole PNG"),
    "a picture with a ZIP behind it": (lambda: picture("PNG") + zip_file(), "holds something behind"),
    "a picture that unpacks to 10 gigapixels": (lambda: png_that_claims(100_000, 100_000), "40 million pixels"),
    "a picture of 41 megapixels": (large_png, "40 million pixels"),
    "a picture of 20.1 MB": (lambda: b"\x89PNG" + b"\0" * 20_100_000, "has 20.1 MB; a picture is taken up to 20 MB"),
    "a cut PDF": (lambda: pdfs.drawn(HELLO)[:300], "is cut off"),
    "a PDF with a ZIP behind it": (lambda: paper(zip_file()), "holds something behind"),
    "a PDF that is a ZIP too": (lambda: paper(zip_file() + b"%%EOF"), "is not a whole PDF"),
    "a PDF with a ZIP whose comment ends it": (lambda: paper(commented(b"%%EOF")), "holds something behind"),
    "a PDF with a password": (lambda: pdfs.printed("Secret", password="open sesame"), "protected by a password"),
    "a PDF of 10.1 MB": (lambda: b"%PDF-1.7" + b"0" * 10_100_000, "has 10.1 MB; a PDF is taken up to 10 MB"),
    "gzip of something else": (lambda: gzip.compress(b"<script>alert(1)</script>"), "is not a whole WARC"),
    "gzip of gzip of a WARC": (lambda: gzip.compress(warc()), "is not a whole WARC"),
    "a gzip bomb": (lambda: bomb(2_000_000_000), "is not a whole WARC"),
    "a gzip bomb in a record": (lambda: warc(record(b"\0" * 210_000_000)), "more than 200 MB"),
    "a gzip bomb of headers": (
        lambda: warc(record(headers=b"X: " + b"a" * 210_000_000 + b"\r\n")), "more than 200 MB",
    ),
    "a record of a million headers": (lambda: warc(record(headers=b"X: y\r\n" * 1_000_000)), "more lines in the heads"),
    "a WARC cut in a record": (lambda: record()[:-60], "cut off"),
    "a packed WARC cut in a member": (lambda: warc()[:-40], "cut off"),
    "a packed WARC cut in its second member": (lambda: (warc() * 2)[:-300], "cut off"),
    "a packed WARC with a ZIP behind it": (lambda: warc() + zip_file(), "is not a whole WARC"),
    "a packed WARC with a wrong checksum": (lambda: warc()[:-8] + b"\0" * 8, "is not a whole WARC"),
    "a record longer than its file": (lambda: warc(record(length=10_000_000)), "cut off"),
    "a record that says it is shorter": (lambda: warc(record(length=20), record()), "not as long as it says"),
    "a record of negative length": (lambda: record(length=-5) + record(), "not as long as it says"),
    "a record whose length is no number": (
        lambda: record().replace(b"Content-Length: ", b"Content-Length: x"), "not as long as it says",
    ),
    "a record without a length": (lambda: record().replace(b"Content-Length", b"Content-Size"), "not as long"),
    "a record with other words": (lambda: record().replace(b"burn", b"bake"), "does not match its digest"),
    "a WARC of 10,001 records": (lambda: record(b"") * 10_001, "more than 10,000 records"),
    "an archive of 50.1 MB": (lambda: b"WARC/" + b"0" * 50_100_000, "has 50.1 MB; an archive is taken up to 50 MB"),
    "a ZIP of something else": (zip_file, "datapackage.json is missing"),
    "a cut WACZ": (lambda: wacz()[:-30], "is not a whole WARC or WACZ"),
    "a WACZ with a page in front": (lambda: prefixed(wacz()), "before or behind"),
    "a WACZ with a page behind it": (lambda: wacz() + b"<script>alert(1)</script>", "before or behind"),
    "a WACZ with a password": (lambda: encrypted(wacz()), "protected by a password"),
    "a WACZ with other bytes than it tells": (
        lambda: wacz({"archive/data.warc.gz": warc()}, told={"archive/data.warc.gz": warc(record(b"other"))}),
        "archive/data.warc.gz does not match its digest",
    ),
    "a WACZ that lacks a file": (
        lambda: wacz({"archive/a.warc": record()}, told={"archive/a.warc": record(), "x": b""}), "x is missing",
    ),
    "a WACZ with an unlisted file": (lambda: wacz(more={"run.js": b"alert(1)"}), "its own list does not name (run.js)"),
    "a WACZ without a WARC": (lambda: wacz({"pages/pages.jsonl": b"{}"}), "archive/*.warc.gz is missing"),
    "a WACZ that climbs out": (lambda: wacz({"../../etc/cron.d/x": b""}), "name is not safe (../../etc/cron.d/x)"),
    "a WACZ with an absolute path": (lambda: wacz({"/etc/passwd": b""}), "name is not safe"),
    "a WACZ with a drive in a name": (lambda: wacz({"C:\\x": b""}), "name is not safe"),
    "a WACZ with the same name twice": (twice, "the same name twice"),
    "a WACZ of 3,001 files": (many_entries, "more than 2,000 files"),
    "a ZIP bomb": (lambda: wacz({"archive/a.warc": b"\0" * 210_000_000}, deflate=True), "more than 200 MB"),
    "a bomb in a WACZ": (lambda: wacz({"archive/a.warc.gz": bomb(2_000_000_000)}), "is not a whole WARC"),
    "a bomb of a record in a WACZ": (
        lambda: wacz({"archive/a.warc.gz": warc(record(b"\0" * 210_000_000))}), "more than 200 MB",
    ),
    "a list nested 100,000 deep": (
        lambda: zipped({"datapackage.json": b"[" * 100_000}), "is not a whole WARC or WACZ",
    ),
    "a list that is none": (lambda: zipped({"datapackage.json": b"[]"}), "is not a whole WARC or WACZ"),
    "a WACZ with a damaged WARC": (lambda: wacz({"archive/a.warc.gz": warc()[:-40]}), "cut off"),
}  # fmt: skip


def commented(comment: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("run.js", "alert(1)")
        packed.comment = comment
    return out.getvalue()


@pytest.mark.parametrize("case", sorted(HOSTILE))
def test_a_file_that_could_harm_is_refused_with_its_name_and_the_reason(case: str) -> None:
    make, words = HOSTILE[case]
    data = make()
    before, began = os.times(), time.perf_counter()
    with pytest.raises(Invalid) as refusal:
        inspect_evidence(data, "upload.png", field="evidence")
    after, took = os.times(), time.perf_counter() - began
    said = refusal.value.problems["evidence"]
    assert said.startswith("upload.png")
    assert words in said
    # Time of the processor, as the machine may be busy with something else.
    used = sum(after[:4]) - sum(before[:4])
    print(f"{case} | {said} | {used:.2f} s of processor, {took:.2f} s")  # noqa: T201 - the figures (pytest -s)
    assert used < SECONDS


def test_an_archive_at_the_limit_is_read_in_the_memory_it_may_take() -> None:
    assert MEMORY == 256_000_000
    data = record(os.urandom(1_000_000)) * 49
    assert len(data) < MAX_ARCHIVE
    assert inspect_evidence(data, "page.warc", field="evidence").media_type == "application/warc"


@pytest.mark.parametrize(
    ("data", "is_zip"), [(b"", False), (zip_file(), True), (b"x" * 99_999 + commented(b"y" * 60_000), True),
                         (zip_file() + b"!", False), (b"PK\x05\x06", False)],
)  # fmt: skip
def test_a_zip_is_known_by_its_end(data: bytes, is_zip: bool) -> None:  # noqa: FBT001 - a column of the table
    assert ends_as_zip(data) is is_zip
