"""Views of moderation: the queue, the case page, and taking in what was seen."""

from charlton_intranet.moderation.web import (
    answering,
    bookmarklet,
    capture,
    cases,
    desk,
    emergency,
    intake,
    queue,
    reconsidering,
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
    "desk",
    "emergency",
    "intake",
    "queue",
    "reconsidering",
    "suggestions",
    "times",
]
