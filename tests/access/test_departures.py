"""Leavers: one checklist over all sites, opened by hand or by the records; authority ends after the last day."""

from datetime import timedelta

import pytest

from charlton_intranet.access.duties import owed
from charlton_intranet.access.duties.departures import END_ROLES, SETTLE
from charlton_intranet.access.duties.pages import TAKE_OFF
from charlton_intranet.access.jobs import follow_departures
from charlton_intranet.access.models import Departure
from charlton_intranet.access.queries import departures as queries
from charlton_intranet.access.queries.departures import Checklist
from charlton_intranet.access.rules import DepartureKind, DepartureState
from charlton_intranet.access.service import departures as service
from charlton_intranet.accounts import service as accounts
from charlton_intranet.accounts.models import Person, RoleAssignment
from charlton_intranet.core.audit import AuditEvent
from charlton_intranet.core.duties import Owner, Scope
from charlton_intranet.core.errors import Forbidden, Invalid, NotFound, StaleState
from charlton_intranet.core.permissions import Role
from charlton_intranet.grants.models import Grant
from charlton_intranet.grants.rules import GrantState
from charlton_intranet.sites.models import Site
from tests.access.factories import NO_PROOF, SEEN, TWO_ADMINS, allowed, enter, page_with_admins, take_off
from tests.conftest import Town
from tests.sites.factories import site


def opened(town: Town, box: str = "user.library", *, by: str = "head.library", days: int = 10, **more: object) -> int:
    kind = more.pop("kind", DepartureKind.LEAVES)
    assert isinstance(kind, DepartureKind)
    return service.open_departure(
        town.actor(by), person_id=town.person_id(box), kind=kind, last_day=town.today + timedelta(days=days),
        clock=town.clock,
    )  # fmt: skip


def checklist(town: Town, departure_id: int) -> Checklist:
    return queries.checklist(queries.departure(town.actor("administrator"), departure_id), town.today)


def close_account(town: Town, box: str) -> None:
    person = Person.get_by_id(town.person_id(box))
    accounts.disable(town.actor("administrator"), person.id, person.version, clock=town.clock)


def move(town: Town, box: str, department: str) -> None:
    person = Person.get_by_id(town.person_id(box))
    actor, department_id = town.actor("administrator"), town.department_id(department)
    accounts.move(actor, person.id, person.version, department_id, clock=town.clock)


def end_roles(town: Town, box: str) -> None:
    person_id = town.person_id(box)
    for held in RoleAssignment.select().where(RoleAssignment.person == person_id):
        accounts.end_role(town.actor("administrator"), person_id, held.id, held.version, clock=town.clock)


def leaver_on_two_pages(town: Town) -> tuple[Site, Site]:
    """Uma Reyes on the library's page, which has a shared account, and on the police's."""
    library = page_with_admins(town)
    police = site(town, "Police", handle="Police", title="Police")
    allowed(town, "user.library", library)
    town.clock.advance(minutes=5)
    enter(town, library, f"{TWO_ADMINS}\nUma Reyes, Editor\nHarbor Media Agency")
    enter(town, police, "Uma Reyes, Editor", box="coordinator.police")
    town.clock.advance(minutes=5)
    return library, police


def test_the_checklist_of_a_leaver_covers_every_site_and_ends(town: Town) -> None:
    library, police = leaver_on_two_pages(town)
    departure_id = opened(town)
    found = checklist(town, departure_id)
    assert [grant.site for grant in found.grants] == ["Charlton Public Library"]
    assert [role.label for role in found.roles] == ["Authorized user, Library"]
    assert [(place.site, place.off, place.shared) for place in found.places] == [
        ("Charlton Public Library", False, "Harbor Media Agency"), ("Police", False, ""),
    ]  # fmt: skip
    assert found.left == 6
    head = town.actor("head.library")
    with pytest.raises(Invalid, match="6 steps are left"):
        service.settle(head, departure_id, found.departure.version, clock=town.clock)
    assert service.end_grants(head, departure_id, 1, clock=town.clock) == 1
    with pytest.raises(StaleState):
        service.end_grants(head, departure_id, 1, clock=town.clock)
    town.clock.advance(minutes=5)
    take_off(town, library, "user.library")
    take_off(town, police, "user.library", by="coordinator.police")
    end_roles(town, "user.library")
    with pytest.raises(Invalid):
        service.show_password(head, departure_id, library.id, proof=NO_PROOF, clock=town.clock)
    service.show_password(head, departure_id, library.id, proof=SEEN, clock=town.clock)
    with pytest.raises(StaleState):
        service.show_password(head, departure_id, library.id, proof=SEEN, clock=town.clock)
    with pytest.raises(StaleState):
        service.show_password(head, departure_id, police.id, proof=SEEN, clock=town.clock)
    with pytest.raises(Invalid):
        service.hand_over(head, departure_id, 2, note=" ", clock=town.clock)
    service.hand_over(head, departure_id, 2, note="Phone to the desk.", clock=town.clock)
    with pytest.raises(StaleState):
        service.hand_over(head, departure_id, 3, note="Again.", clock=town.clock)
    assert checklist(town, departure_id).left == 0
    service.settle(head, departure_id, 3, clock=town.clock)
    assert Departure.get_by_id(departure_id).state is DepartureState.SETTLED
    with pytest.raises(StaleState):
        service.settle(head, departure_id, 4, clock=town.clock)


