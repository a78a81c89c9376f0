"""People: who they are, what they may do, and for how long."""

from datetime import date

from flask import Response, request, url_for

from charlton_intranet.accounts import service
from charlton_intranet.accounts.forms import InviteForm, RoleForm, SearchForm
from charlton_intranet.accounts.queries import people as pages
from charlton_intranet.accounts.web.routes import blueprint, department_names, people_tabs, posted_version
from charlton_intranet.core.errors import Invalid
from charlton_intranet.core.permissions import Permission, Role
from charlton_intranet.web import context
from charlton_intranet.web.guard import needs
from charlton_intranet.web.responding import done, respond


@blueprint.get("/people")
@needs(Permission.READ_PEOPLE)
def people() -> Response:
    """Everybody the actor may read about, by name."""
    form = SearchForm(request.args)
    found = pages.people_page(
        context.today(),
        departments=context.actor().departments_for(Permission.READ_PEOPLE),
        after=request.args.get("after", type=int),
        words=form.q.data or "",
    )
    return respond("accounts/people.html", "accounts/_people.html", form=form, found=found, tabs=people_tabs("/people"))


@blueprint.get("/people/<int:person_id>")
@needs(Permission.READ_PEOPLE)
def person(person_id: int) -> Response:
    """One person with every role."""
    return _person(person_id)


@blueprint.route("/people/invite", methods=["GET", "POST"])
@needs(Permission.MANAGE_PEOPLE)
def invite() -> Response:
    """Create a person and mail them a link with which they choose a password."""
    form = InviteForm(department_names(), "None")
    if not form.validate_on_submit():
        return respond("accounts/invite.html", form=form, status=422 if form.is_submitted() else 200)
    try:
        person_id = service.invite(
            context.actor(),
            name=form.name.data or "",
            email=form.email.data or "",
            title=form.title.data or "",
            department_id=form.department_id,
            domains=context.parts().settings.email_domains,
            clock=context.clock(),
        )
    except Invalid as refusal:
        form.refuse(refusal)
        return respond("accounts/invite.html", form=form, status=422)
    return _done(person_id, f"An invitation is on its way to {form.email.data}. It works for 7 days.")


@blueprint.post("/people/<int:person_id>/invite")
@needs(Permission.MANAGE_PEOPLE)
def invite_again(person_id: int) -> Response:
    """Send a new link; the older ones stop working."""
    service.invite_again(context.actor(), person_id, clock=context.clock())
    return _done(person_id, "A new invitation is on its way. The earlier links no longer work.")


@blueprint.post("/people/<int:person_id>/close")
@needs(Permission.MANAGE_PEOPLE)
def close(person_id: int) -> Response:
    """Close an account at once."""
    service.disable(context.actor(), person_id, posted_version(), clock=context.clock())
    return _done(person_id, "The account is closed. Every session has ended.")


@blueprint.post("/people/<int:person_id>/open")
@needs(Permission.MANAGE_PEOPLE)
def reopen(person_id: int) -> Response:
    """Open a closed account again."""
    service.enable(context.actor(), person_id, posted_version(), clock=context.clock())
    return _done(person_id, "The account is open again.")


@blueprint.post("/people/<int:person_id>/roles")
@needs(Permission.ASSIGN_ROLES, fresh=True)
def give_role(person_id: int) -> Response:
    """Give a role, or name somebody acting."""
    form = _role_form()
    if not form.validate():
        return _person(person_id, form, status=422)
    try:
        service.give_role(
            context.actor(),
            person_id,
            Role(form.role.data),
            department_id=form.department_id,
            starts=form.starts.data or date.min,
            ends=form.ends.data,
            acting=form.how.data == "acting",
            reason=form.reason.data or "",
            clock=context.clock(),
        )
    except Invalid as refusal:
        form.refuse(refusal)
        return _person(person_id, form, status=422)
    return _done(person_id, "The role is given.")


@blueprint.post("/people/<int:person_id>/roles/<int:assignment_id>/end")
@needs(Permission.ASSIGN_ROLES, fresh=True)
def end_role(person_id: int, assignment_id: int) -> Response:
    """End a role at once."""
    service.end_role(context.actor(), person_id, assignment_id, posted_version(), clock=context.clock())
    return _done(person_id, "The role has ended.")


def _person(person_id: int, form: RoleForm | None = None, *, status: int = 200) -> Response:
    card = pages.person_card(context.actor(), person_id, context.today())
    if form is None and context.actor().may(Permission.ASSIGN_ROLES):
        form = _role_form()
    scope = (
        context.parts().scope_of(person_id, context.today()) if context.actor().may(Permission.MANAGE_PEOPLE) else ()
    )
    return respond("accounts/person.html", card=card, form=form, scope=scope, status=status)


def _role_form() -> RoleForm:
    return RoleForm(department_names(), "The whole town", starts=context.today())


def _done(person_id: int, message: str) -> Response:
    return done(url_for("accounts.person", person_id=person_id), message)
