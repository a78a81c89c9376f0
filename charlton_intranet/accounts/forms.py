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
from wtforms.widgets import HiddenInput

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
        validators=[DataRequired("Type your official email address."), Length(max=254)],
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


class ActingForm(DepartmentChoice):
    """Who acts in which office, and for how long."""

    person = SelectField("Who acts", validators=[InputRequired("Choose who acts.")])
    role = SelectField("As", validators=[InputRequired("Choose the office.")])
    starts = DateField("First day", validators=[InputRequired("Enter the first day.")])
    ends = DateField("Last day", validators=[InputRequired("Enter the last day: an acting role ends by itself.")])
    reason = StringField(
        "Reason", filters=[stripped], validators=[DataRequired("Say why, for example a leave."), Length(max=300)]
    )

    def __init__(
        self, people: Mapping[int, str], roles: Mapping[str, str], departments: Mapping[int, str], **options: Any
    ) -> None:
        super().__init__(departments, "None, or an office of the whole town", **options)
        self.person.choices = {"": "Choose", **{str(key): name for key, name in people.items()}}
        self.role.choices = {"": "Choose", **roles}


class MoveForm(DepartmentChoice):
    """The department somebody belongs to from now on; a role of the one left ends or stays (``role_<id>``)."""

    version = IntegerField("Version", widget=HiddenInput(), validators=[Optional()])

    @classmethod
    def over(cls, roles: Mapping[int, str]) -> type["MoveForm"]:
        """The form with one question for each role, none answered beforehand."""
        questions = {
            f"role_{key}": RadioField(
                label,
                choices={"end": "Ends with the move", "keep": "Stays"},
                validators=[InputRequired("Choose whether it ends or stays.")],
            )
            for key, label in roles.items()
        }
        return type("MoveForm", (cls,), questions)

    @property
    def endings(self) -> set[int]:
        """The roles that end."""
        return {int(name.removeprefix("role_")) for name, answer in self.data.items() if answer == "end"}


class NameForm(TownForm):
    """What somebody is called."""

    name = StringField(
        "Name", filters=[stripped], validators=[DataRequired("Type the person's name."), Length(max=200)]
    )
    title = StringField("Job title", filters=[stripped], validators=[Optional(), Length(max=120)])
    version = IntegerField("Version", widget=HiddenInput(), validators=[Optional()])


class VersionForm(TownForm):
    """A button: the version it was drawn for."""

    version = IntegerField("Version", validators=[InputRequired("Reload the page and press again.")])


class SearchForm(TownForm):
    """Words to look for among people."""

    class Meta:
        csrf = False

    q = SearchField("Name or address", filters=[stripped])
