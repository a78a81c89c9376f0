"""Tables of people and their access."""

from typing import TYPE_CHECKING

import peewee

from charlton_intranet.accounts.rules import LetterPurpose, PersonState
from charlton_intranet.core.database import Model, Versioned
from charlton_intranet.core.fields import ChoiceField, UtcDateTimeField
from charlton_intranet.core.permissions import Role


class Department(Versioned):
    """A department of the town; ``slug`` is its name in addresses."""

    name = peewee.CharField(max_length=120, unique=True)
    slug = peewee.CharField(max_length=60, unique=True)
    active = peewee.BooleanField(default=True)


class Closure(Model):
    """A day on which the town's offices are closed besides the legal holidays."""

    day = peewee.DateField(unique=True)
    reason = peewee.CharField(max_length=200)


class Person(Versioned):
    """Somebody who works for the town; ``email`` is the official town address, in lower case."""

    email = peewee.CharField(max_length=254, unique=True)
    name = peewee.CharField(max_length=200)
    title = peewee.CharField(max_length=120, default="")
    department = peewee.ForeignKeyField(Department, null=True, backref="people", on_delete="RESTRICT")
    state = ChoiceField(PersonState, default=PersonState.INVITED)
    password_hash = peewee.CharField(max_length=200, null=True)
    created_at = UtcDateTimeField()
    disabled_at = UtcDateTimeField(null=True)
    if TYPE_CHECKING:
        department_id: int | None


class RoleAssignment(Versioned):
    """A role held by a person from a day until a day, for a department or (None) the whole town."""

    person = peewee.ForeignKeyField(Person, backref="assignments", on_delete="RESTRICT")
    role = ChoiceField(Role)
    department = peewee.ForeignKeyField(Department, null=True, on_delete="RESTRICT")
    starts_on = peewee.DateField()
    ends_on = peewee.DateField(null=True)
    acting = peewee.BooleanField(default=False)
    named_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    reason = peewee.CharField(max_length=300, default="")
    if TYPE_CHECKING:
        person_id: int
        department_id: int | None
        named_by_id: int | None

    class Meta:
        indexes = ((("role", "department"), False),)


class LoginSession(Model):
    """A signed-in browser. The browser holds the token; the table holds only its digest."""

    token_digest = peewee.FixedCharField(64, unique=True)
    person = peewee.ForeignKeyField(Person, on_delete="CASCADE")
    created_at = UtcDateTimeField()
    seen_at = UtcDateTimeField()
    proven_at = UtcDateTimeField()
    second_factor = peewee.BooleanField(default=False)
    address = peewee.CharField(max_length=45, default="")
    agent = peewee.CharField(max_length=200, default="")
    if TYPE_CHECKING:
        person_id: int


class Letter(Model):
    """A one-time link sent by mail: an invitation or a reset. Only its digest is kept."""

    token_digest = peewee.FixedCharField(64, unique=True)
    person = peewee.ForeignKeyField(Person, on_delete="CASCADE")
    purpose = ChoiceField(LetterPurpose)
    sent_at = UtcDateTimeField()
    expires_at = UtcDateTimeField()
    used_at = UtcDateTimeField(null=True)
    if TYPE_CHECKING:
        person_id: int


class ResetAsk(Model):
    """Somebody asked for a new password for ``email``, known or not; the timetable answers and forgets it."""

    email = peewee.CharField(max_length=254)
    address = peewee.CharField(max_length=45, default="")
    at = UtcDateTimeField()


class Attempt(Model):
    """One try at a guarded door, under the digest of an account or an address."""

    key = peewee.FixedCharField(64)
    at = UtcDateTimeField()

    class Meta:
        indexes = ((("key", "at"), False),)


class RecordedException(Model):
    """Somebody settled a matter of their own because nobody else could; the oversight page lists it."""

    subject = peewee.CharField(max_length=80)
    step = peewee.CharField(max_length=80)
    person = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
    reason = peewee.TextField()
    at = UtcDateTimeField(index=True)
    if TYPE_CHECKING:
        person_id: int
