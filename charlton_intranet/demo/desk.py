"""How the demo's coordinators share the queue: two claims, a snooze, and the views they keep."""

from datetime import timedelta

from charlton_intranet.core import clock as clocks
from charlton_intranet.core.clock import FixedClock
from charlton_intranet.core.store import EvidenceStore
from charlton_intranet.demo import cast
from charlton_intranet.moderation import service
from charlton_intranet.moderation.models import Case

CLAIMS = (
    ("coordinator.library", "The ramp at the side door is icy."),
    ("administrator", "Here are the night shift's phone numbers"),
)
SNOOZES = (("coordinator.library", "I have read the list of new books", 4, "Uma asks which list is meant"),)
VIEWS = (
    ("coordinator.library", "Mine", "state=open&claimed=me"),
    ("coordinator.library", "Urgent and free", "state=open&urgent=1&claimed=nobody"),
    ("administrator", "Ready, threats", "state=advised&category=J"),
)


def load(clock: FixedClock, _store: EvidenceStore) -> None:
    """Claim, snooze and keep."""
    today = clocks.today(clock)
    for box, words in CLAIMS:
        case = _case(words)
        service.claim(cast.actor(box, today), case.id, case.version, seen=None, clock=clock)
    for box, words, days, reason in SNOOZES:
        case, until = _case(words), today + timedelta(days=days)
        service.snooze(cast.actor(box, today), case.id, case.version, until=until, reason=reason, clock=clock)
    for box, name, query in VIEWS:
        service.save_view(cast.actor(box, today), name, query)


def _case(words: str) -> Case:
    found: Case = Case.get(Case.text.startswith(words))
    return found
