"""Where the checklists of sites stand (3.5, 3.6-5, 3.8). The pages' own reads are in ``checks`` beside this module."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import peewee

from charlton_intranet.core.calendar import add_months
from charlton_intranet.core.clock import town_midnight, town_time
from charlton_intranet.core.database import rows
from charlton_intranet.policy.queries import default
from charlton_intranet.sites.models import ChecklistAnswer, ChecklistRun, Site
from charlton_intranet.sites.rules.checklists import (
    DUE_DAYS,
    Answer,
    ChecklistKind,
    ChecklistStanding,
    Line,
    lines_of,
    standing,
)
from charlton_intranet.sites.rules.states import LIVE, SiteState

# A site is looked at once it is approved: before it is used, and for as long as it is.
CHECKED = LIVE | {SiteState.APPROVED}


@dataclass(frozen=True, slots=True)
class Failure:
    """A line whose last answer is no, since that day."""

    answer_id: int
    site_id: int
    kind: ChecklistKind
    line: Line
    since: date


def newest_run(*, complete: bool) -> Any:
    """Whether a run has the highest number of its kind among those that are ``complete``."""
    newer = ChecklistRun.alias()
    same = (newer.site == ChecklistRun.site) & (newer.kind == ChecklistRun.kind)
    wanted = newer.complete if complete else ~newer.complete
    later = newer.select(newer.id).where(same & wanted & (newer.number > ChecklistRun.number))
    return (ChecklistRun.complete if complete else ~ChecklistRun.complete) & ~peewee.fn.EXISTS(later)


def standing_of(site_ids: Iterable[int], day: date) -> dict[int, dict[ChecklistKind, ChecklistStanding]]:
    """Where both checklists of each site stand on ``day``, in four queries."""
    ids = list(site_ids)
    if not ids:
        return {}
    newest = ChecklistRun.select(ChecklistRun.site, ChecklistRun.kind, ChecklistRun.answered_at).where(
        newest_run(complete=True) & ChecklistRun.site.in_(ids)
    )
    answered = {(site_id, kind): town_time(at).date() for site_id, kind, at in rows(newest)}
    failing: dict[tuple[int, ChecklistKind], tuple[str, ...]] = {}
    for found in failures(ids):
        place = (found.site_id, found.kind)
        failing[place] = (*failing.get(place, ()), found.line.words)
    months = {kind: default(f"{kind}.months") for kind in ChecklistKind}
    return {
        site_id: {
            kind: standing(
                answered_on=answered.get((site_id, kind)),
                failing=failing.get((site_id, kind), ()),
                months=months[kind],
                today=day,
            )
            for kind in ChecklistKind
        }
        for site_id in ids
    }


def may_wait(today: date) -> Any:
    """The sites, as a condition, whose checklists may need something: one not answered lately, or a line that failed.

    Of ten thousand sites a few: what the rules say of these decides. Months end on different days, hence the margin.
    """
    stale: Any = peewee.SQL("0 = 1")
    for kind in ChecklistKind:
        last = add_months(today + timedelta(days=DUE_DAYS), -default(f"{kind}.months")) + timedelta(days=4)
        fresh = ChecklistRun.select(ChecklistRun.id).where(
            (ChecklistRun.site == Site.id)
            & (ChecklistRun.kind == kind)
            & ChecklistRun.complete
            & (ChecklistRun.answered_at >= town_midnight(last))
        )
        stale |= ~peewee.fn.EXISTS(fresh)
    failed = ChecklistRun.select(ChecklistRun.site).join(ChecklistAnswer).where(ChecklistAnswer.answer == Answer.NO)
    return stale | Site.id.in_(failed)


def failures(site_ids: Iterable[int]) -> list[Failure]:
    """The lines that fail in the newest complete check of each kind, oldest first, in one query."""
    mended = ChecklistAnswer.alias()
    later = mended.select(mended.id).where(
        (mended.run == ChecklistAnswer.run) & (mended.line == ChecklistAnswer.line) & (mended.id > ChecklistAnswer.id)
    )
    query = (
        ChecklistAnswer.select(
            ChecklistAnswer.id, ChecklistRun.site, ChecklistRun.kind, ChecklistRun.edition, ChecklistAnswer.line,
            ChecklistAnswer.answered_at,
        )
        .join(ChecklistRun)
        .where(
            (ChecklistAnswer.answer == Answer.NO)
            & ChecklistRun.site.in_(list(site_ids))
            & newest_run(complete=True)
            & ~peewee.fn.EXISTS(later)
        )
        .order_by(ChecklistAnswer.id)
    )  # fmt: skip
    return [
        Failure(answer_id, site_id, kind, lines_of(kind, edition)[line], town_time(at).date())
        for answer_id, site_id, kind, edition, line, at in rows(query)
    ]
