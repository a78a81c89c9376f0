"""Reads of the policy, its defaults and signatures."""

from charlton_intranet.core.database import rows
from charlton_intranet.core.once import once
from charlton_intranet.policy.models import ChangedDefault
from charlton_intranet.policy.queries.categories import (
    Categories,
    EditionRow,
    categories,
    categories_at,
    editions,
)
from charlton_intranet.policy.queries.certificates import Certificate, Scan, certificate
from charlton_intranet.policy.queries.documents import (
    InForce,
    Original,
    VersionRow,
    document,
    document_in_force,
    draft_id,
    in_force,
    original_digest,
    original_of,
    signable,
    version_before,
    versions,
)
from charlton_intranet.policy.queries.history import Signed, majors, not_signed_for, signatures_of
from charlton_intranet.policy.queries.signatures import (
    EVERYBODY,
    AcknowledgementFilter,
    AcknowledgementPage,
    AcknowledgementRow,
    Owing,
    OwnSignature,
    PersonStanding,
    acknowledgements_page,
    contacts,
    must_sign,
    owing,
    own_signatures,
    standing_of,
)
from charlton_intranet.policy.rules import DEFAULTS

__all__ = [
    "EVERYBODY",
    "AcknowledgementFilter",
    "AcknowledgementPage",
    "AcknowledgementRow",
    "Categories",
    "Certificate",
    "EditionRow",
    "InForce",
    "Original",
    "Owing",
    "OwnSignature",
    "PersonStanding",
    "Scan",
    "Signed",
    "VersionRow",
    "acknowledgements_page",
    "categories",
    "categories_at",
    "certificate",
    "contacts",
    "default",
    "document",
    "document_in_force",
    "draft_id",
    "editions",
    "in_force",
    "majors",
    "must_sign",
    "not_signed_for",
    "original_digest",
    "original_of",
    "owing",
    "own_signatures",
    "signable",
    "signatures_of",
    "standing_of",
    "version_before",
    "versions",
]


def default(name: str) -> int:
    """The value in force of a default, in the unit that ``rules.DEFAULTS`` gives."""
    return _changed_defaults().get(name, DEFAULTS[name].value)


@once
def _changed_defaults() -> dict[str, int]:
    return dict(rows(ChangedDefault.select(ChangedDefault.name, ChangedDefault.value)))
