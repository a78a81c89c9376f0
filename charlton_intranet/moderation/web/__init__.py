"""Views of moderation: the queue, the case page, and taking in what was seen."""

from charlton_intranet.moderation.web import (
    answering,
    bookmarklet,
    capture,
    cases,
    consistency,
    contributors,
    desk,
    emergency,
    intake,
    letters,
    queue,
    reconsidering,
    restrictions,
    suggestions,
    times,
)
from charlton_intranet.moderation.web.shared import blueprint

__all__ = [
    "answering",
    "blueprint",
    "bookmarklet",
    "capture",
    "cases",
    "consistency",
    "contributors",
    "desk",
    "emergency",
    "intake",
    "letters",
    "queue",
    "reconsidering",
    "restrictions",
    "suggestions",
    "times",
]
