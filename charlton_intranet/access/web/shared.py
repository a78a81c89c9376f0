"""What all pages of access share: the blueprint, and the site a page is about."""

from flask import Blueprint

from charlton_intranet.core.permissions import Permission
from charlton_intranet.sites.models import Site
from charlton_intranet.sites.queries.sheets import load
from charlton_intranet.sites.web.shared import RECORD
from charlton_intranet.web import context

blueprint = Blueprint("access", __name__)
P = Permission
ADMINS = f"/sites/<{RECORD}:site_id>/admins"


def readable_site(site_id: int) -> Site:
    """The site, for those who read its records."""
    site = load(context.actor(), site_id)
    context.actor().must_see(P.READ_SITE_RECORDS, site.department_id)
    context.remember_site(site_id)
    return site


def reconcilable_site(site_id: int) -> Site:
    """The site, for those who reconcile its page."""
    site = readable_site(site_id)
    context.actor().must_have(P.RECONCILE_ACCESS, site.department_id)
    return site
