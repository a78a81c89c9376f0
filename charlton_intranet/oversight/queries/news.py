"""What happened since somebody's last visit, in sentences, out of the audit trail."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import attrgetter, or_
from typing import Any

import peewee

from charlton_intranet.access.queries import news as access_news
from charlton_intranet.accounts.queries import news as account_news
from charlton_intranet.core import audit
from charlton_intranet.core.audit import AuditEvent
from charlton_intranet.core.database import rows
from charlton_intranet.core.news import Named, Telling
from charlton_intranet.core.permissions import Actor, Role
from charlton_intranet.grants.queries import news as grant_news
from charlton_intranet.moderation.queries import news as case_news
from charlton_intranet.policy.queries import news as policy_news
from charlton_intranet.sites.queries import news as site_news

# The newest ones are told; of the others it is said how many there are.
MOST_NEWS = 20
TELLINGS: tuple[Telling, ...] = tuple(
    telling
    for part in (account_news, policy_news, site_news, grant_news, access_news, case_news)
    for telling in part.TELLINGS
)


@dataclass(frozen=True, slots=True)
class NewsRow:
    """One thing that happened; ``url`` is empty where there is no page to open."""

    at: datetime
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class News:
    """What happened since the reader's last visit, newest first; ``upto`` is the last event that was looked at."""

    total: int
    rows: tuple[NewsRow, ...]
    upto: int


def news(actor: Actor, seen: int) -> News:
    """What others did since the event ``seen`` that concerns ``actor``.

    Two queries and one for each kind of record among the rows, whatever the length of the trail. What no feature
    tells, incidents among it, is left out: it is confidential, or nobody's news.
    """
    upto = audit.head()[0]
    wanted = (
        (AuditEvent.number > seen)
        & (AuditEvent.number <= upto)
        & (AuditEvent.actor_id.is_null() | (AuditEvent.actor_id != actor.person_id))
        & reduce(or_, (_told(telling, actor) for telling in TELLINGS))
    )
    found = rows(
        AuditEvent.select(
            AuditEvent.at,
            AuditEvent.tag,
            AuditEvent.subject,
            AuditEvent.detail,
            peewee.fn.COUNT(AuditEvent.number).over(),
        )
        .where(wanted)
        .order_by(AuditEvent.number.desc())
        .limit(MOST_NEWS)
    )
    return News(found[0][-1] if found else 0, tuple(_rows(actor, found)), upto)


def _told(telling: Telling, actor: Actor) -> Any:
    """Events that ``telling`` has a sentence for, on records the actor may know of and has something to do with."""
    told = AuditEvent.tag.in_(sorted(telling.sentences))
    if (readable := telling.readable(actor)) is not None:
        told &= AuditEvent.subject.in_(readable)
    ties = []
    if telling.after_own:
        # As a list made once: asked anew for each event (EXISTS) it took SQLite minutes at 100,000 events.
        own = AuditEvent.alias()
        ties.append(AuditEvent.subject.in_(own.select(own.subject).where(own.actor_id == actor.person_id)))
    if (concerning := telling.concerning(actor)) is not None:
        ties.append(AuditEvent.subject.in_(concerning))
    return told & reduce(or_, ties) if ties else peewee.Value(0) == 1


def _rows(actor: Actor, found: Sequence[tuple[Any, ...]]) -> list[NewsRow]:
    by_record = {telling.record: telling for telling in TELLINGS}
    ids: dict[str, set[int]] = {}
    for _at, _tag, subject, *_ in found:
        record, _, number = subject.partition(":")
        ids.setdefault(record, set()).add(int(number))
    names = {record: by_record[record].named(actor, numbers) for record, numbers in ids.items()}
    made = []
    for at, tag, subject, detail, _total in found:
        record, _, number = subject.partition(":")
        named = names[record].get(int(number), Named("a record that is gone"))
        made.append(NewsRow(at, _sentence(by_record[record].sentences[tag], named, json.loads(detail)), named.url))
    return sorted(made, key=attrgetter("at"), reverse=True)  # what was entered later may have happened before


def _sentence(sentence: str, named: Named, told: Mapping[str, Any]) -> str:
    role = told["details"].get("role")
    given = {"who": told["actor"]["name"], "what": named.words, "role": Role(role).label if role else ""}
    words = sentence.format_map(given)
    return words[0].upper() + words[1:] + "."
