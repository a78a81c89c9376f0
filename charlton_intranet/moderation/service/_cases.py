"""What every use case of a case begins and ends with."""

from datetime import date
from typing import Any

import peewee

from charlton_intranet.accounts.queries import business_calendar
from charlton_intranet.core import audit, search
from charlton_intranet.core.clock import Clock, today
from charlton_intranet.core.database import rows, update_current
from charlton_intranet.core.errors import Invalid, NotFound, StaleState
from charlton_intranet.core.permissions import Actor, Permission, Role
from charlton_intranet.moderation.models import Case, CaseNote, Contributor, Determination, Reconsideration, StaffPost
from charlton_intranet.moderation.rules import CaseState, check_move
from charlton_intranet.moderation.service._mails import tell_holders
from charlton_intranet.policy.queries import categories, default

CLOSED = audit.declare("case.closed", "before", "after")


def subject(case_id: int) -> str:
    """How a case is named in the trail."""
    return f"case:{case_id}"


def visible(actor: Actor, case_id: int) -> Case:
    """The case, for somebody who may know of it; otherwise ``NotFound``."""
    case = Case.get_or_none(Case.id == case_id)
    if case is None:
        raise NotFound
    actor.must_see(Permission.READ_CASES, case.department_id)
    return case


def at(actor: Actor, permission: Permission, case_id: int, version: int) -> Case:
    """The case as the actor had it open, for somebody who may act on it.

    ``StaleState`` comes before anything is said about what was typed: it may not matter any more.
    """
    case = visible(actor, case_id)
    actor.must_have(permission, case.department_id)
    if case.version != version:
        raise StaleState
    return case


def move(case: Case, *states: CaseState, clock: Clock, **changes: Any) -> None:
    """Take the case through ``states`` to the last of them, if it is still as it was loaded."""
    now = case.state
    for then in states:
        check_move(now, then)
        now = then
    update_current(Case, case.id, case.version, state=now, changed_at=clock.now(), **changes)


def due(clock: Clock, name: str) -> date:
    """The business day by which the next step is due, by the default ``name``."""
    return business_calendar().add(today(clock), default(name))


def make_findable(case_id: int) -> None:
    """Bring what a case is found by up to date: its words, who wrote them, the notes, and what was asked about it."""
    words = (
        Case.select(Case.text, Contributor.handle, StaffPost.account)
        .left_outer_join(Contributor)
        .join_from(Case, StaffPost, peewee.JOIN.LEFT_OUTER)
        .where(Case.id == case_id)
    )
    notes = CaseNote.select(CaseNote.text).where(CaseNote.case == case_id).order_by(CaseNote.id)
    asked = (
        Reconsideration.select(Reconsideration.text, Reconsideration.asker)
        .join(Determination)
        .where(Determination.case == case_id)
        .order_by(Reconsideration.id)
    )
    found = rows(words) + rows(notes) + rows(asked)
    search.put("case", case_id, "\n".join(text or "" for row in found for text in row))


def write_note(actor: Actor, case_id: int, text: str, *, clock: Clock) -> int:
    """Write a note inside the caller's unit of work; returns its id."""
    note_id = int(
        CaseNote.insert(case=case_id, text=text, written_by=actor.person_id, written_at=clock.now()).execute()
    )
    make_findable(case_id)
    return note_id


def record_closed(actor: Actor, case: Case, before: CaseState, *, clock: Clock) -> None:
    """Write that the case came to its end."""
    audit.record(CLOSED, actor, subject(case.id), clock=clock, before=before, after=CaseState.CLOSED)


def check_letters(letters: frozenset[str]) -> None:
    """A concern may name any category; which of them may stand alone is for the determination to weigh."""
    unknown = letters - categories().by_letter.keys()
    if unknown:
        raise Invalid({"categories": f"There is no category {', '.join(sorted(unknown))}."})
    if not letters:
        raise Invalid({"categories": "Choose at least one category of policy 3.6-3."})


def tell(role: Role, template: str, case: Case, *, clock: Clock, occasion: str = "", **facts: object) -> None:
    """Mail whoever holds the role that a clock of theirs has started. The words in question stay in the app.

    ``occasion`` tells apart what may happen to a case more than once; everything else is mailed once a case.
    """
    tell_holders(
        role, template, site_id=case.site_id, department_id=case.department_id, occasion=f"{case.id}{occasion}",
        path=f"/triage/{case.id}", clock=clock, case_id=case.id, **facts,
    )  # fmt: skip
