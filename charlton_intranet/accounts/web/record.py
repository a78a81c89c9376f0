"""A person's record: the department they belong to, and what they are called."""

from typing import Any

from flask import Response, url_for

from charlton_intranet.accounts import queries, service
from charlton_intranet.accounts.forms import MoveForm, NameForm
from charlton_intranet.accounts.models import Person
from charlton_intranet.accounts.web.routes import blueprint, department_names, posted_version
from charlton_intranet.core.errors import Invalid
from charlton_intranet.core.permissions import Permission
from charlton_intranet.web import context
from charlton_intranet.web.guard import needs
from charlton_intranet.web.responding import done, respond


@blueprint.get("/people/<int:person_id>/move")
@needs(Permission.MANAGE_PEOPLE)
def move_form(person_id: int) -> Response:
    """What a move to another department leaves behind, before it is made."""
    person = queries.person(person_id)
    return _show_move(person, _move_form(person, version=person.version))


@blueprint.post("/people/<int:person_id>/move")
@needs(Permission.MANAGE_PEOPLE, fresh=True)
def move(person_id: int) -> Response:
    """Let somebody belong to another department."""
    person = queries.person(person_id)
    form = _move_form(person)
    if not form.validate():
        return _show_move(person, form, status=422)
    try:
        service.move(
            context.actor(),
            person_id,
            posted_version(),
            form.department_id,
            endings=form.endings,
            clock=context.clock(),
        )
    except Invalid as refusal:
        form.refuse(refusal)
        return _show_move(person, form, status=422)
    return _done(person_id, f"{person.name} has moved.")


def _move_form(person: Person, **values: Any) -> MoveForm:
    may_end = context.actor().may(Permission.ASSIGN_ROLES)
    questions = {role.id: role.role.label for role in _roles_left(person)} if may_end else {}
    return MoveForm.over(questions)(department_names(), "None", **values)


def _roles_left(person: Person) -> list[Any]:
    department_id = person.department_id
    return queries.open_roles(person.id, department_id, context.today()) if department_id is not None else []


def _show_move(person: Person, form: MoveForm, *, status: int = 200) -> Response:
    return respond(
        "accounts/move.html",
        person=person,
        form=form,
        roles=_roles_left(person),
        scope=context.parts().scope_of(person.id, context.today()),
        status=status,
    )


@blueprint.get("/people/<int:person_id>/name")
@needs(Permission.MANAGE_PEOPLE)
def name_form(person_id: int) -> Response:
    """The name and job title, to be changed."""
    person = queries.person(person_id)
    form = NameForm(name=person.name, title=person.title, version=person.version)
    return respond("accounts/name.html", person=person, form=form)


@blueprint.post("/people/<int:person_id>/name")
@needs(Permission.MANAGE_PEOPLE)
def rename(person_id: int) -> Response:
    """Change the name or the job title."""
    person, form = queries.person(person_id), NameForm()
    if not form.validate():
        return respond("accounts/name.html", person=person, form=form, status=422)
    try:
        service.rename(
            context.actor(), person_id, posted_version(), name=form.name.data or "", title=form.title.data or "",
            clock=context.clock(),
        )  # fmt: skip
    except Invalid as refusal:
        form.refuse(refusal)
        return respond("accounts/name.html", person=person, form=form, status=422)
    return _done(person_id, "Name and job title are changed.")


def _done(person_id: int, message: str) -> Response:
    return done(url_for("accounts.person", person_id=person_id), message)
