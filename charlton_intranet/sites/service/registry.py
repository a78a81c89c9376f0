"""Taking in a list of accounts, and settling each: asked for by its department, or struck off."""

from collections.abc import Mapping, Sequence
from typing import Any

import peewee

from charlton_intranet.core import audit
from charlton_intranet.core.clock import Clock, today
from charlton_intranet.core.database import unit_of_work, update_current
from charlton_intranet.core.errors import Forbidden, Invalid
from charlton_intranet.core.files import keep
from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.core.store import Stored
from charlton_intranet.core.uploads import safe_name
from charlton_intranet.sites.models.registry import ListedAccount, RegistryImport, RegistryRefusal
from charlton_intranet.sites.queries import registry as queries
from charlton_intranet.sites.rules import KNOWN_NETWORKS, address_key, handle_of, not_open
from charlton_intranet.sites.rules.intake import Sorted, sort_out
from charlton_intranet.sites.rules.listings import Listing, Unusable
from charlton_intranet.sites.rules.registry import Column, ImportState, ListedState, folded
from charlton_intranet.sites.service import networks

HANDED_IN = audit.declare("registry.handed_in", "file", "rows", "columns", "before", "after")
READ_ANEW = audit.declare("registry.read_anew", "columns")
TAKEN_IN = audit.declare("registry.taken_in", "before", "after", "taken", "known", "refused", "content")
DROPPED = audit.declare("registry.dropped", "before", "after")
GIVEN = audit.declare("listed.given", "department")
ASKED = audit.declare("listed.asked", "site", "before", "after")
STRUCK = audit.declare("listed.struck", "reason", "before", "after")

BATCH = 500
P = Permission


def hand_in(actor: Actor, *, file_name: str, data: bytes, stored: Stored, clock: Clock) -> int:
    """Keep a list and say what its columns probably are; returns the import's id. Nothing is listed yet.

    Raises ``Invalid`` for ``file`` when it can not be read.
    """
    _must_list(actor)
    columns, number = queries.first_look(data)
    if not number:
        raise Invalid({"file": "There is a header and no row below it. Choose the file that holds the list."})
    with unit_of_work():
        file_id = keep(stored, media_type="text/csv", file_name=safe_name(file_name, (".csv",)), clock=clock)
        import_id = int(
            RegistryImport.insert(
                file=file_id,
                columns=audit.canonical({str(place): role for place, role in columns.items()}),
                handed_in_by=actor.person_id,
                handed_in_at=clock.now(),
                rows=number,
            ).execute()
        )
        audit.record(
            HANDED_IN, actor, _import(import_id), clock=clock, file=f"sha256:{stored.sha256}", rows=number,
            columns=_worded(columns), before=None, after=ImportState.PREVIEWED,
        )  # fmt: skip
    return import_id


def read_anew(actor: Actor, import_id: int, version: int, *, columns: Mapping[int, str], clock: Clock) -> None:
    """Say otherwise what the columns hold. Raises ``Invalid`` for ``columns`` when no account can be read so."""
    chosen = {place: role for place, role in columns.items() if role}
    twice = {role for role in chosen.values() if list(chosen.values()).count(role) > 1}
    if twice:
        raise Invalid({"columns": "Two columns were chosen for the same thing. Choose one, and leave the other out."})
    if not any(role in {Column.ADDRESS, Column.ACCOUNT} or role.startswith("on:") for role in chosen.values()):
        raise Invalid({"columns": "Say which column holds the addresses, or the names of the accounts."})
    with unit_of_work():
        run = _open(actor, import_id)
        update_current(
            RegistryImport, run.id, version, columns=audit.canonical({str(p): role for p, role in chosen.items()})
        )
        audit.record(READ_ANEW, actor, _import(import_id), clock=clock, columns=_worded(chosen))


def propose_missing(actor: Actor, names: list[str], *, clock: Clock) -> list[str]:
    """Propose known networks for the catalogue, each in its own transaction; returns those that were proposed."""
    proposed = []
    for known in KNOWN_NETWORKS:
        if known.name in names and known.hosts:
            try:
                networks.propose(
                    actor, name=known.name, kind=known.kind, hosts=" ".join(known.hosts), terms_url=known.terms_url,
                    clock=clock,
                )  # fmt: skip
            except Invalid:
                continue  # somebody has proposed it meanwhile
            proposed.append(known.name)
    return proposed


