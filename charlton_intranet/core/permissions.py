"""Who may do what: one enum of permissions, one table from roles to permissions, and the actor who asks.

Roles are held for the whole town or for one department (see ``accounts``). The web guard asks
:meth:`Actor.may` without a department before a view runs; services ask again with the record's department.
"""

from dataclasses import dataclass, field
from enum import StrEnum, auto

from charlton_intranet.core.errors import Forbidden, NotFound


class Role(StrEnum):
    """The policy's roles. Everybody with an account is an employee."""

    EMPLOYEE = auto()
    AUTHORIZED_USER = auto()
    COORDINATOR = auto()
    DEPARTMENT_HEAD = auto()
    ADMINISTRATOR = auto()
    IT = auto()
    RECORDS = auto()
    AUDITOR = auto()

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def town_wide(self) -> bool:
        """Whether the role is held for the whole town rather than for one department."""
        return self in _TOWN_WIDE


_LABELS = {
    Role.EMPLOYEE: "Employee",
    Role.AUTHORIZED_USER: "Authorized user",
    Role.COORDINATOR: "Social Media Coordinator",
    Role.DEPARTMENT_HEAD: "Department Head",
    Role.ADMINISTRATOR: "Town Administrator",
    Role.IT: "IT Technician",
    Role.RECORDS: "Records Access Officer",
    Role.AUDITOR: "Auditor",
}
_TOWN_WIDE = frozenset({Role.EMPLOYEE, Role.ADMINISTRATOR, Role.IT, Role.RECORDS, Role.AUDITOR})


class Permission(StrEnum):
    """Everything the app lets somebody do, named by verb and object; documented in ``docs/permissions.md``."""

    USE_APP = auto()
    READ_POLICY = auto()
    SIGN_POLICY = auto()
    PUBLISH_POLICY = auto()
    READ_ACKNOWLEDGEMENTS = auto()
    FILE_PAPER_SIGNATURE = auto()
    READ_SITES = auto()
    READ_SITE_RECORDS = auto()
    REQUEST_SITE = auto()
    ADVISE_SITE = auto()
    APPROVE_SITE = auto()
    PROPOSE_NETWORK = auto()
    ASSESS_NETWORK = auto()
    APPROVE_NETWORK = auto()
    APPOINT_COORDINATOR = auto()
    FILE_APPOINTMENT = auto()
    MANAGE_MAILBOXES = auto()
    LIST_ACCOUNTS = auto()
    PUBLISH_DIRECTORY = auto()
    CHECK_SITE = auto()
    DESIGNATE_GRANT = auto()
    APPROVE_GRANT = auto()
    RECONCILE_ACCESS = auto()
    REVIEW_ACCESS = auto()
    SETTLE_DEPARTURE = auto()
    READ_CASES = auto()
    CAPTURE_CONTENT = auto()
    IMPORT_COMMENTS = auto()
    TRIAGE_CASE = auto()
    PRESERVE_EVIDENCE = auto()
    READ_EVIDENCE = auto()
    ADVISE_CASE = auto()
    DETERMINE_CASE = auto()
    CARRY_OUT_CASE = auto()
    HIDE_AT_ONCE = auto()
    PUBLISH_CATEGORIES = auto()
    FOLLOW_REFERRAL = auto()
    LINK_HANDLES = auto()
    PROPOSE_RESTRICTION = auto()
    DECIDE_RESTRICTION = auto()
    WRITE_LETTER = auto()
    LOG_RECONSIDERATION = auto()
    ANSWER_RECONSIDERATION = auto()
    READ_CONSISTENCY = auto()
    READ_FIXITY = auto()
    CHECK_FIXITY = auto()
    READ_REVIEWS = auto()
    RECORD_REVIEW = auto()
    REPORT_INCIDENT = auto()
    READ_INCIDENTS = auto()
    HANDLE_INCIDENT = auto()
    READ_PEOPLE = auto()
    MANAGE_PEOPLE = auto()
    ASSIGN_ROLES = auto()
    NAME_ACTING = auto()
    READ_OVERSIGHT = auto()
    READ_AUDIT = auto()
    READ_SETTINGS = auto()
    CHANGE_SETTINGS = auto()
    CHANGE_REMINDERS = auto()
    READ_MAIL = auto()
    RUN_JOBS = auto()


