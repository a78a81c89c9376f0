"""Forms around accounts; shape only."""

from collections.abc import Mapping
from typing import Any

from wtforms import (
    DateField,
    EmailField,
    IntegerField,
    PasswordField,
    RadioField,
    SearchField,
    SelectField,
    StringField,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from charlton_intranet.core.permissions import Role
from charlton_intranet.web.forms import TownForm, stripped


class SignInForm(TownForm):
    """Address and password."""

    email = EmailField(
        "Official email address",
        filters=[stripped],
        validators=[DataRequired("Type your official email address.")],
    )
    password = PasswordField("Password", validators=[DataRequired("Type your password."), Length(max=256)])


class ConfirmForm(TownForm):
    """The password once more, before a step that binds."""

    password = PasswordField("Password", validators=[DataRequired("Type your password."), Length(max=256)])


class ForgotForm(TownForm):
    """Where to send the link."""

    email = EmailField(
        "Official email address",
        filters=[stripped],
        validators=[DataRequired("Type your official email address.")],
    )


class NewPasswordForm(TownForm):
    """A new password; shown once, typed once, with the browser's manager welcome."""

    password = PasswordField("New password", validators=[DataRequired("Type a new password."), Length(max=256)])


class DepartmentChoice(TownForm):
    """A form with a department to choose, or none."""

    department = SelectField("Department")

    def __init__(self, departments: Mapping[int, str], none: str, **options: Any) -> None:
        super().__init__(**options)
        self.department.choices = {"": none, **{str(key): name for key, name in departments.items()}}

    @property
    def department_id(self) -> int | None:
        """The chosen department, None for none."""
        return int(self.department.data) if self.department.data else None


class InviteForm(DepartmentChoice):
    """Who is invited."""

    name = StringField(
        "Name", filters=[stripped], validators=[DataRequired("Type the person's name."), Length(max=200)]
    )
    email = EmailField(
        "Official email address",
        filters=[stripped],
        validators=[DataRequired("Type the official email address."), Length(max=254)],
    )
    title = StringField("Job title", filters=[stripped], validators=[Optional(), Length(max=120)])


class RoleForm(DepartmentChoice):
    """A role to give, in somebody's own right or for an absence."""

    role = SelectField(
        "Role",
        choices={role.value: role.label for role in Role if role is not Role.EMPLOYEE},
        validators=[InputRequired("Choose a role.")],
    )
    how = RadioField(
        "How",
        choices={"own": "In their own right", "acting": "Acting, while somebody is away"},
        default="own",
        validators=[InputRequired("Choose one.")],
    )
    starts = DateField("First day", validators=[InputRequired("Enter the first day.")])
    ends = DateField("Last day", validators=[Optional()])
    reason = StringField("Reason", filters=[stripped], validators=[Optional(), Length(max=300)])


class VersionForm(TownForm):
    """A button: the version it was drawn for."""

    version = IntegerField("Version", validators=[InputRequired("Reload the page and press again.")])


class SearchForm(TownForm):
    """Words to look for among people."""

    class Meta:
        csrf = False

    q = SearchField("Name or address", filters=[stripped])