def test_a_closed_account_opens_one_checklist(town: Town) -> None:
    leaver_on_two_pages(town)
    assert follow_departures(town.parts) == ""
    close_account(town, "user.library")
    assert follow_departures(town.parts) == "Checklists of leavers opened: 1."
    assert follow_departures(town.parts) == ""
    found = Departure.get()
    assert (found.kind, found.last_day, found.opened_by_id) == (DepartureKind.LEAVES, town.today, None)
    duties = [duty for duty in owed(Scope(today=town.today)) if duty.kind in {SETTLE, TAKE_OFF}]
    assert [duty.kind for duty in duties if duty.kind is SETTLE] == [SETTLE]
    assert len([duty for duty in duties if duty.kind is TAKE_OFF]) == 2
    with pytest.raises(Invalid, match="account is closed"):
        service.call_off(town.actor("administrator"), found.id, found.version, clock=town.clock)


def test_an_account_that_has_nothing_to_settle_opens_none(town: Town) -> None:
    close_account(town, "employee")
    assert follow_departures(town.parts) == ""


def test_a_checklist_opened_ahead_of_time_is_the_one_that_counts(town: Town) -> None:
    leaver_on_two_pages(town)
    opened(town)
    close_account(town, "user.library")
    assert follow_departures(town.parts) == ""


def test_who_comes_back_and_leaves_again_gets_a_new_checklist(town: Town) -> None:
    leaver_on_two_pages(town)
    close_account(town, "user.library")
    follow_departures(town.parts)
    Departure.update(state=DepartureState.SETTLED, closed_at=town.clock.now()).execute()
    town.clock.advance(days=1)
    person = Person.get_by_id(town.person_id("user.library"))
    accounts.enable(town.actor("administrator"), person.id, person.version, clock=town.clock)
    close_account(town, "user.library")
    assert follow_departures(town.parts) == "Checklists of leavers opened: 1."


def test_a_move_settles_the_old_department_only(town: Town) -> None:
    library, _police = leaver_on_two_pages(town)
    highway = site(town, "Police", handle="Other", title="Other")
    kept = allowed(town, "user.library", highway)
    move(town, "user.library", "Highway")
    assert follow_departures(town.parts) == "Checklists of leavers opened: 1."
    assert follow_departures(town.parts) == ""
    departure = Departure.get()
    assert (departure.kind, departure.from_department_id) == (DepartureKind.MOVES, library.department_id)
    found = checklist(town, departure.id)
    assert [grant.site_id for grant in found.grants] == [library.id]
    assert [place.site_id for place in found.places] == [library.id]
    town.clock.advance(days=1)
    assert follow_departures(town.parts) == "Grants ended: 1."
    assert Grant.get_by_id(kept.id).state is GrantState.APPROVED


def test_who_was_to_move_and_left_is_a_leaver(town: Town) -> None:
    leaver_on_two_pages(town)
    departure_id = opened(town, kind=DepartureKind.MOVES)
    close_account(town, "user.library")
    assert follow_departures(town.parts) == "Checklists of leavers opened: 1."
    found = Departure.get()
    assert (found.id, found.kind, found.last_day) == (departure_id, DepartureKind.LEAVES, town.today)


