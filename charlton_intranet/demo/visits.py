"""Last visits to My work: so that the demo's people find something new on it."""

from datetime import timedelta

from charlton_intranet.accounts.models import Person
from charlton_intranet.core.audit import head
from charlton_intranet.core.clock import Clock, today
from charlton_intranet.core.store import EvidenceStore
from charlton_intranet.oversight.models import Visit

AWAY = timedelta(days=4)


def load(clock: Clock, _store: EvidenceStore) -> None:
    """Everybody was here before most of it; the demo's parts are played in turn, so its trail knows no days."""
    seen = head()[0] // 8
    day = today(clock) - AWAY
    Visit.insert_many(
        [
            {"person": person.id, "day": day, "opened": seen, "seen": seen}
            for person in Person.select(Person.id).order_by(Person.id)
        ]
    ).execute()
