"""Asking for a site, IT's advice, and the Town Administrator's decision (1.3, 2.2, 3.1, 3.5-1)."""

from collections.abc import Collection
from typing import Any

from charlton_intranet.accounts.rules import normal_email
from charlton_intranet.accounts.service.exceptions import must_not_be_own
from charlton_intranet.core import audit
from charlton_intranet.core.clock import Clock, today
from charlton_intranet.core.database import unit_of_work, update_current
from charlton_intranet.core.errors import Invalid
from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.sites.models import Attestation, Site, SiteApproval, SiteWords
from charlton_intranet.sites.queries.approvals import facts_of
from charlton_intranet.sites.queries.networks import mailbox_addresses
from charlton_intranet.sites.queries.sheets import Recognised, load, recognise
from charlton_intranet.sites.queries.steps import SITE_STEPS
from charlton_intranet.sites.rules import (
    DECISIONS,
    SITE_MOVES,
    ApprovalKind,
    Decision,
    SiteFacts,
    SiteState,
    address_key,
    attestation_problems,
    attested_sentences,
    check_move,
    email_problem,
    facts_problems,
    normalise,
)
from charlton_intranet.sites.service.registry import note_request

REQUESTED = audit.declare("site.requested", "department", "network", "address", "before", "after")
ASKED_AGAIN = audit.declare("site.asked_again", "network", "address", "before", "after")
WITHDRAWN = audit.declare("site.withdrawn", "before", "after")
ADVISED = audit.declare("site.advised", "recommended", "text", "before", "after")
DECIDED = audit.declare("site.decided", "reason", "before", "after")


def subject(site_id: int) -> str:
    """How a site is named in the trail."""
    return f"site:{site_id}"


def begin(actor: Actor, site_id: int, step: str) -> Site:
    """The site, once ``actor`` may take ``step`` on it now."""
    site = load(actor, site_id)
    SITE_STEPS[step].must_be_open(actor, site.state, site.department_id)
    return site


def move(
    actor: Actor,
    site: Site,
    version: int,
    after: SiteState,
    tag: str,
    *,
    clock: Clock,
    changes: dict[str, Any] | None = None,
    words: str = "",
    **details: Any,
) -> None:
    """Write a move with its other ``changes`` and its audit event, inside the caller's unit of work.

    ``words`` stay with the event for good: the site's own columns hold those of the latest step only.
    """
    check_move(SITE_MOVES, site.state, after)
    update_current(Site, site.id, version, state=after, **(changes or {}))
    event = audit.record(tag, actor, subject(site.id), clock=clock, before=site.state, after=after, **details)
    if words:
        SiteWords.insert(site=site.id, event=event, text=words).execute()


def ask(actor: Actor, department_id: int, facts: SiteFacts, *, domains: Collection[str], clock: Clock) -> int:
    """Ask for a site of the department; returns its id. ``domains`` are the town's mail domains."""
    with unit_of_work():
        actor.must_have(Permission.REQUEST_SITE, department_id)
        columns = checked(actor, facts, domains, attested=True)
        site_id = int(
            Site.insert(
                **columns,
                attested_at=clock.now(),
                department=department_id,
                state=SiteState.REQUESTED,
                requested_by=actor.person_id,
                requested_on=today(clock),
            ).execute()
        )
        _attest(actor, site_id, facts, clock=clock)
        note_request(actor, site_id, columns["address"], clock=clock)
        audit.record(
            REQUESTED, actor, subject(site_id), clock=clock,
            department=department_id, network=columns["network"], address=columns["address"],
            before=None, after=SiteState.REQUESTED,
        )  # fmt: skip
    return site_id


def ask_again(
    actor: Actor, site_id: int, version: int, facts: SiteFacts, *, domains: Collection[str], clock: Clock
) -> None:
    """Change a request as the Town Administrator asked; IT advises anew."""
    with unit_of_work():
        site = begin(actor, site_id, "ask_again")
        columns = checked(actor, facts, domains, besides=site_id, attested=True)
        renewed = {"requested_by": actor.person_id, "requested_on": today(clock), "attested_at": clock.now()}
        move(
            actor, site, version, SiteState.REQUESTED, ASKED_AGAIN, clock=clock,
            changes={
                **columns, **renewed, "recommended": None, "advice": "", "advised_by": None, "advised_on": None,
            },
            network=columns["network"], address=columns["address"],
        )  # fmt: skip
        _attest(actor, site_id, facts, clock=clock)


