"""A site's life as the line of steps on its record sheet."""

from datetime import date
from typing import Any

from charlton_intranet.core.permissions import Role
from charlton_intranet.sites.queries import Deadlines
from charlton_intranet.sites.queries.sheets import Sheet
from charlton_intranet.sites.rules import SiteState
from charlton_intranet.web.filters import day

S = SiteState
ADVICE, DECISION, USE = "Advice of IT", "Decision of the Town Administrator", "In use"
AHEAD_OF_USE = frozenset({S.REQUESTED, S.ADVISED, S.CHANGES_ASKED})


def steps_of(sheet: Sheet, due: Deadlines) -> list[dict[str, Any]]:
    """Asked, advised, decided, in use: each done with who and when, open with its due date, or ahead."""
    site = sheet.site
    found = [_done("Asked for by the Department Head", sheet.names.get(site.requested_by_id), site.requested_on)]
    if asked_for := _changes_made(sheet):
        found.append(asked_for)
    if site.state is S.REQUESTED:
        found += [_now(ADVICE, Role.IT, due.advice(site.requested_on)), _later(DECISION)]
    if site.advised_on:
        text = f"{'Recommended' if site.recommended else 'Concerns'}. {site.advice}"
        found.append(_done(ADVICE, sheet.names.get(site.advised_by_id or 0), site.advised_on, text))
        found += _decided(sheet, due, site.advised_on)
    if site.state is S.WITHDRAWN:
        found.append(_done("Withdrawn by the department"))
    return found + _used(sheet)


def _changes_made(sheet: Sheet) -> dict[str, Any] | None:
    """What the Town Administrator asked for, while the changed request is looked at again."""
    site = sheet.site
    if site.state not in {S.REQUESTED, S.ADVISED} or not site.decided_on:
        return None
    who = sheet.names.get(site.decided_by_id or 0)
    return _done("Changes that the Town Administrator asked for", who, site.decided_on, site.reason)


def _decided(sheet: Sheet, due: Deadlines, advised: date) -> list[dict[str, Any]]:
    site = sheet.site
    if site.state is S.ADVISED:
        return [_now(DECISION, Role.ADMINISTRATOR, due.decision(advised))]
    # A decision older than the advice belongs to the request as it was before its changes.
    if site.decided_on is None or site.decided_on < advised:
        return []
    said = {S.CHANGES_ASKED: "Changes asked", S.DECLINED: "Declined"}.get(site.state, "Approved")
    decided = _done(DECISION, sheet.names.get(site.decided_by_id or 0), site.decided_on, f"{said}. {site.reason}")
    if site.state is not S.CHANGES_ASKED:
        return [decided]
    return [decided, _now("Changes to the request", Role.DEPARTMENT_HEAD, due.decision(site.decided_on))]


def _used(sheet: Sheet) -> list[dict[str, Any]]:
    site = sheet.site
    if site.state is S.APPROVED:
        # The checklists come first, which the coordinator answers; then the head puts it in use.
        who = Role.COORDINATOR if sheet.hindrances and sheet.coordinators else Role.DEPARTMENT_HEAD
        return [{"label": USE, "state": "now", "who": who.label, "text": " ".join(sheet.hindrances)}]
    if site.state in AHEAD_OF_USE:
        return [_later(USE)]
    found = [_done(USE, "", site.active_since)] if site.active_since else []
    if site.state in {S.SUSPENDED, S.DEACTIVATED}:
        stopped_by = sheet.names.get(site.stopped_by_id or 0)
        found.append(_done(site.state.label, stopped_by, site.stopped_on, site.stop_reason))
    return found


def _done(label: str, who: str | None = "", on: date | None = None, text: str = "") -> dict[str, Any]:
    return {"label": label, "state": "done", "who": who or "", "when": day(on) if on else "", "text": text.strip()}


def _now(label: str, role: Role, due: date) -> dict[str, Any]:
    return {"label": label, "state": "now", "who": role.label, "when": f"due {day(due)}"}


def _later(label: str) -> dict[str, Any]:
    return {"label": label, "state": "later"}
