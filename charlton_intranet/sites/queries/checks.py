"""What the pages of a site's checklists show: standings, single checks and lines, and the check to be answered."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from charlton_intranet.accounts.models import Person
from charlton_intranet.core.database import rows
from charlton_intranet.core.errors import NotFound
from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.sites.models import ChecklistAdvice, ChecklistAnswer, ChecklistRun, Site
from charlton_intranet.sites.queries.checklists import newest_run, standing_of
from charlton_intranet.sites.queries.proofs import ProofRow, proofs
from charlton_intranet.sites.queries.sheets import load
from charlton_intranet.sites.rules.checklists import (
    Answer,
    ChecklistKind,
    ChecklistStanding,
    Line,
    edition_in_force,
    lines_of,
)

# What a renewal may take over with one tick; what was a no is looked at anew.
CARRIED = frozenset({Answer.YES, Answer.DOES_NOT_APPLY})


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One answer on a line with what shows it; ``answer`` is None in drafts alone."""

    id: int
    run_id: int
    line: str
    answer: Answer | None
    note: str
    proof_id: int | None
    answered_by_id: int
    answered_by: str
    answered_at: datetime


@dataclass(frozen=True, slots=True)
class RunRow:
    """One check, or the draft of one."""

    id: int
    kind: ChecklistKind
    number: int
    edition: int
    complete: bool
    version: int
    answered_by: str
    answered_at: datetime

    @property
    def lines(self) -> Mapping[str, Line]:
        """The lines as they read when the check was made."""
        return lines_of(self.kind, self.edition)


@dataclass(frozen=True, slots=True)
class AdviceRow:
    """IT's last advice on a line."""

    text: str
    given_by: str
    given_at: datetime


Advice = Mapping[tuple[ChecklistKind, str], AdviceRow]


def _runs(where: Any) -> Any:
    return (
        ChecklistRun.select(
            ChecklistRun.id, ChecklistRun.kind, ChecklistRun.number, ChecklistRun.edition, ChecklistRun.complete,
            ChecklistRun.version, Person.name, ChecklistRun.answered_at,
        )
        .join(Person, on=(ChecklistRun.answered_by == Person.id))
        .where(where)
        .order_by(ChecklistRun.id.desc())
    )  # fmt: skip


def _answers(run_ids: Iterable[int], line: str | None = None) -> list[AnswerRow]:
    """All answers of these runs, oldest first, in one query."""
    wanted = ChecklistAnswer.run.in_(list(run_ids))
    query = (
        ChecklistAnswer.select(
            ChecklistAnswer.id, ChecklistAnswer.run, ChecklistAnswer.line, ChecklistAnswer.answer,
            ChecklistAnswer.note, ChecklistAnswer.proof, ChecklistAnswer.answered_by, Person.name,
            ChecklistAnswer.answered_at,
        )
        .join(Person, on=(ChecklistAnswer.answered_by == Person.id))
        .where(wanted if line is None else wanted & (ChecklistAnswer.line == line))
        .order_by(ChecklistAnswer.id)
    )  # fmt: skip
    return [AnswerRow(*row) for row in rows(query)]


def advice_of(site_id: int) -> Advice:
    """IT's last advice on each line of a site, in one query."""
    query = (
        ChecklistAdvice.select(
            ChecklistAdvice.kind, ChecklistAdvice.line, ChecklistAdvice.text, Person.name, ChecklistAdvice.given_at
        )
        .join(Person, on=(ChecklistAdvice.given_by == Person.id))
        .where(ChecklistAdvice.site == site_id)
        .order_by(ChecklistAdvice.id)
    )
    return {(kind, line): AdviceRow(*told) for kind, line, *told in rows(query)}


@dataclass(frozen=True, slots=True)
class Board:
    """One checklist of a site: where it stands, the answers that count by line, and the draft that is open."""

    kind: ChecklistKind
    standing: ChecklistStanding
    lines: Mapping[str, Line]
    run: RunRow | None
    answers: Mapping[str, AnswerRow]
    draft: RunRow | None


@dataclass(frozen=True, slots=True)
class ChecklistSheet:
    """Everything the page of a site's checklists shows; ``earlier`` is the key of the next page of history."""

    site: Site
    boards: tuple[Board, ...]
    proofs: Mapping[int, ProofRow]
    advice: Advice
    history: list[RunRow]
    earlier: int | None


def readable(actor: Actor, site_id: int) -> Site:
    """The site, or ``NotFound`` when its records are not this actor's to read."""
    site = load(actor, site_id)
    actor.must_see(Permission.READ_SITE_RECORDS, site.department_id)
    return site


