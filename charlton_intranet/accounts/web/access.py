"""Signing in and out, one-time links, step-up."""

from flask import request
from flask.typing import ResponseReturnValue

from charlton_intranet.accounts import service
from charlton_intranet.accounts.forms import ConfirmForm, ForgotForm, NewPasswordForm, SignInForm
from charlton_intranet.accounts.web.routes import blueprint
from charlton_intranet.core.errors import Invalid
from charlton_intranet.core.permissions import Permission
from charlton_intranet.web import context, sessions
from charlton_intranet.web.guard import needs, own_path, public
from charlton_intranet.web.responding import done, respond


@blueprint.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """Check the password and go back to where somebody came from."""
    target = own_path(request.args.get("next"))
    if request.method == "GET" and context.signed_in() is not None:
        return done(target)
    form = SignInForm()
    if not form.validate_on_submit():
        return respond("accounts/sign_in.html", form=form, target=target, status=422 if form.is_submitted() else 200)
    try:
        token = service.sign_in(
            form.email.data or "",
            form.password.data or "",
            address=context.client_address(),
            agent=sessions.agent(),
            clock=context.clock(),
        )
    except Invalid as refusal:
        form.refuse(refusal)
        return respond("accounts/sign_in.html", form=form, target=target, status=422)
    sessions.begin(token)
    return done(target)


@blueprint.post("/sign-out")
@needs(Permission.USE_APP)
def sign_out() -> ResponseReturnValue:
    """End the session on the server and empty the cookie."""
    service.sign_out(sessions.current_token(), context.actor(), clock=context.clock())
    sessions.end()
    return done("/sign-in", "You are signed out.")


@blueprint.route("/confirm", methods=["GET", "POST"])
@needs(Permission.USE_APP)
def confirm() -> ResponseReturnValue:
    """Step-up: the password once more before a step that binds."""
    target = own_path(request.args.get("next"))
    form = ConfirmForm()
    if not form.validate_on_submit():
        return respond("accounts/confirm.html", form=form, target=target, status=422 if form.is_submitted() else 200)
    try:
        token = service.prove(
            sessions.current_token(), context.actor(), form.password.data or "", clock=context.clock()
        )
    except Invalid as refusal:
        form.refuse(refusal)
        return respond("accounts/confirm.html", form=form, target=target, status=422)
    sessions.replace(token)
    return done(
        target, "Confirmed for 15 minutes. If you came from another tab, go back to it and press the button again."
    )


@blueprint.route("/forgot", methods=["GET", "POST"])
@public
def forgot() -> ResponseReturnValue:
    """Ask for a new password; the answer is the same whether or not the address is known."""
    form = ForgotForm()
    if not form.validate_on_submit():
        return respond("accounts/forgot.html", form=form, status=422 if form.is_submitted() else 200)
    service.ask_reset(form.email.data or "", address=context.client_address(), clock=context.clock())
    return done("/sign-in", "If this address has an account, a link is on its way. It works for one hour.", "info")


@blueprint.route("/welcome/<token>", methods=["GET", "POST"])
@public
def welcome(token: str) -> ResponseReturnValue:
    """Redeem an invitation or a reset by choosing a password."""
    person = service.letter_holder(token, clock=context.clock())
    form = NewPasswordForm()
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        return respond("accounts/welcome.html", form=form, person=person, status=status)
    try:
        service.set_password(
            token,
            form.password.data or "",
            town_words=context.parts().settings.town_words,
            address=context.client_address(),
            clock=context.clock(),
        )
    except Invalid as refusal:
        form.refuse(refusal)
        return respond("accounts/welcome.html", form=form, person=person, status=422)
    return done("/sign-in", "Your password is set. Sign in with it now.")
