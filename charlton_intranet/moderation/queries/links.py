"""Links between handles that are taken for one person's."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from charlton_intranet.accounts.queries import names_of
from charlton_intranet.core.database import rows
from charlton_intranet.core.errors import NotFound
from charlton_intranet.moderation.models import Contributor, HandleLink
from charlton_intranet.moderation.rules.contributors import LinkState
from charlton_intranet.sites.models import Network


@dataclass(frozen=True, slots=True)
class LinkRow:
    """Two handles and what was said about them."""

    id: int
    version: int
    state: LinkState
    a_id: int
    a: str
    a_network: str
    b_id: int
    b: str
    b_network: str
    reason: str
    proposed_by_id: int
    proposed_by: str
    proposed_at: datetime
    decided_by: str
    decided_at: datetime | None
    decision: str
    ended_by: str
    ended_at: datetime | None
    ended_reason: str


def links_of(contributor_ids: Collection[int]) -> tuple[LinkRow, ...]:
    """Every link of these handles, also those undone or not confirmed, newest first."""
    ids = sorted(contributor_ids)
    return _links((HandleLink.a.in_(ids)) | (HandleLink.b.in_(ids)))


def links_waiting() -> tuple[LinkRow, ...]:
    """The links that wait for a second person."""
    return _links(HandleLink.state == LinkState.PROPOSED)


def link_row(link_id: int) -> LinkRow:
    """One link, or ``NotFound``."""
    found = _links(HandleLink.id == link_id)
    if not found:
        raise NotFound
    return found[0]


def _links(condition: Any) -> tuple[LinkRow, ...]:
    a, b, a_network, b_network = Contributor.alias(), Contributor.alias(), Network.alias(), Network.alias()
    query = (
        HandleLink.select(
            HandleLink.id, HandleLink.version, HandleLink.state, HandleLink.a, a.handle, a_network.name,
            HandleLink.b, b.handle, b_network.name, HandleLink.reason, HandleLink.proposed_by,
            HandleLink.proposed_at, HandleLink.decided_by, HandleLink.decided_at, HandleLink.decision,
            HandleLink.ended_by, HandleLink.ended_at, HandleLink.ended_reason,
        )
        .join_from(HandleLink, a, on=(HandleLink.a == a.id))
        .join_from(a, a_network, on=(a.network == a_network.id))
        .join_from(HandleLink, b, on=(HandleLink.b == b.id))
        .join_from(b, b_network, on=(b.network == b_network.id))
        .where(condition)
        .order_by(HandleLink.id.desc())
        .limit(100)
    )  # fmt: skip
    found = rows(query)
    names = names_of(person for row in found for person in (row[10], row[12], row[15]))
    return tuple(
        LinkRow(*(
            *row[:11], names[row[10]], row[11], names.get(row[12], ""), row[13], row[14],
            names.get(row[15], ""), row[16], row[17],
        ))
        for row in found
    )  # fmt: skip