def test_what_is_still_granted_ends_after_the_last_day(town: Town) -> None:
    library, _ = leaver_on_two_pages(town)
    opened(town, days=2)
    town.clock.advance(days=2)
    assert follow_departures(town.parts) == ""
    grant = Grant.get((Grant.person == town.person_id("user.library")) & (Grant.site == library.id))
    assert grant.state is GrantState.APPROVED
    town.clock.advance(days=1)
    assert follow_departures(town.parts) == "Grants ended: 1."
    assert follow_departures(town.parts) == ""
    assert Grant.get_by_id(grant.id).state is GrantState.ENDED
    event = AuditEvent.select().where(AuditEvent.tag == "departure.grants_ended").get()
    assert event.actor_id is None


def test_whom_the_checklist_is_owed_by(town: Town) -> None:
    page_with_admins(town)
    library = town.department_id("Library")
    for box in ("user.library", "coordinator.library", "head.library", "records"):
        opened(town, box, by="administrator")
    found = {duty.title.partition(" leaves")[0]: duty for duty in owed(Scope(today=town.today)) if duty.kind is SETTLE}
    assert {name: duty.owner for name, duty in found.items()} == {
        "Uma Reyes": Owner(role=Role.COORDINATOR, department_id=library),
        "Cody Barnes": Owner(role=Role.DEPARTMENT_HEAD, department_id=library),
        "Helen Marsh": Owner(role=Role.ADMINISTRATOR),
        "Priya Natarajan": Owner(role=Role.ADMINISTRATOR),
    }


def test_the_administrator_is_asked_for_the_roles_that_nobody_else_can_end(town: Town) -> None:
    def asked() -> list[tuple[str, str]]:
        found = town.parts.register.owed(Scope(town.today, town.actor("administrator")))
        return [(duty.title, duty.url) for duty in found if duty.kind is END_ROLES]

    page_with_admins(town)
    uma = town.person_id("user.library")
    assert asked() == []
    for box in ("user.library", "coordinator.library", "head.library"):
        opened(town, box, by="administrator")
    # A coordinator's role ends with the letter, and for a head the whole checklist is the Administrator's.
    assert asked() == [("Uma Reyes leaves: end the roles once the last day is over", f"/people/{uma}")]
    assert "End" in town.client("administrator").get(f"/people/{uma}").text
    end_roles(town, "user.library")
    assert asked() == []


@pytest.mark.parametrize(
    ("by", "refusal"),
    [("head.police", Forbidden), ("coordinator.police", Forbidden), ("auditor", Forbidden), ("records", Forbidden)],
)
def test_only_the_department_the_administrator_and_it_open_one(town: Town, by: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        opened(town, by=by)
    for box in ("coordinator.library", "head.library", "administrator", "it"):
        departure_id = opened(town, by=box)
        service.call_off(town.actor(box), departure_id, 1, clock=town.clock)
    assert {row.state for row in Departure.select()} == {DepartureState.CALLED_OFF}


def test_a_departure_is_not_another_departments_to_know(town: Town) -> None:
    departure_id = opened(town)
    for box in ("head.police", "coordinator.police", "employee"):
        with pytest.raises(NotFound):
            queries.departure(town.actor(box), departure_id)
    with pytest.raises(Forbidden):
        service.end_grants(town.actor("auditor"), departure_id, 1, clock=town.clock)


def test_one_checklist_a_person_and_no_day_that_has_passed(town: Town) -> None:
    with pytest.raises(Invalid):
        opened(town, days=-1)
    opened(town)
    with pytest.raises(Invalid, match="open checklist"):
        opened(town)


def test_nobody_closes_their_own_checklist(town: Town) -> None:
    departure_id = opened(town, "it", by="administrator")
    service.hand_over(town.actor("administrator"), departure_id, 1, note="Keys.", clock=town.clock)
    RoleAssignment.delete().where(RoleAssignment.person == town.person_id("it")).execute()
    assert checklist(town, departure_id).left == 0
    RoleAssignment.insert(
        person=town.person_id("it"), role=Role.IT, starts_on=town.today - timedelta(days=9), ends_on=town.today
    ).execute()
    actor = town.actor("it")
    RoleAssignment.delete().where(RoleAssignment.person == town.person_id("it")).execute()
    with pytest.raises(Forbidden):
        service.settle(actor, departure_id, 2, clock=town.clock)
    service.settle(actor, departure_id, 2, exception="Nobody else runs accounts this week.", clock=town.clock)
