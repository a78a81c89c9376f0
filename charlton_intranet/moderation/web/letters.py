"""Letters: a draft to be edited, what went out to the letter, and a page to print."""

from flask import Response, request, url_for

from charlton_intranet.core.errors import NotFound
from charlton_intranet.moderation.forms.contributors import LetterForm
from charlton_intranet.moderation.queries.letters import case_facts, letter_view, must_write_about, town_facts
from charlton_intranet.moderation.queries.restrictions import RestrictionView, restriction_facts, restriction_view
from charlton_intranet.moderation.rules.letters import LetterKind, draft
from charlton_intranet.moderation.service import letters as service
from charlton_intranet.moderation.web.contributors import P
from charlton_intranet.moderation.web.contributors import blueprint as contributors
from charlton_intranet.moderation.web.restrictions import RESTRICTION
from charlton_intranet.moderation.web.shared import CASE, blueprint, case_url
from charlton_intranet.sites.web.shared import RECORD, taken
from charlton_intranet.web import context
from charlton_intranet.web.guard import needs
from charlton_intranet.web.responding import done, respond

K = LetterKind
ABOUT_CASE = (K.NOTICE_OF_DETERMINATION, K.WARNING, K.RESTORED)
ABOUT_RESTRICTION = (K.RESTRICTION, K.RESTRICTION_ENDED)


@contributors.get(f"/letters/<{RECORD}:letter_id>")
@needs(P.READ_CASES)
def letter(letter_id: int) -> Response:
    """A letter as it went out."""
    return respond("contributors/letter.html", letter=letter_view(context.actor(), letter_id))


@blueprint.get(f"{CASE}/letters")
@needs(P.WRITE_LETTER)
def case_letter(case_id: int) -> Response:
    """A letter to the writer of a case, drafted from what is known."""
    return _case_page(case_id, _asked(ABOUT_CASE))


@blueprint.post(f"{CASE}/letters")
@needs(P.WRITE_LETTER)
def keep_case_letter(case_id: int) -> Response:
    """Keep what went out."""
    form, kind = LetterForm(), _asked(ABOUT_CASE)
    must_write_about(context.actor(), case_id)

    def step() -> None:
        service.write_to_writer(context.actor(), case_id, kind=kind, clock=context.clock(), **form.typed)

    if taken(form, step):
        return done(case_url(case_id), "The letter is kept, to the letter.")
    return _case_page(case_id, kind, form)


@contributors.get(f"{RESTRICTION}/letters")
@needs(P.WRITE_LETTER)
def restriction_letter(restriction_id: int) -> Response:
    """A letter about a restriction, drafted from what is known."""
    return _restriction_page(restriction_id, _asked(ABOUT_RESTRICTION))


@contributors.post(f"{RESTRICTION}/letters")
@needs(P.WRITE_LETTER)
def keep_restriction_letter(restriction_id: int) -> Response:
    """Keep what went out."""
    form, kind = LetterForm(), _asked(ABOUT_RESTRICTION)
    _about(restriction_id)

    def step() -> None:
        service.write_about_restriction(context.actor(), restriction_id, kind=kind, clock=context.clock(), **form.typed)

    if taken(form, step):
        here = url_for("contributors.restriction", restriction_id=restriction_id)
        return done(here, "The letter is kept, to the letter.")
    return _restriction_page(restriction_id, kind, form)


def _case_page(case_id: int, kind: LetterKind, form: LetterForm | None = None) -> Response:
    must_write_about(context.actor(), case_id)
    return _page(kind, case_facts(context.actor(), case_id), ABOUT_CASE, back=case_url(case_id), form=form)


def _about(restriction_id: int) -> RestrictionView:
    """The restriction, for who writes letters about it."""
    found = restriction_view(context.actor(), restriction_id)
    context.actor().must_have(P.WRITE_LETTER, found.department_id)
    return found


def _restriction_page(restriction_id: int, kind: LetterKind, form: LetterForm | None = None) -> Response:
    found = _about(restriction_id)
    facts = town_facts(context.actor()) | restriction_facts(found)
    back = url_for("contributors.restriction", restriction_id=restriction_id)
    return _page(kind, facts, ABOUT_RESTRICTION, back=back, form=form)


def _asked(kinds: tuple[LetterKind, ...]) -> LetterKind:
    """The kind of letter in the address, the first of ``kinds`` when it names none."""
    asked = request.args.get("kind", kinds[0])
    if asked not in kinds:
        raise NotFound
    return LetterKind(asked)


def _page(
    kind: LetterKind, facts: dict[str, str], kinds: tuple[LetterKind, ...], *, back: str, form: LetterForm | None = None
) -> Response:
    """The letter as it was typed, or as it is drafted."""
    if form is None:
        subject, text = draft(kind, facts)
        form = LetterForm(formdata=None, subject=subject, text=text, sent_on=context.today())
        status = 200
    else:
        status = 422
    return respond(
        "contributors/write.html", status=status, form=form, kind=kind, kinds=kinds, back=back,
        here=request.path, handle=facts.get("handle", ""),
    )  # fmt: skip
