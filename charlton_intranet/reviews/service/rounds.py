"""Recording captures and full reviews, with all that came of them, in one go."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from charlton_intranet.accounts.queries import business_calendar
from charlton_intranet.core import audit
from charlton_intranet.core.clock import Clock, today
from charlton_intranet.core.database import rows, unit_of_work, update_current
from charlton_intranet.core.errors import Invalid, StaleState
from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.evidence import service as evidence
from charlton_intranet.evidence.inspect import kind_of
from charlton_intranet.moderation.service.intake import Files
from charlton_intranet.reviews import queries
from charlton_intranet.reviews.models import Finding, Rhythm, Round, RoundPiece
from charlton_intranet.reviews.queries import Standing
from charlton_intranet.reviews.rules import (
    NOTE_MAX,
    Answer,
    Line,
    Outcome,
    Result,
    ReviewKind,
    check_answers,
    check_rhythm,
    edition_in_force,
    lines_of,
    next_round,
)
from charlton_intranet.reviews.service.looks import REVIEWED, Recorded
from charlton_intranet.reviews.service.opening import open_record
from charlton_intranet.sites.queries import site_ref

RHYTHM_SET = audit.declare("site.rhythm_set", "kind", "before", "after", "why")


@dataclass(frozen=True, slots=True)
class LineFacts:
    """What somebody answered on one line, and what is to become of something found there."""

    answer: Answer | None = None
    note: str = ""
    outcome: Outcome | None = None
    link: str = ""


@dataclass(frozen=True, slots=True)
class RoundFacts:
    """A capture or full review as it was handed in; ``due_on`` and ``edition`` say which one and which lines."""

    due_on: date
    edition: int
    lines: Mapping[str, LineFacts] = field(default_factory=dict)
    note: str = ""
    uploads: Files = ()


def record_round(actor: Actor, site_id: int, kind: ReviewKind, facts: RoundFacts, *, clock: Clock) -> Recorded:
    """Record a capture or full review, and open at once whatever its findings ask for: all of it or nothing.

    The same press twice is recorded once. Raises ``StaleState`` when a colleague recorded this one meanwhile,
    ``Invalid`` for fields named ``<line>_<field>``, ``note`` and ``files``.
    """
    day = today(clock)
    with unit_of_work():
        there = queries.standing(site_id, kind)
        queries.must_record(actor, [there.site], day)
        lines = _checked(kind, facts)
        found = {key: facts.lines[key] for key in lines if facts.lines[key].answer is Answer.FOUND}
        made = queries.made(kind, site_id, facts.due_on)
        if made is not None and _is_the_same(actor, made, facts, found):
            return Recorded(made.id, there.due)
        _must_be_open(there, facts, day, recorded=made is not None)
        result = Result.FINDINGS if found else Result.CLEAN
        round_id = int(
            Round.insert(
                site=site_id, kind=kind, due_on=facts.due_on, edition=facts.edition, done_at=clock.now(),
                done_by=actor.person_id, result=result, note=facts.note.strip(),
            ).execute()
        )  # fmt: skip
        _keep_findings(actor, there, round_id, {lines[key]: told for key, told in found.items()}, clock=clock)
        pieces = _keep_pieces(actor, there, round_id, facts.uploads, clock=clock)
        audit.record(
            REVIEWED, actor, f"site:{site_id}", clock=clock, kind=kind, due=facts.due_on, edition=facts.edition,
            result=result, note=audit.digest_of(facts.note.strip()), findings=sorted(found), pieces=pieces,
        )  # fmt: skip
        return Recorded(round_id, next_round(queries.rhythm_of(site_id, kind).in_force, day, business_calendar()))


def set_rhythm(
    actor: Actor, site_id: int, kind: ReviewKind, version: int, *, months: int | None, why: str, clock: Clock
) -> None:
    """Set how often a site is captured or reviewed in full; None is the town's rhythm, 0 leaves it out.

    ``version`` is that of the row, 0 without one. What begins again is counted from today.
    """
    why = why.strip()
    with unit_of_work():
        site = site_ref(site_id)
        actor.must_see(Permission.READ_REVIEWS, site.department_id)
        actor.must_have(Permission.APPROVE_SITE, site.department_id)
        check_rhythm(months)
        if not why or len(why) > NOTE_MAX:
            raise Invalid({"why": "Say why, in a sentence. It stays in the audit trail."})
        row = Rhythm.get_or_none((Rhythm.site == site_id) & (Rhythm.kind == kind))
        if (row.version if row else 0) != version:
            raise StaleState("Somebody changed this rhythm while you had it open. Nothing of yours was saved.")
        before = row.months if row else None
        if before == months:
            raise Invalid({"months": "This is its rhythm already. Nothing was saved."})
        if row is None:
            Rhythm.insert(site=site_id, kind=kind, months=months).execute()
        else:
            since = today(clock) if before == 0 else row.since
            update_current(Rhythm, row.id, version, months=months, since=since)
        audit.record(
            RHYTHM_SET, actor, f"site:{site_id}", clock=clock,
            kind=kind, before=before, after=months, why=audit.digest_of(why),
        )  # fmt: skip


def _checked(kind: ReviewKind, facts: RoundFacts) -> Mapping[str, Line]:
    """The lines that were answered; raises for all that is missing or too much, at once."""
    if facts.edition != edition_in_force(kind):
        raise StaleState("The checklist has changed while you had it open. Nothing was saved. Please answer it anew.")
    lines, problems = lines_of(kind), {}
    told = {key: facts.lines.get(key, LineFacts()) for key in lines}
    try:
        check_answers(
            lines,
            {key: one.answer for key, one in told.items()},
            {key: one.note for key, one in told.items()},
            {key: one.outcome for key, one in told.items()},
        )
    except Invalid as refusal:
        problems = dict(refusal.problems)
    if len(facts.note) > NOTE_MAX:
        problems["note"] = f"Keep the note below {NOTE_MAX:,} characters; this one has {len(facts.note):,}."
    if kind is ReviewKind.CAPTURE and not facts.uploads:
        problems["files"] = "Add at least one picture, PDF or web archive of the page: it is what is kept."
    if problems:
        raise Invalid(problems)
    return lines


def _is_the_same(actor: Actor, made: Round, facts: RoundFacts, found: Mapping[str, LineFacts]) -> bool:
    kept = rows(Finding.select(Finding.line, Finding.note).where(Finding.round == made.id))
    told = {(key, one.note.strip()) for key, one in found.items()}
    return (made.done_by_id, made.note, set(kept)) == (actor.person_id, facts.note.strip(), told)


def _must_be_open(there: Standing, facts: RoundFacts, day: date, *, recorded: bool) -> None:
    if recorded or facts.due_on != there.due:
        raise StaleState("This one was recorded while you had it open. Nothing of yours was saved.")
    if day < there.opens:
        raise Invalid({"due_on": f"This can be recorded from {there.opens:%B} {there.opens.day} on."})


def _keep_findings(
    actor: Actor, there: Standing, round_id: int, found: Mapping[Line, LineFacts], *, clock: Clock
) -> None:
    for line, told in found.items():
        outcome, note = told.outcome or Outcome.NOTED, told.note.strip()
        opened = open_record(actor, there.site.id, line, outcome, note=note, link=told.link.strip(), clock=clock)
        Finding.insert(
            round=round_id, line=line.key, note=note, outcome=outcome, opened=opened.record, case=opened.case_id
        ).execute()


def _keep_pieces(actor: Actor, there: Standing, round_id: int, uploads: Files, *, clock: Clock) -> list[int]:
    """Write what was captured, and seal it as one matter."""
    pieces = [
        evidence.record_piece(
            actor, site_id=there.site.id, kind=kind_of(upload), stored=stored, media_type=upload.media_type,
            file_name=upload.file_name, source_address=there.site.address, clock=clock,
        )
        for upload, stored in uploads
    ]  # fmt: skip
    if pieces:
        RoundPiece.insert_many([{"round": round_id, "piece": piece} for piece in pieces]).execute()
        evidence.seal(actor, pieces, about=f"round:{round_id}", clock=clock)
    return pieces
