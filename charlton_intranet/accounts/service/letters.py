"""One-time links by mail: invitations and resets."""

import peewee

from charlton_intranet.accounts import passwords, queries, tokens
from charlton_intranet.accounts.models import (
    Letter,
    LoginSession,
    Person,
    ResetAsk,
)
from charlton_intranet.accounts.rules import (
    ATTEMPTS_PER_ADDRESS,
    INVITATION_LIFE,
    LETTERS_PER_ACCOUNT,
    RESET_LIFE,
    LetterPurpose,
    PersonState,
    check_official_email,
    check_password,
    normal_email,
)
from charlton_intranet.accounts.service._shared import check_department, hold, myself, subject
from charlton_intranet.accounts.service.attempts import spend
from charlton_intranet.core import audit
from charlton_intranet.core.clock import Clock
from charlton_intranet.core.database import database, rows, unit_of_work
from charlton_intranet.core.errors import Invalid, NotFound
from charlton_intranet.core.permissions import SYSTEM, Actor, Permission
from charlton_intranet.mail import service as mail

INVITED = audit.declare("person.invited", "email", "department")
PASSWORD_SET = audit.declare("person.password_set", "purpose")
RESET_SENT = audit.declare("person.reset_sent")

RESETS_AT_ONCE = 200


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
    check_department(department_id)
    try:
        with database.atomic():
            person_id = Person.insert(
                name=name, email=email, title=title.strip(), department=department_id, created_at=clock.now()
            ).execute()
    except peewee.IntegrityError as taken:
        raise Invalid({"email": f"{email} has an account already. Find it under People."}) from taken
    return int(person_id)


def ask_reset(email: str, *, address: str, clock: Clock) -> None:
    """Take the wish for a new password down; :func:`answer_resets` mails the link when the account is active.

    The answer to a known and to an unknown address is the same work, so that not even its time tells them apart.
    """
    email = normal_email(email)
    spend({f"letter:{email}": LETTERS_PER_ACCOUNT, f"letters:{address}": ATTEMPTS_PER_ADDRESS}, clock=clock)
    with unit_of_work():
        ResetAsk.insert(email=email, address=address, at=clock.now()).execute()


def answer_resets(*, clock: Clock) -> int:
    """Mail a link to each active account that one was asked for, and forget what was asked; returns how many went."""
    sent = 0
    for ask_id, email, address in rows(
        ResetAsk.select(ResetAsk.id, ResetAsk.email, ResetAsk.address).order_by(ResetAsk.id).limit(RESETS_AT_ONCE)
    ):
        with unit_of_work():
            if not ResetAsk.delete().where(ResetAsk.id == ask_id).execute():
                continue  # another scheduler has answered it
            person = Person.get_or_none((Person.email == email) & (Person.state == PersonState.ACTIVE))
            if person is not None:
                audit.record(RESET_SENT, myself(person, address), subject(person.id), clock=clock)
                _send_letter(person, LetterPurpose.RESET, person.name, clock=clock)
                sent += 1
    return sent


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
        hold(person.id)
        letter = _open_letter(token, clock=clock)
        Letter.update(used_at=clock.now()).where(Letter.id == letter.id).execute()
        LoginSession.delete().where(LoginSession.person == person.id).execute()
        Person.update(password_hash=encoded, state=PersonState.ACTIVE).where(Person.id == person.id).execute()
        audit.record(PASSWORD_SET, myself(person, address), subject(person.id), clock=clock, purpose=letter.purpose)
    return person.id
