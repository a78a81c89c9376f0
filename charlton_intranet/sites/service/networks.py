"""The catalogue of networks and the official mailboxes (1.2, 1.3)."""

from typing import Any

import peewee

from charlton_intranet.accounts.rules import normal_email
from charlton_intranet.accounts.service.exceptions import must_not_be_own
from charlton_intranet.core import audit
from charlton_intranet.core.clock import Clock, today
from charlton_intranet.core.database import database, rows, unit_of_work, update_current
from charlton_intranet.core.errors import Forbidden, Invalid, NotFound
from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.sites.models import Network, NetworkRound, OfficialMailbox, Site
from charlton_intranet.sites.queries import network_of
from charlton_intranet.sites.queries.networks import load_network
from charlton_intranet.sites.queries.steps import NETWORK_STEPS
from charlton_intranet.sites.rules import (
    ENDED,
    NETWORK_MOVES,
    NetworkKind,
    NetworkState,
    check_move,
    host_of,
    hosts_of,
    slug_of,
)

PROPOSED = audit.declare("network.proposed", "name", "hosts", "before", "after")
PROPOSED_ANEW = audit.declare("network.proposed_anew", "reason", "before", "after")
ASSESSED = audit.declare("network.assessed", "text", "before", "after")
DECIDED = audit.declare("network.decided", "reason", "before", "after")
WITHDRAWN = audit.declare("network.withdrawn", "reason", "before", "after")
MAILBOX_ADDED = audit.declare("mailbox.added", "address", "purpose")
MAILBOX_REMOVED = audit.declare("mailbox.removed", "address", "purpose")


def propose(actor: Actor, *, name: str, kind: NetworkKind, hosts: str, terms_url: str, clock: Clock) -> int:
    """Propose a network for the catalogue; returns its id. ``hosts`` are host names or addresses on it."""
    name, found = " ".join(name.split()), hosts_of(hosts)
    with unit_of_work():
        if not actor.may(Permission.PROPOSE_NETWORK, anywhere=True):
            raise Forbidden
        _check_proposal(name, found, terms_url)
        network_id = int(
            Network.insert(
                name=name,
                slug=slug_of(name),
                kind=kind,
                hosts=" ".join(found),
                terms_url=terms_url.strip(),
                proposed_by=actor.person_id,
                proposed_on=today(clock),
            ).execute()
        )
        audit.record(
            PROPOSED, actor, _subject(network_id), clock=clock,
            name=name, hosts=" ".join(found), before=None, after=NetworkState.PROPOSED,
        )  # fmt: skip
    return network_id


def _check_proposal(name: str, hosts: tuple[str, ...], terms_url: str) -> None:
    problems: dict[str, str] = {}
    same = Network.select().where(Network.slug == slug_of(name)).first()
    if not slug_of(name):
        problems["name"] = "Type the network's name."
    elif same is not None:
        anew = " Propose it anew on its page." if same.state in NETWORK_STEPS["propose_anew"].before else ""
        problems["name"] = f"{same.name} is in the catalogue already ({same.state.label.lower()}).{anew}"
    if not hosts:
        problems["hosts"] = "Type the network's host name, such as example.com."
    elif taken := next((known for host in hosts if (known := network_of(host))), None):
        problems["hosts"] = f"{taken.name} has one of these host names already."
    problems |= _terms_problem(terms_url)
    if problems:
        raise Invalid(problems)


def _terms_problem(terms_url: str) -> dict[str, str]:
    if not terms_url.strip() or (terms_url.strip().startswith("https://") and host_of(terms_url)):
        return {}
    return {"terms_url": "Paste the whole address of the terms, starting with https://."}


def propose_anew(actor: Actor, network_id: int, version: int, *, reason: str, clock: Clock) -> None:
    """Propose a declined or withdrawn network once more: a new assessment, a new decision. The earlier ones stay."""
    with unit_of_work():
        network = _begin(actor, network_id, "propose_anew")
        if not reason.strip():
            raise Invalid({"reason": "Say what is different now; IT reads it for its assessment."})
        _keep_round(network)
        _move(
            actor, network, version, NetworkState.PROPOSED, PROPOSED_ANEW, clock=clock,
            changes={
                "proposed_by": actor.person_id, "proposed_on": today(clock), "reason": reason.strip(),
                "assessment": "", "assessed_by": None, "assessed_on": None, "decided_by": None, "decided_on": None,
            },
            reason=audit.digest_of(reason.strip()),
        )  # fmt: skip


def _keep_round(network: Network) -> None:
    """Keep the decision as it stands, because another takes its place on the network's record."""
    NetworkRound.insert(
        network=network.id,
        state=network.state,
        proposed_by=network.proposed_by_id,
        proposed_on=network.proposed_on,
        assessment=network.assessment,
        assessed_by=network.assessed_by_id,
        assessed_on=network.assessed_on,
        decided_by=network.decided_by_id,
        decided_on=network.decided_on,
        reason=network.reason,
    ).execute()


