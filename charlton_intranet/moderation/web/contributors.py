"""The ledger of contributors, one person's page, and the names taken for one person's."""

from typing import Any

from flask import Blueprint, Response, request, url_for

from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.moderation.forms.contributors import LedgerFilterForm, LinkDecisionForm, LinkForm, ReasonForm
from charlton_intranet.moderation.queries import CaseView
from charlton_intranet.moderation.queries.grounds import site_choices
from charlton_intranet.moderation.queries.ledger import ledger_page
from charlton_intranet.moderation.queries.letters import letters_of_case, letters_to
from charlton_intranet.moderation.queries.links import link_row, links_of, links_waiting
from charlton_intranet.moderation.queries.standing import Standing, standing_of, visible_contributor, writer_of
from charlton_intranet.moderation.rules.contributors import Cause, LinkState
from charlton_intranet.moderation.service import linking
from charlton_intranet.moderation.web.sections import section
from charlton_intranet.sites.queries.networks import network_choices
from charlton_intranet.sites.web.shared import LARGEST, RECORD, number, posted_version, taken
from charlton_intranet.web import context, navigation
from charlton_intranet.web.forms import TownForm
from charlton_intranet.web.guard import needs
from charlton_intranet.web.responding import done, respond

blueprint = Blueprint("contributors", __name__, url_prefix="/contributors")
P = Permission
CONTRIBUTOR = f"/<{RECORD}:contributor_id>"
LINK = f"/links/<{RECORD}:link_id>"

_TABS = (
    ("Decisions that stand", "/contributors", P.READ_CASES),
    ("Restrictions", "/contributors/restrictions", P.READ_CASES),
    ("Names of one person", "/contributors/links", P.READ_CASES),
)


def tabs(current: str) -> list[navigation.Entry]:
    """The lists about contributors."""
    return navigation.tabs(_TABS, context.actor(), current)


# --- beside a case ----------------------------------------------------------------------------------------


@section("contributor", in_queue=True)
def load(actor: Actor, case: CaseView) -> dict[str, Any] | None:
    """What stands against whoever wrote the words, and the letters about them; None without a known writer."""
    contributor_id = writer_of(case.id) if case.handle else None
    if contributor_id is None:
        return None
    return {"id": contributor_id, "standing": standing_of(actor, contributor_id, context.today())}


@section("letters")
def load_letters(actor: Actor, case: CaseView) -> dict[str, Any] | None:
    """The letters about a case; None while there is nothing to write about."""
    may = case.determination is not None and actor.may(P.WRITE_LETTER, case.department_id)
    rows = letters_of_case(case.id)
    return {"rows": rows, "may": may} if rows or may else None


# --- the ledger -------------------------------------------------------------------------------------------


@blueprint.get("")
@needs(P.READ_CASES)
def ledger() -> Response:
    """Every name with decisions that stand."""
    form = LedgerFilterForm(request.args)
    form.network.choices = {"": "All networks"} | {str(key): name for key, name in network_choices()}
    words, network_id, restricted = form.q.data or "", number("network"), form.restricted.data
    found = ledger_page(
        context.today(), words=words, network_id=network_id, restricted=restricted, after=request.args.get("after")
    )
    kept: dict[str, Any] = {"q": words or None, "network": network_id, "restricted": "y" if restricted else None}
    return respond(
        "contributors/ledger.html", "contributors/_ledger.html",
        ledger=found, form=form, tabs=tabs("/contributors"), filtered=any(kept.values()),
        next_url=url_for("contributors.ledger", after=found.next_key, **kept) if found.next_key else None,
    )  # fmt: skip


# --- one person -------------------------------------------------------------------------------------------


@blueprint.get(CONTRIBUTOR)
@needs(P.READ_CASES)
def contributor(contributor_id: int) -> Response:
    """What stands against one person."""
    return _contributor(contributor_id)


@blueprint.post(f"{CONTRIBUTOR}/links")
@needs(P.LINK_HANDLES)
def propose_link(contributor_id: int) -> Response:
    """Say that another name is the same person's."""
    form = _link_form()

    def step() -> None:
        linking.propose_link(
            context.actor(), contributor_id, network_id=form.network_id.data, handle=form.handle.data or "",
            reason=form.reason.data or "", clock=context.clock(),
        )  # fmt: skip

    visible_contributor(context.actor(), contributor_id, context.today())
    if taken(form, step):
        here = url_for("contributors.contributor", contributor_id=contributor_id)
        return done(here, "The link is proposed. It counts once another person agrees.")
    return _contributor(contributor_id, form, status=422)


