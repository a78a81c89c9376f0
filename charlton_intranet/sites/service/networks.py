"""The catalogue of networks and the official mailboxes (1.2, 1.3)."""

from typing import Any

import peewee

from charlton_intranet.accounts.rules import normal_email
from charlton_intranet.core import audit
from charlton_intranet.core.clock import Clock, today
from charlton_intranet.core.database import database, serialise, unit_of_work, update_current
from charlton_intranet.core.errors import Forbidden, Invalid
from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.sites.models import Network, OfficialMailbox
from charlton_intranet.sites.queries import network_of
from charlton_intranet.sites.queries.networks import load_network
from charlton_intranet.sites.queries.steps import NETWORK_STEPS
from charlton_intranet.sites.rules import (
    NETWORK_MOVES,
    NetworkKind,
    NetworkState,
    check_move,
    host_of,
    hosts_of,
    slug_of,
)
from charlton_intranet.sites.service.requests import OWN

PROPOSED = audit.declare("network.proposed", "name", "hosts", "before", "after")
ASSESSED = audit.declare("network.assessed", "text", "before", "after")
DECIDED = audit.declare("network.decided", "reason", "before", "after")
WITHDRAWN = audit.declare("network.withdrawn", "reason", "before", "after")
MAILBOX_ADDED = audit.declare("mailbox.added", "address", "purpose")


def propose(actor: Actor, *, name: str, kind: NetworkKind, hosts: str, terms_url: str, clock: Clock) -> int:
    """Propose a network for the catalogue; returns its id. ``hosts`` are host names or addresses on it."""
    name, found = " ".join(name.split()), hosts_of(hosts)
    with unit_of_work():
        if not actor.may(Permission.PROPOSE_NETWORK, anywhere=True):
            raise Forbidden
        serialise("network-catalogue")
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
        problems["name"] = f"{same.name} is in the catalogue already ({same.state.label.lower()})."
    if not hosts:
        problems["hosts"] = "Type the network's host name, such as example.com."
    elif taken := next((known for host in hosts if (known := network_of(host))), None):
        problems["hosts"] = f"{taken.name} has one of these host names already."
    if terms_url.strip() and not (terms_url.strip().startswith("https://") and host_of(terms_url)):
        problems["terms_url"] = "Paste the whole address of the terms, starting with https://."
    if problems:
        raise Invalid(problems)


def assess(actor: Actor, network_id: int, version: int, *, text: str, clock: Clock) -> None:
    """IT's assessment (1.3)."""
    with unit_of_work():
        network = _begin(actor, network_id, "assess")
        if not text.strip():
            raise Invalid({"text": "Write what you found: security, privacy, records, accessibility, terms."})
        _move(
            actor, network, version, NetworkState.ASSESSED, ASSESSED, clock=clock,
            changes={"assessment": text.strip(), "assessed_by": actor.person_id, "assessed_on": today(clock)},
            text=audit.digest_of(text.strip()),
        )  # fmt: skip


def decide(actor: Actor, network_id: int, version: int, *, approve: bool, reason: str, clock: Clock) -> None:
    """The Town Administrator's decision (1.3). Nobody decides on their own proposal."""
    with unit_of_work():
        network = _begin(actor, network_id, "decide")
        if network.proposed_by_id == actor.person_id:
            raise Forbidden(OWN)
        after = NetworkState.APPROVED if approve else NetworkState.DECLINED
        _close(actor, network, version, after, DECIDED, reason=reason, needs_reason=not approve, clock=clock)


def withdraw(actor: Actor, network_id: int, version: int, *, reason: str, clock: Clock) -> None:
    """End an approval: nobody has authority on this network's sites from now on."""
    with unit_of_work():
        network = _begin(actor, network_id, "withdraw")
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
