"""What may come in as evidence, known by decoding it for real: pictures, PDF documents and web archives.

Nothing of a file is believed, and nothing of it is changed: the bytes are the evidence. What can not be read to its
end, or could hide a second file, is refused with its name and what to do.
"""

from dataclasses import dataclass

from charlton_intranet.core import pdf, uploads
from charlton_intranet.core.bounded import answer_of
from charlton_intranet.core.errors import Invalid
from charlton_intranet.core.uploads import PICTURE_TYPES, Upload, inspect_picture, safe_name
from charlton_intranet.evidence import archive_reader
from charlton_intranet.evidence.archive_reader import MAX_ENTRIES, MAX_RECORDS, MAX_UNFOLDED, Record
from charlton_intranet.evidence.models import PieceKind

PDF, WARC, WACZ = "application/pdf", "application/warc", "application/wacz"
ARCHIVE_TYPES = frozenset({WARC, WACZ})
# What a file field offers to choose; what comes is decided by its content.
ACCEPT = ".png,.jpg,.jpeg,.webp,.gif,.pdf,.warc,.warc.gz,.wacz"

MAX_ARCHIVE = 50_000_000
# How many records of an archive a page shows.
LISTED = 500
# Of the processor's time; of anybody's, on a busy machine or one that can not bound a process; bytes of memory.
SECONDS, PATIENCE, MEMORY = 2, 20, 256_000_000

_PICTURE_STARTS = (b"\x89PNG", b"\xff\xd8", b"GIF8", b"RIFF")
_GZIP, _ZIP, _WARC, _PDF = b"\x1f\x8b", b"PK\x03\x04", b"WARC/", b"%PDF-"
_PDF_END = b"%%EOF"
_ZIP_END, _ZIP_END_LENGTH, _ZIP_COMMENT_MAX = b"PK\x05\x06", 22, 65_535

_AGAIN = "Save the archive again and choose that."
_ARCHIVE_SENTENCES = {
    "broken": f"{{name}} is not a whole WARC or WACZ archive. {_AGAIN}",
    "cut": f"{{name}} ends in the middle of a record: it is cut off. {_AGAIN}",
    "length": f"{{name}} was changed or is damaged: a record is not as long as it says ({{what}}). {_AGAIN}",
    "digest": f"{{name}} was changed or is damaged: {{what}} does not match its digest. {_AGAIN}",
    "missing": f"{{name}} is not complete: {{what}} is missing. {_AGAIN}",
    "unlisted": f"{{name}} holds a file that its own list does not name ({{what}}). {_AGAIN}",
    "name": f"{{name}} holds a file whose name is not safe ({{what}}). {_AGAIN}",
    "around": f"{{name}} holds something before or behind the archive. {_AGAIN}",
    "encrypted": "{name} is protected by a password. Save a copy without one and choose that.",
    "large": f"{{name}} unfolds to more than {MAX_UNFOLDED // 1_000_000} MB. Save the page in question alone.",
    "records": f"{{name}} has more than {MAX_RECORDS:,} records. Save the page in question alone.",
    "lines": "{name} has more lines in the heads of its records than a page has. Save the page in question alone.",
    "entries": f"{{name}} has more than {MAX_ENTRIES:,} files in it. Save the page in question alone.",
    "slow": f"{{name}} took longer than {SECONDS} seconds to read. Save the page in question alone.",
}
_PDF_SENTENCES = {
    "encrypted": "{name} is protected by a password. Save a copy without one and choose that.",
    "pages": f"{{name}} has more than {pdf.MAX_PAGES} pages. Hand in those in question.",
    "large": "{name} unfolds to more text than a paper has. Save it anew, or take pictures of it.",
    "slow": f"{{name}} took longer than {pdf.SECONDS} seconds to read. Save it anew, or take pictures of it.",
    "broken": "{name} is not a whole PDF file. Save it anew, or take pictures of it.",
}


