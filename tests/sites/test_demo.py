from charlton_intranet.core import audit
from charlton_intranet.core.duties import Scope
from charlton_intranet.demo import sites as demo
from charlton_intranet.sites import duties
from charlton_intranet.sites.models import Appointment, Network, Site
from charlton_intranet.sites.rules import AppointmentState, NetworkState, SiteState
from tests.conftest import Town


def test_the_demo_shows_every_state_and_leaves_work_for_today(town: Town) -> None:
    before = town.clock.at
    demo.load(town.clock, town.parts.store)
    assert town.clock.at == before
    assert {site.state for site in Site.select()} == set(SiteState)
    assert {network.state for network in Network.select()} == set(NetworkState)
    assert {found.state for found in Appointment.select()} == set(AppointmentState)
    owed = list(duties.owed(Scope(today=town.today)))
    # Nobody misses a coordinator in the demo.
    assert {duty.kind for duty in owed} == set(duties.KINDS) - {duties.FILL_VACANCY}
    assert audit.verify().fault is None