P = Permission
_EVERYBODY = frozenset({P.USE_APP, P.READ_POLICY, P.SIGN_POLICY, P.READ_SITES, P.REPORT_INCIDENT})
_READER = frozenset(
    {
        P.READ_SITE_RECORDS,
        P.READ_CASES,
        P.READ_EVIDENCE,
        P.READ_REVIEWS,
        P.READ_ACKNOWLEDGEMENTS,
        P.READ_PEOPLE,
        P.READ_OVERSIGHT,
    }
)

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.EMPLOYEE: _EVERYBODY,
    Role.AUTHORIZED_USER: _EVERYBODY | {P.CAPTURE_CONTENT},
    Role.COORDINATOR: _EVERYBODY
    | {
        P.READ_SITE_RECORDS,
        P.READ_CASES,
        P.CAPTURE_CONTENT,
        P.IMPORT_COMMENTS,
        P.TRIAGE_CASE,
        P.PRESERVE_EVIDENCE,
        P.READ_EVIDENCE,
        P.CARRY_OUT_CASE,
        P.READ_REVIEWS,
        P.RECORD_REVIEW,
        P.CHECK_SITE,
        P.RECONCILE_ACCESS,
        P.SETTLE_DEPARTURE,
        P.HIDE_AT_ONCE,
        P.FOLLOW_REFERRAL,
        P.LINK_HANDLES,
        P.PROPOSE_RESTRICTION,
        P.WRITE_LETTER,
        P.LOG_RECONSIDERATION,
    },
    Role.DEPARTMENT_HEAD: _EVERYBODY
    | _READER
    | {
        P.REQUEST_SITE,
        P.PROPOSE_NETWORK,
        P.APPOINT_COORDINATOR,
        P.CAPTURE_CONTENT,
        P.ADVISE_CASE,
        P.CHECK_SITE,
        P.DESIGNATE_GRANT,
        P.RECONCILE_ACCESS,
        P.REVIEW_ACCESS,
        P.SETTLE_DEPARTURE,
        P.NAME_ACTING,
        P.PROPOSE_RESTRICTION,
        P.LOG_RECONSIDERATION,
        P.READ_CONSISTENCY,
    },
    Role.ADMINISTRATOR: _EVERYBODY
    | _READER
    | {
        P.PUBLISH_POLICY,
        P.APPROVE_SITE,
        P.PROPOSE_NETWORK,
        P.APPROVE_NETWORK,
        P.FILE_APPOINTMENT,
        P.FILE_PAPER_SIGNATURE,
        P.MANAGE_MAILBOXES,
        P.LIST_ACCOUNTS,
        P.PUBLISH_DIRECTORY,
        P.APPROVE_GRANT,
        P.REVIEW_ACCESS,
        P.SETTLE_DEPARTURE,
        P.CAPTURE_CONTENT,
        P.IMPORT_COMMENTS,
        P.TRIAGE_CASE,
        P.PRESERVE_EVIDENCE,
        P.DETERMINE_CASE,
        P.CARRY_OUT_CASE,
        P.READ_INCIDENTS,
        P.MANAGE_PEOPLE,
        P.ASSIGN_ROLES,
        P.NAME_ACTING,
        P.READ_AUDIT,
        P.READ_SETTINGS,
        P.CHANGE_REMINDERS,
        P.HIDE_AT_ONCE,
        P.PUBLISH_CATEGORIES,
        P.FOLLOW_REFERRAL,
        P.LINK_HANDLES,
        P.PROPOSE_RESTRICTION,
        P.DECIDE_RESTRICTION,
        P.WRITE_LETTER,
        P.LOG_RECONSIDERATION,
        P.ANSWER_RECONSIDERATION,
        P.READ_CONSISTENCY,
        P.READ_FIXITY,
    },
    Role.IT: _EVERYBODY
    | {
        P.READ_SITE_RECORDS,
        P.ADVISE_SITE,
        P.PROPOSE_NETWORK,
        P.ASSESS_NETWORK,
        P.MANAGE_MAILBOXES,
        P.LIST_ACCOUNTS,
        P.PUBLISH_DIRECTORY,
        P.CHECK_SITE,
        P.SETTLE_DEPARTURE,
        P.IMPORT_COMMENTS,
        P.READ_INCIDENTS,
        P.HANDLE_INCIDENT,
        P.READ_PEOPLE,
        P.MANAGE_PEOPLE,
        P.READ_SETTINGS,
        P.CHANGE_SETTINGS,
        P.READ_MAIL,
        P.RUN_JOBS,
        P.FOLLOW_REFERRAL,
        P.READ_FIXITY,
        P.CHECK_FIXITY,
    },
    Role.RECORDS: _EVERYBODY
    | {
        P.READ_SITE_RECORDS,
        P.READ_CASES,
        P.READ_EVIDENCE,
        P.READ_REVIEWS,
        P.READ_OVERSIGHT,
        P.LOG_RECONSIDERATION,
        P.READ_CONSISTENCY,
        P.READ_FIXITY,
        P.CHECK_FIXITY,
    },
    Role.AUDITOR: _EVERYBODY | _READER | {P.READ_AUDIT, P.READ_SETTINGS, P.READ_CONSISTENCY, P.READ_FIXITY},
}

