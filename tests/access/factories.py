"""People on pages as tests need them: authority made by the real use cases, lists pasted as text."""

from datetime import timedelta

from charlton_intranet.access import queries
from charlton_intranet.access.queries.matching import matches
from charlton_intranet.access.queries.pages import Page
from charlton_intranet.access.rules import PageRole, read_list
from charlton_intranet.access.service import lists
from charlton_intranet.access.service.lists import EntryFacts
from charlton_intranet.core.scope import ScopeLine
from charlton_intranet.grants.models import Grant
from charlton_intranet.grants.rules import Capability
from charlton_intranet.policy.queries import in_force
from charlton_intranet.sites.models import Site
from charlton_intranet.sites.service.proofs import ProofFacts
from tests.conftest import Town
from tests.grants import factories as grants
from tests.policy import factories as policy
from tests.sites.factories import site

NO_PROOF = ProofFacts()
SEEN = ProofFacts(note="Seen in the settings of the page.")
TWO_ADMINS = "Helen Marsh, Admin\nCody Barnes, Admin"


def allowed(
    town: Town, box: str, where: Site, capability: Capability = Capability.PUBLISH, *, until: timedelta | None = None
) -> Grant:
    """Somebody with effective authority: granted, and signed for."""
    if in_force() is None:
        policy.publish(town)
    town.clock.advance(minutes=1)
    grant = grants.approved(town, box, where, capability, until=town.today + until if until else None)
    sign(town, box, where, capability)
    return grant


def sign(town: Town, box: str, where: Site, capability: Capability = Capability.PUBLISH) -> None:
    policy.sign(town, box, scope=[ScopeLine(f"site:{where.id}", capability.level, "words")])


def headed(town: Town, department: str = "Library") -> None:
    """The department's head has signed for the office."""
    if in_force() is None:
        policy.publish(town)
    line = ScopeLine(f"department:{town.department_id(department)}", 4, "words")
    policy.sign(town, f"head.{department.lower()}", scope=[line])


def page_with_admins(town: Town) -> Site:
    """A site whose page is in order: two administrators with authority, on the list."""
    where = site(town)
    headed(town)
    allowed(town, "coordinator.library", where)
    town.clock.advance(hours=1)
    enter(town, where, TWO_ADMINS)
    return where


def enter(town: Town, where: Site, text: str, *, box: str = "coordinator.library") -> int:
    """Paste a list and take everybody for whom the app takes them; returns the list's id."""
    lines = read_list(text)
    taken = zip(lines, matches(where.id, lines), strict=True)
    facts = [EntryFacts(line, line.role, found.kind, found.person_id) for line, found in taken]
    last = queries.last_admin_list([where.id]).get(where.id)
    actor = town.actor(box)
    return lists.save_list(actor, where.id, facts, NO_PROOF, after=last.id if last else 0, clock=town.clock)


def take_off(town: Town, where: Site, box: str, *, by: str = "coordinator.library") -> None:
    """Show that somebody was taken off the page."""
    lists.show_change(
        town.actor(by), where.id, person_id=town.person_id(box), role=PageRole.NOTHING, proof=SEEN, clock=town.clock
    )


def page_of(town: Town, where: Site) -> Page:
    found = queries.on_page(where.id, town.today)
    assert found is not None
    return found
