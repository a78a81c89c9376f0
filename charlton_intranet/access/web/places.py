"""One place on a page: a person's, or that of a name on the list that is no person we know."""

from typing import Any

from flask import Response, url_for

from charlton_intranet.access import queries
from charlton_intranet.access.forms import ChangeForm, IdentifyForm, who_choices
from charlton_intranet.access.queries.lists import changes_of
from charlton_intranet.access.queries.matching import person_choices
from charlton_intranet.access.queries.pages import Page
from charlton_intranet.access.rules import DifferenceKind, PageRole, PageStranger
from charlton_intranet.access.service import lists as service
from charlton_intranet.access.web.admins import who
from charlton_intranet.access.web.shared import ADMINS, P, blueprint, readable_site
from charlton_intranet.core.errors import NotFound
from charlton_intranet.sites.forms import ProofFields
from charlton_intranet.sites.queries.proofs import proofs
from charlton_intranet.sites.rules import LIVE
from charlton_intranet.sites.web.proofs import posted_proof
from charlton_intranet.sites.web.shared import RECORD, taken
from charlton_intranet.web import context
from charlton_intranet.web.guard import needs
from charlton_intranet.web.responding import done, respond

PERSON = f"{ADMINS}/people/<{RECORD}:person_id>"
ENTRY = f"{ADMINS}/entries/<{RECORD}:entry_id>"


@blueprint.get(PERSON)
@needs(P.READ_SITE_RECORDS)
def place(site_id: int, person_id: int) -> Response:
    """What is known of a person's place on the page."""
    return _place(site_id, person_id)


@blueprint.post(PERSON)
@needs(P.RECONCILE_ACCESS)
def change(site_id: int, person_id: int) -> Response:
    """Show with proof what the page gives them now."""
    form = ChangeForm()

    def step() -> None:
        service.show_change(
            context.actor(), site_id, person_id=person_id, role=PageRole(form.role.data), proof=posted_proof(),
            clock=context.clock(),
        )  # fmt: skip

    if taken(form, step):
        return done(url_for("access.admins", site_id=site_id), "The proof is on record.")
    return _place(site_id, person_id, form, status=422)


@blueprint.get(ENTRY)
@needs(P.READ_SITE_RECORDS)
def stranger(site_id: int, entry_id: int) -> Response:
    """A name that nobody knows, or a shared account."""
    return _stranger(site_id, entry_id)


@blueprint.post(f"{ENTRY}/identify")
@needs(P.RECONCILE_ACCESS)
def identify(site_id: int, entry_id: int) -> Response:
    """Say whom it turned out to be."""
    form = _identify_form(site_id)

    def step() -> None:
        kind, person_id = who(form.who.data, form.email.data)
        service.identify(context.actor(), site_id, entry_id, kind=kind, person_id=person_id, clock=context.clock())

    if taken(form, step):
        return done(url_for("access.admins", site_id=site_id), "Noted. The next lists are read the same way.")
    return _stranger(site_id, entry_id, identify=form, status=422)


@blueprint.post(f"{ENTRY}/off")
@needs(P.RECONCILE_ACCESS)
def stranger_off(site_id: int, entry_id: int) -> Response:
    """Show with proof that it is off the page."""
    form = ProofFields()

    def step() -> None:
        service.show_stranger_off(context.actor(), site_id, entry_id, proof=posted_proof(), clock=context.clock())

    if taken(form, step):
        return done(url_for("access.admins", site_id=site_id), "The proof is on record.")
    return _stranger(site_id, entry_id, off=form, status=422)


def _place(site_id: int, person_id: int, form: ChangeForm | None = None, *, status: int = 200) -> Response:
    site, page = readable_site(site_id), _page(site_id)
    found = page.person(person_id)
    if found is None:
        raise NotFound
    difference = page.about_person(person_id)
    changes = changes_of(site_id, person_id)
    if form is None and difference is not None:
        off = difference.kind is DifferenceKind.TAKE_OFF
        form = ChangeForm(formdata=None, role=PageRole.NOTHING if off else None)
    return respond(
        "access/place.html", status=status,
        site=site, found=found, difference=difference, form=form or ChangeForm(formdata=None), changes=changes,
        proofs=proofs(row.proof_id for row in changes), may=_may(site.state, site.department_id),
    )  # fmt: skip


def _stranger(site_id: int, entry_id: int, *, status: int = 200, **forms: Any) -> Response:
    site, page = readable_site(site_id), _page(site_id)
    found: PageStranger | None = next((one for one in page.strangers if one.entry_id == entry_id), None)
    if found is None:
        raise NotFound
    return respond(
        "access/stranger.html", status=status,
        site=site, found=found, may=_may(site.state, site.department_id),
        identify=forms.get("identify") or _identify_form(site_id, formdata=None),
        off=forms.get("off") or ProofFields(formdata=None),
    )  # fmt: skip


def _identify_form(site_id: int, **options: Any) -> IdentifyForm:
    form = IdentifyForm(**options)
    site = readable_site(site_id)
    form.who.choices = {"": "Choose"} | who_choices(person_choices(site_id, site.department_id, []))
    return form


def _page(site_id: int) -> Page:
    page = queries.on_page(site_id, context.today())
    if page is None:
        raise NotFound
    return page


def _may(state: object, department_id: int) -> bool:
    return state in LIVE and context.actor().may(P.RECONCILE_ACCESS, department_id)
