"""Use cases around people: invite, sign in and out, roles and acting, departments and closures."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import peewee

from charlton_intranet.accounts import passwords, queries, tokens
from charlton_intranet.accounts.models import (
    Attempt,
    Closure,
    Department,
    Letter,
    LoginSession,
    Person,
    RoleAssignment,
)
from charlton_intranet.accounts.rules import (
    ATTEMPT_WINDOW,
    ATTEMPTS_PER_ACCOUNT,
    ATTEMPTS_PER_ADDRESS,
    FRESH_FOR,
    IDLE_LIMIT,
    INVITATION_LIFE,
    LETTERS_PER_ACCOUNT,
    RESET_LIFE,
    SEEN_STEP,
    SESSION_LIMIT,
    LetterPurpose,
    PersonState,
    check_official_email,
    check_password,
    normal_email,
)
from charlton_intranet.core import audit
from charlton_intranet.core.clock import Clock, today
from charlton_intranet.core.database import database, rows, serialise, unit_of_work, update_current
from charlton_intranet.core.errors import Forbidden, Invalid, NotFound, StaleState, TooMany
from charlton_intranet.core.permissions import SYSTEM, Actor, Permission, Role
from charlton_intranet.mail import service as mail

INVITED = audit.declare("person.invited", "email", "department")
PASSWORD_SET = audit.declare("person.password_set", "purpose")
SIGNED_IN = audit.declare("person.signed_in")
SIGN_IN_REFUSED = audit.declare("person.sign_in_refused", "account")
SIGNED_OUT = audit.declare("person.signed_out")
PROVEN = audit.declare("person.proven")
RESET_SENT = audit.declare("person.reset_sent")
DISABLED = audit.declare("person.disabled")
ENABLED = audit.declare("person.enabled")
ROLE_GIVEN = audit.declare("role.given", "role", "department", "starts", "ends", "acting", "reason")
ROLE_ENDED = audit.declare("role.ended", "role", "department", "ends")
DEPARTMENT_MADE = audit.declare("department.made", "name")
CLOSURE_ADDED = audit.declare("closure.added", "day", "reason")
CLOSURE_REMOVED = audit.declare("closure.removed", "day")

WRONG = "The address or the password is not right. Check both, or ask for a new password below."


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A resumed session: who it is, and when they last proved it."""

    actor: Actor
    proven_at: datetime

    def is_fresh(self, now: datetime) -> bool:
        """Whether the person proved who they are within the last quarter of an hour."""
        return now - self.proven_at <= FRESH_FOR


def subject(person_id: int) -> str:
    """How a person is named in the trail."""
    return f"person:{person_id}"


# --- signing in -----------------------------------------------------------------------------------------


def sign_in(email: str, password: str, *, address: str, agent: str, clock: Clock) -> str:
    """Check the password and open a session; returns the token that only the browser keeps.

    Unknown, disabled and wrong look alike and cost one argon2 computation each. Raises ``Invalid``, or
    ``TooMany`` when the budget for this account or address is spent (fail closed: nothing is evaluated then).
    """
    email = normal_email(email)
    _spend({f"account:{email}": ATTEMPTS_PER_ACCOUNT, f"address:{address}": ATTEMPTS_PER_ADDRESS}, clock=clock)
    person = Person.get_or_none(Person.email == email)
    known = person is not None and person.state == PersonState.ACTIVE
    right = passwords.matches(person.password_hash if person is not None and known else None, password)
    if person is None or not known or not right:
        with unit_of_work():
            who = Actor(person_id=None, name="Somebody at the sign-in page", address=address)
            audit.record(SIGN_IN_REFUSED, who, "sign-in:page", clock=clock, account=audit.digest_of(email))
        raise Invalid({"password": WRONG})
    rehashed = passwords.hash_password(password) if passwords.needs_rehash(person.password_hash or "") else None
    token, now = tokens.new_token(), clock.now()
    with unit_of_work():
        if rehashed:
            Person.update(password_hash=rehashed).where(Person.id == person.id).execute()
        Attempt.delete().where(Attempt.key == _key(f"account:{email}")).execute()
        LoginSession.delete().where(LoginSession.created_at < now - SESSION_LIMIT).execute()
        LoginSession.insert(
            token_digest=tokens.digest(token),
            person=person.id,
            created_at=now,
            seen_at=now,
            proven_at=now,
            address=address,
            agent=agent[:200],
        ).execute()
        audit.record(SIGNED_IN, _self(person, address), subject(person.id), clock=clock)
    return token


