"""Requests to look at a decision again, taken there by the real use cases."""

from datetime import timedelta
from typing import Any

from charlton_intranet.accounts import service as accounts
from charlton_intranet.accounts.models import RoleAssignment
from charlton_intranet.core.permissions import Role
from charlton_intranet.moderation.models import Case, Reconsideration
from charlton_intranet.moderation.rules.reconsidering import CameBy
from charlton_intranet.moderation.service.reconsidering import Answer, Request, answer, log_request
from tests.conftest import Town
from tests.moderation import factories

ASKED = "I was joking about the fire pit on the lawn. Please put my words back."
REASON = "Read in full, the words speak of the fire pit and threaten nobody."
# Acts as Town Administrator for the answer: neither decided nor advised on the Library's cases.
OTHER = "head.police"


def request(town: Town, case: Case | None = None, *, by: str = "coordinator.library", **facts: Any) -> Reconsideration:
    """A request on a removal that is carried out."""
    asked: dict[str, Any] = {"asked_on": town.today, "came_by": CameBy.LETTER, "text": ASKED, "asker": "Ada Sample"}
    case = case or factories.closed(town)
    uploads = facts.pop("uploads", [])
    request_id = log_request(town.actor(by), case.id, Request(**(asked | facts)), uploads, clock=town.clock)
    return Reconsideration.get_by_id(request_id)


def acting(town: Town, box: str = OTHER) -> str:
    """Let somebody act as Town Administrator, as who decided first does not answer."""
    person = town.person_id(box)
    if not RoleAssignment.select().where((RoleAssignment.person == person) & RoleAssignment.acting).exists():
        accounts.give_role(
            town.actor("administrator"), person, Role.ADMINISTRATOR, department_id=None, starts=town.today,
            ends=town.today + timedelta(days=14), acting=True, reason="Answers a request", clock=town.clock,
        )  # fmt: skip
    return box


def again(one: Reconsideration) -> Reconsideration:
    """The request as it is now."""
    return Reconsideration.get_by_id(one.id)


def answered(town: Town, one: Reconsideration | None = None, *, reverse: bool = True, **facts: Any) -> Reconsideration:
    """A request that the acting Town Administrator answered."""
    one = one or request(town)
    by = town.actor(facts.pop("by", acting(town)))
    answer(by, one.id, one.version, Answer(reverse=reverse, reason=REASON), clock=town.clock, **facts)
    return again(one)
