"""Who acts for whom."""

from datetime import date

from flask import Response, request

from charlton_intranet.accounts import queries, service
from charlton_intranet.accounts.forms import ActingForm
from charlton_intranet.accounts.queries import acting as pages
from charlton_intranet.accounts.web.routes import blueprint, people_tabs, posted_version
from charlton_intranet.core.errors import Invalid
from charlton_intranet.core.permissions import Permission, Role
from charlton_intranet.web import context
from charlton_intranet.web.guard import needs
from charlton_intranet.web.responding import done, respond

_PAGE = "/people/acting"


@blueprint.get(_PAGE)
@needs(Permission.READ_PEOPLE)
def acting() -> Response:
    """Now, coming and past."""
    return _show(_form() if context.actor().may(Permission.NAME_ACTING, anywhere=True) else None)


@blueprint.post(_PAGE)
@needs(Permission.NAME_ACTING, fresh=True)
def name_acting() -> Response:
    """Name somebody to act from a day to a day."""
    form = _form()
    if not form.validate():
        return _show(form, status=422)
    try:
        service.give_role(
            context.actor(),
            int(form.person.data),
            Role(form.role.data),
            department_id=form.department_id,
            starts=form.starts.data or date.min,
            ends=form.ends.data,
            acting=True,
            reason=form.reason.data or "",
            clock=context.clock(),
        )
    except Invalid as refusal:
        form.refuse(refusal)
        return _show(form, status=422)
    return done(_PAGE, "The acting role is named, and the person is told by mail.")


@blueprint.post("/people/acting/<int:assignment_id>/end")
@needs(Permission.NAME_ACTING, fresh=True)
def end_acting(assignment_id: int) -> Response:
    """End an acting role early."""
    service.end_acting(context.actor(), assignment_id, posted_version(), clock=context.clock())
    return done(_PAGE, "The acting role has ended.")


def _show(form: ActingForm | None, *, status: int = 200) -> Response:
    found = pages.acting_page(context.actor(), context.today(), after=request.args.get("after", type=int))
    return respond("accounts/acting.html", found=found, form=form, tabs=people_tabs(_PAGE), status=status)


def _form() -> ActingForm:
    """The form with what this actor may name: a head for the own department, the Town Administrator for all."""
    actor = context.actor()
    roles = set(Role) - {Role.EMPLOYEE} if actor.may(Permission.ASSIGN_ROLES) else service.HEADS_NAME
    return ActingForm(
        {one.id: f"{one.name}, {one.department}" if one.department else one.name for one in pages.candidates(actor)},
        {role.value: role.label for role in Role if role in roles},
        pages.department_choices(actor, queries.departments()),
        starts=context.today(),
        person=request.args.get("person", ""),
    )
