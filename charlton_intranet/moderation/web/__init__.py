"""Views of moderation: the queue, the case page, and taking in what was seen."""

from charlton_intranet.moderation.web import answering, cases, intake, queue
from charlton_intranet.moderation.web.shared import blueprint

__all__ = ["answering", "blueprint", "cases", "intake", "queue"]
