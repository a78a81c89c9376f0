"""The ledger: every handle with decisions that stand, a page at a time, by name."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import peewee

from charlton_intranet.core.clock import town_midnight, town_time
from charlton_intranet.core.database import rows
from charlton_intranet.core.errors import NotFound
from charlton_intranet.core.once import reading_once
from charlton_intranet.moderation.models import (
    Case,
    Contributor,
    ContributorWarning,
    Determination,
    LinkedHandle,
    Restriction,
)
from charlton_intranet.moderation.queries.reconsiderations import counting
from charlton_intranet.moderation.queries.standing import Handle, decided, threshold, used
from charlton_intranet.moderation.rules import handle_key
from charlton_intranet.moderation.rules.contributors import IN_EFFECT, RestrictionState, Threshold
from charlton_intranet.sites.models import Network

PAGE = 25


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """A handle with decisions that stand: ``recent`` counts those of all handles taken for the same person's."""

    handle: Handle
    linked: tuple[Handle, ...]
    recent: int
    last: date
    warned: bool
    in_effect: bool
    proposed: bool
    reached: bool


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """One page of the ledger by handle, and the key of the next; decisions of so many months are counted."""

    rows: tuple[LedgerRow, ...]
    months: int
    next_key: str | None


def ledger_page(
    today: date, *, words: str = "", network_id: int | None = None, restricted: bool = False, after: str | None = None
) -> LedgerPage:
    """One page of the handles with decisions that stand, by name; five queries, whatever their number."""
    with reading_once():
        limits = threshold()
    stands = decided(Determination.id).where(Case.contributor == Contributor.id)
    query = (
        Contributor.select(Contributor.id, Contributor.handle, Network.name, Contributor.handle_key, LinkedHandle.head)
        .join_from(Contributor, Network)
        .join_from(Contributor, LinkedHandle, peewee.JOIN.LEFT_OUTER, on=(LinkedHandle.contributor == Contributor.id))
        .where(peewee.fn.EXISTS(stands))
        .order_by(Contributor.handle_key, Contributor.id)
    )
    if words.strip():
        query = query.where(Contributor.handle_key.contains(handle_key(words)))
    if network_id is not None:
        query = query.where(Contributor.network == network_id)
    if restricted:
        query = query.where(
            Contributor.id.in_(Restriction.select(Restriction.contributor).where(Restriction.state.in_(IN_EFFECT)))
        )
    if after is not None:
        query = query.where(_behind(after))
    found = rows(query.limit(PAGE + 1))
    shown = found[:PAGE]
    last = shown[-1] if len(found) > PAGE else None
    next_key = f"{last[0]}-{last[3]}" if last else None
    return LedgerPage(_ledger_rows(shown, limits, today), limits.months, next_key)


def _behind(key: str) -> Any:
    """The handles behind ``key``, which is ``id-name`` of the last one shown."""
    number, dash, name = key.partition("-")
    if not dash or not number.isascii() or not number.isdecimal():
        raise NotFound
    return (Contributor.handle_key > name) | ((Contributor.handle_key == name) & (Contributor.id > int(number[:9])))


def _ledger_rows(shown: list[tuple[Any, ...]], limits: Threshold, today: date) -> tuple[LedgerRow, ...]:
    """The rows with what is counted over all handles of a person."""
    heads = {contributor_id: head for contributor_id, _, _, _, head in shown if head is not None}
    family = _families(set(heads.values()))
    members = {one: family.get(heads.get(one, 0), ()) for one, *_ in shown}
    ids = {one for one, *_ in shown} | {other.id for others in members.values() for other in others}
    counted = _counted(ids, limits.since(today))
    warned = {row[0] for row in rows(_warned(ids))}
    limits_on = set(rows(_limits_on(ids)))
    limited = {one for one, state in limits_on if state in IN_EFFECT}
    proposed = {one for one, state in limits_on if state not in IN_EFFECT}
    found = []
    for contributor_id, handle, network, _, _ in shown:
        linked = tuple(other for other in members[contributor_id] if other.id != contributor_id)
        everyone = [contributor_id, *(other.id for other in linked)]
        own = [counted[one] for one in everyone if one in counted]
        recent = sum(number for number, _, _ in own)
        found.append(
            LedgerRow(
                handle=Handle(contributor_id, handle, network),
                linked=linked,
                recent=recent,
                last=town_time(max(last for _, _, last in own)).date(),
                warned=not warned.isdisjoint(everyone),
                in_effect=not limited.isdisjoint(everyone),
                proposed=not proposed.isdisjoint(everyone),
                reached=recent >= limits.decisions and any(new for _, new, _ in own),
            )
        )
    return tuple(found)


def _families(heads: Collection[int]) -> dict[int, tuple[Handle, ...]]:
    query = (
        LinkedHandle.select(LinkedHandle.head, Contributor.id, Contributor.handle, Network.name)
        .join_from(LinkedHandle, Contributor, on=(LinkedHandle.contributor == Contributor.id))
        .join_from(Contributor, Network)
        .where(LinkedHandle.head.in_(sorted(heads)))
        .order_by(Contributor.id)
    )
    found: dict[int, tuple[Handle, ...]] = {}
    for head, *values in rows(query):
        found[head] = (*found.get(head, ()), Handle(*values))
    return found


def _counted(ids: Collection[int], since: date) -> dict[int, tuple[int, int, datetime]]:
    """How many decisions since that day count for each handle, how many are new, and when the last was made."""
    start = town_midnight(since)
    recent = peewee.fn.SUM(peewee.Case(None, [(Determination.decided_at >= start, 1)], 0))
    new = peewee.fn.SUM(peewee.Case(None, [(Determination.id.not_in(used()), 1)], 0))
    query = (
        decided(Case.contributor, recent, new, peewee.fn.MAX(Determination.decided_at))
        .where(Case.contributor.in_(sorted(ids)))
        .group_by(Case.contributor)
    )
    return {writer: (int(number), int(fresh), last) for writer, number, fresh, last in rows(query)}


def _warned(ids: Collection[int]) -> Any:
    return (
        ContributorWarning.select(ContributorWarning.contributor)
        .join(Determination)
        .where(ContributorWarning.contributor.in_(sorted(ids)) & counting())
        .distinct()
    )


def _limits_on(ids: Collection[int]) -> Any:
    return (
        Restriction.select(Restriction.contributor, Restriction.state)
        .where(Restriction.contributor.in_(sorted(ids)))
        .where(Restriction.state.in_([*IN_EFFECT, RestrictionState.PROPOSED]))
        .distinct()
    )
