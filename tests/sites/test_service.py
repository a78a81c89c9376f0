import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from charlton_intranet.accounts import service as accounts
from charlton_intranet.accounts.models import Person, RecordedException
from charlton_intranet.core import audit
from charlton_intranet.core.audit import AuditEvent
from charlton_intranet.core.clock import today
from charlton_intranet.core.duties import Scope
from charlton_intranet.core.errors import Forbidden, Invalid, NotFound, StaleState
from charlton_intranet.core.permissions import SYSTEM, Actor, Permission, Role
from charlton_intranet.sites import duties, queries
from charlton_intranet.sites.jobs import start_appointments
from charlton_intranet.sites.models import Appointment, ChecklistRun, DeactivationStep, Network, Site
from charlton_intranet.sites.queries.sheets import SiteFilter, site_sheet, sites_page
from charlton_intranet.sites.rules import (
    ATTESTATIONS,
    PREPARATIONS,
    AppointmentState,
    Cadence,
    Closing,
    Decision,
    NetworkKind,
    NetworkState,
    SiteFacts,
    SiteState,
)
from charlton_intranet.sites.rules.checklists import ChecklistKind, lines_of
from charlton_intranet.sites.service import appointments, living, networks, requests
from tests.conftest import Town
from tests.sites import factories

DOMAINS = ("charlton.example",)
TERMS = "https://forum.example/terms"


def facts(**changes: Any) -> SiteFacts:
    given = {
        "address": "https://www.facebook.com/CharltonTeens/?fbclid=1",
        "title": "Teens at the Library",
        "account_email": "Library@Charlton.example ",
        "purpose": "Reading",
        "audience": "Teens",
        "plan": "Twice a week",
        "cadence": Cadence.WEEKLY,
        "attested": frozenset(ATTESTATIONS),
        "prepared": frozenset(PREPARATIONS),
    }
    return SiteFacts(**{**given, **changes})


def ask(town: Town, box: str = "head.library", **changes: Any) -> int:
    actor = town.actor(box)
    return requests.ask(actor, actor.department_id or 0, facts(**changes), domains=DOMAINS, clock=town.clock)


def current(site_id: int) -> Site:
    found: Site = Site.get_by_id(site_id)
    return found


def approved(town: Town) -> int:
    factories.network(town)
    site_id = ask(town)
    requests.advise(town.actor("it"), site_id, 1, recommended=True, text="Fine", clock=town.clock)
    requests.decide(town.actor("administrator"), site_id, 2, decision=Decision.APPROVE, reason="", clock=town.clock)
    factories.checks(town, site_id)
    return site_id


def trail(subject: str) -> list[tuple[str, Any, Any]]:
    events = AuditEvent.select().where(AuditEvent.subject == subject).order_by(AuditEvent.number)
    told = [(event.tag, json.loads(event.detail)["details"]) for event in events]
    return [(tag, details["before"], details["after"]) for tag, details in told]


# --- requests ---------------------------------------------------------------------------------------------


def test_a_site_from_request_to_use_leaves_every_step_on_the_trail(town: Town) -> None:
    site_id = approved(town)
    living.activate(town.actor("head.library"), site_id, 3, clock=town.clock)
    site = current(site_id)
    assert (site.state, site.active_since, site.handle) == (SiteState.ACTIVE, town.today, "CharltonTeens")
    assert site.address == "https://facebook.com/CharltonTeens"
    assert site.account_email == "library@charlton.example"
    assert trail(f"site:{site_id}") == [
        ("site.requested", None, "requested"),
        ("site.advised", "requested", "advised"),
        ("site.decided", "advised", "approved"),
        ("site.activated", "approved", "active"),
    ]
    assert queries.guess_site("m.facebook.com/charltonteens/posts/7") == queries.site_ref(site_id)


