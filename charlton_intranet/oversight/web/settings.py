"""The town's settings."""

from typing import Any

from flask import Response
from flask.typing import ResponseReturnValue

from charlton_intranet.accounts import service as accounts
from charlton_intranet.core.errors import Invalid
from charlton_intranet.core.permissions import Permission
from charlton_intranet.oversight.forms.settings import ClosureForm, DefaultForm, DepartmentForm
from charlton_intranet.oversight.queries import town
from charlton_intranet.oversight.web.blueprint import blueprint, settings_tabs, warnings_for
from charlton_intranet.policy.defaults import change_default, default_in_force, defaults_in_force
from charlton_intranet.web import context
from charlton_intranet.web.guard import needs
from charlton_intranet.web.responding import done, respond


def _show(name: str, path: str, **values: Any) -> Response:
    """One page of settings or its part."""
    actor = context.actor()
    return respond(
        f"oversight/{name}.html",
        f"oversight/_{name}.html",
        tabs=settings_tabs(actor, path),
        may_change=actor.may(Permission.CHANGE_SETTINGS),
        **values,
    )


@blueprint.get("/settings")
@needs(Permission.READ_SETTINGS)
def settings() -> ResponseReturnValue:
    """What the file of settings says; secrets are never shown."""
    words = town.settings_in_words(context.parts().settings)
    return _show("settings", "/settings", groups=words, warnings=warnings_for(context.actor()))


def _departments(form: DepartmentForm, status: int = 200) -> Response:
    return _show("departments", "/settings/departments", form=form, rows=town.department_rows(), status=status)


@blueprint.get("/settings/departments")
@needs(Permission.READ_SETTINGS)
def departments() -> ResponseReturnValue:
    """The departments."""
    return _departments(DepartmentForm())


@blueprint.post("/settings/departments")
@needs(Permission.CHANGE_SETTINGS)
def add_department() -> ResponseReturnValue:
    """Add a department."""
    form = DepartmentForm()
    if not form.validate():
        return _departments(form, 422)
    try:
        accounts.make_department(context.actor(), form.name.data or "", clock=context.clock())
    except Invalid as refusal:
        form.refuse(refusal)
        return _departments(form, 422)
    return done("/settings/departments", "The department is on the list.")


def _closures(form: ClosureForm, status: int = 200) -> Response:
    day = context.today()
    return _show(
        "closures",
        "/settings/closures",
        form=form,
        rows=town.closures(day.replace(month=1, day=1)),
        holidays=town.holidays_of(day.year, day.year + 1),
        status=status,
    )


@blueprint.get("/settings/closures")
@needs(Permission.READ_SETTINGS)
def closures() -> ResponseReturnValue:
    """Days off: the town's own and the legal holidays."""
    return _closures(ClosureForm())


@blueprint.post("/settings/closures")
@needs(Permission.CHANGE_SETTINGS)
def add_closure() -> ResponseReturnValue:
    """Add a day off."""
    form = ClosureForm()
    if not form.validate() or form.day.data is None:
        return _closures(form, 422)
    try:
        accounts.add_closure(context.actor(), form.day.data, form.reason.data or "", clock=context.clock())
    except Invalid as refusal:
        form.refuse(refusal)
        return _closures(form, 422)
    return done("/settings/closures", "The day is on the list. Due dates counted from now on respect it.")


@blueprint.post("/settings/closures/<int:closure_id>/remove")
@needs(Permission.CHANGE_SETTINGS)
def remove_closure(closure_id: int) -> ResponseReturnValue:
    """Take a day off the list."""
    accounts.remove_closure(context.actor(), closure_id, clock=context.clock())
    return done("/settings/closures", "The day is off the list.")


@blueprint.get("/settings/defaults")
@needs(Permission.READ_SETTINGS)
def defaults() -> ResponseReturnValue:
    """The legal defaults with their basis."""
    return _show("defaults", "/settings/defaults", rows=defaults_in_force())


@blueprint.get("/settings/defaults/<name>")
@needs(Permission.CHANGE_SETTINGS)
def default_form(name: str) -> ResponseReturnValue:
    """One default, to be changed."""
    row = default_in_force(name)
    form = DefaultForm(value=row.value, basis=row.basis, verified=row.verified_on is not None, version=row.version)
    return _show("default", "/settings/defaults", row=row, form=form)


@blueprint.post("/settings/defaults/<name>")
@needs(Permission.CHANGE_SETTINGS, fresh=True)
def save_default(name: str) -> ResponseReturnValue:
    """Change a default: the clocks of the whole town follow it."""
    row, form = default_in_force(name), DefaultForm()
    version = form.version.data or ""
    if not form.validate() or not version.isdecimal():
        return _show("default", "/settings/defaults", row=row, form=form, status=422)
    try:
        change_default(
            context.actor(), name, form.value.data or 0, form.basis.data or "", int(version),
            verified=form.verified.data, clock=context.clock(),
        )  # fmt: skip
    except Invalid as refusal:
        form.refuse(refusal)
        return _show("default", "/settings/defaults", row=row, form=form, status=422)
    return done("/settings/defaults", f"{row.label} {row.in_unit(form.value.data or 0)} from now on.")
