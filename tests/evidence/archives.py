"""Web archives made for tests: honest ones, broken ones, and ones that pretend."""

import base64
import gzip
import hashlib
import io
import json
import zipfile
from typing import Any

PAGE = b"<!doctype html><title>Post</title><script>alert(1)</script><p>Somebody ought to burn that branch down."


def record(
    body: bytes = PAGE, *, address: str = "https://facebook.com/CharltonLibrary/posts/7", length: int | None = None,
    digest: str = "", kind: str = "response", headers: bytes = b"",
) -> bytes:  # fmt: skip
    """One WARC record; ``length`` and ``digest`` are true unless given."""
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + body
    true = "sha1:" + base64.b32encode(hashlib.sha1(block, usedforsecurity=False).digest()).decode()
    lines = (
        "WARC/1.1", f"WARC-Type: {kind}", "WARC-Record-ID: <urn:uuid:92283950-ef2f-4d72-b224-f54c6ec90bb0>",
        "WARC-Date: 2026-11-22T14:05:00Z", f"WARC-Target-URI: {address}", f"WARC-Block-Digest: {digest or true}",
        "Content-Type: application/http; msgtype=response",
        f"Content-Length: {len(block) if length is None else length}",
    )  # fmt: skip
    return "\r\n".join(lines).encode() + b"\r\n" + headers + b"\r\n" + block + b"\r\n\r\n"


def warc(*records: bytes) -> bytes:
    """A WARC, each record a gzip member of its own."""
    return b"".join(gzip.compress(one, mtime=0) for one in records or (record(),))


def zipped(files: dict[str, bytes], *, deflate: bool = False) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED if deflate else zipfile.ZIP_STORED) as packed:
        for name, data in files.items():
            packed.writestr(zipfile.ZipInfo(name), data, compress_type=packed.compression)
    return out.getvalue()


def wacz(
    files: dict[str, bytes] | None = None, *, told: dict[str, bytes] | None = None,
    more: dict[str, bytes] | None = None,
    deflate: bool = False, **package: Any,
) -> bytes:  # fmt: skip
    """A WACZ of ``files``; its list tells of ``told`` instead, and ``more`` are in it without being listed."""
    files = {"archive/data.warc.gz": warc(), "pages/pages.jsonl": b"{}"} if files is None else files
    resources = [
        {"name": name, "path": name, "hash": f"sha256:{hashlib.sha256(data).hexdigest()}", "bytes": len(data)}
        for name, data in (told or files).items()
    ]
    about = {"profile": "data-package", "wacz_version": "1.1.1", "resources": resources, **package}
    return zipped({"datapackage.json": json.dumps(about).encode(), **files, **(more or {})}, deflate=deflate)


def encrypted(data: bytes) -> bytes:
    """The same ZIP with every file in it marked as protected by a password."""
    marked = bytearray(data)
    for start, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = marked.find(start)
        while at >= 0:
            marked[at + flags] |= 1
            at = marked.find(start, at + 4)
    return bytes(marked)


def bomb(size: int) -> bytes:
    """``size`` zeros, packed; ten million a member."""
    return gzip.compress(b"\0" * 10_000_000, mtime=0) * (size // 10_000_000)