def test_changes_asked_and_made_are_advised_anew(town: Town) -> None:
    factories.network(town)
    site_id = ask(town)
    requests.advise(town.actor("it"), site_id, 1, recommended=False, text="Who answers?", clock=town.clock)
    requests.decide(
        town.actor("administrator"), site_id, 2,
        decision=Decision.ASK_FOR_CHANGES, reason="Name who answers", clock=town.clock,
    )  # fmt: skip
    requests.ask_again(
        town.actor("head.library"), site_id, 3, facts(plan="Uma answers"), domains=DOMAINS, clock=town.clock
    )
    site = current(site_id)
    assert (site.state, site.plan, site.recommended, site.advised_on) == (
        SiteState.REQUESTED,
        "Uma answers",
        None,
        None,
    )


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"account_email": "me@private.example"}, "account_email", "@charlton.example"),
        ({"address": "https://unknown.example/x"}, "address", "propose the network"),
        ({"address": "https://www.facebook.com/"}, "address", "the page itself"),
        ({"address": "https://flickr.com/x"}, "address", "only approved networks"),
        ({"attested": frozenset()}, "attested", "13 not ticked"),
        ({"prepared": frozenset({"rights"})}, "prepared", "3 not ticked"),
        ({"plan": " "}, "plan", "who posts"),
    ],
)
def test_what_a_request_is_refused_for(town: Town, changes: dict[str, Any], field: str, words: str) -> None:
    factories.network(town)
    factories.network(town, "Flickr", hosts="flickr.com", state=NetworkState.WITHDRAWN)
    with pytest.raises(Invalid) as refusal:
        ask(town, **changes)
    assert refusal.value.problems.keys() == {field}
    assert words in refusal.value.problems[field]
    assert not Site.select().exists()


def test_an_approved_mailbox_is_official(town: Town) -> None:
    factories.network(town)
    networks.add_mailbox(town.actor("it"), address="Box@Region.example", purpose="Library", clock=town.clock)
    assert current(ask(town, account_email="box@region.example")).account_email == "box@region.example"
    with pytest.raises(Invalid, match="on the list already"):
        networks.add_mailbox(town.actor("it"), address="box@region.example", purpose="Again", clock=town.clock)
    with pytest.raises(Forbidden):
        networks.add_mailbox(town.actor("head.library"), address="a@b.example", purpose="Mine", clock=town.clock)


def test_one_account_is_one_site_however_it_is_written(town: Town) -> None:
    factories.site(town, handle="CharltonTeens", title="Teens", state=SiteState.REQUESTED)
    with pytest.raises(Invalid, match="“Teens” \\(Library, requested\\)"):
        ask(town, address="m.facebook.com/charltonteens/about")
    with pytest.raises(Invalid, match="another department's") as refusal:
        ask(town, "head.police", address="facebook.com/CHARLTONTEENS")
    assert "Teens”" not in refusal.value.message
    Site.update(state=SiteState.DECLINED).execute()
    assert current(ask(town, "head.police", address="facebook.com/CharltonTeens")).state is SiteState.REQUESTED


def acting(town: Town, box: str, role: Role, department: str | None = None) -> Actor:
    accounts.give_role(
        town.actor("administrator" if box != "administrator" else "records"), town.person_id(box), role,
        department_id=town.department_id(department) if department else None,
        starts=town.today, ends=town.today + timedelta(days=5), acting=True, reason="Away", clock=town.clock,
    )  # fmt: skip
    return town.actor(box)


def test_nobody_decides_on_their_own_request(town: Town) -> None:
    factories.network(town)
    head = acting(town, "head.library", Role.ADMINISTRATOR)
    site_id = ask(town)
    requests.advise(town.actor("it"), site_id, 1, recommended=True, text="", clock=town.clock)
    with pytest.raises(Forbidden, match="matter of your own"):
        requests.decide(head, site_id, 2, decision=Decision.APPROVE, reason="", clock=town.clock)
    with pytest.raises(Invalid, match="the auditor reads it"):
        requests.decide(head, site_id, 2, decision=Decision.APPROVE, reason="", exception="Because.", clock=town.clock)
    requests.decide(
        head, site_id, 2, decision=Decision.APPROVE, reason="", exception="Everybody else is away until June.",
        clock=town.clock,
    )  # fmt: skip
    assert [(kept.subject, kept.step, kept.reason) for kept in RecordedException.select()] == [
        (f"site:{site_id}", "decide on the site", "Everybody else is away until June.")
    ]
    network_id = networks.propose(
        head, name="Forum", kind=NetworkKind.FORUM, hosts="forum.example",
        terms_url="https://forum.example/terms", clock=town.clock,
    )  # fmt: skip
    networks.assess(town.actor("it"), network_id, 1, text="Fine", clock=town.clock)
    with pytest.raises(Forbidden, match="matter of your own"):
        networks.decide(head, network_id, 2, approve=True, reason="", clock=town.clock)
    appointment_id = propose(town, "user.library")
    with pytest.raises(Forbidden, match="matter of your own"):
        appointments.file(head, appointment_id, 1, clock=town.clock)
    about_me = propose(town, "administrator")
    with pytest.raises(Forbidden, match="matter of your own"):
        appointments.file(town.actor("administrator"), about_me, 1, clock=town.clock)
    appointments.file(head, about_me, 1, exception="The acting one is the one who wrote it.", clock=town.clock)
    assert RecordedException.select().count() == 2


