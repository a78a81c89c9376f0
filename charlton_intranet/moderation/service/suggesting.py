"""Turning helpers off and on again."""

from collections.abc import Iterable

from charlton_intranet.core import audit
from charlton_intranet.core.clock import Clock
from charlton_intranet.core.database import unit_of_work, update_current
from charlton_intranet.core.errors import Invalid, StaleState
from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.moderation.models.suggestions import SuggestionChoice
from charlton_intranet.moderation.suggestions import NAMES

CHOSEN = audit.declare("suggestions.chosen", "before", "after", "off_before", "off")


def choose_suggestions(actor: Actor, version: int, *, enabled: bool, on: Iterable[str], clock: Clock) -> None:
    """Let the helpers ``on`` speak and the others not; ``enabled`` False silences all of them.

    ``version`` is what the choice was read with, 0 when nobody had chosen.
    """
    wanted = frozenset(on)
    with unit_of_work():
        actor.must_have(Permission.PUBLISH_CATEGORIES)
        if unknown := wanted - set(NAMES):
            raise Invalid({"on": f"There is no helper {', '.join(sorted(unknown))}."})
        off = ",".join(name for name in NAMES if name not in wanted)
        facts = {"enabled": enabled, "off": off, "chosen_by": actor.person_id, "chosen_at": clock.now()}
        before = SuggestionChoice.select().first()
        if (before.version if before else 0) != version:
            raise StaleState
        if before is None:
            SuggestionChoice.insert(**facts).execute()
        else:
            update_current(SuggestionChoice, before.id, version, **facts)
        audit.record(
            CHOSEN, actor, "settings:suggestions", clock=clock,
            before=before.enabled if before else True, after=enabled, off_before=before.off if before else "", off=off,
        )  # fmt: skip
