"""What approvals make people owe: a changed record, another year, and sites whose network lost its approval."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

import peewee

from charlton_intranet.core.database import rows
from charlton_intranet.core.duties import Duty, Kind, Owner, Scope
from charlton_intranet.core.permissions import Role
from charlton_intranet.sites.models import Network, Site, SiteChange, YearlyAnswer
from charlton_intranet.sites.queries import Deadlines, deadlines
from charlton_intranet.sites.queries.approvals import Approval, approval_of, may_wait
from charlton_intranet.sites.rules import APPROVED, LIVE, NetworkState, SiteState, may_renew

CONFIRM_CHANGE = Kind(
    "site.confirm_change",
    "2.2",
    "Confirm it or ask to set it back",
    label="Confirm a changed record",
    by="Town Administrator",
)
SET_BACK = Kind("site.set_back", "2.2", "Set it back", label="Set a changed record back", by="Department Head")
ANSWER_NEED = Kind(
    "site.answer_need",
    "2.2",
    "Say whether it is still needed",
    label="Say whether a site is still needed",
    by="Department Head",
)
RENEW = Kind(
    "site.renew", "2.2", "Approve it for another year", label="Approve a site for another year", by="Town Administrator"
)
END_USE = Kind(
    "site.end_use", "3.7-1", "Suspend or deactivate it", label="End the use of a site", by="Town Administrator"
)
LEAVE_NETWORK = Kind(
    "site.leave_network",
    "1.3",
    "Suspend or deactivate it",
    label="Leave a network that lost its approval",
    by="Town Administrator",
)
KINDS = (CONFIRM_CHANGE, SET_BACK, ANSWER_NEED, RENEW, END_USE, LEAVE_NETWORK)

ADMINISTRATOR = Owner(role=Role.ADMINISTRATOR)

# Who asked, and when.
_Asked = tuple[int | None, date | None]


@dataclass(frozen=True, slots=True)
class _Site:
    """What a duty names of a site."""

    id: int
    title: str
    department_id: int
    state: SiteState

    @property
    def head(self) -> Owner:
        return Owner(role=Role.DEPARTMENT_HEAD, department_id=self.department_id)

    def duty(
        self, kind: Kind, title: str, owner: Owner, due: date, *, asked: _Asked = (None, None), page: str = "/approval"
    ) -> Duty:
        return Duty(
            kind=kind,
            subject=f"site:{self.id}",
            title=title.replace("{}", f"“{self.title}”"),
            owner=owner,
            due=due,
            url=f"/sites/{self.id}{page}",
            department_id=self.department_id,
            asked_by=asked[0],
            since=asked[1],
        )


def owed(scope: Scope) -> Iterable[Duty]:
    """Approvals that wait for somebody, in seven queries at most."""
    actor = scope.actor
    town = actor is None or actor.holds(Role.ADMINISTRATOR)
    headed = None if actor is None or town else actor.departments_as(Role.DEPARTMENT_HEAD)
    if headed is not None and not headed:
        return
    query = Site.select(Site.id, Site.title, Site.department, Site.state)
    query = query.where(Site.state.in_(APPROVED) & may_wait(scope.today))
    if headed is not None:
        query = query.where(Site.department.in_(sorted(headed)))
    if scope.asker is not None:
        query = query.where(_asked_about(scope.asker))
    sites = [_Site(*row) for row in rows(query.order_by(Site.id))]
    approvals, due = approval_of(site.id for site in sites), deadlines()
    for site in sites:
        if approval := approvals.get(site.id):
            found = list(_of_change(site, approval, due))
            if site.state in LIVE:
                found += _of_year(site, approval, due, scope.today)
            yield from (duty for duty in found if scope.asker in {None, duty.asked_by})
    if town and scope.asker is None:
        yield from _of_networks(due)


def _asked_about(person_id: int) -> peewee.Expression:
    """Sites whose record this person changed or wanted set back, or of which they said whether it is needed."""
    changed = SiteChange.select(SiteChange.site).where(
        (SiteChange.changed_by == person_id) | (SiteChange.refused_by == person_id)
    )
    answered = YearlyAnswer.select(YearlyAnswer.site).where(YearlyAnswer.answered_by == person_id)
    return Site.id.in_(changed) | Site.id.in_(answered)


def _of_change(site: _Site, approval: Approval, due: Deadlines) -> Iterator[Duty]:
    if not approval.changes or approval.changed_on is None:
        return
    if approval.refused_on:
        asked, last = (approval.refused_by_id, approval.refused_on), due.decision(approval.refused_on)
        yield site.duty(SET_BACK, "Set the record of {} back", site.head, last, asked=asked)
    else:
        asked, last = (approval.changed_by_id, approval.changed_on), due.decision(approval.changed_on)
        yield site.duty(CONFIRM_CHANGE, "The record of {} was changed", ADMINISTRATOR, last, asked=asked)


def _of_year(site: _Site, approval: Approval, due: Deadlines, today: date) -> Iterator[Duty]:
    answer, last = approval.answer, due.calendar.on_or_after(approval.renew_by)
    if answer is None:
        if may_renew(approval.renew_by, today):
            yield site.duty(ANSWER_NEED, "Is {} still needed?", site.head, last)
    elif answer.needed:
        last = max(last, due.decision(answer.on))
        asked = (answer.by_id, answer.on)
        yield site.duty(RENEW, "Approve {} for another year", ADMINISTRATOR, last, asked=asked)
    else:
        words = "{} is no longer needed by its department"
        last = due.decision(answer.on)
        yield site.duty(END_USE, words, ADMINISTRATOR, last, asked=(answer.by_id, answer.on), page="/deactivation")


def _of_networks(due: Deadlines) -> Iterator[Duty]:
    query = (
        Site.select(
            Site.id, Site.title, Site.department, Site.state,
            Network.name, Network.decided_on, Network.proposed_on,
        )
        .join(Network)
        .where((Site.state == SiteState.ACTIVE) & (Network.state != NetworkState.APPROVED))
        .order_by(Site.id)
    )  # fmt: skip
    for *site, network, decided_on, proposed_on in rows(query):
        words = "{} is on " + f"{network}, which is no longer approved"
        yield _Site(*site).duty(
            LEAVE_NETWORK, words, ADMINISTRATOR, due.decision(decided_on or proposed_on), page="#stop"
        )
