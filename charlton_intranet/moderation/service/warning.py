"""A warning to whoever wrote what was hidden or removed: part of the determination, and no longer than it stands."""

from charlton_intranet.core import audit
from charlton_intranet.core.clock import Clock
from charlton_intranet.core.database import in_unit_of_work
from charlton_intranet.core.errors import Invalid, NotFound
from charlton_intranet.core.permissions import Actor
from charlton_intranet.moderation.models import ContributorWarning, Determination
from charlton_intranet.moderation.rules import AuthorKind, Outcome

WARNED = audit.declare("contributor.warned", "contributor", "determination")


def warn(actor: Actor, determination_id: int, *, clock: Clock) -> int:
    """Warn the writer with a determination, inside the caller's unit of work; returns the warning's id.

    The caller has authorised it. Raises ``Invalid`` for ``warn`` where there is nothing or nobody to warn.
    """
    if not in_unit_of_work():
        raise RuntimeError("a warning belongs in the transaction of its determination")
    decided = Determination.get_or_none(Determination.id == determination_id)
    if decided is None:
        raise NotFound
    case = decided.case
    if decided.outcome is Outcome.KEEP:
        raise Invalid({"warn": "Who wrote what is kept did nothing to be warned about."})
    if case.contributor_id is None or case.author_kind is AuthorKind.STAFF:
        raise Invalid({"warn": "The writer is not known, or wrote for the town: there is nobody to warn here."})
    warning_id = int(
        ContributorWarning.insert(
            contributor=case.contributor_id, determination=determination_id,
            warned_by=actor.person_id, warned_at=clock.now(),
        ).execute()
    )  # fmt: skip
    audit.record(
        WARNED, actor, f"case:{case.id}", clock=clock,
        contributor=case.contributor_id, determination=determination_id,
    )  # fmt: skip
    return warning_id
