"""Reading one web archive; run as a program by ``core.bounded``, which sees to it that it takes no more than it may.

    python archive_reader.py LISTED

takes a WARC (ISO 28500, plain or gzip) or a WACZ (1.1.1: a ZIP with ``datapackage.json``) on its standard input and
answers with JSON: ``{"count": records, "records": [[...] of the first LISTED]}``, or ``{"refused": word, "what":
detail}`` with a word of ``evidence.inspect``. Nothing is unpacked to disk, rendered or run.
"""

import contextlib
import gzip
import hashlib
import io
import json
import logging
import os
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from typing import IO, Any, cast

from warcio.archiveiterator import WARCIterator
from warcio.bufferedreaders import DecompressingBufferedReader

MAX_UNFOLDED = 200_000_000  # bytes, of all that is packed together
MAX_RECORDS = 10_000
MAX_LINES, MAX_LINE = 300_000, 65_536  # lines in the heads of all records, and bytes of each
MAX_ENTRIES = 2_000
MAX_PACKAGE = 5_000_000  # bytes of datapackage.json
CHUNK = 65_536

PACKAGE, PACKAGE_DIGEST = "datapackage.json", "datapackage-digest.json"
_ZIP_START, _ZIP_END, _ZIP_END_LENGTH = b"PK\x03\x04", b"PK\x05\x06", 22
_ENCRYPTED = 1


class Unfit(Exception):
    """Why the archive is not taken: a word of ``evidence.inspect``, and which part of it."""

    def __init__(self, word: str, what: str = "") -> None:
        super().__init__(word)
        self.word, self.what = word, what


@dataclass(frozen=True, slots=True)
class Record:
    """One record as the listing page shows it; ``size`` in bytes, ``digest`` as the record itself gives it."""

    kind: str
    address: str
    media_type: str
    status: str
    size: int
    digest: str
    at: str


