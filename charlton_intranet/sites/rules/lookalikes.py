"""Names that are made to be taken for another: letters that look alike, one letter off, a word in front. Pure."""

import re
import unicodedata
from collections.abc import Iterable

# Letters of other alphabets and figures by the Latin letter they are read as (after Unicode TR 39, confusables).
_ALIKE = str.maketrans(
    {
        "0": "o", "1": "l", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "i": "l", "|": "l", "j": "l",
        "\u0430": "a", "\u0435": "e", "\u043e": "o", "\u0440": "p", "\u0441": "c", "\u0445": "x", "\u0443": "y",
        "\u0456": "l", "\u0458": "l", "\u0455": "s", "\u04bb": "h", "\u0501": "d", "\u0261": "g", "\u043a": "k",
        "\u043c": "m", "\u0442": "t", "\u043d": "h", "\u0432": "b", "\u03b1": "a", "\u03bf": "o", "\u03c1": "p",
        "\u03bd": "v", "\u03b9": "l", "\u03ba": "k", "\u03c4": "t", "\u03c5": "u", "\u0131": "l", "\u0142": "l",
    }
)  # fmt: skip
_ADDED = re.compile(r"^(?:the|real|official|oficial)|(?:official|oficial|help|support|team|page|news|real|ma)$")
# Shorter names are one letter from too many others.
_SHORTEST = 5


def skeleton(name: str) -> str:
    """What the eye keeps of a name: without marks, case and separators, letters that look alike made one."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    plain = _ADDED.sub("", "".join(c for c in plain if c.isalnum())) or plain
    return plain.translate(_ALIKE).replace("rn", "m").replace("vv", "w")


def looks_like(name: str, other: str) -> bool:
    """Whether ``name`` could be taken for ``other`` without being it."""
    if name.casefold() == other.casefold():
        return False
    one, two = skeleton(name), skeleton(other)
    return one == two or (min(len(one), len(two)) >= _SHORTEST and _one_edit(one, two))


def _one_edit(one: str, two: str) -> bool:
    """Whether one letter more, less, other, or two swapped make the one the other."""
    if abs(len(one) - len(two)) > 1:
        return False
    start = next((i for i, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), min(len(one), len(two)))
    a, b = one[start:], two[start:]
    return a[1:] == b or a == b[1:] or a[1:] == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])


def imitated_host(host: str, hosts: Iterable[str]) -> str:
    """Which of ``hosts`` the name ``host`` was made to be taken for; empty when it is none of that kind."""
    if not host:
        return ""
    try:
        shown = host.encode().decode("idna")
    except UnicodeError:
        shown = host
    return next((known for known in hosts if _imitates(shown, known)), "")


def _imitates(host: str, known: str) -> bool:
    if host == known or host.endswith("." + known):
        return False
    name, own = known.partition(".")[0], host.rpartition(".")[0]
    if f".{known}." in f".{host}." or (len(name) >= _SHORTEST and name in re.split(r"[.-]", own)):
        return True  # facebook.com.example, facebook-login.example
    return len(name) >= _SHORTEST and any(looks_like(part, name) for part in own.split("."))
