"""The page of settings that turns helpers off and on."""

from flask import Response
from flask.typing import ResponseReturnValue

from charlton_intranet.core.errors import Invalid, StaleState
from charlton_intranet.core.permissions import Permission
from charlton_intranet.moderation import service
from charlton_intranet.moderation.queries.suggestions import suggestion_choice
from charlton_intranet.moderation.suggestions import NAMES, RULES
from charlton_intranet.oversight.forms.settings import SuggestionsForm
from charlton_intranet.oversight.web.blueprint import blueprint, settings_tabs
from charlton_intranet.web import context
from charlton_intranet.web.guard import needs
from charlton_intranet.web.responding import done, respond

URL = "/settings/suggestions"


def _show(form: SuggestionsForm, status: int = 200) -> Response:
    actor = context.actor()
    return respond(
        "oversight/suggestions.html",
        "oversight/_suggestions.html",
        tabs=settings_tabs(actor, URL),
        may_change=actor.may(Permission.PUBLISH_CATEGORIES),
        form=form,
        rules={rule.name: rule for rule in RULES},
        choice=suggestion_choice(),
        status=status,
    )


@blueprint.get(URL)
@needs(Permission.READ_SETTINGS)
def suggestions() -> ResponseReturnValue:
    """What each helper looks for, where that comes from, and whether it speaks."""
    choice = suggestion_choice()
    on = [name for name in NAMES if name not in choice.off]
    return _show(SuggestionsForm(formdata=None, enabled=choice.enabled, on=on, version=choice.version))


@blueprint.post(URL)
@needs(Permission.PUBLISH_CATEGORIES)
def choose_suggestions() -> ResponseReturnValue:
    """Turn helpers off and on."""
    form = SuggestionsForm()
    version = form.version.data or ""
    if not version.isdecimal():
        raise StaleState
    if not form.validate():
        return _show(form, 422)
    try:
        service.choose_suggestions(
            context.actor(), int(version[:9]), enabled=form.enabled.data, on=form.on.data or [], clock=context.clock()
        )
    except Invalid as refusal:
        form.refuse(refusal)
        return _show(form, 422)
    return done(URL, "Your choice counts from the next page on.")
