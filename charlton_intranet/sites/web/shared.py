"""What all pages of sites share: the blueprint, the tabs, and how a form is taken."""

from collections.abc import Callable

from flask import Blueprint, request

from charlton_intranet.accounts import queries as accounts
from charlton_intranet.core.errors import Invalid
from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.web import navigation
from charlton_intranet.web.forms import TownForm

blueprint = Blueprint("sites", __name__, url_prefix="/sites")
P = Permission

# No record has a higher number, and PostgreSQL refuses to look for one.
LARGEST = 2_147_483_647
RECORD = f"int(max={LARGEST})"
SITE = f"/<{RECORD}:site_id>"

_TABS = (
    ("Sites", "/sites", P.READ_SITES),
    ("Networks", "/sites/networks", P.READ_SITES),
    ("Coordinators", "/sites/coordinators", P.READ_SITE_RECORDS),
    ("Mailboxes", "/sites/mailboxes", P.READ_SITE_RECORDS),
    ("Registry", "/sites/registry", P.READ_SITE_RECORDS),
    ("Official accounts", "/sites/directory", P.READ_SITES),
    ("Record sheets", "/records", P.READ_SITE_RECORDS),
)


def tabs(actor: Actor, current: str) -> list[navigation.Entry]:
    """The lists that ``actor`` may open."""
    return navigation.tabs(_TABS, actor, current)


def number(name: str) -> int | None:
    """A record's number in the address, or None."""
    value = request.args.get(name, type=int)
    return value if value is not None and 0 < value <= LARGEST else None


def posted_version() -> int:
    """The version that the form was made from; 0, which no record has, when the form does not say."""
    value = request.form.get("version", type=int)
    return value if value is not None and 0 < value <= LARGEST else 0


def taken(form: TownForm, step: Callable[[], object]) -> bool:
    """Whether ``form`` is whole and ``step`` was done; otherwise the refusals stand beside the fields."""
    if not form.validate():
        return False
    try:
        step()
    except Invalid as refusal:
        form.refuse(refusal)
        return False
    return True


def department_choices(actor: Actor, permission: Permission) -> dict[str, str]:
    """The departments for which ``actor`` has ``permission``."""
    reach = actor.departments_for(permission)
    return {str(found.id): found.name for found in accounts.departments() if reach is None or found.id in reach}