def take_in(
    actor: Actor,
    import_id: int,
    version: int,
    *,
    read: Sequence[Listing | Unusable],
    departments: Mapping[str, int | None],
    clock: Clock,
) -> Sorted:
    """List every account ``read`` that is new; the rest stays as it is. ``departments`` answers the list's names.

    The file is read before the transaction (``queries.preview``) and sorted within it, so that two imports at once
    list nothing twice; ``version`` is that of the columns it was read by.
    """
    _must_list(actor)
    answers = {folded(name): department_id for name, department_id in departments.items()}
    with unit_of_work():
        run = _open(actor, import_id)
        found = sort_out(iter(read), queries.known_accounts())
        update_current(
            RegistryImport, run.id, version, state=ImportState.DONE, finished_at=clock.now(),
            departments=audit.canonical(dict(departments)), taken=len(found.fresh), known=len(found.known),
            refused=len(found.unusable),
        )  # fmt: skip
        for chunk in peewee.chunked(found.fresh, BATCH):
            ListedAccount.insert_many([_row(actor, run.id, one, answers, clock=clock) for one in chunk]).execute()
        for refused in peewee.chunked(found.unusable, BATCH):
            RegistryRefusal.insert_many(
                [
                    {
                        "registry_import": run.id,
                        "row": one.row,
                        "reason": one.reason,
                        "cells": audit.canonical(one.cells),
                    }
                    for one in refused
                ]
            ).execute()
        audit.record(
            TAKEN_IN, actor, _import(import_id), clock=clock, before=run.state, after=ImportState.DONE,
            taken=len(found.fresh), known=len(found.known), refused=len(found.unusable),
            content=audit.digest_of(audit.canonical([one.key for one in found.fresh])),
        )  # fmt: skip
    return found


def _row(
    actor: Actor, import_id: int, one: Listing, answers: Mapping[str, int | None], *, clock: Clock
) -> dict[str, Any]:
    return {
        "department": answers.get(folded(one.department)) if one.department else None,
        "network": one.net.network_id,
        "network_name": one.net.name,
        "address": one.address,
        "address_key": one.key,
        "handle": one.handle,
        "title": one.title,
        "note": one.note,
        "facts": audit.canonical(one.facts | ({"Department in the list": one.department} if one.department else {})),
        "registry_import": import_id,
        "row": one.row,
        "listed_by": actor.person_id,
        "listed_on": today(clock),
    }


def drop(actor: Actor, import_id: int, version: int, *, clock: Clock) -> None:
    """Put a list away without taking anything in."""
    with unit_of_work():
        run = _open(actor, import_id)
        update_current(RegistryImport, run.id, version, state=ImportState.DROPPED, finished_at=clock.now())
        audit.record(DROPPED, actor, _import(import_id), clock=clock, before=run.state, after=ImportState.DROPPED)


def give(actor: Actor, listed_id: int, version: int, *, department_id: int | None, clock: Clock) -> None:
    """Say whose account it is, so that its head is asked; None leaves it open."""
    with unit_of_work():
        found = _waiting(actor, listed_id)
        _must_list(actor)
        update_current(ListedAccount, found.id, version, department=department_id)
        audit.record(GIVEN, actor, _listed(listed_id), clock=clock, department=department_id)


def strike(actor: Actor, listed_id: int, version: int, *, reason: str, clock: Clock) -> None:
    """Strike an account off: it is not the town's, or nobody uses it. A later import does not bring it back."""
    with unit_of_work():
        found = _waiting(actor, listed_id)
        if not (actor.may(P.LIST_ACCOUNTS) or queries.may_settle(actor, found, P.REQUEST_SITE)):
            raise Forbidden
        if not reason.strip():
            raise Invalid({"reason": "Say why; it stays with the account."})
        update_current(
            ListedAccount, found.id, version, state=ListedState.STRUCK, reason=reason.strip(),
            settled_by=actor.person_id, settled_on=today(clock),
        )  # fmt: skip
        audit.record(
            STRUCK, actor, _listed(listed_id), clock=clock, reason=audit.digest_of(reason.strip()), before=found.state,
            after=ListedState.STRUCK,
        )  # fmt: skip


def note_request(actor: Actor, site_id: int, address: str, *, clock: Clock) -> None:
    """A department asks for the account at ``address``: where it was listed it waits no more.

    Inside the caller's unit of work; found by its address, so that it does not matter where the request began.
    """
    net, handle = queries.networks().at(address), handle_of(address)
    if net is None or not handle:
        return
    key = address_key(net.slug, handle)
    found = ListedAccount.get_or_none((ListedAccount.address_key == key) & (ListedAccount.state == ListedState.LISTED))
    if found is None:
        return
    update_current(
        ListedAccount, found.id, found.version, state=ListedState.ASKED, site=site_id, settled_by=actor.person_id,
        settled_on=today(clock),
    )  # fmt: skip
    audit.record(
        ASKED, actor, _listed(found.id), clock=clock, site=site_id, before=found.state, after=ListedState.ASKED
    )


def _must_list(actor: Actor) -> None:
    actor.must_have(P.LIST_ACCOUNTS)


def _open(actor: Actor, import_id: int) -> RegistryImport:
    run = queries.load_import(actor, import_id)
    _must_list(actor)
    if run.state is not ImportState.PREVIEWED:
        raise not_open(run.state)
    return run


def _waiting(actor: Actor, listed_id: int) -> ListedAccount:
    found = queries.load_listed(actor, listed_id)
    if found.state is not ListedState.LISTED:
        raise not_open(found.state)
    return found


def _worded(columns: Mapping[int, str]) -> list[str]:
    return [f"{place + 1}: {role}" for place, role in sorted(columns.items())]


def _import(import_id: int) -> str:
    return f"registry:{import_id}"


def _listed(listed_id: int) -> str:
    return f"listed:{listed_id}"