def test_words_are_asked_for_where_they_are_needed(town: Town) -> None:
    site = factories.site(town, state=SiteState.REQUESTED)
    with pytest.raises(Invalid, match="concerns"):
        requests.advise(town.actor("it"), site.id, 1, recommended=False, text=" ", clock=town.clock)
    requests.advise(town.actor("it"), site.id, 1, recommended=True, text="", clock=town.clock)
    for decision in (Decision.DECLINE, Decision.ASK_FOR_CHANGES):
        with pytest.raises(Invalid, match="Say why"):
            requests.decide(town.actor("administrator"), site.id, 2, decision=decision, reason="", clock=town.clock)


def deactivate(actor: Actor, site_id: int, version: int, clock: Any) -> None:
    for step in Closing:
        DeactivationStep.insert(
            site=site_id, step=step, impossible="Gone", done_by=actor.person_id, done_at=clock.now()
        ).on_conflict_ignore().execute()
    living.deactivate(actor, site_id, version, reason="Why", clock=clock)


Press = Callable[[Actor, int, int, Any], None]
STEPS: dict[str, tuple[Press, set[SiteState], dict[str, type[Exception] | None]]] = {
    "advise": (
        lambda a, s, v, c: requests.advise(a, s, v, recommended=True, text="", clock=c),
        {SiteState.REQUESTED},
        {"it": None, "administrator": Forbidden, "head.library": Forbidden, "head.police": NotFound},
    ),
    "decide": (
        lambda a, s, v, c: requests.decide(a, s, v, decision=Decision.APPROVE, reason="", clock=c),
        {SiteState.ADVISED},
        {"administrator": None, "it": Forbidden, "head.library": Forbidden, "coordinator.police": NotFound},
    ),
    "withdraw": (
        lambda a, s, v, c: requests.withdraw(a, s, v, clock=c),
        {SiteState.REQUESTED, SiteState.ADVISED, SiteState.CHANGES_ASKED, SiteState.APPROVED},
        {"head.library": None, "administrator": Forbidden, "head.police": NotFound, "auditor": Forbidden},
    ),
    "activate": (
        lambda a, s, v, c: living.activate(a, s, v, clock=c),
        {SiteState.APPROVED},
        {"head.library": None, "administrator": None, "coordinator.library": Forbidden, "employee": NotFound},
    ),
    "suspend": (
        lambda a, s, v, c: living.suspend(a, s, v, reason="Why", clock=c),
        {SiteState.ACTIVE},
        {"administrator": None, "head.library": Forbidden, "employee": Forbidden, "auditor": Forbidden},
    ),
    "reactivate": (
        lambda a, s, v, c: living.reactivate(a, s, v, clock=c),
        {SiteState.SUSPENDED},
        {"administrator": None, "head.library": Forbidden, "it": Forbidden},
    ),
    "deactivate": (
        deactivate,
        {SiteState.ACTIVE, SiteState.SUSPENDED},
        {"administrator": None, "head.library": Forbidden, "coordinator.police": Forbidden},
    ),
}


@pytest.mark.parametrize("name", STEPS)
def test_who_may_take_each_step(town: Town, name: str) -> None:
    press, states, people = STEPS[name]
    for box, refusal in people.items():
        site = factories.site(town, state=min(states), handle=box, requested_by="head.library")
        if refusal is None:
            press(town.actor(box), site.id, 1, town.clock)
            assert current(site.id).state is not site.state
        else:
            with pytest.raises(refusal):
                press(town.actor(box), site.id, 1, town.clock)
            assert current(site.id).version == 1