@dataclass(frozen=True, slots=True)
class Archive:
    """What is in a web archive: how many records, and the first :data:`LISTED` of them."""

    count: int
    records: tuple[Record, ...]


def kind_of(upload: Upload) -> PieceKind:
    """The kind of piece that an upload makes when nobody says otherwise."""
    if upload.media_type in PICTURE_TYPES:
        return PieceKind.SCREENSHOT
    return PieceKind.ARCHIVE if upload.media_type in ARCHIVE_TYPES else PieceKind.DOCUMENT


def inspect_evidence(data: bytes, name: str, *, field: str) -> Upload:
    """Say what a file is, or refuse it with ``Invalid`` for ``field``. The bytes are not changed."""
    shown = safe_name(name)
    if not data:
        raise Invalid({field: f"{shown} is empty. Choose the file again."})
    if data.startswith(_PICTURE_STARTS):
        _check_size(data, shown, uploads.MAX_BYTES, "a picture", field)
        return inspect_picture(data, name, field=field)
    if data.startswith(_PDF):
        _check_size(data, shown, pdf.MAX_BYTES, "a PDF", field)
        return _document(data, shown, field)
    if data.startswith((_GZIP, _WARC, _ZIP)):
        _check_size(data, shown, MAX_ARCHIVE, "an archive", field)
        return _archive(data, shown, field)
    raise Invalid(
        {field: f"{shown} is neither a picture (PNG, JPEG, WebP, GIF) nor a PDF, WARC or WACZ. Take a picture of it."}
    )


def read_archive(data: bytes) -> Archive | tuple[str, str]:
    """What is in a WARC or WACZ; or the word for why it is not read, and what in it."""
    found = answer_of(
        archive_reader.__file__, LISTED, data=data, seconds=SECONDS, patience=PATIENCE, memory=MEMORY
    )  # fmt: skip
    if "refused" in found:
        return str(found["refused"]), str(found.get("what", ""))
    return Archive(found["count"], tuple(Record(*record) for record in found["records"]))


def _check_size(data: bytes, name: str, limit: int, what: str, field: str) -> None:
    if len(data) > limit:
        has, may = f"{len(data) / 1_000_000:.1f}", limit // 1_000_000
        raise Invalid({field: f"{name} has {has} MB; {what} is taken up to {may} MB. Save it smaller, or in parts."})


def _document(data: bytes, name: str, field: str) -> Upload:
    _before, _end, behind = data.rpartition(_PDF_END)
    if behind.strip(b"\r\n\t \0") or ends_as_zip(data):
        raise Invalid({field: f"{name} holds something behind the document, or is cut off. Save it anew."})
    found = pdf.read(data)
    if isinstance(found, str):
        raise Invalid({field: _PDF_SENTENCES[found].format(name=name)})
    return Upload(PDF, safe_name(name, (".pdf",)), data)


def _archive(data: bytes, name: str, field: str) -> Upload:
    found = read_archive(data)
    if not isinstance(found, Archive):
        word, what = found
        raise Invalid({field: _ARCHIVE_SENTENCES[word].format(name=name, what=what[:80] or "a record")})
    if data.startswith(_ZIP):
        return Upload(WACZ, safe_name(name, (".wacz",)), data)
    return Upload(WARC, safe_name(name, (".warc.gz",) if data.startswith(_GZIP) else (".warc",)), data)


def ends_as_zip(data: bytes) -> bool:
    """Whether a ZIP ends where the data ends, wherever it begins (APPNOTE 4.3.16): a polyglot."""
    tail = data[-(_ZIP_END_LENGTH + _ZIP_COMMENT_MAX) :]
    at = tail.rfind(_ZIP_END)
    return 0 <= at <= len(tail) - _ZIP_END_LENGTH and (
        at + _ZIP_END_LENGTH + int.from_bytes(tail[at + 20 : at + 22], "little") == len(tail)
    )
