"""Checklists to answer or renew, and lines of them to mend."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from charlton_intranet.accounts import queries as accounts
from charlton_intranet.core.database import rows
from charlton_intranet.core.duties import Duty, Kind, Owner, Scope
from charlton_intranet.core.permissions import Actor, Role
from charlton_intranet.policy.queries import default
from charlton_intranet.sites.models import Network, Site
from charlton_intranet.sites.queries.checklists import CHECKED, failures, may_wait, standing_of
from charlton_intranet.sites.rules.checklists import DUE_DAYS, ChecklistKind

SHOW_AUTHENTICITY = Kind(
    "authenticity.renew", "3.5", "Answer the checklist", label="Answer the authenticity checklist", by="Coordinator"
)
SHOW_CONTROLS = Kind(
    "controls.renew", "3.6-5", "Answer the checklist", label="Answer the security checklist", by="Coordinator"
)
MEND_AUTHENTICITY = Kind(
    "authenticity.mend", "3.5", "Mend it", ladder=(1, 0), label="Mend what makes a site not authentic", by="Coordinator"
)
MEND_CONTROLS = Kind(
    "controls.mend", "3.6-5", "Mend it", ladder=(1, 0), label="Mend a security control", by="Coordinator"
)
HELP_MEND = Kind(
    "controls.assist", "3.8", "Help to mend it", ladder=(1, 0), label="Help to mend a security control", by="IT"
)
KINDS = (SHOW_AUTHENTICITY, SHOW_CONTROLS, MEND_AUTHENTICITY, MEND_CONTROLS, HELP_MEND)

RENEWALS = {ChecklistKind.AUTHENTICITY: SHOW_AUTHENTICITY, ChecklistKind.CONTROLS: SHOW_CONTROLS}
MENDINGS = {ChecklistKind.AUTHENTICITY: MEND_AUTHENTICITY, ChecklistKind.CONTROLS: MEND_CONTROLS}


def owed(scope: Scope) -> Iterable[Duty]:
    """What the coordinator owes, or the head where nobody is coordinator; IT sees the controls that fail."""
    departments = _departments_of(scope.actor)
    if departments == frozenset():
        return
    sites = _Sites(scope.today, departments)
    if sites.about:
        yield from sites.renewals()
        yield from sites.mendings()


def _departments_of(actor: Actor | None) -> frozenset[int] | None:
    """The departments whose sites concern ``actor``; None for all of them."""
    if actor is None or actor.holds(Role.IT):
        return None
    return actor.departments_as(Role.COORDINATOR, Role.DEPARTMENT_HEAD)


class _Sites:
    """The sites that are approved or in use and may need something, with what their duties are made of."""

    def __init__(self, today: date, departments: frozenset[int] | None) -> None:
        query = (
            Site.select(Site.id, Site.title, Network.name, Site.department, Site.decided_on, Site.requested_on)
            .join(Network)
            .where(Site.state.in_(CHECKED) & may_wait(today))
            .order_by(Site.id)
        )
        if departments is not None:
            query = query.where(Site.department.in_(departments))
        self.today = today
        self.about = {
            site_id: (f"{title} ({network})", department_id, decided or requested)
            for site_id, title, network, department_id, decided, requested in rows(query)
        }
        self.coordinated = accounts.departments_with(Role.COORDINATOR, today) if self.about else frozenset()

    def _owner(self, department_id: int) -> Owner:
        role = Role.COORDINATOR if department_id in self.coordinated else Role.DEPARTMENT_HEAD
        return Owner(role=role, department_id=department_id)

    def renewals(self) -> Iterator[Duty]:
        """The checks that are due before long: by the day the last one runs out, or soon after the approval."""
        calendar, days = accounts.business_calendar(), default("checklist.business_days")
        horizon = self.today + timedelta(days=DUE_DAYS)
        for site_id, standings in standing_of(self.about, self.today).items():
            name, department_id, since = self.about[site_id]
            for kind, found in standings.items():
                due = found.renew_by or calendar.add(since, days)
                if due > horizon:
                    continue
                yield Duty(
                    kind=RENEWALS[kind],
                    subject=f"site:{site_id}",
                    title=f"{kind.label} of {name}",
                    owner=self._owner(department_id),
                    due=due,
                    url=f"/sites/{site_id}/checklists/{kind}",
                    department_id=department_id,
                )

    def mendings(self) -> Iterator[Duty]:
        """A duty for every line that fails."""
        calendar, days = accounts.business_calendar(), default("checklist.business_days")
        for found in failures(self.about):
            name, department_id, _since = self.about[found.site_id]
            owners = {MENDINGS[found.kind]: self._owner(department_id)}
            if found.kind is ChecklistKind.CONTROLS:
                owners[HELP_MEND] = Owner(role=Role.IT)
            for kind, owner in owners.items():
                yield Duty(
                    kind=kind,
                    subject=f"checklist_answer:{found.answer_id}",
                    title=f"Not so yet on {name}: {found.line.words}",
                    owner=owner,
                    due=calendar.add(found.since, days),
                    url=f"/sites/{found.site_id}/checklists/{found.kind}/{found.line.key}",
                    department_id=department_id,
                )