@pytest.mark.parametrize("name", STEPS)
def test_each_step_is_open_in_its_states_only_and_once(town: Town, name: str) -> None:
    press, states, people = STEPS[name]
    actor = town.actor(next(box for box, refusal in people.items() if refusal is None))
    for state in SiteState:
        site = factories.site(town, state=state, handle=state)
        if state in states:
            press(actor, site.id, 1, town.clock)
        with pytest.raises(StaleState):
            press(actor, site.id, 1, town.clock)


def test_a_stale_version_changes_nothing(town: Town) -> None:
    site = factories.site(town, state=SiteState.ACTIVE)
    Site.update(version=2).execute()
    before = audit.head()
    with pytest.raises(StaleState):
        living.suspend(town.actor("administrator"), site.id, 1, reason="Why", clock=town.clock)
    assert (current(site.id).state, audit.head()) == (SiteState.ACTIVE, before)


def test_a_site_without_coordinator_or_network_does_not_go_live(town: Town) -> None:
    site_id = approved(town)
    ChecklistRun.update(complete=False).execute()
    Person.update(state="disabled").where(Person.id == town.person_id("coordinator.library")).execute()
    Network.update(state=NetworkState.WITHDRAWN).execute()
    with pytest.raises(Invalid, match=r"not an approved network.*no active Social Media Coordinator") as refusal:
        living.activate(town.actor("head.library"), site_id, 3, clock=town.clock)
    assert "“Authenticity” has not been answered yet" in refusal.value.message
    assert "“Security controls” has not been answered yet" in refusal.value.message


@pytest.mark.parametrize("kind", ChecklistKind)
def test_a_site_does_not_go_live_with_a_checklist_that_fails(town: Town, kind: ChecklistKind) -> None:
    site = factories.site(town, state=SiteState.APPROVED, checked=False)
    line = next(iter(lines_of(kind)))
    factories.checks(town, site.id, failing={line})
    with pytest.raises(Invalid, match=f"{kind.label}” has a line to mend"):
        living.activate(town.actor("head.library"), site.id, 1, clock=town.clock)
    suspended = factories.site(town, state=SiteState.SUSPENDED, handle="other")
    town.clock.advance(days=800)
    with pytest.raises(Invalid, match=f"{kind.label}” has run out"):
        living.reactivate(town.actor("administrator"), suspended.id, 1, clock=town.clock)


# --- networks ---------------------------------------------------------------------------------------------


def propose_network(town: Town, box: str = "it", **changes: Any) -> int:
    given = {"name": "Forum", "kind": NetworkKind.FORUM, "hosts": "forum.example", "terms_url": TERMS}
    return networks.propose(town.actor(box), **{**given, **changes}, clock=town.clock)


def test_a_network_from_proposal_to_withdrawal(town: Town) -> None:
    network_id = propose_network(town, "head.library", hosts="https://www.forum.example/a forum.test")
    with pytest.raises(Forbidden):
        networks.assess(town.actor("administrator"), network_id, 1, text="x", clock=town.clock)
    networks.assess(town.actor("it"), network_id, 1, text="Fine", clock=town.clock)
    with pytest.raises(Forbidden):
        networks.decide(town.actor("it"), network_id, 2, approve=True, reason="", clock=town.clock)
    with pytest.raises(Invalid, match="Say why"):
        networks.decide(town.actor("administrator"), network_id, 2, approve=False, reason="", clock=town.clock)
    networks.decide(town.actor("administrator"), network_id, 2, approve=True, reason="", clock=town.clock)
    with pytest.raises(StaleState):
        networks.withdraw(town.actor("administrator"), network_id, 2, reason="Old press", clock=town.clock)
    networks.withdraw(town.actor("administrator"), network_id, 3, reason="Unsafe", clock=town.clock)
    found = Network.get_by_id(network_id)
    assert (found.state, found.hosts, found.reason) == (NetworkState.WITHDRAWN, "forum.example forum.test", "Unsafe")
    assert [after for _, _, after in trail(f"network:{network_id}")] == [
        "proposed",
        "assessed",
        "approved",
        "withdrawn",
    ]


