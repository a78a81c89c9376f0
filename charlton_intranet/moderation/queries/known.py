"""Whether a post is a case already: asked before somebody captures it again."""

from dataclasses import dataclass

from charlton_intranet.core.database import first_row
from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.moderation.models import Case
from charlton_intranet.moderation.rules import CaseState, origin_key
from charlton_intranet.sites.queries import SiteRef
from charlton_intranet.sites.rules import normalise


@dataclass(frozen=True, slots=True)
class KnownPost:
    """The case of a post. ``readable``: the asker may open it, so its number leads there."""

    case_id: int
    state: CaseState
    readable: bool

    @property
    def opens_again(self) -> bool:
        """Whether capturing it once more opens it."""
        return self.state is CaseState.DISMISSED


def known_post(actor: Actor, site: SiteRef, permalink: str) -> KnownPost | None:
    """The case that a capture of this link on this site would join; the caller lets only those ask who may capture."""
    key = origin_key(link=normalise(permalink))
    found = first_row(Case.select(Case.id, Case.state).where((Case.site == site.id) & (Case.origin_key == key)))
    if key is None or found is None:
        return None
    return KnownPost(*found, readable=actor.may(Permission.READ_CASES, site.department_id))
