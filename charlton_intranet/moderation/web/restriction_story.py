"""A restriction as the straight line of its steps: who did each, when, and what came of it."""

from charlton_intranet.moderation.queries.restrictions import RestrictionView
from charlton_intranet.moderation.rules import Position
from charlton_intranet.moderation.rules.contributors import RestrictionState
from charlton_intranet.moderation.web.story import StepLine, step_line
from charlton_intranet.web.filters import day

S = RestrictionState
_VIEWS = {
    Position.VIOLATION: "For it.",
    Position.NO_VIOLATION: "Against it.",
    Position.NO_ANSWER: "No answer in time; went on without it.",
}


def story(row: RestrictionView) -> list[StepLine]:
    """The steps, done, now or later, as the macro ``steps`` shows them."""
    lines = [step_line("Proposed", row.proposed_by, row.proposed_at, f"{row.asked_days} days."), _view(row)]
    if row.state is S.WITHDRAWN:
        lines = [line for line in lines if line["state"] == "done"]
        if row.decided_at:
            lines.append(_decided(row))
        return [*lines, step_line("Withdrawn", row.over_by, row.over_at, "It never took effect.")]
    lines.append(_decided(row))
    if row.state is S.DECLINED:
        return lines
    lines.append(_set(row))
    lines += [
        step_line("Looked at again", one.by, one.at, "It stays." if one.stays else "To be lifted.")
        for one in row.reviews
    ]
    return [*lines, _over(row)]


def _view(row: RestrictionView) -> StepLine:
    if row.view is None:
        text = f"The head of the department ({row.department_name}) is asked."
        return step_line("The head's view", "", f"due {day(row.view_due_on)}", text, "now")
    return step_line("The head's view", row.view_by, row.view_at or row.decided_at, _VIEWS[row.view])


def _decided(row: RestrictionView) -> StepLine:
    if row.decided_at is None:
        due = f"due {day(row.due_on)}" if row.view else ""
        return step_line("Determined", "", due, state="now" if row.view else "later")
    who = f"{row.decided_by}, acting" if row.acting else row.decided_by
    return step_line("Determined", who, row.decided_at, f"{row.days} days." if row.days else "Declined.")


def _set(row: RestrictionView) -> StepLine:
    if row.started_at is None:
        now = row.state is S.APPROVED
        return step_line("In force", "", f"due {day(row.due_on)}" if now else "", state="now" if now else "later")
    return step_line("In force", row.started_by, row.started_at, f"Until {day(row.ends_on)}.")


def _over(row: RestrictionView) -> StepLine:
    if row.over_at is not None:
        return step_line(row.state.label, row.over_by, row.over_at, "The writer can write there again.")
    due = f"due {day(row.due_on)}" if row.due_on and row.started_at else ""
    return step_line("Over", "", due, state="now" if row.started_at else "later")