@pytest.mark.parametrize("ended", ["declined", "withdrawn"])
def test_a_network_that_was_turned_down_is_proposed_anew_and_its_past_stays(town: Town, ended: str) -> None:
    network_id, administrator = propose_network(town), town.actor("administrator")
    networks.assess(town.actor("it"), network_id, 1, text="Records can not be exported", clock=town.clock)
    approve = ended == "withdrawn"
    networks.decide(administrator, network_id, 2, approve=approve, reason="No records", clock=town.clock)
    if approve:
        networks.withdraw(administrator, network_id, 3, reason="Unsafe", clock=town.clock)
    version = Network.get_by_id(network_id).version
    with pytest.raises(Invalid, match="what is different now"):
        networks.propose_anew(town.actor("head.library"), network_id, version, reason=" ", clock=town.clock)
    for box in ("employee", "auditor", "coordinator.library"):
        with pytest.raises(Forbidden):
            networks.propose_anew(town.actor(box), network_id, version, reason="Export works", clock=town.clock)
    networks.propose_anew(town.actor("head.library"), network_id, version, reason="Export works", clock=town.clock)
    with pytest.raises(StaleState):
        networks.propose_anew(town.actor("head.library"), network_id, version, reason="Export works", clock=town.clock)
    found = Network.get_by_id(network_id)
    assert (found.state, found.assessment, found.decided_on) == (NetworkState.PROPOSED, "", None)
    assert found.proposed_by_id == town.person_id("head.library")
    assert owed(town, "it") == [("network.assess", f"network:{network_id}", "2026-12-01")]
    page = town.client("auditor").get(f"/sites/networks/{network_id}").text
    assert "Earlier decisions" in page
    assert "Records can not be exported" in page
    assert "No records" in page
    assert ("Unsafe" in page) is approve
    networks.assess(town.actor("it"), network_id, version + 1, text="Export works", clock=town.clock)
    networks.decide(administrator, network_id, version + 2, approve=True, reason="", clock=town.clock)
    assert Network.get_by_id(network_id).state is NetworkState.APPROVED


def test_an_assessment_rests_on_the_providers_terms(town: Town) -> None:
    network_id = propose_network(town, terms_url="")
    for terms in ("", "http://forum.example/terms", "nonsense"):
        with pytest.raises(Invalid) as refusal:
            networks.assess(town.actor("it"), network_id, 1, text="Fine", terms_url=terms, clock=town.clock)
        assert refusal.value.problems.keys() == {"terms_url"}
    networks.assess(town.actor("it"), network_id, 1, text="Fine", terms_url=TERMS, clock=town.clock)
    assert Network.get_by_id(network_id).terms_url == TERMS


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " forum ", "hosts": "other.example"}, "name"),
        ({"name": "!!", "hosts": "other.example"}, "name"),
        ({"name": "Other"}, "hosts"),
        ({"name": "Other", "hosts": "nonsense"}, "hosts"),
        ({"name": "Other", "hosts": "other.example", "terms_url": "http://other.example"}, "terms_url"),
    ],
)
def test_what_a_proposal_is_refused_for(town: Town, changes: dict[str, Any], field: str) -> None:
    propose_network(town)
    with pytest.raises(Invalid) as refusal:
        propose_network(town, **changes)
    assert refusal.value.problems.keys() == {field}


def test_who_may_propose_a_network(town: Town) -> None:
    for box in ("employee", "auditor", "coordinator.library", "records"):
        with pytest.raises(Forbidden):
            propose_network(town, box)


# --- appointments -----------------------------------------------------------------------------------------


def propose(town: Town, box: str, *, starts_in: int = 3, head: str = "head.library") -> int:
    actor = town.actor(head)
    return appointments.propose(
        actor, department_id=actor.department_id or 0, person_id=town.person_id(box), letter="I appoint you.",
        starts_on=town.today + timedelta(days=starts_in), clock=town.clock,
    )  # fmt: skip


def letter(appointment_id: int) -> Appointment:
    found: Appointment = Appointment.get_by_id(appointment_id)
    return found


