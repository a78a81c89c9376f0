"""Choosing when people are reminded of a kind of duty."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from charlton_intranet.core import audit
from charlton_intranet.core.clock import Clock
from charlton_intranet.core.database import unit_of_work, update_current
from charlton_intranet.core.duties import Kind, Ladder
from charlton_intranet.core.errors import Invalid, StaleState
from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.oversight.models import LadderSetting
from charlton_intranet.oversight.models.ladders import REASON_MAX
from charlton_intranet.oversight.queries.ladders import LadderRow, ladder_row
from charlton_intranet.oversight.rules.ladders import check_ladder

CHANGED = audit.declare("ladder.changed", "kind", "before", "after", "reason")
RESET = audit.declare("ladder.reset", "kind", "before", "after", "reason")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A ladder as somebody typed it, and why; ``before`` is None when the days could not be read."""

    before: Sequence[int] | None
    repeat_days: int
    head_after: int
    administrator_after: int
    courtesy: bool
    reason: str = ""

    def ladder_for(self, kind: Kind) -> Ladder:
        """The ladder, or ``Invalid`` with what is wrong in it."""
        check_ladder(
            self.before, self.repeat_days, self.head_after, self.administrator_after,
            courtesy=self.courtesy, legal_clock=kind.legal_clock,
        )  # fmt: skip
        return Ladder(
            tuple(self.before or ()), self.repeat_days, self.head_after, self.administrator_after, self.courtesy
        )


def change_ladder(
    actor: Actor, kinds: Iterable[Kind], name: str, proposal: Proposal, version: int, *, clock: Clock
) -> None:
    """Set the town's own ladder for a kind; it counts from the next digest on.

    ``version`` is the row's as it was read, 0 while there is none. Reminders that went out are not sent again.
    """
    with unit_of_work():
        row = _to_change(actor, kinds, name, version)
        ladder = proposal.ladder_for(row.kind)
        reason = _checked(proposal.reason)
        _write(actor, row, ladder, reason, shipped=False, clock=clock)
        audit.record(
            CHANGED, actor, f"ladder:{name}", clock=clock,
            kind=name, before=_facts(row.ladder), after=_facts(ladder), reason=audit.digest_of(reason),
        )  # fmt: skip


def reset_ladder(actor: Actor, kinds: Iterable[Kind], name: str, reason: str, version: int, *, clock: Clock) -> None:
    """Let the ladder as shipped count again, also as later versions of the app ship it."""
    with unit_of_work():
        row = _to_change(actor, kinds, name, version)
        shipped, reason = row.kind.shipped, _checked(reason)
        _write(actor, row, shipped, reason, shipped=True, clock=clock)
        audit.record(
            RESET, actor, f"ladder:{name}", clock=clock,
            kind=name, before=_facts(row.ladder), after=_facts(shipped), reason=audit.digest_of(reason),
        )  # fmt: skip


def _to_change(actor: Actor, kinds: Iterable[Kind], name: str, version: int) -> LadderRow:
    actor.must_have(Permission.CHANGE_REMINDERS)
    row = ladder_row(kinds, name)
    if row.version != version:
        raise StaleState
    return row


def _checked(reason: str) -> str:
    reason = reason.strip()
    if not reason:
        raise Invalid({"reason": "Say why, in a few words."})
    if len(reason) > REASON_MAX:
        raise Invalid({"reason": f"Use at most {REASON_MAX} characters."})
    return reason


def _write(actor: Actor, row: LadderRow, ladder: Ladder, reason: str, *, shipped: bool, clock: Clock) -> None:
    values: dict[str, Any] = {
        "before": ",".join(map(str, ladder.before)),
        "repeat_days": ladder.repeat_days,
        "head_after": ladder.head_after,
        "administrator_after": ladder.administrator_after,
        "courtesy": ladder.courtesy,
        "shipped": shipped,
        "reason": reason,
        "changed_by": actor.person_id,
        "changed_at": clock.now(),
    }
    if row.version == 0:
        LadderSetting.insert(kind=row.kind.name, **values).execute()
        return
    setting = LadderSetting.get(LadderSetting.kind == row.kind.name)
    update_current(LadderSetting, setting.id, row.version, **values)


def _facts(ladder: Ladder) -> dict[str, Any]:
    return {
        "before": list(ladder.before),
        "repeat_days": ladder.repeat_days,
        "head_after": ladder.head_after,
        "administrator_after": ladder.administrator_after,
        "courtesy": ladder.courtesy,
    }
