"""A restriction as the straight line of its steps: who did each, when, and what came of it."""

from typing import Any

from charlton_intranet.moderation.queries.restrictions import RestrictionView
from charlton_intranet.moderation.rules import Position
from charlton_intranet.moderation.rules.contributors import RestrictionState
from charlton_intranet.web.filters import day

S = RestrictionState
StepLine = dict[str, Any]
_VIEWS = {
    Position.VIOLATION: "For it.",
    Position.NO_VIOLATION: "Against it.",
    Position.NO_ANSWER: "No answer in time; went on without it.",
}


def story(row: RestrictionView) -> list[StepLine]:
    """The steps, done, now or later, as the macro ``steps`` shows them."""
    lines = [_line("Proposed", row.proposed_by, row.proposed_at, f"{row.asked_days} days."), _view(row)]
    if row.state is S.WITHDRAWN:
        lines = [line for line in lines if line["state"] == "done"]
        if row.decided_at:
            lines.append(_decided(row))
        return [*lines, _line("Withdrawn", row.over_by, row.over_at, "It never took effect.")]
    lines.append(_decided(row))
    if row.state is S.DECLINED:
        return lines
    lines.append(_set(row))
    lines += [
        _line("Looked at again", one.by, one.at, "It stays." if one.stays else "To be lifted.") for one in row.reviews
    ]
    return [*lines, _over(row)]


def _line(label: str, who: str, when: Any, text: str = "", state: str = "done") -> StepLine:
    return {"label": label, "state": state, "who": who, "when": when or "", "text": text}


def _view(row: RestrictionView) -> StepLine:
    if row.view is None:
        text = f"The head of the department ({row.department_name}) is asked."
        return _line("The head's view", "", f"due {day(row.view_due_on)}", text, "now")
    return _line("The head's view", row.view_by, row.view_at or row.decided_at, _VIEWS[row.view])


def _decided(row: RestrictionView) -> StepLine:
    if row.decided_at is None:
        due = f"due {day(row.due_on)}" if row.view else ""
        return _line("Determined", "", due, state="now" if row.view else "later")
    who = f"{row.decided_by}, acting" if row.acting else row.decided_by
    return _line("Determined", who, row.decided_at, f"{row.days} days." if row.days else "Declined.")


def _set(row: RestrictionView) -> StepLine:
    if row.started_at is None:
        now = row.state is S.APPROVED
        return _line("In force", "", f"due {day(row.due_on)}" if now else "", state="now" if now else "later")
    return _line("In force", row.started_by, row.started_at, f"Until {day(row.ends_on)}.")


def _over(row: RestrictionView) -> StepLine:
    if row.over_at is not None:
        return _line(row.state.label, row.over_by, row.over_at, "The writer can write there again.")
    due = f"due {day(row.due_on)}" if row.due_on and row.started_at else ""
    return _line("Over", "", due, state="now" if row.started_at else "later")
