"""What grants make people owe, and what ends it."""

from datetime import timedelta

from charlton_intranet.core.duties import Duty, Scope
from charlton_intranet.grants import service
from charlton_intranet.grants.rules import Capability
from tests.conftest import Town
from tests.grants.factories import approved, designated, signed
from tests.policy import factories as policy
from tests.sites.factories import site as make_site


def owed(town: Town, box: str, kind: str) -> list[Duty]:
    actor = town.actor(box)
    mine = [duty for duty in town.parts.register.owed(Scope(town.today, actor)) if duty.kind.name == kind]
    everybody = [duty for duty in town.parts.register.owed(Scope(town.today)) if duty.owner.is_held_by(actor)]
    assert mine == [duty for duty in everybody if duty.kind.name == kind]
    return mine


def test_the_administrator_owes_one_decision_a_site_by_the_oldest_designation(town: Town) -> None:
    site = make_site(town)
    first = designated(town, "user.library", site)
    town.clock.advance(days=2)
    second = designated(town, "user.police", site)
    [duty] = owed(town, "administrator", "grant.approve")
    assert duty.title == "Decide on 2 designations for “Charlton Public Library” on Facebook"
    # Five business days from Monday, and Thanksgiving is none of them.
    assert (duty.due.isoformat(), duty.clause) == ("2026-12-01", "3.3-3")
    assert town.client("administrator").get(duty.url).status_code == 200
    for grant in (first, second):
        service.decide(town.actor("administrator"), grant.id, grant.version, approve=True, clock=town.clock)
    assert owed(town, "administrator", "grant.approve") == []
    assert owed(town, "head.library", "grant.approve") == []


def test_a_good_signature_that_is_not_for_the_scope_is_given_anew(town: Town) -> None:
    policy.publish(town)
    site = make_site(town)
    signed(town, "user.library")
    assert owed(town, "user.library", "policy.sign_scope") == []
    designated(town, "user.library", site, Capability.COMMENT)
    [duty] = owed(town, "user.library", "policy.sign_scope")
    assert (duty.url, duty.clause, duty.due > town.today) == ("/policy/sign", "3.3-4", True)
    assert "Comment on Charlton Public Library (Facebook)" in town.client("user.library").get(duty.url).text
    town.clock.advance(days=1)
    signed(town, "user.library")
    assert owed(town, "user.library", "policy.sign_scope") == []
    town.clock.advance(days=1)
    grant = designated(town, "user.library", make_site(town, handle="Second", title="Second"), Capability.PUBLISH)
    assert len(owed(town, "user.library", "policy.sign_scope")) == 1
    service.decide(town.actor("administrator"), grant.id, grant.version, approve=False, reason="No.", clock=town.clock)
    assert owed(town, "user.library", "policy.sign_scope") == []


def test_somebody_without_a_role_is_asked_to_sign_for_a_grant_and_nobody_is_asked_twice(town: Town) -> None:
    site = make_site(town)
    approved(town, "employee", site, until=town.today + timedelta(days=30))
    designated(town, "user.library", site)
    assert owed(town, "employee", "policy.sign_scope") == []
    policy.publish(town)
    assert len(owed(town, "employee", "policy.sign_scope")) == 1
    assert owed(town, "employee", "policy.sign") == []
    assert owed(town, "user.library", "policy.sign_scope") == []
    assert len(owed(town, "user.library", "policy.sign")) == 1
    town.clock.advance(days=31)
    assert owed(town, "employee", "policy.sign_scope") == []


def test_whoever_is_designated_stands_among_those_who_sign_whatever_their_roles(town: Town) -> None:
    policy.publish(town)
    site = make_site(town)
    pages = ("/policy/acknowledgements?standing=missing", "/policy/acknowledgements.csv")
    browser = town.client("administrator")
    assert not any("Edith Lowe" in browser.get(page).text for page in pages)
    designated(town, "employee", site, until=town.today)
    assert all("Edith Lowe" in browser.get(page).text for page in pages)
    town.clock.advance(days=1)
    assert not any("Edith Lowe" in town.client("administrator").get(page).text for page in pages)


def test_a_head_signs_for_the_department_by_office(town: Town) -> None:
    policy.publish(town)
    policy.sign(town, "head.library")
    [duty] = owed(town, "head.library", "policy.sign_scope")
    page = town.client("head.library").get(duty.url).text
    assert "Publish on every site of the department Library, by office" in page
    town.clock.advance(days=1)
    signed(town, "head.library")
    assert owed(town, "head.library", "policy.sign_scope") == []
