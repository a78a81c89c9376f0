"""Desired against actual: each lapse of authority is one duty until proof ends it."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from charlton_intranet.access.duties import owed
from charlton_intranet.access.duties.pages import IDENTIFY, LOWER, PUT_ON, RECONCILE, SECOND, SHARED, TAKE_OFF
from charlton_intranet.access.models import AdminEntry
from charlton_intranet.access.queries.pages import NOBODY_DESIGNATED
from charlton_intranet.access.rules import EntryKind, Line, PageRole
from charlton_intranet.access.service import lists
from charlton_intranet.accounts import service as accounts
from charlton_intranet.accounts.models import Person
from charlton_intranet.accounts.queries import business_calendar
from charlton_intranet.core.database import unit_of_work
from charlton_intranet.core.duties import Duty, Owner, Scope
from charlton_intranet.core.errors import Forbidden, Invalid, NotFound, StaleState
from charlton_intranet.core.permissions import Role
from charlton_intranet.grants import service as grants
from charlton_intranet.grants.models import Grant
from charlton_intranet.grants.rules import Capability
from charlton_intranet.sites.models import Site
from charlton_intranet.sites.rules import SiteState
from tests.access.factories import (
    NO_PROOF,
    SEEN,
    TWO_ADMINS,
    allowed,
    enter,
    headed,
    page_of,
    page_with_admins,
    sign,
    take_off,
)
from tests.conftest import Town
from tests.grants.factories import approved
from tests.policy import factories as policy
from tests.reviews.test_service import without_coordinator
from tests.sites.factories import site


def duties(town: Town, box: str | None = None) -> list[Duty]:
    """What is owed besides entering the list anew."""
    found = owed(Scope(today=town.today, actor=town.actor(box) if box else None))
    return [duty for duty in found if duty.kind is not RECONCILE]


def uma(town: Town) -> str:
    return f"/person:{town.person_id('user.library')}"


def revoked(town: Town, grant: Grant, _where: Site) -> None:
    with unit_of_work():
        found = Grant.get_by_id(grant.id)
        grants.revoke(town.actor("head.library"), found.id, found.version, reason="Other work.", clock=town.clock)


def ended(town: Town, grant: Grant, _where: Site) -> None:
    with unit_of_work():
        found = Grant.get_by_id(grant.id)
        grants.end_grants(town.actor("administrator"), [(found.id, found.version)], reason="Left.", clock=town.clock)


def closed(town: Town, _grant: Grant, _where: Site) -> None:
    person = Person.get_by_id(town.person_id("user.library"))
    accounts.disable(town.actor("administrator"), person.id, person.version, clock=town.clock)


def new_major_version(town: Town, _grant: Grant, where: Site) -> None:
    policy.publish(town)
    sign(town, "coordinator.library", where)
    headed(town)


def signed_for_something_else(town: Town, _grant: Grant, _where: Site) -> None:
    policy.sign(town, "user.library")


def last_day_passed(town: Town, grant: Grant, _where: Site) -> None:
    Grant.update(until=town.today - timedelta(days=1)).where(Grant.id == grant.id).execute()


LAPSES = [revoked, ended, closed, new_major_version, signed_for_something_else, last_day_passed]


@pytest.mark.parametrize("lapse", LAPSES)
def test_a_lapse_is_one_duty_until_proof_and_comes_back_only_when_seen_again(
    town: Town, lapse: Callable[[Town, Grant, Site], None]
) -> None:
    where = page_with_admins(town)
    town.clock.advance(days=-4)
    grant = allowed(town, "user.library", where)
    town.clock.advance(days=4)
    enter(town, where, f"{TWO_ADMINS}\nUma Reyes, Editor")
    assert duties(town) == []
    town.clock.advance(hours=1)
    lapse(town, grant, where)
    (duty,) = duties(town)
    assert (duty.kind, duty.subject) == (TAKE_OFF, f"site:{where.id}{uma(town)}")
    assert duty.owner == Owner(role=Role.COORDINATOR, department_id=where.department_id)
    assert duty.title.startswith("Charlton Public Library: Uma Reyes is on the page without authority: ")
    assert duty.due > town.today
    town.clock.advance(hours=1)
    take_off(town, where, "user.library")
    assert duties(town) == []
    with pytest.raises(StaleState):
        take_off(town, where, "user.library")
    town.clock.advance(days=1)
    enter(town, where, TWO_ADMINS)
    assert duties(town) == []
    town.clock.advance(days=1)
    enter(town, where, f"{TWO_ADMINS}\nUma Reyes, Editor")
    assert [found.kind for found in duties(town)] == [TAKE_OFF]


def test_a_person_is_presumed_on_the_page_from_the_grant_taking_effect(town: Town) -> None:
    where = page_with_admins(town)
    town.clock.advance(hours=1)
    grant = allowed(town, "user.library", where)
    assert duties(town) == []
    revoked(town, grant, where)
    (duty,) = duties(town)
    assert "Uma Reyes is presumed to be still on the page without authority: The grant was revoked." in duty.title


def test_nobody_is_presumed_on_the_page_who_never_signed(town: Town) -> None:
    where = page_with_admins(town)
    grant = approved(town, "user.library", where)
    assert duties(town) == []
    revoked(town, grant, where)
    assert duties(town) == []


def test_a_new_version_leaves_its_term_to_sign_before_anybody_is_taken_off(town: Town) -> None:
    where = page_with_admins(town)
    allowed(town, "user.library", where)
    policy.publish(town)
    sign_by = {duty.due for duty in town.parts.register.owed(Scope(town.today)) if duty.kind.name == "policy.sign"}
    assert {duty.due for duty in duties(town)} == {business_calendar().add(day, 1) for day in sign_by}
    # A signature that has run out by itself was announced long before: nothing is left to wait for.
    town.clock.advance(days=400)
    policy.publish(town)
    assert {duty.due for duty in duties(town)} == {business_calendar().add(town.today, 1)}


def test_the_duty_ends_when_authority_comes_back(town: Town) -> None:
    where = page_with_admins(town)
    allowed(town, "user.library", where)
    policy.publish(town)
    assert {duty.kind for duty in duties(town)} == {TAKE_OFF}
    for box in ("coordinator.library", "user.library"):
        sign(town, box, where)
    headed(town)
    assert duties(town) == []


def test_a_suspension_of_the_site_is_nobodys_own_lapse(town: Town) -> None:
    where = page_with_admins(town)
    grant = allowed(town, "user.library", where)
    Site.update(state=SiteState.SUSPENDED).where(Site.id == where.id).execute()
    assert duties(town) == []
    revoked(town, grant, where)
    assert [duty.kind for duty in duties(town)] == [TAKE_OFF]
    Site.update(state=SiteState.DEACTIVATED).where(Site.id == where.id).execute()
    assert list(owed(Scope(today=town.today))) == []


def test_every_kind_of_difference(town: Town) -> None:
    where = page_with_admins(town)
    allowed(town, "user.library", where, Capability.COMMENT)
    allowed(town, "employee", where)
    town.clock.advance(hours=1)
    enter(
        town,
        where,
        "Helen Marsh, Admin\nUma Reyes, Editor\nCarla Nunez, Moderator\n"
        "Harbor Media Agency, Partial access\nZed Nobody\nCody Barnes, Wizard",
    )
    found = {(duty.kind, duty.title.partition(": ")[2]) for duty in duties(town)}
    assert found == {
        (LOWER, "The page lets Uma Reyes publish, and they may only comment."),
        (TAKE_OFF, f"Carla Nunez is on the page without authority: {NOBODY_DESIGNATED}"),
        (SHARED, "“Harbor Media Agency” is shared: only named persons may be on the page (3.3-3)."),
        (IDENTIFY, "“Zed Nobody” is on the page, and nobody we know."),
        (PUT_ON, "Edith Lowe may publish and is not on the page: put them on, or end the grant."),
    }  # fmt: skip
    town.clock.advance(hours=1)
    enter(town, where, "Uma Reyes, Moderator\nCody Barnes, Admin\nEdith Lowe, Editor")
    (duty,) = duties(town)
    assert (duty.kind, duty.subject) == (SECOND, f"site:{where.id}")
    assert "Only one person administers the page" in duty.title


def test_a_lowered_role_and_a_person_put_on_are_shown(town: Town) -> None:
    where = page_with_admins(town)
    allowed(town, "user.library", where, Capability.COMMENT)
    town.clock.advance(hours=1)
    enter(town, where, f"{TWO_ADMINS}\nUma Reyes, Editor")
    town.clock.advance(hours=1)
    actor, person_id = town.actor("coordinator.library"), town.person_id("user.library")
    lists.show_change(actor, where.id, person_id=person_id, role=PageRole.COMMENT, proof=SEEN, clock=town.clock)
    assert duties(town) == []
    town.clock.advance(hours=1)
    enter(town, where, TWO_ADMINS)
    assert [duty.kind for duty in duties(town)] == [PUT_ON]
    town.clock.advance(hours=1)
    lists.show_change(actor, where.id, person_id=person_id, role=PageRole.COMMENT, proof=SEEN, clock=town.clock)
    assert duties(town) == []


def test_a_name_is_identified_and_stays_so(town: Town) -> None:
    where = page_with_admins(town)
    allowed(town, "user.library", where)
    town.clock.advance(hours=1)
    enter(town, where, f"{TWO_ADMINS}\nLibrary Uma, Editor")
    (identify, missing) = sorted(duties(town), key=lambda duty: duty.kind.name)
    assert (identify.kind, missing.kind) == (IDENTIFY, PUT_ON)
    entry = AdminEntry.get(AdminEntry.name == "Library Uma")
    actor = town.actor("head.library")
    lists.identify(
        actor, where.id, entry.id, kind=EntryKind.PERSON, person_id=town.person_id("user.library"), clock=town.clock
    )
    assert duties(town) == []
    assert AdminEntry.get_by_id(entry.id).kind is EntryKind.UNKNOWN  # what was entered stays as it was
    town.clock.advance(hours=1)
    enter(town, where, f"{TWO_ADMINS}\nLIBRARY UMA, Editor")
    assert duties(town) == []
    with pytest.raises(StaleState):
        lists.identify(actor, where.id, entry.id, kind=EntryKind.SHARED, clock=town.clock)


@pytest.mark.parametrize("name", ["Zed Nobody", "Harbor Media Agency"])
def test_a_stranger_is_taken_off_with_proof(town: Town, name: str) -> None:
    where = page_with_admins(town)
    town.clock.advance(hours=1)
    enter(town, where, f"{TWO_ADMINS}\n{name}")
    entry = AdminEntry.get(AdminEntry.name == name)
    actor = town.actor("coordinator.library")
    with pytest.raises(Invalid):
        lists.show_stranger_off(actor, where.id, entry.id, proof=NO_PROOF, clock=town.clock)
    lists.show_stranger_off(actor, where.id, entry.id, proof=SEEN, clock=town.clock)
    assert duties(town) == []
    with pytest.raises(StaleState):
        lists.show_stranger_off(actor, where.id, entry.id, proof=SEEN, clock=town.clock)
    town.clock.advance(hours=1)
    enter(town, where, f"{TWO_ADMINS}\n{name}")
    assert len(duties(town)) == 1


def test_without_a_coordinator_it_is_the_heads(town: Town) -> None:
    where = page_with_admins(town)
    without_coordinator(town)
    grant = allowed(town, "user.library", where)
    revoked(town, grant, where)
    assert {duty.owner.role for duty in duties(town)} == {Role.DEPARTMENT_HEAD}


@pytest.mark.parametrize(
    ("box", "count"), [("coordinator.library", 1), ("head.library", 1), ("coordinator.police", 0), ("administrator", 0)]
)
def test_the_scope_narrows_to_the_actors_departments(town: Town, box: str, count: int) -> None:
    where = page_with_admins(town)
    revoked(town, allowed(town, "user.library", where), where)
    assert len(duties(town, box)) == count


def test_the_list_is_due_each_quarter_and_a_new_one_moves_it_on(town: Town) -> None:
    where = site(town)
    (duty,) = owed(Scope(today=town.today))
    assert (duty.kind, duty.url, str(duty.due)) == (RECONCILE, f"/sites/{where.id}/admins/list", "2027-02-23")
    town.clock.advance(days=30)
    headed(town)
    enter(town, where, "Helen Marsh, Admin")
    found = [duty for duty in owed(Scope(today=town.today)) if duty.kind is RECONCILE]
    assert [str(duty.due) for duty in found] == ["2027-03-23"]


@pytest.mark.parametrize(
    ("box", "refusal"),
    [
        ("administrator", Forbidden), ("it", Forbidden), ("records", Forbidden), ("auditor", Forbidden),
        ("coordinator.police", NotFound), ("head.police", NotFound), ("user.library", NotFound),
        ("employee", NotFound),
    ],
)  # fmt: skip
def test_only_the_departments_coordinator_and_head_reconcile(town: Town, box: str, refusal: type[Exception]) -> None:
    where = page_with_admins(town)
    with pytest.raises(refusal):
        enter(town, where, TWO_ADMINS, box=box)
    with pytest.raises(refusal):
        take_off(town, where, "coordinator.library", by=box)


def test_the_same_press_twice_leaves_one_list_and_another_list_is_stale(town: Town) -> None:
    where = page_with_admins(town)
    page = page_of(town, where)
    assert page.last is not None
    assert [entry.person_id for entry in page.last.entries] == [
        town.person_id("head.library"), town.person_id("coordinator.library"),
    ]  # fmt: skip
    actor, line = town.actor("coordinator.library"), Line("Somebody", "Somebody")
    facts = [lists.EntryFacts(line, PageRole.UNKNOWN, EntryKind.UNKNOWN)]
    first = lists.save_list(actor, where.id, facts, SEEN, after=page.last.id, clock=town.clock)
    assert lists.save_list(actor, where.id, facts, SEEN, after=page.last.id, clock=town.clock) == first
    with pytest.raises(StaleState):
        lists.save_list(town.actor("head.library"), where.id, facts, SEEN, after=page.last.id, clock=town.clock)
