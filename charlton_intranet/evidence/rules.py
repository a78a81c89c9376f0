"""What may be taken in as a picture, and how a manifest reads. Pure."""

import unicodedata
from dataclasses import dataclass

MAX_BYTES = 20_000_000
MAX_PIXELS = 40_000_000
NAME_MAX = 150

# Media type by the decoder's name of the format, with the endings a file of it may carry.
PICTURES: dict[str, tuple[str, tuple[str, ...]]] = {
    "PNG": ("image/png", (".png",)),
    "JPEG": ("image/jpeg", (".jpg", ".jpeg")),
    "GIF": ("image/gif", (".gif",)),
    "WEBP": ("image/webp", (".webp",)),
}
PICTURE_TYPES = frozenset(media_type for media_type, _endings in PICTURES.values())
TEXT_TYPE = "text/plain"

_PNG_END = b"IEND\xaeB`\x82"
_JPEG_END = b"\xff\xd9"
_GIF_END = b";"
_RIFF_HEADER = 8


@dataclass(frozen=True, slots=True)
class Upload:
    """A picture that was decoded and found good; ``data`` are the bytes as they came."""

    media_type: str
    file_name: str
    data: bytes


def ends_with_picture(picture_format: str, data: bytes) -> bool:
    """Whether nothing stands behind the picture: a second file there would travel along unseen (a polyglot)."""
    if picture_format == "PNG":
        return data.find(_PNG_END) == len(data) - len(_PNG_END)
    if picture_format == "WEBP":
        told = _RIFF_HEADER + int.from_bytes(data[4:8], "little")
        return len(data) in {told, told + told % 2}
    return data.endswith(_JPEG_END if picture_format == "JPEG" else _GIF_END)


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