def checklist_sheet(
    actor: Actor, site_id: int, day: date, *, after: int | None = None, size: int = 12
) -> ChecklistSheet:
    """Both checklists of a site and the checks made so far, the newest first, in ten queries."""
    site = readable(actor, site_id)
    of_site = ChecklistRun.site == site_id
    standings = standing_of([site_id], day)[site_id]
    open_ones = (newest_run(complete=True) | newest_run(complete=False)) & of_site
    newest = {(run.kind, run.complete): run for run in (RunRow(*row) for row in rows(_runs(open_ones)))}
    answers = _answers([run.id for run in newest.values() if run.complete])
    past = _runs(of_site & ChecklistRun.complete)
    if after is not None:
        past = past.where(ChecklistRun.id < after)
    history = [RunRow(*row) for row in rows(past.limit(size + 1))]
    boards = []
    for kind in ChecklistKind:
        run = newest.get((kind, True))
        boards.append(
            Board(
                kind=kind,
                standing=standings[kind],
                lines=run.lines if run else lines_of(kind),
                run=run,
                answers={row.line: row for row in answers if run and row.run_id == run.id},
                draft=newest.get((kind, False)),
            )
        )
    return ChecklistSheet(
        site=site,
        boards=tuple(boards),
        proofs=proofs(row.proof_id for row in answers),
        advice=advice_of(site_id),
        history=history[:size],
        earlier=history[size - 1].id if len(history) > size else None,
    )


@dataclass(frozen=True, slots=True)
class RunSheet:
    """One check as it was made, with what was mended in it: all answers by line, oldest first."""

    site: Site
    run: RunRow
    answers: Mapping[str, list[AnswerRow]]
    proofs: Mapping[int, ProofRow]


def run_sheet(actor: Actor, site_id: int, kind: ChecklistKind, number: int) -> RunSheet:
    """One complete check, in four queries."""
    site = readable(actor, site_id)
    wanted = (ChecklistRun.site == site_id) & (ChecklistRun.kind == kind) & (ChecklistRun.number == number)
    found = rows(_runs(wanted & ChecklistRun.complete))
    if not found:
        raise NotFound
    run = RunRow(*found[0])
    return _sheet_of(site, run, _answers([run.id]))


def _sheet_of(site: Site, run: RunRow, answers: list[AnswerRow]) -> RunSheet:
    by_line: dict[str, list[AnswerRow]] = {line: [] for line in run.lines}
    for row in answers:
        by_line[row.line].append(row)
    return RunSheet(site, run, by_line, proofs(row.proof_id for row in answers))


@dataclass(frozen=True, slots=True)
class LineSheet:
    """One line of a site's checklist: what was answered on it in the last check, oldest first, and IT's advice."""

    site: Site
    kind: ChecklistKind
    line: Line
    run: RunRow | None
    answers: list[AnswerRow]
    proofs: Mapping[int, ProofRow]
    advice: AdviceRow | None

    @property
    def failing(self) -> bool:
        """Whether the line waits to be mended."""
        return bool(self.answers) and self.answers[-1].answer is Answer.NO


def line_sheet(actor: Actor, site_id: int, kind: ChecklistKind, key: str) -> LineSheet:
    """Everything a line's page shows, in five queries; ``NotFound`` for a line that neither edition has."""
    site = readable(actor, site_id)
    wanted = (ChecklistRun.site == site_id) & (ChecklistRun.kind == kind) & newest_run(complete=True)
    run = next((RunRow(*row) for row in rows(_runs(wanted))), None)
    line = (run.lines if run else lines_of(kind)).get(key) or lines_of(kind).get(key)
    if line is None:
        raise NotFound
    answers = _answers([run.id], key) if run else []
    told = advice_of(site_id).get((kind, key))
    return LineSheet(site, kind, line, run, answers, proofs(row.proof_id for row in answers), told)


@dataclass(frozen=True, slots=True)
class OpenCheck:
    """The check that is answered next: a new one, or the draft of it.

    ``saved`` are the draft's answers, ``last`` those that count in the last check. ``version`` is the draft's, 0 when
    there is none.
    """

    site: Site
    kind: ChecklistKind
    number: int
    edition: int
    version: int
    draft: RunRow | None
    lines: Mapping[str, Line]
    saved: Mapping[str, AnswerRow]
    last: Mapping[str, AnswerRow]
    advice: Advice
    proofs: Mapping[int, ProofRow]

    def kept(self, line: str) -> AnswerRow | None:
        """What a tick on “still so” or “as saved” takes over on this line."""
        saved, last = self.saved.get(line), self.last.get(line)
        if saved and saved.answer:
            return saved
        return last if last and last.answer in CARRIED else None


def open_check(actor: Actor, site_id: int, kind: ChecklistKind) -> OpenCheck:
    """The check to be answered next, in five queries."""
    site = readable(actor, site_id)
    of_kind = (ChecklistRun.site == site_id) & (ChecklistRun.kind == kind)
    newest = of_kind & (newest_run(complete=True) | newest_run(complete=False))
    runs = {run.complete: run for run in (RunRow(*row) for row in rows(_runs(newest)))}
    last, draft = runs.get(True), runs.get(False)
    answers = _answers(run.id for run in runs.values())
    edition = draft.edition if draft else edition_in_force(kind)
    return OpenCheck(
        site=site,
        kind=kind,
        number=draft.number if draft else (last.number + 1 if last else 1),
        edition=edition,
        version=draft.version if draft else 0,
        draft=draft,
        lines=lines_of(kind, edition),
        saved={row.line: row for row in answers if draft and row.run_id == draft.id},
        last={row.line: row for row in answers if last and row.run_id == last.id},
        advice=advice_of(site_id),
        proofs=proofs(row.proof_id for row in answers),
    )
