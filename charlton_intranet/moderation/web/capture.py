"""Capture by hand. Another part may post the form to an address of its own, and take in what it says."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import request
from flask.typing import ResponseReturnValue
from flask.wrappers import Response

from charlton_intranet.core.errors import Invalid
from charlton_intranet.core.permissions import Permission
from charlton_intranet.evidence.inspect import ACCEPT
from charlton_intranet.moderation import queries, service
from charlton_intranet.moderation.forms import CaptureForm
from charlton_intranet.moderation.forms.cases import Sites
from charlton_intranet.moderation.queries import KnownPost
from charlton_intranet.moderation.rules import AuthorKind, Captured
from charlton_intranet.moderation.service import Seen
from charlton_intranet.moderation.web.place import QUEUE
from charlton_intranet.moderation.web.shared import blueprint, case_url
from charlton_intranet.moderation.web.uploads import take_evidence
from charlton_intranet.sites.queries import SiteRef, guess_site, site_choices, site_ref
from charlton_intranet.web import context
from charlton_intranet.web.guard import needs
from charlton_intranet.web.responding import go, respond

P = Permission

CAPTURE = f"{QUEUE}/capture"
# What a page may hand over in the address; the form itself takes more.
LINK_ROOM, TITLE_ROOM, WORDS_ROOM = 1_000, 300, 10_000

Take = Callable[[Seen], Captured]


@dataclass(frozen=True, slots=True)
class Desk:
    """Where the form posts, and what it says above itself: ``about`` and the page that this leads back to."""

    action: str = CAPTURE
    about: str = ""
    back_url: str = ""


@dataclass(frozen=True, slots=True)
class Recognized:
    """What a link tells: whether there is one, the town's site that it names, and the case that is there already."""

    given: bool
    site: SiteRef | None = None
    known: KnownPost | None = None


@blueprint.get(CAPTURE)
@needs(P.CAPTURE_CONTENT)
def capture() -> ResponseReturnValue:
    """The form; ``link``, ``title``, ``text`` and ``site`` in the address fill it, as the bookmarklet does."""
    return show_capture(filled_from_address())


@blueprint.post(CAPTURE)
@needs(P.CAPTURE_CONTENT)
def take_capture() -> ResponseReturnValue:
    """Take in what was seen; the same post again joins its case, and says so."""
    return post_capture(lambda seen: service.capture_seen(context.actor(), seen, clock=context.clock()))


@blueprint.get(f"{CAPTURE}/site")
@needs(P.CAPTURE_CONTENT)
def recognise() -> ResponseReturnValue:
    """What a pasted link tells, before anything is captured."""
    link, site_id = request.args.get("permalink", "")[:LINK_ROOM], request.args.get("site_id", 0, type=int)
    recognized = _recognized(link, site_id, site_choices(context.actor(), P.CAPTURE_CONTENT))
    return respond("moderation/_recognized.html", recognized=recognized)


def filled_from_address(*, site_id: int = 0) -> CaptureForm:
    """The form with what another page, or the bookmarklet, says in the address."""
    return CaptureForm(
        formdata=None,
        permalink=request.args.get("link", "")[:LINK_ROOM],
        text=request.args.get("text", "")[:WORDS_ROOM],
        context_title=request.args.get("title", "")[:TITLE_ROOM],
        site_id=site_id or request.args.get("site", 0, type=int),
    )


def show_capture(form: CaptureForm, desk: Desk | None = None, *, status: int = 200) -> Response:
    """The form, empty, filled, or back with what is wrong."""
    offered = site_choices(context.actor(), P.CAPTURE_CONTENT)
    form.offer(offered)
    return respond(
        "moderation/capture.html",
        "moderation/_capture.html",
        status=status,
        form=form,
        desk=desk or Desk(),
        recognized=_recognized(form.permalink.data or "", form.site_id.data or 0, offered),
        cut="cut" in request.args,
        accept=ACCEPT,
        lost_files=status != 200 and bool(request.files.getlist("screenshots")),
    )


def post_capture(take: Take, desk: Desk | None = None) -> Response:
    """Hand the filled form to ``take`` and lead on to the case; or bring the form back."""
    form = CaptureForm()
    form.offer(site_choices(context.actor(), P.CAPTURE_CONTENT))
    if form.validate_on_submit():
        try:
            captured = take(_seen(form))
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            return _captured(captured)
    return show_capture(form, desk, status=422)


def _recognized(link: str, site_id: int, offered: Sites) -> Recognized:
    """The site that the link names; the case is looked for on the chosen one, or else on that, if it is ``offered``."""
    if not link.strip():
        return Recognized(given=False)
    named = guess_site(link)
    chosen = site_ref(site_id) if site_id in dict(offered) else named
    known = queries.known_post(context.actor(), chosen, link) if chosen and chosen.id in dict(offered) else None
    return Recognized(given=True, site=named, known=known)


def _chosen_site(form: CaptureForm) -> int:
    """The site that was chosen, or the one that the link names if the actor may capture there."""
    if form.site_id.data:
        return int(form.site_id.data)
    named = guess_site(form.permalink.data or "")
    if named is None:
        raise Invalid({"site_id": "Choose the site: the link does not tell which one it is."})
    if not context.actor().may(P.CAPTURE_CONTENT, named.department_id):
        raise Invalid(
            {
                "site_id": f"The link belongs to {named.title} of another department ({named.department_name}). "
                "Send it to the coordinator there, or choose the site."
            }
        )
    return named.id


def _seen(form: CaptureForm) -> Seen:
    """What the form says; the pictures are checked and stored by now."""
    return Seen(
        site_id=_chosen_site(form),
        text=form.text.data or "",
        permalink=form.permalink.data or "",
        handle=form.handle.data or "",
        author_kind=AuthorKind(form.author_kind.data),
        posted_at=form.posted,
        urgent=form.urgent.data,
        context=form.context,
        uploads=take_evidence(form.screenshots.data, "screenshots"),
    )


def _captured(captured: Captured) -> Response:
    """To the case; who may not read cases gets the empty form again."""
    says = f"Captured as case {captured.case_id}."
    if captured.joined:
        says = f"This post is case {captured.case_id} already: what you added is with it now."
    if captured.reopened:
        says += " It had been answered “no concern” and is open again."
    if context.actor().may(P.READ_CASES, anywhere=True):
        return go(case_url(captured.case_id), says)
    return go(CAPTURE, f"{says} The coordinator of the department looks at it. Thank you.")