def resume(token: str, *, address: str, clock: Clock) -> SignedIn | None:
    """The session behind a token, or None when it ended, idled out, or its person may not sign in any more."""
    session = queries.session_by_digest(tokens.digest(token))
    now = clock.now()
    if (
        session is None
        or session.person.state != PersonState.ACTIVE
        or now - session.seen_at > IDLE_LIMIT
        or now - session.created_at > SESSION_LIMIT
    ):
        return None
    if now - session.seen_at >= SEEN_STEP:
        LoginSession.update(seen_at=now).where(LoginSession.id == session.id).execute()
    return SignedIn(queries.actor_of(session.person, today(clock), address=address), session.proven_at)


def prove(token: str, actor: Actor, password: str, *, clock: Clock) -> str:
    """Step-up: check the password again and move the session to a new token, which is returned."""
    _spend({f"account:{actor.email}": ATTEMPTS_PER_ACCOUNT}, clock=clock)
    person = queries.person(actor.person_id or 0)
    if not passwords.matches(person.password_hash, password):
        raise Invalid({"password": "This is not your password. Nothing was signed or changed."})
    fresh = tokens.new_token()
    with unit_of_work():
        Attempt.delete().where(Attempt.key == _key(f"account:{actor.email}")).execute()
        LoginSession.update(proven_at=clock.now(), token_digest=tokens.digest(fresh)).where(
            LoginSession.token_digest == tokens.digest(token)
        ).execute()
        audit.record(PROVEN, actor, subject(person.id), clock=clock)
    return fresh


def sign_out(token: str, actor: Actor, *, clock: Clock) -> None:
    """End the session; the token is worthless from now on."""
    with unit_of_work():
        LoginSession.delete().where(LoginSession.token_digest == tokens.digest(token)).execute()
        audit.record(SIGNED_OUT, actor, subject(actor.person_id or 0), clock=clock)


