"""Files that people hand in: what is taken, by decoding it for real, and under which name.

Nothing of a file is believed: not its name, not the type a browser says, not what its header promises.
"""

import io
import re
import unicodedata
from dataclasses import dataclass

from PIL import Image, UnidentifiedImageError

from charlton_intranet.core.errors import Invalid

MAX_BYTES = 20_000_000
MAX_PIXELS = 40_000_000
# The decoder of WebP holds every picture several times over.
MAX_PIXELS_WEBP = 12_000_000
# Each may take seconds to decode, and somebody waits for the answer.
MAX_PICTURES = 10
NAME_MAX = 150

# Media type by the decoder's name of the format, with the endings a file of it may carry.
PICTURES: dict[str, tuple[str, tuple[str, ...]]] = {
    "PNG": ("image/png", (".png",)),
    "JPEG": ("image/jpeg", (".jpg", ".jpeg")),
    "GIF": ("image/gif", (".gif",)),
    "WEBP": ("image/webp", (".webp",)),
}
PICTURE_TYPES = frozenset(media_type for media_type, _endings in PICTURES.values())

_PNG_END = b"IEND\xaeB`\x82"
_RIFF_HEADER = 8
_GIF_HEADER, _GIF_FRAME, _GIF_MORE, _GIF_END = 13, 0x2C, 0x21, 0x3B
_JPEG_START, _JPEG_END, _JPEG_SCAN = b"\xff\xd8", 0xD9, 0xDA
# Within a scan 0xFF is followed by 0x00 or by a restart marker (ITU-T T.81, B.1.1.5).
_JPEG_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")

# Pillow's own alarm while it reads a header; the size is checked again below before anything is decoded.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS


@dataclass(frozen=True, slots=True)
class Upload:
    """A picture that was decoded and found good; ``data`` are the bytes as they came."""

    media_type: str
    file_name: str
    data: bytes


def max_pixels(picture_format: str | None) -> int:
    """The largest picture of a format that is decoded."""
    return MAX_PIXELS_WEBP if picture_format == "WEBP" else MAX_PIXELS


def ends_with_picture(picture_format: str, data: bytes) -> bool:
    """Whether nothing stands behind the picture: a second file there would travel along unseen (a polyglot)."""
    if picture_format == "PNG":
        return data.find(_PNG_END) == len(data) - len(_PNG_END)
    if picture_format == "WEBP":
        told = _RIFF_HEADER + int.from_bytes(data[4:8], "little")
        return len(data) in {told, told + told % 2}
    try:
        return (_jpeg_end(data) if picture_format == "JPEG" else _gif_end(data)) == len(data)
    except IndexError:
        return False


def _gif_end(data: bytes) -> int:
    """Where the GIF ends; -1 when its blocks do not lead to an end."""
    at = _GIF_HEADER + _colours(data[10])
    while data[at] in {_GIF_FRAME, _GIF_MORE}:
        at += 11 + _colours(data[at + 9]) if data[at] == _GIF_FRAME else 2
        while data[at]:
            at += data[at] + 1
        at += 1
    return at + 1 if data[at] == _GIF_END else -1


def _colours(flags: int) -> int:
    """The bytes of a GIF's table of colours."""
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _jpeg_end(data: bytes) -> int:
    """Where the JPEG ends, with those that phones write right behind it; -1 when its segments do not lead there."""
    end = 0
    while data.startswith(_JPEG_START, end):
        at, scanning = end + 2, False
        while True:
            found = _JPEG_MARKER.search(data, at) if scanning else _JPEG_MARKER.match(data, at)
            if found is None:
                return -1
            at, marker = found.start(), data[found.start() + 1]
            if marker == _JPEG_END:
                break
            at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
            scanning = marker == _JPEG_SCAN
        end = at + 2
    return end or -1


def safe_name(file_name: str, endings: tuple[str, ...] = ()) -> str:
    """The last part of a file name without anything that a header or a file system could stumble over.

    With ``endings`` the name gets the first of them unless it has one: what is a picture is called one.
    """
    last = file_name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(c if c.isprintable() and c not in '<>:"|?*' else "_" for c in unicodedata.normalize("NFC", last))
    kept = kept.strip(" .") or "file"
    if endings and not kept.lower().endswith(endings):
        kept += endings[0]
    if len(kept) > NAME_MAX:
        stem, dot, ending = kept.rpartition(".")
        kept = stem[: NAME_MAX - len(ending) - 1] + dot + ending if dot and len(ending) < 10 else kept[:NAME_MAX]
    return kept


def inspect_picture(data: bytes, file_name: str, *, field: str) -> Upload:
    """Decode a picture for real and say what it is; whatever is none, or could hide something, is refused.

    Raises ``Invalid`` for ``field``. The bytes are not changed: they are the evidence.
    """
    name = safe_name(file_name)
    if not data:
        raise Invalid({field: f"{name} is empty. Choose the picture again."})
    if len(data) > MAX_BYTES:
        raise Invalid({field: f"{name} is larger than 20 MB. Save it smaller, or cut it in two."})
    try:
        with Image.open(io.BytesIO(data), formats=tuple(PICTURES)) as picture:
            limit = max_pixels(picture.format)
            if picture.width * picture.height > limit:
                raise Invalid({field: _too_many_pixels(name, limit)})
            picture.load()
            # Some phones write several frames into one JPEG, which Pillow calls MPO.
            picture_format = "JPEG" if picture.format == "MPO" else str(picture.format)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise Invalid({field: _too_many_pixels(name, MAX_PIXELS)}) from bomb
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as broken:
        raise Invalid(
            {field: f"{name} is not a whole PNG, JPEG, WebP or GIF picture. Take the screenshot again."}
        ) from broken
    if not ends_with_picture(picture_format, data):
        raise Invalid({field: f"{name} holds something behind the picture. Take a screenshot of it and add that."})
    media_type, endings = PICTURES[picture_format]
    return Upload(media_type, safe_name(file_name, endings), data)


def _too_many_pixels(name: str, limit: int) -> str:
    return f"{name} has more than {limit // 1_000_000} million pixels. Save it smaller, or cut it in two."