def test_a_filed_coordinator_starts_on_the_first_day_and_not_before(town: Town) -> None:
    library = town.department_id("Library")
    appointment_id = propose(town, "user.library")
    appointments.file(town.actor("administrator"), appointment_id, 1, clock=town.clock)
    town.clock.advance(days=2)
    assert start_appointments(town.parts) == ""
    assert not town.actor("user.library").holds(Role.COORDINATOR, library)
    town.clock.advance(days=1)
    assert start_appointments(town.parts) == "1 appointment of a Social Media Coordinator started."
    assert start_appointments(town.parts) == ""
    assert town.actor("user.library").holds(Role.COORDINATOR, library)
    appointments.end(town.actor("head.library"), appointment_id, 3, clock=town.clock)
    assert not town.actor("user.library").holds(Role.COORDINATOR, library)
    assert letter(appointment_id).ended_on == today(town.clock)


def test_a_letter_that_starts_today_starts_when_it_is_filed(town: Town) -> None:
    appointment_id = propose(town, "user.library", starts_in=0)
    appointments.file(town.actor("administrator"), appointment_id, 1, clock=town.clock)
    assert letter(appointment_id).state is AppointmentState.ACTIVE
    assert town.actor("user.library").holds(Role.COORDINATOR, town.department_id("Library"))


def test_a_role_that_is_held_already_is_taken_over(town: Town) -> None:
    appointment_id = propose(town, "coordinator.library", starts_in=0)
    appointments.file(town.actor("administrator"), appointment_id, 1, clock=town.clock)
    held = [h for h in town.actor("coordinator.library").held if h.role is Role.COORDINATOR]
    assert len(held) == 1
    appointments.end(town.actor("administrator"), appointment_id, 3, clock=town.clock)
    assert not town.actor("coordinator.library").holds(Role.COORDINATOR, town.department_id("Library"))


def test_who_left_before_the_first_day_does_not_start(town: Town) -> None:
    appointment_id = propose(town, "user.library", starts_in=1)
    appointments.file(town.actor("administrator"), appointment_id, 1, clock=town.clock)
    person = Person.get_by_id(town.person_id("user.library"))
    accounts.disable(town.actor("it"), person.id, person.version, clock=town.clock)
    town.clock.advance(days=1)
    assert start_appointments(town.parts) == "1 appointment of a Social Media Coordinator ended."
    assert letter(appointment_id).state is AppointmentState.ENDED


def test_what_an_appointment_is_refused_for(town: Town) -> None:
    propose(town, "user.library")
    with pytest.raises(Invalid, match="for this department already"):
        propose(town, "user.library")
    with pytest.raises(Invalid, match="in advance"):
        propose(town, "employee", starts_in=-1)
    head = town.actor("head.library")
    with pytest.raises(Invalid) as refusal:
        appointments.propose(
            head, department_id=head.department_id or 0, person_id=0, letter=" ", starts_on=town.today, clock=town.clock
        )
    assert refusal.value.problems.keys() == {"person", "letter"}
    with pytest.raises(Forbidden):
        appointments.propose(
            head, department_id=town.department_id("Police"), person_id=town.person_id("user.police"),
            letter="Mine", starts_on=town.today, clock=town.clock,
        )  # fmt: skip


def test_who_may_file_and_end_a_letter(town: Town) -> None:
    appointment_id = propose(town, "user.library")
    for box, refusal in (
        ("head.library", Forbidden),
        ("it", Forbidden),
        ("head.police", NotFound),
        ("employee", NotFound),
    ):
        with pytest.raises(refusal):
            appointments.file(town.actor(box), appointment_id, 1, clock=town.clock)
    for box, refusal in (("coordinator.library", Forbidden), ("auditor", Forbidden), ("coordinator.police", NotFound)):
        with pytest.raises(refusal):
            appointments.end(town.actor(box), appointment_id, 1, clock=town.clock)
    with pytest.raises(StaleState):
        appointments.end(town.actor("head.library"), appointment_id, 2, clock=town.clock)


# --- who knows of which sites -----------------------------------------------------------------------------


@pytest.mark.parametrize("state", SiteState)
def test_who_knows_of_a_site(town: Town, state: SiteState) -> None:
    site = factories.site(town, state=state)
    insiders = {"administrator", "it", "records", "auditor", "head.library", "coordinator.library"}
    public = state in {SiteState.ACTIVE, SiteState.SUSPENDED, SiteState.DEACTIVATED}
    for box in (*insiders, "user.library", "head.police", "coordinator.police", "employee"):
        actor = town.actor(box)
        rows, _ = sites_page(actor, SiteFilter(), town.today)
        assert [row.id for row in rows] == ([site.id] if public or box in insiders else [])
        if public or box in insiders:
            assert site_sheet(actor, site.id, town.today).full is (box in insiders)
        else:
            with pytest.raises(NotFound):
                site_sheet(actor, site.id, town.today)


