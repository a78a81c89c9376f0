"""Answering a site's checklists, mending what failed, and IT's advice on single lines (3.5, 3.6-5, 3.8)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from charlton_intranet.core import audit
from charlton_intranet.core.clock import Clock
from charlton_intranet.core.database import unit_of_work, update_current
from charlton_intranet.core.errors import Invalid, StaleState
from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.sites.models import ChecklistAdvice, ChecklistAnswer, ChecklistRun, Site
from charlton_intranet.sites.queries.checklists import CHECKED
from charlton_intranet.sites.queries.checks import AnswerRow, OpenCheck, line_sheet, open_check
from charlton_intranet.sites.rules import not_open
from charlton_intranet.sites.rules.checklists import Answer, ChecklistKind, Line
from charlton_intranet.sites.service.proofs import ProofFacts, keep_proof
from charlton_intranet.sites.service.requests import subject

COMPLETED = audit.declare("site.checklist_completed", "checklist", "number", "edition", "answers")
DRAFTED = audit.declare("site.checklist_draft_saved", "checklist", "number", "answers")
MENDED = audit.declare("site.checklist_line_mended", "checklist", "number", "line", "proof")
ADVISED = audit.declare("site.checklist_line_advised", "checklist", "line", "text")


@dataclass(frozen=True, slots=True)
class LineFacts:
    """What somebody handed in for one line.

    ``kept`` ticks what is there already: the draft's answer, or the last check's, which is “still so”.
    """

    answer: Answer | None = None
    kept: bool = False
    proof: ProofFacts = field(default_factory=ProofFacts)


def must_be_open(actor: Actor, site: Site) -> None:
    """Raise unless ``actor`` may answer the site's checklists now."""
    actor.must_have(Permission.CHECK_SITE, site.department_id)
    if site.state not in CHECKED:
        raise not_open(site.state)


def answer(
    actor: Actor,
    site_id: int,
    kind: ChecklistKind,
    *,
    number: int,
    version: int,
    lines: Mapping[str, LineFacts],
    complete: bool,
    clock: Clock,
) -> None:
    """Answer the ``number``-th check of a site as a whole, or save what there is of it as a draft.

    ``version`` is the draft's, 0 without one. Raises ``StaleState`` when somebody saved this check meanwhile.
    """
    with unit_of_work():
        check = open_check(actor, site_id, kind)
        must_be_open(actor, check.site)
        if (number, version) != (check.number, check.version):
            raise StaleState
        run_id = _save_run(actor, check, complete=complete, clock=clock)
        settled = _Settling(actor, check, run_id, complete=complete, clock=clock).settle(lines)
        if check.draft:
            ChecklistAnswer.delete().where(ChecklistAnswer.run == run_id).execute()
        if settled:
            ChecklistAnswer.insert_many(settled).execute()
        answers = {row["line"]: row["answer"] for row in settled}
        details = {"edition": check.edition} if complete else {}
        audit.record(
            COMPLETED if complete else DRAFTED, actor, subject(site_id), clock=clock,
            checklist=kind, number=number, answers=answers, **details,
        )  # fmt: skip


def mend(
    actor: Actor,
    site_id: int,
    kind: ChecklistKind,
    line: str,
    *,
    number: int,
    version: int,
    proof: ProofFacts,
    clock: Clock,
) -> None:
    """Say that a line which failed in the last check is in order now, and show it."""
    with unit_of_work():
        sheet = line_sheet(actor, site_id, kind, line)
        must_be_open(actor, sheet.site)
        run = sheet.run
        if run is None or not sheet.failing or (number, version) != (run.number, run.version):
            raise StaleState
        proof_id = keep_proof(actor, site_id, proof, clock=clock)
        update_current(ChecklistRun, run.id, version)
        ChecklistAnswer.insert(
            run=run.id, line=line, answer=Answer.YES, proof=proof_id,
            answered_by=actor.person_id, answered_at=clock.now(),
        ).execute()  # fmt: skip
        audit.record(
            MENDED, actor, subject(site_id), clock=clock, checklist=kind, number=number, line=line, proof=proof_id
        )


