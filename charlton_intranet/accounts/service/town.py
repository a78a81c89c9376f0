"""Departments, and days on which the offices are closed."""

from datetime import date

import peewee

from charlton_intranet.accounts.models import (
    Closure,
    Department,
)
from charlton_intranet.core import audit
from charlton_intranet.core.clock import Clock
from charlton_intranet.core.database import database, unit_of_work
from charlton_intranet.core.errors import Invalid, NotFound
from charlton_intranet.core.permissions import Actor, Permission

DEPARTMENT_MADE = audit.declare("department.made", "name")
CLOSURE_ADDED = audit.declare("closure.added", "day", "reason")
CLOSURE_REMOVED = audit.declare("closure.removed", "day")


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
