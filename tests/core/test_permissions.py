import pytest

from charlton_intranet.core.errors import Forbidden, NotFound
from charlton_intranet.core.permissions import (
    NOT_WHILE_ACTING,
    ROLE_PERMISSIONS,
    SYSTEM,
    Actor,
    Held,
    Permission,
    Role,
)

P, R = Permission, Role
EVERYBODY = {P.USE_APP, P.READ_POLICY, P.SIGN_POLICY, P.READ_SITES, P.REPORT_INCIDENT}


def holder(*held: Held) -> Actor:
    return Actor(1, "Anna", held=frozenset(held))


def who_may(permission: Permission) -> set[Role]:
    return {role for role, permissions in ROLE_PERMISSIONS.items() if permission in permissions}


def test_every_role_has_its_line_and_a_label() -> None:
    assert ROLE_PERMISSIONS.keys() == set(Role)
    assert len({role.label for role in Role}) == len(Role)
    for role in Role:
        assert ROLE_PERMISSIONS[role] >= EVERYBODY


def test_every_permission_is_held_by_somebody() -> None:
    assert [p for p in Permission if not who_may(p)] == []


@pytest.mark.parametrize(
    ("permission", "roles"),
    [
        (P.DETERMINE_CASE, {R.ADMINISTRATOR}),  # 3.6-4: the Town Administrator alone
        (P.ADVISE_CASE, {R.DEPARTMENT_HEAD}),
        (P.APPROVE_SITE, {R.ADMINISTRATOR}),  # 1.3, 2.2
        (P.APPROVE_NETWORK, {R.ADMINISTRATOR}),
        (P.ASSESS_NETWORK, {R.IT}),
        (P.REQUEST_SITE, {R.DEPARTMENT_HEAD}),
        (P.APPOINT_COORDINATOR, {R.DEPARTMENT_HEAD}),
        (P.FILE_APPOINTMENT, {R.ADMINISTRATOR}),
        (P.PUBLISH_POLICY, {R.ADMINISTRATOR}),
        (P.RECORD_REVIEW, {R.COORDINATOR}),  # 3.6-1
        (P.ASSIGN_ROLES, {R.ADMINISTRATOR}),
        (P.NAME_ACTING, {R.ADMINISTRATOR, R.DEPARTMENT_HEAD}),
        (P.MANAGE_PEOPLE, {R.ADMINISTRATOR, R.IT}),
        (P.HANDLE_INCIDENT, {R.IT}),  # 3.8
        (P.READ_AUDIT, {R.ADMINISTRATOR, R.AUDITOR}),
    ],
)
def test_the_policys_decisions_are_in_the_right_hands(permission: Permission, roles: set[Role]) -> None:
    assert who_may(permission) == roles


def test_it_runs_accounts_but_decides_and_reads_no_case() -> None:
    own = ROLE_PERMISSIONS[R.IT]
    assert not own & {P.READ_CASES, P.READ_EVIDENCE, P.ADVISE_CASE, P.DETERMINE_CASE, P.ASSIGN_ROLES, P.READ_AUDIT}


def test_the_auditor_writes_nothing() -> None:
    writes = {p for p in ROLE_PERMISSIONS[R.AUDITOR] if not p.startswith("read_")}
    assert writes == {P.USE_APP, P.SIGN_POLICY, P.REPORT_INCIDENT}


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("permission", list(Permission))
def test_a_role_reaches_its_own_department_and_no_other(role: Role, permission: Permission) -> None:
    given = permission in ROLE_PERMISSIONS[role]
    town = holder(Held(role))
    assert town.may(permission) is town.may(permission, 5) is town.may(permission, anywhere=True) is given
    assert town.departments_for(permission) == (None if given else frozenset())
    if not role.town_wide:
        local = holder(Held(role, 5))
        assert local.may(permission, 5) is local.may(permission, anywhere=True) is given
        assert local.may(permission, 6) is False
        assert local.may(permission) is False
        assert local.departments_for(permission) == (frozenset({5}) if given else frozenset())


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("permission", list(Permission))
def test_who_acts_does_what_the_office_does_but_hands_nothing_on(role: Role, permission: Permission) -> None:
    department_id = None if role.town_wide else 5
    own, acting = holder(Held(role, department_id)), holder(Held(role, department_id, acting=True))
    kept = own.may(permission, department_id) and permission not in {P.ASSIGN_ROLES, P.NAME_ACTING}
    assert acting.may(permission, department_id) is acting.may(permission, anywhere=True) is kept
    assert acting.departments_for(permission) == (own.departments_for(permission) if kept else frozenset())


def test_acting_takes_nothing_away_from_what_is_held_in_ones_own_right() -> None:
    both = holder(Held(R.DEPARTMENT_HEAD, 5), Held(R.ADMINISTRATOR, acting=True))
    assert both.departments_for(P.NAME_ACTING) == frozenset({5})
    assert not both.may(P.NAME_ACTING)
    assert both.may(P.APPROVE_SITE)
    assert {P.ASSIGN_ROLES, P.NAME_ACTING} == NOT_WHILE_ACTING


def test_who_holds_nothing_may_nothing() -> None:
    for actor in (holder(), SYSTEM):
        assert not any(actor.may(permission, anywhere=True) for permission in Permission)


def test_seeing_and_having_refuse_differently() -> None:
    actor = holder(Held(R.DEPARTMENT_HEAD, 5))
    actor.must_see(P.READ_CASES, 5)
    actor.must_have(P.ADVISE_CASE, 5)
    with pytest.raises(NotFound):
        actor.must_see(P.READ_CASES, 6)
    with pytest.raises(Forbidden):
        actor.must_have(P.DETERMINE_CASE, 5)


def test_roles_of_several_departments_add_up() -> None:
    actor = holder(Held(R.COORDINATOR, 5), Held(R.COORDINATOR, 6, acting=True), Held(R.EMPLOYEE))
    assert actor.departments_for(P.TRIAGE_CASE) == frozenset({5, 6})
    assert actor.holds(R.COORDINATOR, 6)
    assert not actor.holds(R.COORDINATOR, 7)
    assert actor.role_labels == ["Acting Social Media Coordinator", "Social Media Coordinator"]
    assert holder(Held(R.EMPLOYEE)).role_labels == ["Employee"]
