"""The custody log: who did what with a piece, when and from where. It only grows."""

from collections.abc import Collection

from charlton_intranet.core.clock import Clock
from charlton_intranet.core.database import in_unit_of_work, unit_of_work
from charlton_intranet.core.permissions import Actor
from charlton_intranet.evidence.models import Act, CustodyEvent


def note(actor: Actor, piece_ids: Collection[int], act: Act, clock: Clock) -> None:
    """Write one line a piece, in one statement, inside the caller's unit of work."""
    if not in_unit_of_work():
        raise RuntimeError("a line of the custody log belongs in the transaction of what was done")
    now = clock.now()
    lines = [
        {"piece": piece_id, "act": act, "by": actor.person_id, "at": now, "address": actor.address[:64]}
        for piece_id in sorted(piece_ids)
    ]
    if lines:
        CustodyEvent.insert_many(lines).execute()


def hand_out(actor: Actor, piece_id: int, act: Act, clock: Clock) -> None:
    """Note that somebody was shown or given a piece, before it is: nobody sees one without leaving a line."""
    with unit_of_work():
        note(actor, [piece_id], act, clock)