def _attest(actor: Actor, site_id: int, facts: SiteFacts, *, clock: Clock) -> None:
    Attestation.insert(
        site=site_id,
        sentences=audit.canonical(attested_sentences(facts)),
        attested_by=actor.person_id,
        attested_at=clock.now(),
    ).execute()


def checked(
    actor: Actor,
    facts: SiteFacts,
    domains: Collection[str],
    *,
    besides: int | None = None,
    attested: bool = False,
    moved: bool = True,
) -> dict[str, Any]:
    """The columns that ``facts`` fill, or ``Invalid`` with every problem at once.

    ``besides`` is the site that is changed; with ``attested`` every sentence of policy 3.1 must be ticked. An
    address that is not ``moved`` stays as it is on record, whatever became of its network.
    """
    problems = facts_problems(facts) | (attestation_problems(facts) if attested else {})
    account_email = normal_email(facts.account_email)
    if problem := email_problem(account_email, domains, mailbox_addresses()):
        problems["account_email"] = problem
    place: dict[str, Any] = {}
    if moved:
        read = recognise(actor, facts.address, besides=besides)
        place, problem = _place(read, facts.address.strip()), read.problem
        problems |= {"address": problem} if problem else {}
    if problems:
        raise Invalid(problems)
    return {
        **place,
        "title": facts.title.strip(),
        "account_email": account_email,
        "purpose": facts.purpose.strip(),
        "audience": facts.audience.strip(),
        "plan": facts.plan.strip(),
        "cadence": facts.cadence,
    }


def _place(read: Recognised, address: str) -> dict[str, Any]:
    """The columns that say where the account is; empty when the address was not recognised."""
    if read.network is None:
        return {}
    return {
        "network": read.network.id,
        "address": f"https://{normalise(address)}",  # the town publishes it: without whose link it was
        "address_key": address_key(read.network.slug, read.handle),
        "handle": read.handle,
    }


def withdraw(actor: Actor, site_id: int, version: int, *, clock: Clock) -> None:
    """Take a request back before the site is in use."""
    with unit_of_work():
        site = begin(actor, site_id, "withdraw")
        move(actor, site, version, SiteState.WITHDRAWN, WITHDRAWN, clock=clock)


def advise(actor: Actor, site_id: int, version: int, *, recommended: bool, text: str, clock: Clock) -> None:
    """IT's advice (1.3): recommended, or concerns in words."""
    with unit_of_work():
        site = begin(actor, site_id, "advise")
        if not recommended and not text.strip():
            raise Invalid({"text": "Say what the concerns are, so that they can be met."})
        advice = {"recommended": recommended, "advice": text.strip()}
        move(
            actor, site, version, SiteState.ADVISED, ADVISED, clock=clock,
            changes={**advice, "advised_by": actor.person_id, "advised_on": today(clock)},
            words=text.strip(), recommended=recommended, text=audit.digest_of(text.strip()),
        )  # fmt: skip


def decide(
    actor: Actor, site_id: int, version: int, *, decision: Decision, reason: str, exception: str = "", clock: Clock
) -> None:
    """The Town Administrator's decision (2.2). Nobody decides on their own request; an approval keeps its facts."""
    with unit_of_work():
        site = begin(actor, site_id, "decide")
        must_not_be_own(
            actor, own=site.requested_by_id == actor.person_id, exception=exception, step="decide on the site",
            subject=subject(site_id), clock=clock,
        )  # fmt: skip
        if decision is not Decision.APPROVE and not reason.strip():
            raise Invalid({"reason": "Say why, so that the department head can act on it."})
        move(
            actor, site, version, DECISIONS[decision], DECIDED, clock=clock,
            changes={"reason": reason.strip(), "decided_by": actor.person_id, "decided_on": today(clock)},
            words=reason.strip(), reason=audit.digest_of(reason.strip()),
        )  # fmt: skip
        if decision is Decision.APPROVE:
            keep_approval(actor, site, ApprovalKind.FIRST, clock=clock)


def keep_approval(actor: Actor, site: Site, kind: ApprovalKind, *, note: str = "", clock: Clock) -> str:
    """Keep the state of the record that is approved, inside the caller's unit of work; returns its digest."""
    text = audit.canonical(facts_of(site))
    digest = audit.digest_of(text)
    SiteApproval.insert(
        site=site.id,
        kind=kind,
        approved_by=actor.person_id,
        approved_on=today(clock),
        facts=text,
        digest=digest,
        note=note.strip(),
    ).execute()
    return digest
