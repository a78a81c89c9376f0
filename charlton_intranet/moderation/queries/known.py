"""Whether a post is a case already: asked before somebody captures it again."""

from dataclasses import dataclass

from charlton_intranet.core.database import rows
from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.moderation.models import Case, CaseAlias
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
    if key is None:
        return None
    aliased = CaseAlias.select(CaseAlias.case).where((CaseAlias.site == site.id) & (CaseAlias.key == key))
    cases = Case.select(Case.id, Case.state).order_by(Case.id).limit(2)
    found = rows(cases.where((Case.site == site.id) & (Case.origin_key == key))) or rows(
        cases.where(Case.id.in_(aliased))
    )
    # Of several comments under one link it is for their words to tell which one is meant.
    if len(found) != 1:
        return None
    [(case_id, state)] = found
    return KnownPost(case_id, state, readable=actor.may(Permission.READ_CASES, site.department_id))