def assess(actor: Actor, network_id: int, version: int, *, text: str, terms_url: str = "", clock: Clock) -> None:
    """IT's assessment (1.3). It rests on the provider's terms, so their address is on record from here on."""
    with unit_of_work():
        network = _begin(actor, network_id, "assess")
        terms = terms_url.strip() or network.terms_url
        problems = _terms_problem(terms)
        if not terms:
            problems["terms_url"] = (
                f"Paste the address of the terms of {network.name}: users keep to them (policy 3.4-1)."
            )
        if not text.strip():
            problems["text"] = "Write what you found: security, privacy, records, accessibility, terms."
        if problems:
            raise Invalid(problems)
        _move(
            actor, network, version, NetworkState.ASSESSED, ASSESSED, clock=clock,
            changes={
                "assessment": text.strip(), "terms_url": terms,
                "assessed_by": actor.person_id, "assessed_on": today(clock),
            },
            text=audit.digest_of(text.strip()),
        )  # fmt: skip


def decide(
    actor: Actor, network_id: int, version: int, *, approve: bool, reason: str, exception: str = "", clock: Clock
) -> None:
    """The Town Administrator's decision (1.3). Nobody decides on their own proposal."""
    with unit_of_work():
        network = _begin(actor, network_id, "decide")
        must_not_be_own(
            actor, own=network.proposed_by_id == actor.person_id, exception=exception, step="decide on the network",
            subject=_subject(network_id), clock=clock,
        )  # fmt: skip
        after = NetworkState.APPROVED if approve else NetworkState.DECLINED
        _close(actor, network, version, after, DECIDED, reason=reason, needs_reason=not approve, clock=clock)


def withdraw(actor: Actor, network_id: int, version: int, *, reason: str, clock: Clock) -> None:
    """End an approval: nobody has authority on this network's sites from now on; each needs a decision."""
    with unit_of_work():
        network = _begin(actor, network_id, "withdraw")
        _keep_round(network)
        _close(
            actor, network, version, NetworkState.WITHDRAWN, WITHDRAWN, reason=reason, needs_reason=True, clock=clock
        )


def _subject(network_id: int) -> str:
    return f"network:{network_id}"


def _begin(actor: Actor, network_id: int, step: str) -> Network:
    network = load_network(network_id)
    NETWORK_STEPS[step].must_be_open(actor, network.state, None)
    return network


def _close(
    actor: Actor,
    network: Network,
    version: int,
    after: NetworkState,
    tag: str,
    *,
    reason: str,
    needs_reason: bool,
    clock: Clock,
) -> None:
    if needs_reason and not reason.strip():
        raise Invalid({"reason": "Say why; it stays on the network's record."})
    _move(
        actor, network, version, after, tag, clock=clock,
        changes={"reason": reason.strip(), "decided_by": actor.person_id, "decided_on": today(clock)},
        reason=audit.digest_of(reason.strip()),
    )  # fmt: skip


def _move(
    actor: Actor,
    network: Network,
    version: int,
    after: NetworkState,
    tag: str,
    *,
    clock: Clock,
    changes: dict[str, Any],
    **details: Any,
) -> None:
    check_move(NETWORK_MOVES, network.state, after)
    update_current(Network, network.id, version, state=after, **changes)
    audit.record(tag, actor, _subject(network.id), clock=clock, before=network.state, after=after, **details)


def add_mailbox(actor: Actor, *, address: str, purpose: str, clock: Clock) -> int:
    """Put a mailbox outside the town's domains on the list of official ones (1.2); returns its id."""
    address = normal_email(address)
    with unit_of_work():
        actor.must_have(Permission.MANAGE_MAILBOXES)
        if not purpose.strip():
            raise Invalid({"purpose": "Say what the mailbox is for."})
        try:
            with database.atomic():
                mailbox_id = int(
                    OfficialMailbox.insert(
                        address=address,
                        purpose=purpose.strip(),
                        approved_by=actor.person_id,
                        approved_on=today(clock),
                    ).execute()
                )
        except peewee.IntegrityError as taken:
            raise Invalid({"address": f"{address} is on the list already."}) from taken
        audit.record(
            MAILBOX_ADDED, actor, f"mailbox:{mailbox_id}", clock=clock, address=address, purpose=purpose.strip()
        )
    return mailbox_id


def remove_mailbox(actor: Actor, mailbox_id: int, *, clock: Clock) -> None:
    """Take a mailbox off the list, once no site's account belongs to it any more; the trail keeps what it was."""
    with unit_of_work():
        actor.must_have(Permission.MANAGE_MAILBOXES)
        found = OfficialMailbox.get_or_none(OfficialMailbox.id == mailbox_id)
        if found is None:
            raise NotFound
        used = Site.select(Site.title).where((Site.account_email == found.address) & Site.state.not_in(ENDED))
        if titles := [f"“{title}”" for (title,) in rows(used.order_by(Site.title))]:
            raise Invalid(
                {"mailbox": f"{found.address} is the official email of {', '.join(titles)}. Change that first."}
            )
        OfficialMailbox.delete().where(OfficialMailbox.id == mailbox_id).execute()
        audit.record(
            MAILBOX_REMOVED, actor, f"mailbox:{mailbox_id}", clock=clock, address=found.address, purpose=found.purpose
        )
