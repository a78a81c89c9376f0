from charlton_intranet.core import audit
from charlton_intranet.core.duties import Scope
from charlton_intranet.demo import site_life
from charlton_intranet.demo import sites as demo
from charlton_intranet.sites import duties
from charlton_intranet.sites.models import Appointment, Network, Site
from charlton_intranet.sites.rules import AppointmentState, NetworkState, SiteState
from tests.conftest import Town

# What the line of steps says where each site stands, by title.
STEPS = {
    "Library Notices": ["due", "Later"],
    "Animal Control": ["Recommended.", "due", "Later"],
    "Police Recruiting": ["Changes asked. Say in the plan", "Changes to the request", "due"],
    "Community Policing": ["Approved.", "In use"],
    "Charlton Police": ["Approved.", "In use"],
    "Police Alerts": ["In use", "Suspended", "Stopped until the second administrator has a second factor."],
    "Library Albums": ["In use", "Deactivated", "Moved to the library"],
    "Book Club Group": ["Concerns.", "Declined. What we publish must stay open to everybody."],
    "Summer Reading": ["Withdrawn by the department"],
}


def test_every_record_of_the_demo_opens_and_says_where_it_stands(town: Town) -> None:
    demo.load(town.clock, town.parts.store)
    readers = [town.client(box) for box in ("administrator", "it", "head.library", "head.police")]
    for site in Site.select():
        pages = [reader.get(f"/sites/{site.id}") for reader in readers]
        assert {page.status_code for page in pages} <= {200, 404}
        line = pages[0].text.partition("From request to use")[2].partition("What happened")[0]
        place = 0
        for words in STEPS.get(site.title, []):
            place = line.find(words, place)
            assert place > 0, (site.title, words)
    for kind, model in (("networks", Network), ("coordinators", Appointment)):
        for found in model.select():
            assert {readers[0].get(f"/sites/{kind}/{found.id}").status_code} == {200}


def test_the_demo_shows_every_state_and_leaves_work_for_today(town: Town) -> None:
    before = town.clock.at
    demo.load(town.clock, town.parts.store)
    assert town.clock.at == before
    assert {site.state for site in Site.select()} == set(SiteState)
    assert {network.state for network in Network.select()} == set(NetworkState)
    assert {found.state for found in Appointment.select()} == set(AppointmentState)
    owed = list(duties.owed(Scope(today=town.today)))
    # Nobody misses a coordinator in the demo, and the approved site waits for its checklists first.
    assert set(duties.steps.KINDS) - {duty.kind for duty in owed} == {
        duties.steps.FILL_VACANCY,
        duties.steps.PUT_IN_USE,
    }
    assert audit.verify().fault is None


def test_the_demo_shows_what_happens_to_sites_over_the_years(town: Town) -> None:
    demo.load(town.clock, town.parts.store)
    site_life.load(town.clock, town.parts.store)
    owed = {duty.kind for duty in duties.approvals.owed(Scope(today=town.today))}
    assert owed == set(duties.approvals.KINDS)
    administrator = town.client("administrator")
    for site in Site.select():
        for page in ("", "/approval", "/deactivation"):
            assert administrator.get(f"/sites/{site.id}{page}").status_code == 200
    for found in Network.select():
        assert administrator.get(f"/sites/networks/{found.id}").status_code == 200
    leaving = Appointment.get(
        (Appointment.state == AppointmentState.ACTIVE) & (Appointment.department == town.department_id("Library"))
    )
    assert "hands over to" in administrator.get(f"/sites/coordinators/{leaving.id}").text
    assert audit.verify().fault is None