def test_choices_follow_permission_and_state(town: Town) -> None:
    library = factories.site(town)
    police = factories.site(town, "Police", handle="pd", title="Police", state=SiteState.SUSPENDED)
    factories.site(town, "Police", handle="new", title="Police new", state=SiteState.REQUESTED)
    coordinator = town.actor("coordinator.library")
    assert queries.site_choices(coordinator, Permission.TRIAGE_CASE) == [
        (library.id, "Charlton Public Library (Facebook)")
    ]
    assert [choice for choice, _ in queries.site_choices(coordinator)] == [library.id, police.id]
    assert len(queries.site_choices(town.actor("auditor"), live_only=False)) == 3
    assert [ref.id for ref in queries.live_sites(frozenset({town.department_id("Police")}))] == [police.id]
    with pytest.raises(NotFound):
        queries.site_ref(0)


def test_the_list_is_narrowed_and_paged(town: Town) -> None:
    for number in range(5):
        factories.site(town, handle=f"page{number}", title=f"Same title {number // 2}")
    factories.site(town, "Police", handle="CharltonPD", title="Police", state=SiteState.SUSPENDED)
    actor, seen, after = town.actor("auditor"), [], None
    while True:
        rows, after = sites_page(actor, SiteFilter(), town.today, after=after, size=2)
        seen += [row.handle for row in rows]
        if after is None:
            break
    assert seen == ["CharltonPD", "page0", "page1", "page2", "page3", "page4"]
    for wanted in (
        SiteFilter(state=SiteState.SUSPENDED),
        SiteFilter(department_id=town.department_id("Police")),
        SiteFilter(words="polic"),
        SiteFilter(words="https://m.facebook.com/charltonpd/posts/1"),
    ):
        assert [row.handle for row in sites_page(actor, wanted, town.today)[0]] == ["CharltonPD"]
    assert sites_page(actor, SiteFilter(words="100%_"), town.today) == ([], None)


def test_the_sheet_tells_what_happened_in_words(town: Town) -> None:
    site_id = approved(town)
    living.activate(town.actor("head.library"), site_id, 3, clock=town.clock)
    living.suspend(town.actor("administrator"), site_id, 4, reason="Why", clock=town.clock)
    living.reactivate(town.actor("administrator"), site_id, 5, clock=town.clock)
    told = [(event.text, event.who) for event in site_sheet(town.actor("auditor"), site_id, town.today).history]
    assert told == [
        ("Active again", "Ruth Okafor"),
        ("Suspended", "Ruth Okafor"),
        ("Activated", "Helen Marsh"),
        ("Decided: approved", "Ruth Okafor"),
        ("IT's advice given: recommended", "Sam Ellery"),
        ("Asked for", "Helen Marsh"),
    ]


def test_what_was_said_stays_however_often_it_is_asked_again(town: Town) -> None:
    factories.network(town)
    it, administrator = town.actor("it"), town.actor("administrator")
    site_id = ask(town)
    for number in (1, 2):
        requests.advise(it, site_id, 3 * number - 2, recommended=False, text=f"Who answers? {number}", clock=town.clock)
        requests.decide(
            administrator, site_id, 3 * number - 1,
            decision=Decision.ASK_FOR_CHANGES, reason=f"Name who answers {number}", clock=town.clock,
        )  # fmt: skip
        requests.ask_again(town.actor("head.library"), site_id, 3 * number, facts(), domains=DOMAINS, clock=town.clock)
    told = [(event.text, event.detail) for event in site_sheet(it, site_id, town.today).history if event.detail]
    assert told == [
        ("Decided: changes asked", "Name who answers 2"),
        ("IT's advice given: concerns", "Who answers? 2"),
        ("Decided: changes asked", "Name who answers 1"),
        ("IT's advice given: concerns", "Who answers? 1"),
    ]