def _contributor(contributor_id: int, form: LinkForm | None = None, *, status: int = 200) -> Response:
    actor = context.actor()
    standing = visible_contributor(actor, contributor_id, context.today())
    ids = [one.id for one in standing.handles]
    places = site_choices(actor, standing)
    return respond(
        "contributors/contributor.html", status=status,
        id=contributor_id, standing=standing, links=links_of(ids), letters=letters_to(actor, ids),
        today=context.today(), proposable=bool(places) and _may_open(standing),
        link=(form or _link_form(formdata=None)) if actor.may(P.LINK_HANDLES, anywhere=True) else None,
    )  # fmt: skip


def _may_open(standing: Standing) -> bool:
    """Whether there is anything recent that a proposal could rest on; the service asks for the rest."""
    alone = frozenset[str]().union(*(cause.letters for cause in Cause))
    single = any(alone & set(one.letters) for one in standing.decisions)
    return standing.recent >= standing.threshold.decisions or (standing.recent > 0 and single)


def _link_form(**options: Any) -> LinkForm:
    form = LinkForm(**options)
    form.network_id.choices = {str(key): name for key, name in network_choices()}
    return form


# --- names of one person ----------------------------------------------------------------------------------


@blueprint.get("/links")
@needs(P.READ_CASES)
def links() -> Response:
    """The links that wait for a second person."""
    return respond("contributors/links.html", rows=links_waiting(), tabs=tabs("/contributors/links"))


@blueprint.get(LINK)
@needs(P.READ_CASES)
def link(link_id: int) -> Response:
    """One link with what was said about it."""
    return _link(link_id)


@blueprint.post(f"{LINK}/decide")
@needs(P.LINK_HANDLES, fresh=True)
def decide_link(link_id: int) -> Response:
    """A second person's answer."""
    form = LinkDecisionForm()

    def step() -> None:
        linking.decide_link(
            context.actor(), link_id, posted_version(), agree=form.answer.data == "agree",
            reason=form.reason.data or "", exception=form.exception.data or "", clock=context.clock(),
        )  # fmt: skip

    link_row(link_id)
    if taken(form, step):
        return done(url_for("contributors.link", link_id=link_id), "Your answer is on record.")
    return _link(link_id, form, status=422)


@blueprint.post(f"{LINK}/undo")
@needs(P.LINK_HANDLES, fresh=True)
def undo_link(link_id: int) -> Response:
    """Take them for two people's again."""
    form = ReasonForm()

    def step() -> None:
        linking.undo_link(
            context.actor(), link_id, posted_version(), reason=form.reason.data or "", clock=context.clock()
        )

    link_row(link_id)
    if taken(form, step):
        return done(url_for("contributors.link", link_id=link_id), "The link is undone; its history stays.")
    return _link(link_id, form, status=422)


def _link(link_id: int, form: TownForm | None = None, *, status: int = 200) -> Response:
    row, may = link_row(link_id), context.actor().may(P.LINK_HANDLES, anywhere=True)
    decides, undoes = may and row.state is LinkState.PROPOSED, may and row.state is LinkState.STANDING
    return respond(
        "contributors/link.html", status=status, row=row, own=row.proposed_by_id == context.actor().person_id,
        decision=(form if isinstance(form, LinkDecisionForm) else LinkDecisionForm(formdata=None)) if decides else None,
        undo=(form if isinstance(form, ReasonForm) else ReasonForm(formdata=None)) if undoes else None,
    )  # fmt: skip


def posted_place(value: str | None) -> tuple[int, int]:
    """The ``site-writer`` of a proposal as it was posted; zeros, which no record has, when it makes no sense."""
    site, _, writer = (value or "").partition("-")
    found = [int(one) if one.isascii() and one.isdecimal() and len(one) < 11 else 0 for one in (site, writer)]
    return (found[0], found[1]) if max(found) <= LARGEST else (0, 0)