def advise(actor: Actor, site_id: int, kind: ChecklistKind, line: str, *, text: str, clock: Clock) -> None:
    """IT's advice on one line; the same words again change nothing."""
    words = text.strip()
    with unit_of_work():
        sheet = line_sheet(actor, site_id, kind, line)
        actor.must_have(Permission.ADVISE_SITE, sheet.site.department_id)
        if sheet.site.state not in CHECKED:
            raise not_open(sheet.site.state)
        if not words:
            raise Invalid({"text": "Write what you advise."})
        if sheet.advice and sheet.advice.text == words:
            return
        ChecklistAdvice.insert(
            site=site_id, kind=kind, line=line, text=words, given_by=actor.person_id, given_at=clock.now()
        ).execute()
        audit.record(
            ADVISED, actor, subject(site_id), clock=clock, checklist=kind, line=line, text=audit.digest_of(words)
        )


def _save_run(actor: Actor, check: OpenCheck, *, complete: bool, clock: Clock) -> int:
    facts: dict[str, Any] = {"complete": complete, "answered_by": actor.person_id, "answered_at": clock.now()}
    if check.draft:
        update_current(ChecklistRun, check.draft.id, check.version, **facts)
        return check.draft.id
    run = ChecklistRun.insert(
        site=check.site.id, kind=check.kind, number=check.number, edition=check.edition, **facts
    ).execute()
    return int(run)


class _Settling:
    """Turns what was handed in into rows of answers, with every problem at once."""

    def __init__(self, actor: Actor, check: OpenCheck, run_id: int, *, complete: bool, clock: Clock) -> None:
        self.actor, self.check, self.run_id = actor, check, run_id
        self.complete, self.clock = complete, clock
        self.problems: dict[str, str] = {}

    def settle(self, handed_in: Mapping[str, LineFacts]) -> list[dict[str, Any]]:
        """The rows of all lines that were touched; raises ``Invalid`` with fields named ``<line>_<field>``."""
        found = [self._line(line, handed_in.get(line.key, LineFacts())) for line in self.check.lines.values()]
        if self.problems:
            raise Invalid(self.problems)
        return [row for row in found if row is not None]

    def _line(self, line: Line, facts: LineFacts) -> dict[str, Any] | None:
        """The row of one line; what was kept gives its answer, words and proof where nothing else was handed in."""
        saved = self.check.saved.get(line.key)
        # What a draft line has to show stays with it until something else is handed in.
        kept = self.check.kept(line.key) if facts.kept else None
        found, source = (kept.answer, kept) if kept else (facts.answer, saved)
        if found is None and not self.complete and not facts.proof.given and saved is None:
            return None
        note, proof_id = self._words_and_proof(line, found, facts.proof)
        note = note or (kept.note if kept else "")
        proof_id = proof_id or (source.proof_id if source else None)
        shown = facts.proof.given or proof_id is not None
        if self.complete and (problem := _problem(line, found, note, shown=shown)):
            self.problems.setdefault(f"{line.key}_{problem[0]}", problem[1])
        row = {"line": line.key, "answer": found, "note": note, "proof": proof_id}
        return row | self._by(kept if kept is saved and not facts.proof.given else None)

    def _by(self, saved: AnswerRow | None) -> dict[str, Any]:
        """Who answered and when: a draft's own answer keeps its author, everything else is looked at by this person."""
        by = (saved.answered_by_id, saved.answered_at) if saved else (self.actor.person_id, self.clock.now())
        return {"run": self.run_id, "answered_by": by[0], "answered_at": by[1]}

    def _words_and_proof(self, line: Line, found: Answer | None, facts: ProofFacts) -> tuple[str, int | None]:
        """The words show a yes with the link and the picture; otherwise they say what is missing, beside the proof."""
        if found is Answer.YES:
            return "", self._proof(line, facts)
        return facts.note.strip(), self._proof(line, ProofFacts(facts.link, "", facts.picture))

    def _proof(self, line: Line, facts: ProofFacts) -> int | None:
        if not facts.given:
            return None
        try:
            return keep_proof(self.actor, self.check.site.id, facts, clock=self.clock)
        except Invalid as refusal:
            self.problems |= {f"{line.key}_{name}": mend for name, mend in refusal.problems.items()}
            return None


def _problem(line: Line, found: Answer | None, note: str, *, shown: bool) -> tuple[str, str] | None:
    """What a line of a complete check lacks: the field, and the mend."""
    match found:
        case None:
            return "answer", "Answer this line."
        case Answer.YES:
            asked = line.shown and not shown
            return ("note", "Show it: paste a link, add a picture, or say what you saw.") if asked else None
        case Answer.NO:
            return None if note else ("note", "Say what is missing, so that it can be mended.")
        case Answer.DOES_NOT_APPLY:
            return None if note else ("note", "Say why it does not apply.")