def test_the_sheet_shows_the_latest_steps_only_however_long_a_site_lives(town: Town) -> None:
    site = factories.site(town)
    actor = town.actor("administrator")
    for number in range(15):
        living.suspend(actor, site.id, 2 * number + 1, reason="Why", clock=town.clock)
        living.reactivate(actor, site.id, 2 * number + 2, clock=town.clock)
    assert len(site_sheet(town.actor("auditor"), site.id, town.today).history) == 20
    assert "the audit trail holds all" in town.client("auditor").get(f"/sites/{site.id}").text


# --- duties -----------------------------------------------------------------------------------------------


def owed(town: Town, box: str) -> list[tuple[str, str, str]]:
    found = duties.owed(Scope(today=town.today, actor=town.actor(box)))
    return [
        (duty.kind.name, duty.subject, duty.due.isoformat()) for duty in found if duty.owner.is_held_by(town.actor(box))
    ]


def test_who_owes_the_next_step_and_until_when(town: Town) -> None:
    # Monday, Nov 23, 2026; Thanksgiving is on Thursday.
    site = factories.site(town, state=SiteState.REQUESTED)
    assert owed(town, "it") == [("site.advise", f"site:{site.id}", "2026-12-01")]
    requests.advise(town.actor("it"), site.id, 1, recommended=True, text="", clock=town.clock)
    assert owed(town, "it") == []
    assert owed(town, "administrator") == [("site.decide", f"site:{site.id}", "2026-12-01")]
    requests.decide(
        town.actor("administrator"), site.id, 2, decision=Decision.ASK_FOR_CHANGES, reason="Plan", clock=town.clock
    )
    assert owed(town, "head.library") == [("site.change", f"site:{site.id}", "2026-12-01")]
    assert owed(town, "head.police") == owed(town, "administrator") == owed(town, "employee") == []


def test_a_head_owes_the_last_press_once_nothing_hinders_an_approved_site(town: Town) -> None:
    site = factories.site(town, state=SiteState.APPROVED, checked=False)
    assert ("site.activate", f"site:{site.id}", "2026-12-01") not in owed(town, "head.library")
    factories.checks(town, site.id)
    assert owed(town, "head.library") == [("site.activate", f"site:{site.id}", "2026-12-01")]
    assert owed(town, "head.police") == owed(town, "administrator") == []
    living.activate(town.actor("head.library"), site.id, 1, clock=town.clock)
    assert owed(town, "head.library") == []


def test_networks_and_letters_are_owed(town: Town) -> None:
    network_id = propose_network(town)
    assert owed(town, "it") == [("network.assess", f"network:{network_id}", "2026-12-01")]
    networks.assess(town.actor("it"), network_id, 1, text="Fine", clock=town.clock)
    near = propose(town, "user.library", starts_in=1)
    far = propose(town, "employee", starts_in=60)
    assert sorted(owed(town, "administrator")) == sorted([
        ("appointment.file", f"appointment:{near}", "2026-11-24"),
        ("appointment.file", f"appointment:{far}", "2026-12-01"),
        ("network.decide", f"network:{network_id}", "2026-12-01"),
    ])  # fmt: skip


def test_a_department_without_coordinator_owes_one_until_a_letter_is_on_its_way(town: Town) -> None:
    factories.site(town)
    library = town.department_id("Library")
    assert owed(town, "head.library") == []
    person = Person.get_by_id(town.person_id("coordinator.library"))
    accounts.disable(town.actor("it"), person.id, person.version, clock=town.clock)
    town.clock.advance(days=10)
    vacancy = ("coordinator.appoint", f"department:{library}", "2026-11-24")
    assert owed(town, "head.library") == [vacancy]
    assert owed(town, "head.police") == []
    assert vacancy[1] in {duty.subject for duty in duties.owed(Scope(today=town.today))}
    appointment_id = propose(town, "user.library", starts_in=0)
    assert owed(town, "head.library") == []
    appointments.file(town.actor("administrator"), appointment_id, 1, clock=town.clock)
    assert owed(town, "head.library") == []
    appointments.end(town.actor("head.library"), appointment_id, 3, clock=town.clock)
    assert [kind for kind, _, _ in owed(town, "head.library")] == ["coordinator.appoint"]


def test_the_app_itself_is_nobody(town: Town) -> None:
    site = factories.site(town, state=SiteState.REQUESTED)
    with pytest.raises(NotFound):
        requests.advise(SYSTEM, site.id, 1, recommended=True, text="", clock=town.clock)
