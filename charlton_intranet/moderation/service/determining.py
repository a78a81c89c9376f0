"""The Town Administrator's final determination (3.6-4)."""

from collections.abc import Iterable

from charlton_intranet.core import audit
from charlton_intranet.core.clock import Clock
from charlton_intranet.core.database import unit_of_work
from charlton_intranet.core.errors import Forbidden
from charlton_intranet.core.permissions import Actor, Permission, Role
from charlton_intranet.moderation.models import Case, Consultation, Determination, Order
from charlton_intranet.moderation.rules import (
    CaseState,
    Outcome,
    Position,
    check_all,
    check_neutral,
    check_quote,
    check_reason,
    clean,
    letters_of,
    written,
)
from charlton_intranet.moderation.service._cases import at, check_letters, due, move, record_closed, subject, tell
from charlton_intranet.policy.rules import check_grounds

DETERMINED = audit.declare(
    "case.determined", "before", "after", "outcome", "categories", "quote", "reason", "same_if_praise", "acting"
)
ORDERED = audit.declare("case.ordered", "outcome", "due")


def determine(
    actor: Actor,
    case_id: int,
    version: int,
    *,
    outcome: Outcome,
    categories: Iterable[str],
    quote: str,
    reason: str,
    same_if_praise: bool | None,
    clock: Clock,
) -> None:
    """The Town Administrator's final determination (3.6-4).

    To keep closes the case. To hide or remove writes the order, whose row can not exist without this
    determination and the sealed evidence, and tells the coordinators.
    """
    quote, reason, letters = clean(quote), clean(reason), letters_of(categories)
    with unit_of_work():
        case = at(actor, Permission.DETERMINE_CASE, case_id, version)
        asked = Consultation.get_or_none(Consultation.case == case.id)
        if asked is not None and asked.position is not Position.NO_ANSWER and asked.given_by_id == actor.person_id:
            raise Forbidden(
                "You gave the department head's advice on this case, so somebody else must decide it. "
                "Name an acting Town Administrator under People."
            )
        _check_determination(case, outcome, letters, quote=quote, reason=reason, same_if_praise=same_if_praise)
        keep = outcome is Outcome.KEEP
        due_on = None if keep else due(clock, "removal.business_days")
        move(
            case, CaseState.DETERMINED, *([CaseState.CLOSED] if keep else []), clock=clock,
            due_on=due_on, closed_at=clock.now() if keep else None,
        )  # fmt: skip
        acting = all(held.acting for held in actor.held if held.role is Role.ADMINISTRATOR)
        determination_id = Determination.insert(
            case=case.id, seal=case.seal_id, consultation=asked, outcome=outcome, categories=written(letters),
            quote=quote, reason=reason, same_if_praise=None if keep else same_if_praise,
            decided_by=actor.person_id, decided_at=clock.now(), acting=acting,
        ).execute()  # fmt: skip
        audit.record(
            DETERMINED, actor, subject(case.id), clock=clock, before=case.state, after=CaseState.DETERMINED,
            outcome=outcome, categories=written(letters), quote=audit.digest_of(quote),
            reason=audit.digest_of(reason), same_if_praise=None if keep else same_if_praise, acting=acting,
        )  # fmt: skip
        if due_on is None:
            record_closed(actor, case, CaseState.DETERMINED, clock=clock)
            return
        Order.insert(
            determination=determination_id, seal=case.seal_id, outcome=outcome, ordered_at=clock.now(), due_on=due_on
        ).execute()
        audit.record(ORDERED, actor, subject(case.id), clock=clock, outcome=outcome, due=due_on)
        tell(Role.COORDINATOR, "case_order", case, clock=clock, outcome=outcome, due_on=due_on)


def _check_determination(
    case: Case,
    outcome: Outcome,
    letters: frozenset[str],
    *,
    quote: str,
    reason: str,
    same_if_praise: bool | None,
) -> None:
    if outcome is Outcome.KEEP:
        check_all(
            lambda: check_reason(reason),
            lambda: check_letters(letters) if letters else None,
            lambda: check_quote(quote, case.text) if quote.strip() else None,
        )
        return
    check_all(
        lambda: check_grounds(letters),
        lambda: check_quote(quote, case.text),
        lambda: check_reason(reason),
        lambda: check_neutral(same_if_praise=same_if_praise),
    )
