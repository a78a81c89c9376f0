"""What the Town Administrator approved of each site, what differs from it now, and until when it holds."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import peewee

from charlton_intranet.accounts import queries as accounts
from charlton_intranet.core.calendar import add_months
from charlton_intranet.core.database import rows
from charlton_intranet.policy.queries import default
from charlton_intranet.sites.models import Site, SiteApproval, SiteChange, YearlyAnswer
from charlton_intranet.sites.rules import APPROVED, FACTS, ApprovalKind, FactChange, SiteState, differences, renew_by
from charlton_intranet.sites.rules.approvals import RENEWAL_DAYS


@dataclass(frozen=True, slots=True)
class Answer:
    """The department's word whether the site is still needed."""

    needed: bool
    note: str
    by_id: int
    on: date


@dataclass(frozen=True, slots=True)
class Approval:
    """The approval of a site that is in force.

    ``id`` is that of the latest kept approval, ``facts`` what it holds: None and empty for a site that was approved
    before approvals were kept and not changed since. ``changes`` are how the record differs from it now (field,
    before, after); ``refused`` is why the department was asked to set them back. The latest change of the record,
    settled or not, is ``change_id``.
    The year began with the approval ``year_id``; ``answer`` is the department's word for the next one, None until
    it is given.
    """

    id: int | None
    year_id: int | None
    approved_on: date
    approved_by_id: int | None
    renew_by: date
    facts: Mapping[str, str]
    changes: tuple[FactChange, ...] = ()
    change_id: int | None = None
    changed_on: date | None = None
    changed_by_id: int | None = None
    refused: str = ""
    refused_on: date | None = None
    refused_by_id: int | None = None
    answer: Answer | None = None

    @property
    def authors(self) -> frozenset[int]:
        """Whose matter the next approval would be: who changed the record, and who said that it is needed."""
        changed = {self.changed_by_id} if self.changes and self.changed_by_id else set()
        return frozenset(changed | ({self.answer.by_id} if self.answer else set()))


@dataclass(frozen=True, slots=True)
class PastApproval:
    """One line of the history of approvals."""

    kind: ApprovalKind
    on: date
    by: str
    note: str


def facts_of(site: Site) -> dict[str, str]:
    """The facts of a site's record as an approval keeps them."""
    return {name: str(getattr(site, name)) for name in FACTS}


def approval_of(site_ids: Iterable[int]) -> dict[int, Approval]:
    """The approval in force of each of these sites that has one, in five queries."""
    found = rows(
        Site.select(Site.id, Site.decided_on, Site.decided_by, *(getattr(Site, name) for name in FACTS)).where(
            Site.id.in_(list(site_ids)) & Site.state.in_(APPROVED | {SiteState.DEACTIVATED})
        )
    )
    ids = [row[0] for row in found]
    kept, made, answers, months = _kept(ids), _made(ids), _answers(ids), default("reapproval.months")
    return {
        site_id: _approval(
            kept.get(site_id, []),
            made.get(site_id, []),
            answers.get(site_id, {}),
            decided=(decided_on, decided_by),
            now=dict(zip(FACTS, map(str, facts), strict=True)),
            months=months,
        )
        for site_id, decided_on, decided_by, *facts in found
        if decided_on is not None
    }


def may_wait(today: date) -> Any:
    """The sites, as a condition, on whose approval somebody may wait: changed ever, or its year ends before long.

    Of ten thousand sites a few: what the rules say of these decides. Months end on different days, hence the margin.
    """
    year = SiteApproval.select(peewee.fn.MAX(SiteApproval.approved_on)).where(
        (SiteApproval.site == Site.id) & (SiteApproval.kind != ApprovalKind.CHANGE)
    )
    asked = add_months(today + timedelta(days=RENEWAL_DAYS), -default("reapproval.months")) + timedelta(days=3)
    changed = SiteChange.select(SiteChange.id).where(SiteChange.site == Site.id)
    return (peewee.fn.COALESCE(year, Site.decided_on) <= asked) | peewee.fn.EXISTS(changed)


def past_approvals(site_id: int) -> list[PastApproval]:
    """All approvals that were kept, the latest first, in two queries."""
    found = list(SiteApproval.select().where(SiteApproval.site == site_id).order_by(SiteApproval.id.desc()))
    names = accounts.names_of(approval.approved_by_id for approval in found)
    return [PastApproval(one.kind, one.approved_on, names[one.approved_by_id], one.note) for one in found]


def _approval(
    kept: list[SiteApproval],
    made: list[SiteChange],
    answers: dict[int | None, Answer],
    *,
    decided: tuple[date, int | None],
    now: Mapping[str, str],
    months: int,
) -> Approval:
    """``kept`` and ``made`` are in the order they were written."""
    last = kept[-1] if kept else None
    # A consent to a change does not begin a new year.
    years = [one for one in kept if one.kind is not ApprovalKind.CHANGE]
    year = years[-1] if years else None
    approved_on, approved_by_id = (year.approved_on, year.approved_by_id) if year else decided
    # Before approvals were kept nobody could change an approved record, so the first change shows what was approved.
    text = last.facts if last else made[0].before if made else ""
    facts = json.loads(text) if text else {}
    changes = differences(facts, now) if facts else ()
    change = made[-1] if made else None
    refused = change if changes else None
    return Approval(
        id=last.id if last else None,
        year_id=year.id if year else None,
        approved_on=approved_on,
        approved_by_id=approved_by_id,
        renew_by=renew_by(approved_on, months),
        facts=facts,
        changes=changes,
        change_id=change.id if change else None,
        changed_on=change.changed_on if change else None,
        changed_by_id=change.changed_by_id if change else None,
        refused=refused.reason if refused else "",
        refused_on=refused.refused_on if refused else None,
        refused_by_id=refused.refused_by_id if refused else None,
        answer=answers.get(year.id if year else None),
    )


def _kept(site_ids: list[int]) -> dict[int, list[SiteApproval]]:
    found: dict[int, list[SiteApproval]] = {}
    for one in SiteApproval.select().where(SiteApproval.site.in_(site_ids)).order_by(SiteApproval.id):
        found.setdefault(one.site_id, []).append(one)
    return found


def _made(site_ids: list[int]) -> dict[int, list[SiteChange]]:
    found: dict[int, list[SiteChange]] = {}
    for one in SiteChange.select().where(SiteChange.site.in_(site_ids)).order_by(SiteChange.id):
        found.setdefault(one.site_id, []).append(one)
    return found


def _answers(site_ids: list[int]) -> dict[int, dict[int | None, Answer]]:
    """The department's words by site and by the approval they answer."""
    query = YearlyAnswer.select(
        YearlyAnswer.site, YearlyAnswer.approval, YearlyAnswer.needed, YearlyAnswer.note,
        YearlyAnswer.answered_by, YearlyAnswer.answered_on,
    ).where(YearlyAnswer.site.in_(site_ids)).order_by(YearlyAnswer.id)  # fmt: skip
    found: dict[int, dict[int | None, Answer]] = {}
    for site_id, approval_id, *answer in rows(query):
        found.setdefault(site_id, {})[approval_id] = Answer(*answer)
    return found
