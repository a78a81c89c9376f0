"""How the categories of 3.6-3 are judged: read it, compare editions, publish another."""

from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue
from flask.wrappers import Response

from charlton_intranet.core import audit
from charlton_intranet.core.errors import Invalid, StaleState
from charlton_intranet.core.permissions import Permission
from charlton_intranet.policy import queries, service
from charlton_intranet.policy.forms import CategoriesForm
from charlton_intranet.policy.queries import Categories
from charlton_intranet.policy.rules import BASIS, HIDE_AT_MOST, Changed, check_edition, differences
from charlton_intranet.policy.web.shared import RECORD, blueprint
from charlton_intranet.web import context
from charlton_intranet.web.guard import needs
from charlton_intranet.web.responding import done, respond

P = Permission


@blueprint.get("/categories")
@needs(P.READ_POLICY)
def categories() -> ResponseReturnValue:
    """The edition in force, with the law behind each line."""
    return _show(queries.categories())


@blueprint.get(f"/categories/<{RECORD}:number>")
@needs(P.READ_POLICY)
def categories_at(number: int) -> ResponseReturnValue:
    """One edition; determinations lead to the one they were made under."""
    return _show(queries.categories_at(number))


def _show(shown: Categories) -> Response:
    editions = queries.editions()
    edition = next(one for one in editions if one.number == shown.number)
    before = queries.categories_at(shown.number - 1) if shown.number > 1 else None
    return respond(
        "policy/categories.html",
        edition=edition,
        editions=editions,
        categories=shown.by_letter.values(),
        changed=differences(before.by_letter, shown.by_letter) if before else [],
        basis=BASIS,
        may_publish=context.actor().may(P.PUBLISH_CATEGORIES),
    )


@blueprint.get("/categories/new")
@needs(P.PUBLISH_CATEGORIES, fresh=True)
def new_edition() -> ResponseReturnValue:
    """The form, filled with the edition in force."""
    return _show_form(CategoriesForm.of(queries.categories()), queries.categories())


@blueprint.post("/categories/new")
@needs(P.PUBLISH_CATEGORIES, fresh=True)
def publish_edition() -> ResponseReturnValue:
    """Show what would change; publish it once exactly that has been shown."""
    form, present = CategoriesForm(), queries.categories()
    if form.number.data != present.number:
        raise StaleState
    if not form.validate_on_submit():
        return _show_form(form, present, status=422)
    entries = form.entries(present)
    told: dict[str, Any] = {
        "why": form.why.data or "",
        "counsel": form.counsel.data or "",
        "signed_on": form.signed_on.data,
    }
    try:
        check_edition(entries, **told, today=context.today())
        changed = differences(present.by_letter, entries)
        if form.shown.data != _digest(changed, told):
            form.shown.data = _digest(changed, told)
            return _show_form(form, present, changed=changed)
        number = service.publish_edition(context.actor(), present.number, entries, **told, clock=context.clock())
    except Invalid as refusal:
        form.refuse(refusal)
        return _show_form(form, present, status=422)
    return done(url_for(".categories"), f"Edition {number} is in force. What was determined before keeps its edition.")


def _digest(changed: list[Changed], told: dict[str, Any]) -> str:
    """What was on the screen when “Publish” was pressed."""
    lines = [[one.letter, one.what, one.before, one.after] for one in changed]
    return audit.digest_of(audit.canonical([lines, told]))


def _show_form(
    form: CategoriesForm, present: Categories, *, changed: list[Changed] | None = None, status: int = 200
) -> Response:
    return respond(
        "policy/categories_new.html",
        "policy/_categories_new.html",
        status=status,
        form=form,
        present=present,
        changed=changed,
        basis=BASIS,
        hide_at_most=HIDE_AT_MOST,
    )