@dataclass(slots=True)
class Budget:
    """How much may still be unfolded, over all parts of the archive."""

    left: int = MAX_UNFOLDED

    def take(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise Unfit("large")


class Counted:
    """A stream that takes what it gives from the budget."""

    def __init__(self, stream: IO[bytes], budget: Budget) -> None:
        self.stream, self.budget, self.at = stream, budget, 0

    def read(self, size: int = CHUNK) -> bytes:
        """Never more than a chunk at a time, whoever asks for all."""
        try:
            data = self.stream.read(size if 0 <= size <= CHUNK else CHUNK)
        except EOFError as early:  # the gzip layer ends within a member; the parser would take it for the end
            raise Unfit("cut") from early
        self.budget.take(len(data))
        self.at += len(data)
        return data

    def tell(self) -> int:
        return self.at


def read(data: bytes) -> Iterator[Record]:
    """Every record of the archive, checked on the way; raises :class:`Unfit`."""
    budget = Budget()
    if data.startswith(_ZIP_START):
        yield from _wacz(data, budget)
    else:
        yield from _warc(io.BytesIO(data), budget)


def _warc(stream: IO[bytes], budget: Budget) -> Iterator[Record]:
    """The records of one WARC. The gzip layer is read by the standard library, which does not pass over damage."""
    packed = stream.read(2) == b"\x1f\x8b"
    stream.seek(0)
    plain = Counted(cast(IO[bytes], gzip.GzipFile(fileobj=stream)) if packed else stream, budget)
    head = plain.read(5)
    if head != b"WARC/":
        raise Unfit("broken")
    records = WARCIterator(plain, check_digests=True)
    records.reader = _Lines(plain, decomp_type=None, starting_data=head)
    for record in records:
        if record.length is None:
            raise Unfit("length", _address(record))
        size = 0
        while chunk := record.raw_stream.read(CHUNK):
            size += len(chunk)
        if record.raw_stream.limit:
            raise Unfit("cut", _address(record))
        records.read_to_end()
        if records.err_count:
            raise Unfit("length", _address(record))
        if any(problem.startswith("block digest failed") for problem in record.digest_checker.problems):
            raise Unfit("digest", _address(record))
        yield _shown(record, size)


class _Lines(DecompressingBufferedReader):
    """The parser's reader for what is unpacked already: it gathers no line of any length, nor lines without end."""

    lines = 0

    def readline(self, length: int | None = None) -> bytes:
        self.lines += 1
        if self.lines > MAX_LINES:
            raise Unfit("lines")
        line: bytes = super().readline(min(length or MAX_LINE, MAX_LINE))
        return line


def _address(record: Any) -> str:
    return _plain(record.rec_headers.get_header("WARC-Target-URI") or record.rec_type or "a record")


def _shown(record: Any, size: int) -> Record:
    headers, http = record.rec_headers, record.http_headers
    told = http.get_header("Content-Type") if http else None
    return Record(
        kind=_plain(record.rec_type),
        address=_plain(headers.get_header("WARC-Target-URI")),
        media_type=_plain(told or record.content_type),
        status=_plain(http.get_statuscode()) if http and record.rec_type == "response" else "",
        size=size,
        digest=_plain(headers.get_header("WARC-Payload-Digest") or headers.get_header("WARC-Block-Digest")),
        at=_plain(headers.get_header("WARC-Date")),
    )


def _plain(text: object) -> str:
    """Text of the archive without what a page or a database could stumble over."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in str(text or "")[:300])


def _wacz(data: bytes, budget: Budget) -> Iterator[Record]:
    """The records of all WARC files in the package, after every file in it was held against its digest."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        entries = _entries(data, packed)
        resources = _resources(packed, entries, budget)
        unlisted = sorted(entries.keys() - resources.keys() - {PACKAGE, PACKAGE_DIGEST})
        if unlisted:
            raise Unfit("unlisted", unlisted[0])
        for name, (digest, size) in resources.items():
            if name not in entries:
                raise Unfit("missing", _plain(name))
            _check_digest(packed, name, digest, size, budget)
        archives = [name for name in resources if name.startswith("archive/") and name.endswith((".warc", ".warc.gz"))]
        if not archives:
            raise Unfit("missing", "archive/*.warc.gz")
        for name in archives:
            with packed.open(entries[name]) as stream:
                yield from _warc(stream, budget)


def _entries(data: bytes, packed: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """The files in the package by name, none of them with a name or a form that could hide something."""
    infos = [info for info in packed.infolist() if not info.is_dir()]
    if len(infos) > MAX_ENTRIES:
        raise Unfit("entries")
    ends = data[-_ZIP_END_LENGTH:].startswith(_ZIP_END)
    if not infos or not ends or min(info.header_offset for info in infos):
        raise Unfit("around")
    for info in infos:
        name = info.orig_filename
        if name != info.filename or name.startswith("/") or "\\" in name or ":" in name or not name.isprintable():
            raise Unfit("name", _plain(name))
        if not all(part.strip(" .") for part in name.split("/")):
            raise Unfit("name", _plain(name))
        if info.flag_bits & _ENCRYPTED:
            raise Unfit("encrypted")
    if len({info.filename for info in infos}) != len(infos):
        raise Unfit("name", "the same name twice")
    if sum(info.file_size for info in infos) > MAX_UNFOLDED:
        raise Unfit("large")
    return {info.filename: info for info in infos}


def _resources(
    packed: zipfile.ZipFile, entries: dict[str, zipfile.ZipInfo], budget: Budget
) -> dict[str, tuple[str, int | None]]:
    """What ``datapackage.json`` says is in the package: digest and size by path."""
    if PACKAGE not in entries:
        raise Unfit("missing", PACKAGE)
    if entries[PACKAGE].file_size > MAX_PACKAGE:
        raise Unfit("large")
    if PACKAGE_DIGEST in entries:
        if entries[PACKAGE_DIGEST].file_size > MAX_PACKAGE:
            raise Unfit("large")
        seal = json.loads(packed.read(entries[PACKAGE_DIGEST]))
        _check_digest(packed, PACKAGE, seal["hash"], None, budget)
    package = json.loads(packed.read(entries[PACKAGE]))
    return {str(one["path"]): (str(one["hash"]), one.get("bytes")) for one in package["resources"]}


def _check_digest(packed: zipfile.ZipFile, name: str, digest: str, size: int | None, budget: Budget) -> None:
    found, read_so_far = hashlib.sha256(), 0
    with packed.open(name) as stream:
        while chunk := stream.read(CHUNK):
            budget.take(len(chunk))
            found.update(chunk)
            read_so_far += len(chunk)
    if digest != f"sha256:{found.hexdigest()}" or size not in {None, read_so_far}:
        raise Unfit("digest", _plain(name))


def answer(data: bytes, listed: int) -> dict[str, Any]:
    """What the parent is told of the archive."""
    shown: list[Record] = []
    count = 0
    try:
        for record in read(data):
            count += 1
            if count > MAX_RECORDS:
                return {"refused": "records"}
            if count <= listed:
                shown.append(record)
    except Unfit as unfit:
        return {"refused": unfit.word, "what": unfit.what}
    except MemoryError:
        return {"refused": "large"}
    except Exception as broken:  # noqa: BLE001 - the parsers raise whatever a crafted file makes them stumble over
        logging.getLogger(__name__).info("not read: %r", broken)
        return {"refused": "broken"}
    if not count:
        return {"refused": "broken"}
    return {"count": count, "records": [astuple(record) for record in shown]}


def main(listed: int) -> None:
    """Answer the parent."""
    logging.disable()
    # The parser remarks on damage there, in words of the file's own.
    with open(os.devnull, "w", encoding="utf-8") as nowhere, contextlib.redirect_stderr(nowhere):  # noqa: PTH123
        found = answer(sys.stdin.buffer.read(), listed)
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main(int(sys.argv[1]))
