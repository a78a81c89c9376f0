"""Words as they come in: how they are cleaned, checked and recognized again. Pure."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from charlton_intranet.core.errors import Invalid

TEXT_MAX = 50_000
WORDS_MAX = 5_000
QUOTE_MAX = 2_000
REASON_MIN = 15
HANDLE_MAX = 150
LINK_MAX = 1_000
KEY_MAX = 300


def clean(text: str) -> str:
    """The text without what can not be stored: PostgreSQL takes no NUL, UTF-8 no half of a surrogate pair."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode()


def check_text(text: str) -> None:
    """The captured words: some, and not a book."""
    if not text.strip():
        raise Invalid({"text": "Copy the words in. For a picture, say what it shows and which words stand in it."})
    if len(text) > TEXT_MAX:
        raise Invalid(
            {"text": f"This is longer than {TEXT_MAX:,} characters ({len(text):,}). Capture the part in question."}
        )


def check_words(field: str, text: str, *, ask: str, most: int = WORDS_MAX) -> None:
    """A remark that must be there, of at most so many characters: ``ask`` says for what."""
    if not text.strip():
        raise Invalid({field: ask})
    if len(text) > most:
        raise Invalid({field: f"Keep this under {most:,} characters; it has {len(text):,}."})


def check_source(permalink: str, handle: str) -> None:
    """Where the words stood and who wrote them, as far as it is known."""
    problems = {}
    if len(permalink) > LINK_MAX:
        problems["permalink"] = f"A link has at most {LINK_MAX:,} characters; this one has {len(permalink):,}."
    if len(handle) > HANDLE_MAX:
        problems["handle"] = f"A name has at most {HANDLE_MAX} characters; this one has {len(handle)}."
    if problems:
        raise Invalid(problems)


def handle_key(handle: str) -> str:
    """What makes two spellings of a contributor's name the same."""
    return " ".join(handle.split()).removeprefix("@").casefold()[:HANDLE_MAX]


def origin_key(*, link: str = "", external_id: str = "") -> str | None:
    """What makes two captures the same post: the network's own id, or else the normalised link.

    The id goes first, as some networks give all comments below a post that post's link.
    """
    kind, value = ("id", external_id.strip()) if external_id.strip() else ("link", link)
    if not value:
        return None
    key = f"{kind}:{value}"
    return key if len(key) <= KEY_MAX else f"{kind}:sha256:{hashlib.sha256(value.encode()).hexdigest()}"


def letters_of(categories: Iterable[str]) -> frozenset[str]:
    """The letters of policy 3.6-3, from a form or from a column (``"A,J"``)."""
    chosen = categories.split(",") if isinstance(categories, str) else categories
    return frozenset(letter.strip().upper() for letter in chosen if letter.strip())


def written(letters: frozenset[str]) -> str:
    """The letters as a column holds them."""
    return ",".join(sorted(letters))


def check_all(*checks: Callable[[], None]) -> None:
    """Run every check and tell all problems at once, so that a form is mended in one go."""
    problems: dict[str, str] = {}
    for check in checks:
        try:
            check()
        except Invalid as invalid:
            problems.update(invalid.problems)
    if problems:
        raise Invalid(problems)


@dataclass(frozen=True, slots=True)
class Captured:
    """What a capture did: the case, whether it was there already, and whether that opened a dismissed one again."""

    case_id: int
    joined: bool = False
    reopened: bool = False


@dataclass(frozen=True, slots=True)
class Batch:
    """What one press on many cases did: its key for the undo, the cases it reached and those it came too late for."""

    batch: str
    done: tuple[int, ...]
    stale: tuple[int, ...]