def _key(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _spend(budgets: dict[str, int], *, clock: Clock) -> None:
    """Take one try from each budget, or raise ``TooMany`` before anything is evaluated."""
    now = clock.now()
    with unit_of_work():
        serialise("attempts")
        for text, budget in budgets.items():
            recent = (Attempt.key == _key(text)) & (Attempt.at > now - ATTEMPT_WINDOW)
            tries = rows(Attempt.select(Attempt.at).where(recent).order_by(Attempt.at).limit(budget))
            if len(tries) >= budget:
                wait = ATTEMPT_WINDOW - (now - tries[0][0])
                raise TooMany(
                    f"Too many tries. Wait {_minutes(wait)} and try again; your account is not locked.",
                    retry_after=max(1, int(wait.total_seconds())),
                )
        Attempt.insert_many([{"key": _key(text), "at": now} for text in budgets]).execute()
        Attempt.delete().where(Attempt.at < now - timedelta(days=1)).execute()


def _minutes(wait: timedelta) -> str:
    minutes = -(-int(wait.total_seconds()) // 60)
    return "1 minute" if minutes <= 1 else f"{minutes} minutes"


def _self(person: Person, address: str) -> Actor:
    return Actor(person_id=person.id, name=person.name, email=person.email, address=address)


# --- invitations and resets -----------------------------------------------------------------------------


def invite(
    actor: Actor,
    *,
    name: str,
    email: str,
    title: str,
    department_id: int | None,
    domains: tuple[str, ...],
    clock: Clock,
) -> int:
    """Create a person and mail them a one-time link; returns the person's id."""
    email = normal_email(email)
    check_official_email(email, domains)
    with unit_of_work():
        actor.must_have(Permission.MANAGE_PEOPLE)
        person_id = _create(name=name, email=email, title=title, department_id=department_id, clock=clock)
        audit.record(INVITED, actor, subject(person_id), clock=clock, email=email, department=department_id)
        _send_letter(queries.person(person_id), LetterPurpose.INVITATION, actor.name, clock=clock)
    return person_id


def invite_again(actor: Actor, person_id: int, *, clock: Clock) -> None:
    """Send a new invitation; the links sent before stop working."""
    with unit_of_work():
        actor.must_have(Permission.MANAGE_PEOPLE)
        person = queries.person(person_id)
        if person.state != PersonState.INVITED:
            raise Invalid({"person": f"{person.name} has signed in already; a new password can be asked for instead."})
        audit.record(INVITED, actor, subject(person_id), clock=clock, email=person.email)
        _send_letter(person, LetterPurpose.INVITATION, actor.name, clock=clock)


def create_person(
    *, name: str, email: str, title: str = "", department_id: int | None = None, password: str, clock: Clock
) -> int:
    """An active person with a password, for ``init`` and the demo; returns the id."""
    encoded = passwords.hash_password(password)
    with unit_of_work():
        person_id = _create(name=name, email=normal_email(email), title=title, department_id=department_id, clock=clock)
        Person.update(password_hash=encoded, state=PersonState.ACTIVE).where(Person.id == person_id).execute()
        audit.record(INVITED, SYSTEM, subject(person_id), clock=clock, email=email, department=department_id)
    return person_id


def _create(*, name: str, email: str, title: str, department_id: int | None, clock: Clock) -> int:
    name = " ".join(name.split())
    if not name:
        raise Invalid({"name": "Type the person's name."})
    _check_department(department_id)
    try:
        with database.atomic():
            person_id = Person.insert(
                name=name, email=email, title=title.strip(), department=department_id, created_at=clock.now()
            ).execute()
    except peewee.IntegrityError as taken:
        raise Invalid({"email": f"{email} has an account already. Find it under People."}) from taken
    return int(person_id)


def _check_department(department_id: int | None) -> None:
    if department_id is not None and not Department.select().where(Department.id == department_id).exists():
        raise Invalid({"department": "There is no such department any more. Choose another."})


def ask_reset(email: str, *, address: str, clock: Clock) -> None:
    """Mail a reset link when the address has an active account; silent either way, so nobody learns which."""
    email = normal_email(email)
    _spend({f"letter:{email}": LETTERS_PER_ACCOUNT, f"letters:{address}": ATTEMPTS_PER_ADDRESS}, clock=clock)
    person = Person.get_or_none((Person.email == email) & (Person.state == PersonState.ACTIVE))
    if person is None:
        return
    with unit_of_work():
        audit.record(RESET_SENT, _self(person, address), subject(person.id), clock=clock)
        _send_letter(person, LetterPurpose.RESET, person.name, clock=clock)


def _send_letter(person: Person, purpose: LetterPurpose, by: str, *, clock: Clock) -> None:
    token, now = tokens.new_token(), clock.now()
    life = INVITATION_LIFE if purpose is LetterPurpose.INVITATION else RESET_LIFE
    Letter.update(used_at=now).where((Letter.person == person.id) & Letter.used_at.is_null()).execute()
    letter_id = Letter.insert(
        token_digest=tokens.digest(token),
        person=person.id,
        purpose=purpose,
        sent_at=now,
        expires_at=now + life,
    ).execute()
    mail.queue(
        f"account_{purpose.value}",
        occasion=f"letter:{letter_id}",
        recipient=person.email,
        recipient_name=person.name,
        clock=clock,
        by=by,
        path=f"/welcome/{token}",
        expires=now + life,
    )


def letter_holder(token: str, *, clock: Clock) -> Person:
    """Who a one-time link belongs to; ``NotFound`` when it is used, old or invented."""
    letter = _open_letter(token, clock=clock)
    return letter.person


def _open_letter(token: str, *, clock: Clock) -> Letter:
    letter: Letter | None = (
        Letter.select(Letter, Person)
        .join(Person)
        .where(
            (Letter.token_digest == tokens.digest(token))
            & Letter.used_at.is_null()
            & (Letter.expires_at > clock.now())
            & (Person.state != PersonState.DISABLED)
        )
        .first()
    )
    if letter is None:
        raise NotFound("This link has been used or is too old. Ask for a new one on the sign-in page.")
    return letter


def set_password(token: str, password: str, *, town_words: tuple[str, ...], address: str, clock: Clock) -> int:
    """Redeem a one-time link: set the password, open the account, end every session; returns the person's id."""
    person = letter_holder(token, clock=clock)
    check_password(password, email=person.email, name=person.name, town_words=town_words)
    encoded = passwords.hash_password(password)
    with unit_of_work():
        letter = _open_letter(token, clock=clock)
        Letter.update(used_at=clock.now()).where(Letter.id == letter.id).execute()
        LoginSession.delete().where(LoginSession.person == person.id).execute()
        Person.update(password_hash=encoded, state=PersonState.ACTIVE).where(Person.id == person.id).execute()
        audit.record(PASSWORD_SET, _self(person, address), subject(person.id), clock=clock, purpose=letter.purpose)
    return person.id


# --- people, roles, departments -------------------------------------------------------------------------


def disable(actor: Actor, person_id: int, version: int, *, clock: Clock) -> None:
    """Close the account at once: every session and link ends, every authority lapses."""
    with unit_of_work():
        actor.must_have(Permission.MANAGE_PEOPLE)
        if person_id == actor.person_id:
            raise Forbidden("Nobody closes their own account. Ask somebody else who runs accounts.")
        if queries.person(person_id).state == PersonState.DISABLED:
            raise StaleState("This account is closed already.")
        now = clock.now()
        update_current(Person, person_id, version, state=PersonState.DISABLED, disabled_at=now)
        LoginSession.delete().where(LoginSession.person == person_id).execute()
        Letter.update(used_at=now).where((Letter.person == person_id) & Letter.used_at.is_null()).execute()
        audit.record(DISABLED, actor, subject(person_id), clock=clock)


def enable(actor: Actor, person_id: int, version: int, *, clock: Clock) -> None:
    """Open a closed account again; without a password it is invited anew."""
    with unit_of_work():
        actor.must_have(Permission.MANAGE_PEOPLE)
        person = queries.person(person_id)
        if person.state != PersonState.DISABLED:
            raise StaleState("This account is open already.")
        state = PersonState.ACTIVE if person.password_hash else PersonState.INVITED
        update_current(Person, person_id, version, state=state, disabled_at=None)
        audit.record(ENABLED, actor, subject(person_id), clock=clock)


def give_role(
    actor: Actor,
    person_id: int,
    role: Role,
    *,
    department_id: int | None,
    starts: date,
    ends: date | None = None,
    acting: bool = False,
    reason: str = "",
    clock: Clock,
) -> int:
    """Give a role for the department or the town; returns the assignment's id.

    Only the Town Administrator gives roles, and nobody to themselves. An acting role needs an end and a reason.
    A coordinator in their own right is appointed by the department head in writing (policy 3.2), not here.
    """
    with unit_of_work():
        actor.must_have(Permission.NAME_ACTING if acting else Permission.ASSIGN_ROLES)
        if person_id == actor.person_id:
            raise Forbidden("Nobody gives a role to themselves.")
        if role is Role.COORDINATOR and not acting:
            raise Invalid({"role": "A coordinator is appointed in writing, under Sites (policy 3.2). Acting is fine."})
        return assign(
            actor, person_id, role, department_id=department_id, starts=starts, ends=ends,
            acting=acting, reason=reason, clock=clock,
        )  # fmt: skip


def assign(
    actor: Actor,
    person_id: int,
    role: Role,
    *,
    department_id: int | None,
    starts: date,
    ends: date | None = None,
    acting: bool = False,
    reason: str = "",
    clock: Clock,
) -> int:
    """Write an assignment inside the caller's unit of work; the caller has authorised it."""
    person = queries.person(person_id)
    _check_department(department_id)
    problems = {}
    if person.state == PersonState.DISABLED:
        problems["role"] = f"The account of {person.name} is closed. Open it first."
    if role is Role.EMPLOYEE:
        problems["role"] = "Everybody with an account is an employee already."
    if role.town_wide != (department_id is None):
        problems["department"] = (
            f"{role.label} is held for the whole town: leave the department empty."
            if role.town_wide
            else f"Choose the department for which {person.name} is {role.label}."
        )
    if ends is not None and ends < starts:
        problems["ends"] = "The last day lies before the first."
    if acting and ends is None:
        problems["ends"] = "An acting role needs its last day."
    if acting and not reason.strip():
        problems["reason"] = "Say why somebody acts, for example a leave."
    if not problems and queries.holds_within(person_id, role, department_id, starts, ends):
        problems["role"] = f"{person.name} is {role.label} already in that time."
    if problems:
        raise Invalid(problems)
    assignment_id = int(
        RoleAssignment.insert(
            person=person_id, role=role, department=department_id, starts_on=starts, ends_on=ends,
            acting=acting, named_by=actor.person_id, reason=reason.strip(),
        ).execute()
    )  # fmt: skip
    audit.record(
        ROLE_GIVEN, actor, subject(person_id), clock=clock,
        role=role, department=department_id, starts=starts, ends=ends, acting=acting,
        reason=audit.digest_of(reason.strip()),
    )  # fmt: skip
    return assignment_id


def end_role(actor: Actor, person_id: int, assignment_id: int, version: int, *, clock: Clock) -> None:
    """End a role of a person: yesterday was its last day."""
    with unit_of_work():
        actor.must_have(Permission.ASSIGN_ROLES)
        held = RoleAssignment.get_or_none((RoleAssignment.id == assignment_id) & (RoleAssignment.person == person_id))
        if held is None:
            raise NotFound
        if held.person_id == actor.person_id:
            raise Forbidden("Nobody ends their own role. Ask somebody who acts for you.")
        end_assignment(actor, held, version, clock=clock)


def end_assignment(actor: Actor, held: RoleAssignment, version: int, *, clock: Clock) -> None:
    """Write the end inside the caller's unit of work; the caller has authorised it.

    A role that has not begun ends before its first day, so it was never held.
    """
    last = today(clock) - timedelta(days=1)
    if held.ends_on is not None and held.ends_on <= last:
        raise StaleState("This role has ended already.")
    update_current(RoleAssignment, held.id, version, ends_on=last)
    audit.record(
        ROLE_ENDED, actor, subject(held.person_id), clock=clock,
        role=held.role, department=held.department_id, ends=last,
    )  # fmt: skip


def make_department(actor: Actor, name: str, *, clock: Clock) -> int:
    """Add a department; returns its id."""
    name = " ".join(name.split())
    slug = "-".join("".join(c if c.isalnum() else " " for c in name.lower()).split())
    with unit_of_work():
        if actor.person_id is not None:
            actor.must_have(Permission.CHANGE_SETTINGS)
        if not slug:
            raise Invalid({"name": "Type the department's name."})
        try:
            with database.atomic():
                department_id = int(Department.insert(name=name, slug=slug).execute())
        except peewee.IntegrityError as taken:
            raise Invalid({"name": f"There is a department called {name} already."}) from taken
        audit.record(DEPARTMENT_MADE, actor, f"department:{department_id}", clock=clock, name=name)
    return department_id


def add_closure(actor: Actor, day: date, reason: str, *, clock: Clock) -> None:
    """Add a day on which the offices are closed; due dates computed from now on respect it."""
    with unit_of_work():
        actor.must_have(Permission.CHANGE_SETTINGS)
        if Closure.select().where(Closure.day == day).exists():
            raise Invalid({"day": "This day is on the list already."})
        Closure.insert(day=day, reason=reason.strip()).execute()
        audit.record(CLOSURE_ADDED, actor, f"closure:{day}", clock=clock, day=day, reason=reason.strip())


def remove_closure(actor: Actor, closure_id: int, *, clock: Clock) -> None:
    """Take a closure off the list again."""
    with unit_of_work():
        actor.must_have(Permission.CHANGE_SETTINGS)
        closure = Closure.get_or_none(Closure.id == closure_id)
        if closure is None:
            raise NotFound
        closure.delete_instance()
        audit.record(CLOSURE_REMOVED, actor, f"closure:{closure.day}", clock=clock, day=closure.day)