# Who acts does what the office does, but does not hand the office on: neither to others nor, for longer, to themselves.
NOT_WHILE_ACTING = frozenset({P.ASSIGN_ROLES, P.NAME_ACTING})


@dataclass(frozen=True, slots=True)
class Held:
    """A role held today; ``department_id`` is None for the whole town."""

    role: Role
    department_id: int | None = None
    acting: bool = False

    def gives(self, permission: Permission) -> bool:
        """Whether the role gives ``permission``; acting, all of it but naming and giving roles."""
        return permission in ROLE_PERMISSIONS[self.role] and not (self.acting and permission in NOT_WHILE_ACTING)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks, with what they hold at this moment, and from where.

    ``person_id`` is None only for the app itself (:data:`SYSTEM`), which acts through jobs and commands.
    """

    person_id: int | None
    name: str
    email: str = ""
    department_id: int | None = None
    department_name: str = ""
    held: frozenset[Held] = field(default_factory=frozenset)
    address: str = ""

    def may(self, permission: Permission, department_id: int | None = None, *, anywhere: bool = False) -> bool:
        """Whether a role held gives ``permission`` on a record of ``department_id`` (None: a town record).

        With ``anywhere`` it is enough to have it for some department: what the guard asks before a view.
        """
        return any(
            held.gives(permission) and (anywhere or held.department_id is None or held.department_id == department_id)
            for held in self.held
        )

    def must_see(self, permission: Permission, department_id: int | None = None) -> None:
        """Raise ``NotFound`` unless the record is this actor's to know about."""
        if not self.may(permission, department_id):
            raise NotFound

    def must_have(self, permission: Permission, department_id: int | None = None) -> None:
        """Raise ``Forbidden`` unless the actor may do this to a record they can see."""
        if not self.may(permission, department_id):
            raise Forbidden

    def departments_for(self, permission: Permission) -> frozenset[int] | None:
        """The departments whose records ``permission`` reaches; None when it is the whole town."""
        reach = {held.department_id for held in self.held if held.gives(permission)}
        return None if None in reach else frozenset(d for d in reach if d is not None)

    def holds(self, role: Role, department_id: int | None = None) -> bool:
        """Whether the actor holds ``role`` for the town or for ``department_id``."""
        return any(h.role is role and h.department_id in {None, department_id} for h in self.held)

    def departments_as(self, *roles: Role) -> frozenset[int]:
        """The departments for which the actor holds one of ``roles``."""
        return frozenset(h.department_id for h in self.held if h.role in roles and h.department_id is not None)

    def only_acts_as(self, role: Role) -> bool:
        """Whether the actor holds ``role`` for somebody else alone, or not at all."""
        return all(h.acting for h in self.held if h.role is role)

    @property
    def role_labels(self) -> list[str]:
        """Roles in the policy's words, most specific first; an acting role says so."""
        shown = [h for h in self.held if h.role is not Role.EMPLOYEE] or list(self.held)
        return sorted({f"Acting {h.role.label}" if h.acting else h.role.label for h in shown})


SYSTEM = Actor(person_id=None, name="Charlton Intranet")
