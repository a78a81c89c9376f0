"""Signing in and out, resuming a session, proving again who one is."""

from dataclasses import dataclass
from datetime import datetime

from charlton_intranet.accounts import passwords, queries, tokens
from charlton_intranet.accounts.models import (
    LoginSession,
    Person,
)
from charlton_intranet.accounts.rules import (
    ATTEMPTS_PER_ACCOUNT,
    ATTEMPTS_PER_ADDRESS,
    FRESH_FOR,
    IDLE_LIMIT,
    SEEN_STEP,
    SESSION_LIMIT,
    PersonState,
    normal_email,
)
from charlton_intranet.accounts.service._shared import hold, myself, subject
from charlton_intranet.accounts.service.attempts import forgive, spend
from charlton_intranet.core import audit
from charlton_intranet.core.clock import Clock, today
from charlton_intranet.core.database import unit_of_work
from charlton_intranet.core.errors import Invalid
from charlton_intranet.core.permissions import Actor

SIGNED_IN = audit.declare("person.signed_in")
SIGN_IN_REFUSED = audit.declare("person.sign_in_refused", "account")
SIGNED_OUT = audit.declare("person.signed_out")
PROVEN = audit.declare("person.proven")

WRONG = "The address or the password is not right. Check both, or ask for a new password below."


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A resumed session: who it is, and when they last proved it."""

    actor: Actor
    proven_at: datetime

    def is_fresh(self, now: datetime) -> bool:
        """Whether the person proved who they are within the last quarter of an hour."""
        return now - self.proven_at <= FRESH_FOR


def sign_in(email: str, password: str, *, address: str, agent: str, clock: Clock) -> str:
    """Check the password and open a session; returns the token that only the browser keeps.

    Unknown, disabled and wrong look alike and cost one argon2 computation each. Raises ``Invalid``, or
    ``TooMany`` when the budget for this account or address is spent (fail closed: nothing is evaluated then).
    """
    email = normal_email(email)
    spend({f"account:{email}": ATTEMPTS_PER_ACCOUNT, f"address:{address}": ATTEMPTS_PER_ADDRESS}, clock=clock)
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
        if not _still(person):
            raise Invalid({"password": WRONG})
        if rehashed:
            Person.update(password_hash=rehashed).where(Person.id == person.id).execute()
        forgive(f"account:{email}")
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
        audit.record(SIGNED_IN, myself(person, address), subject(person.id), clock=clock)
    return token


def _still(checked: Person) -> bool:
    """Whether the password that was checked still opens the account: a reset may have come in between."""
    now = hold(checked.id)
    return now.state == PersonState.ACTIVE and now.password_hash == checked.password_hash


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
    spend({f"account:{actor.email}": ATTEMPTS_PER_ACCOUNT}, clock=clock)
    person = queries.person(actor.person_id or 0)
    if not passwords.matches(person.password_hash, password):
        raise Invalid({"password": "This is not your password. Nothing was signed or changed."})
    fresh = tokens.new_token()
    with unit_of_work():
        if not _still(person):
            raise Invalid({"password": "Your password was changed meanwhile. Sign in again."})
        forgive(f"account:{actor.email}")
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
