"""Forms around accounts; shape only."""

from wtforms import EmailField, PasswordField
from wtforms.validators import DataRequired, Length

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
