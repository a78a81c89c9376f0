"""What may come in as a picture, shown with real files: good ones, broken ones and ones that pretend."""

import io
import struct
import zipfile
import zlib

import pytest
from PIL import Image

from charlton_intranet.core.errors import Invalid
from charlton_intranet.core.uploads import MAX_BYTES, NAME_MAX, inspect_picture, safe_name


def picture(picture_format: str, **options: object) -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").convert("RGB").save(out, picture_format, **options)
    return out.getvalue()


def plain(picture_format: str, width: int, height: int) -> bytes:
    """A picture of one colour: few bytes, many pixels."""
    out = io.BytesIO()
    Image.new("L", (width, height)).save(out, picture_format)
    return out.getvalue()


def png_that_claims(width: int, height: int) -> bytes:
    """A PNG of a few bytes that unpacks to ``width`` times ``height`` pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


def zip_file() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("run.js", "alert(1)")
    return out.getvalue()


def frames() -> list[Image.Image]:
    return [Image.new("RGB", (20, 20), colour) for colour in ("red", "green", "blue")]


@pytest.mark.parametrize(
    ("data", "media_type", "name"),
    [
        (picture("PNG"), "image/png", "shot.png"),
        (picture("JPEG"), "image/jpeg", "shot.jpg"),
        (picture("WEBP"), "image/webp", "shot.webp"),
        (picture("WEBP", lossless=True), "image/webp", "shot.webp"),
        (picture("GIF"), "image/gif", "shot.gif"),
        (picture("GIF", save_all=True, append_images=frames()), "image/gif", "shot.gif"),
        (picture("MPO", save_all=True, append_images=frames()), "image/jpeg", "shot.jpg"),
        (picture("JPEG", progressive=True, restart_marker_blocks=2), "image/jpeg", "shot.jpg"),
        (picture("JPEG", quality=100, comment=b"\xff\xd9 not the end"), "image/jpeg", "shot.jpg"),
        (plain("WEBP", 4_000, 3_000), "image/webp", "shot.webp"),
    ],
)
def test_a_picture_is_known_by_its_content_and_kept_to_the_byte(data: bytes, media_type: str, name: str) -> None:
    for claimed in ("shot", "C:\\Users\\cody\\shot", "../../shot"):
        found = inspect_picture(data, claimed, field="screenshots")
        assert (found.media_type, found.file_name, found.data) == (media_type, name, data)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "is not a whole"),
        (b"<!doctype html><script>alert(1)</script>", "is not a whole"),
        (b"GIF89a/*" + b"A" * 200 + b"*/=1;", "is not a whole"),
        (picture("PNG")[:-400], "is not a whole"),
        (picture("JPEG")[:400], "is not a whole"),
        (b"\x89PNG\r\n\x1a\n", "is not a whole"),
        (picture("BMP"), "is not a whole"),
        (picture("TIFF"), "is not a whole"),
        (zip_file(), "is not a whole"),
        (png_that_claims(100_000, 100_000), "40 million pixels"),
        (png_that_claims(8_000, 8_000), "40 million pixels"),
        (png_that_claims(6_325, 6_325), "40 million pixels"),
        (picture("PNG") + zip_file(), "behind the picture"),
        (picture("PNG") + b"<script>alert(1)</script>" + picture("PNG"), "behind the picture"),
        (picture("JPEG") + zip_file(), "behind the picture"),
        (picture("WEBP") + zip_file(), "behind the picture"),
        (picture("GIF") + zip_file(), "behind the picture"),
        (picture("JPEG") + b"<script>alert(1)</script>\xff\xd9", "behind the picture"),
        (picture("JPEG", progressive=True) + zip_file() + b"\xff\xd9", "behind the picture"),
        (picture("GIF") + b"<script>alert(1)</script>;", "behind the picture"),
        (picture("GIF", save_all=True, append_images=frames()) + zip_file() + b";", "behind the picture"),
        (plain("WEBP", 4_000, 3_001), "12 million pixels"),
        (b"\0" * (MAX_BYTES + 1), "larger than 20 MB"),
    ],
)
def test_what_is_no_honest_picture_is_refused_with_the_reason(data: bytes, words: str) -> None:
    with pytest.raises(Invalid) as refusal:
        inspect_picture(data, "shot.png", field="screenshots")
    assert words in refusal.value.problems["screenshots"]
    assert "shot.png" in refusal.value.problems["screenshots"]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("shot.png", "shot.png"),
        ('a"b\r\nX-Evil: 1.png', "a_b__X-Evil_ 1.png"),
        ("../../etc/passwd", "passwd.png"),
        ("C:\\x\\page.html", "page.html.png"),
        ("", "file.png"),
        ("...", "file.png"),
        ("Bücherei 図書館.PNG", "Bücherei 図書館.PNG"),
        ("tab\there\0.png", "tab_here_.png"),
    ],
)
def test_a_file_name_can_hurt_neither_header_nor_disk(given: str, kept: str) -> None:
    assert safe_name(given, (".png",)) == kept


def test_a_long_name_keeps_its_ending() -> None:
    name = safe_name("x" * 400 + ".png", (".png",))
    assert (len(name), name[-5:]) == (NAME_MAX, "x.png")
