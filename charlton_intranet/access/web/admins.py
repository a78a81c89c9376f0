"""The page of a site: who is on it, what differs, and the network's real list (3.3-3)."""

from collections.abc import Sequence

from flask import Response, request, url_for

from charlton_intranet.access import queries
from charlton_intranet.access.forms import ConfirmForm, ListForm, confirm_form
from charlton_intranet.access.queries.lists import entries, lists_of
from charlton_intranet.access.queries.matching import matches, person_by_email, person_choices
from charlton_intranet.access.queries.owing import list_due, terms
from charlton_intranet.access.rules import EntryKind, Line, Match, PageRole, address_in, read_list, repeats
from charlton_intranet.access.service import lists as service
from charlton_intranet.access.service.lists import EntryFacts
from charlton_intranet.access.web.shared import ADMINS, P, blueprint, readable_site, reconcilable_site
from charlton_intranet.core.errors import Invalid, NotFound
from charlton_intranet.sites.queries.proofs import proofs
from charlton_intranet.sites.rules import LIVE
from charlton_intranet.sites.web.proofs import posted_proof
from charlton_intranet.sites.web.shared import LARGEST, RECORD, taken
from charlton_intranet.web import context
from charlton_intranet.web.guard import needs
from charlton_intranet.web.responding import done, respond


@blueprint.get(ADMINS)
@needs(P.READ_SITE_RECORDS)
def admins(site_id: int) -> Response:
    """Who is on the page by the last list, what differs, and what settles it."""
    site = readable_site(site_id)
    found, held = queries.on_page(site_id, context.today()), terms()
    if found is None:
        raise NotFound
    may = site.state in LIVE and context.actor().may(P.RECONCILE_ACCESS, site.department_id)
    return respond(
        "access/admins.html",
        site=site, found=found, may=may, lists=lists_of(site_id),
        differences=[(difference, held.settle(difference)) for difference in found.differences],
        due=list_due(site, found.last, held) if site.state in LIVE else None,
    )  # fmt: skip


@blueprint.get(f"{ADMINS}/list")
@needs(P.RECONCILE_ACCESS)
def enter(site_id: int) -> Response:
    """The form for the network's list."""
    return respond("access/enter.html", site=reconcilable_site(site_id), form=ListForm(formdata=None))


@blueprint.post(f"{ADMINS}/read")
@needs(P.RECONCILE_ACCESS)
def read(site_id: int) -> Response:
    """Show whom each line is taken for; nothing is kept yet."""
    site, form = reconcilable_site(site_id), ListForm()
    try:
        lines = read_list(form.text.data or "")
    except Invalid as refusal:
        form.refuse(refusal)
        return respond("access/enter.html", status=422, site=site, form=form)
    found = matches(site_id, lines)
    last = queries.last_admin_list([site_id]).get(site_id)
    new = confirm_form(
        lines, found, _people(site_id, site.department_id, found), formdata=None,
        text=form.text.data, after=last.id if last else 0,
    )  # fmt: skip
    return _confirm(site_id, new, lines, found)


@blueprint.post(f"{ADMINS}/list")
@needs(P.RECONCILE_ACCESS)
def save(site_id: int) -> Response:
    """Keep the list as it was confirmed."""
    site = reconcilable_site(site_id)
    try:
        lines = read_list(request.form.get("text", ""))
    except Invalid as refusal:
        form = ListForm(formdata=None, text=request.form.get("text", ""))
        form.refuse(refusal)
        return respond("access/enter.html", status=422, site=site, form=form)
    found = matches(site_id, lines)
    confirmed = confirm_form(lines, found, _people(site_id, site.department_id, found))

    def step() -> None:
        after = confirmed.after.data or 0
        service.save_list(
            context.actor(), site_id, _facts(confirmed, lines), posted_proof(),
            after=after if 0 < after <= LARGEST else 0, clock=context.clock(),
        )  # fmt: skip

    if taken(confirmed, step):
        return done(url_for("access.admins", site_id=site_id), "The list is on record.")
    return _confirm(site_id, confirmed, lines, found, status=422)


@blueprint.get(f"{ADMINS}/lists/<{RECORD}:list_id>")
@needs(P.READ_SITE_RECORDS)
def kept_list(site_id: int, list_id: int) -> Response:
    """A list as it was entered."""
    site = readable_site(site_id)
    found = next((row for row in lists_of(site_id) if row.id == list_id), None)
    if found is None:
        raise NotFound
    proof = proofs([found.proof_id]).get(found.proof_id or 0)
    names = queries.names_on([list_id])
    return respond(
        "access/list.html", site=site, row=found, proof=proof, entries=entries([list_id])[list_id], names=names
    )


def _people(site_id: int, department_id: int, found: Sequence[Match]) -> list[tuple[int, str]]:
    return person_choices(site_id, department_id, [match.person_id for match in found])


def _confirm(
    site_id: int, form: ConfirmForm, lines: Sequence[Line], found: Sequence[Match], *, status: int = 200
) -> Response:
    rows = list(zip(lines, found, repeats(lines), strict=True))
    site = reconcilable_site(site_id)
    return respond("access/confirm.html", status=status, site=site, form=form, rows=rows)


def _facts(form: ConfirmForm, lines: Sequence[Line]) -> list[EntryFacts]:
    """The confirmed lines. Raises ``Invalid`` for an address that nobody has."""
    facts, problems = [], {}
    for place, line in enumerate(lines):
        role = PageRole(form[f"role-{place}"].data)
        try:
            kind, person_id = who(form[f"who-{place}"].data, form[f"email-{place}"].data)
        except Invalid as refusal:
            problems[f"email-{place}"] = refusal.message
        else:
            facts.append(EntryFacts(line, role, kind, person_id))
    if problems:
        raise Invalid(problems)
    return facts


def who(chosen: str, email: str | None) -> tuple[EntryKind, int | None]:
    """Whom a choice and an address beside it name; the address goes first."""
    if email:
        person_id = person_by_email(address_in(email))
        if person_id is None:
            raise Invalid({"email": "Nobody here has this official address. Check it, or leave it empty."})
        return EntryKind.PERSON, person_id
    if chosen.isdigit():
        return EntryKind.PERSON, int(chosen)
    return EntryKind(chosen), None
