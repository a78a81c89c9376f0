"""Differences between a page and the authority on it, and lists that are to be entered anew."""

from collections.abc import Iterator

from charlton_intranet.access.duties.shared import Offices, departments_of
from charlton_intranet.access.queries.owing import Due, Terms, lists_due, terms
from charlton_intranet.access.queries.pages import Page, pages
from charlton_intranet.access.rules import DifferenceKind
from charlton_intranet.core.duties import Duty, Kind, Owner, Scope

D = DifferenceKind
LADDER = (0,)
RECONCILE = Kind("access.reconcile", "3.3-3", "Enter the list", label="Enter who is on a page", by="Coordinator")
TAKE_OFF = Kind(
    "access.take_off",
    "3.3-3",
    "Take them off",
    LADDER,
    repeat_days=1,
    escalate_after=1,
    label="Take people off a page",
    by="Coordinator",
    legal_clock=True,
)
LOWER = Kind(
    "access.lower",
    "3.3-2",
    "Settle it",
    LADDER,
    repeat_days=1,
    escalate_after=1,
    label="Lower what somebody may do on a page",
    by="Coordinator",
    legal_clock=True,
)
PUT_ON = Kind(
    "access.put_on", "3.3-3", "Settle it", LADDER, label="Put somebody on a page", by="Coordinator", courtesy=True
)
IDENTIFY = Kind(
    "access.identify",
    "3.3-3",
    "Say who it is",
    LADDER,
    repeat_days=1,
    escalate_after=1,
    label="Say who is on a page",
    by="Coordinator",
    legal_clock=True,
)
SHARED = Kind(
    "access.shared",
    "3.3-3",
    "Take it off",
    LADDER,
    repeat_days=1,
    escalate_after=1,
    label="Take a shared account off",
    by="Coordinator",
    legal_clock=True,
)
SECOND = Kind(
    "access.second_administrator",
    "3.8",
    "Add a second one",
    LADDER,
    label="Add a second administrator",
    by="Coordinator",
)
KINDS = (RECONCILE, TAKE_OFF, LOWER, PUT_ON, IDENTIFY, SHARED, SECOND)
OF_DIFFERENCE = {
    D.TAKE_OFF: TAKE_OFF,
    D.LOWER: LOWER,
    D.PUT_ON: PUT_ON,
    D.IDENTIFY: IDENTIFY,
    D.SHARED: SHARED,
    D.SECOND_ADMINISTRATOR: SECOND,
}


def owed(scope: Scope) -> Iterator[Duty]:
    """One duty a difference, and one a live site for its next list."""
    departments = departments_of(scope)
    if departments == frozenset():
        return
    held, offices = terms(), Offices(scope.today)
    due = {found.site_id: found for found in lists_due(departments, held)}
    for site in due.values():
        yield _list(site, offices.of(site.department_id))
    for site_id, page in pages(due, scope.today).items():
        yield from _differences(page, due[site_id].title, held, offices.of(page.department_id))


def _list(site: Due, owner: Owner) -> Duty:
    return Duty(
        kind=RECONCILE,
        subject=f"site:{site.site_id}",
        title=f"Enter who is on the page of {site.title}",
        owner=owner,
        due=site.due,
        url=f"/sites/{site.site_id}/admins/list",
        department_id=site.department_id,
    )


def _differences(page: Page, title: str, held: Terms, owner: Owner) -> Iterator[Duty]:
    for difference in page.differences:
        about, url = f"site:{page.site_id}", f"/sites/{page.site_id}/admins"
        if difference.person_id is not None:
            about, url = f"{about}/person:{difference.person_id}", f"{url}/people/{difference.person_id}"
        elif difference.entry_id is not None:
            about, url = f"{about}/entry:{difference.entry_id}", f"{url}/entries/{difference.entry_id}"
        yield Duty(
            kind=OF_DIFFERENCE[difference.kind],
            subject=about,
            title=f"{title}: {difference.sentence}",
            owner=owner,
            due=held.settle(difference),
            url=url,
            department_id=page.department_id,
        )
