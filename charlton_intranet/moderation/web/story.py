"""A case as the straight line of its steps: who did each, when, and what it left."""

from collections.abc import Callable, Iterable
from typing import Any

from charlton_intranet.moderation.queries import CaseView
from charlton_intranet.moderation.rules import CaseState, Outcome, Position
from charlton_intranet.web.filters import day

StepLine = dict[str, Any]
Chapter = Callable[[CaseView], Iterable[StepLine]]

_CHAPTERS: list[Chapter] = []
_TURNS = ("done", "now", "later")


def chapter(tell: Chapter) -> Chapter:
    """Register what tells a later part of the story, such as a request to look at the decision again."""
    _CHAPTERS.append(tell)
    return tell


def story(case: CaseView) -> list[StepLine]:
    """The steps as the macro ``steps`` shows them: what was done, then what is due now, then later."""
    lines = [*_steps(case), *(line for tell in _CHAPTERS for line in tell(case))]
    return sorted(lines, key=lambda line: _TURNS.index(line["state"]))


def step_line(label: str, who: str, when: Any, text: str = "", state: str = "done") -> StepLine:
    """One line; ``state`` is done, now or later."""
    return {"label": label, "state": state, "who": who, "when": when or "", "text": text}


def _steps(case: CaseView) -> list[StepLine]:
    lines = [step_line("Seen", case.seen_by or case.source.label, case.seen_at, _seen(case))]
    if case.state is CaseState.DISMISSED:
        return [*lines, step_line("No concern", case.dismissed_by, case.changed_at)]
    lines += [_preserved(case), _advised(case), _decided(case)]
    if case.determination is None or case.determination.outcome is not Outcome.KEEP:
        lines.append(_carried_out(case))
    if case.state is CaseState.VANISHED:
        lines = [line for line in lines if line["state"] == "done"]
        return [*lines, step_line("Vanished before action", "", case.closed_at, "What was captured stays.")]
    return lines


def _open(case: CaseView, label: str, state: CaseState, text: str = "") -> StepLine:
    """A step that is not done: the one whose turn it is says until when."""
    if case.state is not state:
        return step_line(label, "", "", state="later")
    return step_line(label, "", f"due {day(case.due_on)}" if case.due_on else "", text, state="now")


def _seen(case: CaseView) -> str:
    return case.source.label if case.seen_by else ""


def _preserved(case: CaseView) -> StepLine:
    if case.seal is None:
        return _open(case, "Preserved", CaseState.OPEN)
    return step_line("Preserved", case.seal.by, case.seal.at, f"Sealed copy {case.seal.sha256[:12]}…")


def _advised(case: CaseView) -> StepLine:
    asked = case.consultation
    if asked is None or asked.position is None:
        return _open(
            case, "Advised", CaseState.CONSULTING, f"The head of the department ({case.department_name}) is asked."
        )
    if asked.position is Position.NO_ANSWER:
        return step_line(
            "Advised", asked.given_by, asked.given_at, f"No answer by {day(asked.due_on)}; went on without it."
        )
    return step_line("Advised", asked.given_by, asked.given_at, f"{asked.position.label}.")


def _decided(case: CaseView) -> StepLine:
    decided = case.determination
    if decided is None:
        return _open(case, "Decided", CaseState.ADVISED)
    letters = f" (category {', '.join(decided.categories)})" if decided.categories else ""
    who = f"{decided.by}, acting" if decided.acting else decided.by
    return step_line("Decided", who, decided.at, f"{decided.outcome.label}{letters}.")


def _carried_out(case: CaseView) -> StepLine:
    if case.order is None or case.order.done_at is None:
        return _open(case, "Carried out", CaseState.DETERMINED)
    return step_line("Carried out", case.order.done_by, case.order.done_at, "A capture shows that it is gone.")
