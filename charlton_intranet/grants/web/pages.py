"""Looking: the matrix, a site's people, a person's grants, the quick question, and a past day."""

from typing import Any

from flask import Response, request, url_for

from charlton_intranet.accounts import queries as accounts
from charlton_intranet.core.errors import NotFound
from charlton_intranet.core.permissions import Permission
from charlton_intranet.grants.forms import AskForm, HistoryForm, MatrixForm
from charlton_intranet.grants.queries.authority import newest_signatures, present_major, standings
from charlton_intranet.grants.queries.designations import people_to_choose
from charlton_intranet.grants.queries.history import who_could
from charlton_intranet.grants.queries.matrix import MatrixFilter, matrix, people_page
from charlton_intranet.grants.queries.scopes import scope_of
from charlton_intranet.grants.queries.sheets import grants_of, may, waiting
from charlton_intranet.grants.rules import Capability, signature_lapse
from charlton_intranet.grants.web.shared import blueprint, readable_sites, tabs
from charlton_intranet.sites.queries import site_ref
from charlton_intranet.sites.web.shared import RECORD, department_choices, number
from charlton_intranet.web import context
from charlton_intranet.web.guard import needs
from charlton_intranet.web.responding import done, respond

P = Permission


def _capability(name: str = "capability") -> Capability | None:
    value = request.args.get(name, "")
    return Capability(value) if value in set(Capability) else None


@blueprint.get("/grants")
@needs(P.READ_SITE_RECORDS)
def index() -> Response:
    """People by sites, with what each may do in fact."""
    actor = context.actor()
    form = MatrixForm(request.args, meta={"csrf": False})
    form.department.choices = {"": "All"} | department_choices(actor, P.READ_SITE_RECORDS)
    form.site.choices = {"": "All"} | readable_sites(actor)
    wanted = MatrixFilter(
        department_id=number("department"),
        site_id=number("site"),
        words=(form.q.data or "").replace("\0", ""),
        capability=_capability(),
        lapsed=bool(request.args.get("lapsed")),
    )
    found = matrix(actor, wanted, context.today(), after=number("after"), site_after=number("site_after"))
    kept: dict[str, Any] = {name: value for name in form.data if (value := request.args.get(name))}
    beside: dict[str, Any] = {"site_after": number("site_after")} if number("site_after") else {}
    return respond(
        "grants/index.html", "grants/_matrix.html",
        matrix=found, form=form, tabs=tabs("/grants"), filtered=wanted != MatrixFilter(),
        next_url=url_for("grants.index", after=found.next_person, **beside, **kept) if found.next_person else None,
        more_sites=url_for("grants.index", site_after=found.next_site, **kept) if found.next_site else None,
        first_sites=url_for("grants.index", **kept) if beside else None,
    )  # fmt: skip


@blueprint.get(f"/sites/<{RECORD}:site_id>/people")
@needs(P.READ_SITE_RECORDS)
def site_people(site_id: int) -> Response:
    """Who may do what on one site, and why not where it lapsed."""
    site, actor = site_ref(site_id), context.actor()
    actor.must_see(P.READ_SITE_RECORDS, site.department_id)
    context.remember_site(site_id)
    people, more = people_page([site_id], MatrixFilter(), context.today(), after=number("after"), size=50)
    asked, _ = waiting(actor, site_id=site_id, size=50)
    return respond(
        "grants/site_people.html",
        site=site, people=[(row, row.cells[site_id]) for row in people], waiting=asked,
        next_url=url_for("grants.site_people", site_id=site_id, after=people[-1].person_id) if more else None,
    )  # fmt: skip


@blueprint.get("/grants/mine")
@needs(P.USE_APP)
def mine() -> Response:
    """What I may do on the town's sites, and why not where it lapsed."""
    return _person(context.actor().person_id or 0)


@blueprint.get(f"/grants/people/<{RECORD}:person_id>")
@needs(P.USE_APP)
def person(person_id: int) -> Response:
    """One person's grants, for themselves and for those who read the sites' records."""
    if person_id == context.actor().person_id:
        return done(url_for("grants.mine"))
    return _person(person_id)


def _person(person_id: int) -> Response:
    actor, own = context.actor(), person_id == context.actor().person_id
    who = accounts.person(person_id)
    sites = None if own else actor.departments_for(P.READ_SITE_RECORDS)
    held = standings(person_ids=[person_id], day=context.today())
    shown = [one for one in held if sites is None or one.department_id in sites]
    past = grants_of(actor, person_id)
    if not own and not shown and not past and not actor.may(P.READ_SITE_RECORDS, who.department_id):
        raise NotFound
    return respond(
        "grants/person.html", person=who, own=own, standings=shown, grants=past,
        to_sign=own and _has_to_sign(person_id), tabs=tabs("/grants/mine") if own else tabs(""),
    )  # fmt: skip


def _has_to_sign(person_id: int) -> bool:
    """Whether a signature is missing for something that this person is given."""
    scope = scope_of(person_id, context.today())
    signature = newest_signatures([person_id]).get(person_id)
    if signature is None or signature_lapse(signature, present_major(), context.today()):
        return bool(scope)
    return any(not signature.covers(line.subject, line.level) for line in scope)


@blueprint.get("/grants/ask")
@needs(P.READ_SITE_RECORDS)
def ask() -> Response:
    """May this person do this on this site today, and if not, why."""
    actor = context.actor()
    form = AskForm(request.args, meta={"csrf": False})
    sites = readable_sites(actor)
    form.person.choices = {"": "Choose"} | {str(one.id): one.label for one in people_to_choose(everybody=True)}
    form.site.choices = {"": "Choose"} | sites
    person_id, site_id, asked = number("person"), number("site"), _capability()
    verdict = None
    if person_id and site_id and asked and str(site_id) in sites:
        verdict = may(person_id, site_id, asked, context.today())
    return respond(
        "grants/ask.html", "grants/_ask.html",
        form=form, tabs=tabs("/grants/ask"), verdict=verdict, capability=asked, asked_site=site_id,
        site=sites.get(str(site_id)), person=accounts.names_of([person_id]).get(person_id or 0), day=context.today(),
    )  # fmt: skip


@blueprint.get("/grants/history")
@needs(P.READ_SITE_RECORDS)
def history() -> Response:
    """Who could do what on a past day, answered from the record."""
    actor = context.actor()
    form = HistoryForm(request.args, meta={"csrf": False})
    sites = readable_sites(actor)
    form.site.choices = {"": "Choose"} | sites
    site_id, asked = number("site"), _capability() or Capability.PUBLISH
    day = form.day.data
    found = None
    if site_id and day and day <= context.today() and str(site_id) in sites:
        found = who_could(site_ref(site_id), asked, day)
    return respond(
        "grants/history.html", "grants/_history.html",
        form=form, tabs=tabs("/grants/history"), found=found, site=sites.get(str(site_id)),
        capability=asked, asked_day=day, ahead=bool(day and day > context.today()),
    )  # fmt: skip
