"""Looking through what came in: no concern, its undo, notes, presence, and what vanished by itself."""

import secrets
from collections.abc import Sequence
from datetime import timedelta

from charlton_intranet.core import audit
from charlton_intranet.core.clock import Clock
from charlton_intranet.core.database import unit_of_work
from charlton_intranet.core.errors import Forbidden, Invalid, NotFound
from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.moderation.models import Case, Looking
from charlton_intranet.moderation.queries import steps_open
from charlton_intranet.moderation.rules import MOVES, Batch, CaseState, Step, check_words, clean
from charlton_intranet.moderation.rules.desk import Press
from charlton_intranet.moderation.service._cases import at, move, subject, visible, write_note
from charlton_intranet.moderation.service.emergency import end_with_case

DISMISSED = audit.declare("case.dismissed", "before", "after", "batch")
DISMISSAL_UNDONE = audit.declare("case.dismissal_undone", "before", "after", "batch")
VANISHED = audit.declare("case.vanished", "before", "after", "note")
NOTED = audit.declare("case.noted", "note")

# A press on more than this belongs in several.
BATCH_MAX = 500


def dismiss(actor: Actor, case_id: int, version: int, *, clock: Clock) -> None:
    """No concern. It can be undone as long as nothing else has happened to the case."""
    with unit_of_work():
        case = at(actor, Permission.TRIAGE_CASE, case_id, version)
        _dismiss(actor, case, batch=None, clock=clock)


def dismiss_many(actor: Actor, chosen: Sequence[tuple[int, int]], *, clock: Clock) -> Batch:
    """No concern for each ``(id, version)``; those that somebody else has moved on are left and named."""
    batch, done, stale = new_batch(Press.DISMISS), [], []
    with unit_of_work():
        for case, current in ticked(actor, chosen):
            if current and CaseState.DISMISSED in MOVES[case.state]:
                _dismiss(actor, case, batch=batch, clock=clock)
                done.append(case.id)
            else:
                stale.append(case.id)
    return Batch(batch, tuple(done), tuple(stale))


def new_batch(press: Press) -> str:
    """A name for a press, that nothing else bears."""
    return press.batch(secrets.token_hex(8))


def ticked(actor: Actor, chosen: Sequence[tuple[int, int]]) -> list[tuple[Case, bool]]:
    """The cases of each ``(id, version)``, all of which the actor may triage, and whether they are still as seen.

    Raises ``Invalid`` when they are none or too many, and for all of them when one is not the actor's.
    """
    if not chosen:
        raise Invalid({"cases": "Tick at least one post."})
    if len(chosen) > BATCH_MAX:
        raise Invalid({"cases": f"Tick at most {BATCH_MAX} posts at a time."})
    versions = dict(chosen)
    cases = list(Case.select().where(Case.id.in_(list(versions))).order_by(Case.id))
    if len(cases) != len(versions):
        raise NotFound
    for case in cases:
        may_triage(actor, case)
    return [(case, case.version == versions[case.id]) for case in cases]


def may_triage(actor: Actor, case: Case) -> None:
    """Raise unless the actor may look through cases like this one."""
    actor.must_see(Permission.READ_CASES, case.department_id)
    actor.must_have(Permission.TRIAGE_CASE, case.department_id)


def _dismiss(actor: Actor, case: Case, *, batch: str | None, clock: Clock) -> None:
    move(case, CaseState.DISMISSED, clock=clock, dismissed_by=actor.person_id, dismissed_batch=batch)
    audit.record(
        DISMISSED, actor, subject(case.id), clock=clock, before=case.state, after=CaseState.DISMISSED, batch=batch
    )


def undo_dismiss(actor: Actor, case_id: int, version: int, *, clock: Clock) -> None:
    """Open a dismissed case again, however long ago that was."""
    with unit_of_work():
        case = at(actor, Permission.TRIAGE_CASE, case_id, version)
        _undo(actor, case, clock=clock)


def undo_dismissals(actor: Actor, batch: str, *, clock: Clock) -> int:
    """Within the caller's unit: open the cases of one press again that are still dismissed; returns how many."""
    cases = list(
        Case.select().where((Case.dismissed_batch == batch) & (Case.state == CaseState.DISMISSED)).order_by(Case.id)
    )
    for case in cases:
        may_triage(actor, case)
        _undo(actor, case, clock=clock)
    return len(cases)


def _undo(actor: Actor, case: Case, *, clock: Clock) -> None:
    move(case, CaseState.OPEN, clock=clock, dismissed_by=None, dismissed_batch=None)
    audit.record(
        DISMISSAL_UNDONE, actor, subject(case.id), clock=clock,
        before=case.state, after=CaseState.OPEN, batch=case.dismissed_batch,
    )  # fmt: skip


def mark_vanished(actor: Actor, case_id: int, version: int, *, note: str, clock: Clock) -> None:
    """The content was gone before the town acted; what was captured stays."""
    note = clean(note)
    with unit_of_work():
        case = at(actor, Permission.TRIAGE_CASE, case_id, version)
        check_words("note", note, ask="Say when and how you saw that it is gone.")
        move(case, CaseState.VANISHED, clock=clock, closed_at=clock.now(), due_on=None)
        end_with_case(actor, case, clock=clock)
        write_note(actor, case_id, note, clock=clock)
        audit.record(
            VANISHED, actor, subject(case_id), clock=clock,
            before=case.state, after=CaseState.VANISHED, note=audit.digest_of(note),
        )  # fmt: skip


def add_note(actor: Actor, case_id: int, text: str, *, clock: Clock) -> int:
    """Write a remark to a case in whatever state; returns its id."""
    text = clean(text)
    with unit_of_work():
        case = visible(actor, case_id)
        if Step.NOTE not in steps_open(actor, case.state, case.department_id):
            raise Forbidden
        check_words("text", text, ask="Type the note.")
        note_id = write_note(actor, case_id, text, clock=clock)
        audit.record(NOTED, actor, subject(case_id), clock=clock, note=audit.digest_of(text))
    return note_id


def look(actor: Actor, case_id: int, *, clock: Clock) -> None:
    """Say that the actor has the case open right now. No event: it is forgotten in minutes."""
    now = clock.now()
    with unit_of_work():
        visible(actor, case_id)
        Looking.delete().where(Looking.seen_at < now - timedelta(hours=1)).execute()
        Looking.insert(case=case_id, person=actor.person_id, seen_at=now).on_conflict(
            conflict_target=[Looking.case, Looking.person], update={Looking.seen_at: now}
        ).execute()
