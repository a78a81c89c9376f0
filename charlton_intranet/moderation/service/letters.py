"""Letters: what was sent, to the letter, how and when; or why it could not be sent."""

from datetime import date, timedelta
from typing import Any

from charlton_intranet.core import audit
from charlton_intranet.core.clock import Clock, today
from charlton_intranet.core.database import first_row, in_unit_of_work, unit_of_work
from charlton_intranet.core.errors import Invalid, NotFound
from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.moderation.models import Case, ContributorWarning, Determination, Letter, Restriction
from charlton_intranet.moderation.rules import clean
from charlton_intranet.moderation.rules.letters import EDITION, LetterHow, LetterKind, check_letter
from charlton_intranet.moderation.service._cases import visible

KEPT = audit.declare("letter.kept", "kind", "edition", "case", "contributor", "restriction", "how", "sent_on", "text")

# How long the same letter again counts as the same press.
TWICE = timedelta(hours=1)
NO_WAY = "There is no way to reach the writer."


def keep_letter(
    actor: Actor,
    case_id: int | None,
    contributor_id: int | None,
    *,
    kind: LetterKind | str,
    subject: str,
    text: str,
    how: LetterHow | str,
    clock: Clock,
    sent_on: date | None = None,
    why_not: str = NO_WAY,
    restriction_id: int | None = None,
) -> int:
    """Keep a letter as it was sent, inside the caller's unit of work; returns its id. The caller has authorised it.

    The same letter again within the hour is the same press again, and is kept once.

    ``sent_on`` None means today. Raises ``Invalid`` for ``subject``, ``text``, ``sent_on`` and ``why_not``.
    """
    if not in_unit_of_work():
        raise RuntimeError("a letter belongs in the transaction of what it tells of")
    kind, how, day = LetterKind(kind), LetterHow(how), today(clock)
    subject, text, why_not = clean(subject).strip(), clean(text), clean(why_not).strip()
    check_letter(subject=subject, text=text, how=how, why_not=why_not, sent_on=sent_on, today=day)
    sent = how is not LetterHow.NOT_SENT
    facts = {
        "kind": kind,
        "edition": EDITION,
        "case": case_id,
        "contributor": contributor_id,
        "restriction": restriction_id,
        "how": how,
        "sent_on": (sent_on or day) if sent else None,
    }
    letter = {**facts, "subject": subject, "text": text, "why_not": "" if sent else why_not}
    if (kept := _kept_before(actor, letter, clock)) is not None:
        return kept
    letter_id = int(Letter.insert(**letter, kept_by=actor.person_id, kept_at=clock.now()).execute())
    if kind is LetterKind.WARNING and case_id is not None:
        _put_to_warning(case_id, letter_id)
    audit.record(KEPT, actor, f"letter:{letter_id}", clock=clock, **facts, text=audit.digest_of(f"{subject}\n{text}"))
    return letter_id


def write_to_writer(
    actor: Actor,
    case_id: int,
    *,
    kind: LetterKind,
    subject: str,
    text: str,
    how: LetterHow,
    sent_on: date | None,
    why_not: str,
    clock: Clock,
) -> int:
    """Keep a letter to whoever wrote the words of a case."""
    with unit_of_work():
        case: Case = visible(actor, case_id)
        actor.must_have(Permission.WRITE_LETTER, case.department_id)
        return keep_letter(
            actor, case_id, case.contributor_id, kind=kind, subject=subject, text=text, how=how,
            sent_on=sent_on, why_not=why_not, clock=clock,
        )  # fmt: skip


def write_about_restriction(
    actor: Actor,
    restriction_id: int,
    *,
    kind: LetterKind,
    subject: str,
    text: str,
    how: LetterHow,
    sent_on: date | None,
    why_not: str,
    clock: Clock,
) -> int:
    """Keep a letter to whoever is, or was, kept from writing on a site."""
    with unit_of_work():
        found = Restriction.get_or_none(Restriction.id == restriction_id)
        if found is None:
            raise NotFound
        actor.must_see(Permission.READ_CASES, found.department_id)
        actor.must_have(Permission.WRITE_LETTER, found.department_id)
        if kind not in {LetterKind.RESTRICTION, LetterKind.RESTRICTION_ENDED}:
            raise Invalid({"kind": "Choose a letter about the restriction."})
        return keep_letter(
            actor, None, found.contributor_id, kind=kind, subject=subject, text=text, how=how,
            sent_on=sent_on, why_not=why_not, restriction_id=restriction_id, clock=clock,
        )  # fmt: skip


def _kept_before(actor: Actor, letter: dict[str, Any], clock: Clock) -> int | None:
    """The same letter, word for word, that the same person kept in the last hour."""
    same = [getattr(Letter, name) == value for name, value in letter.items()]
    same += [Letter.kept_by == actor.person_id, Letter.kept_at > clock.now() - TWICE]
    row = first_row(Letter.select(Letter.id).where(*same).order_by(Letter.id))
    return None if row is None else int(row[0])


def _put_to_warning(case_id: int, letter_id: int) -> None:
    """The first letter of a warning is the one it was given by."""
    decided = Determination.select(Determination.id).where(Determination.case == case_id)
    ContributorWarning.update(letter=letter_id).where(
        ContributorWarning.determination.in_(decided) & ContributorWarning.letter.is_null()
    ).execute()
