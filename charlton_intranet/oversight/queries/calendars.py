"""What a calendar feed says of somebody's duties, and whose feed it is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from charlton_intranet.accounts.models import Department, Person
from charlton_intranet.accounts.queries import actor_of
from charlton_intranet.accounts.rules import PersonState
from charlton_intranet.core.database import first_row, rows
from charlton_intranet.core.duties import Duty, Register, Scope
from charlton_intranet.core.permissions import Actor
from charlton_intranet.oversight.models.calendars import CalendarEntry, CalendarFeed
from charlton_intranet.oversight.rules.calendars import CalendarDetail, Entry, Said, counted, numbered

# A feed is read by somebody else's computer. These records' titles name sites, departments and numbers of cases;
# others may name a person who leaves, a stranger on a page or an incident, and stay in the app.
TOLD_OUTSIDE = frozenset(
    {
        "access_review", "case", "checklist_answer", "department", "fixity", "handle_link", "network",
        "reconsideration", "referral", "restriction", "site",
    }
)  # fmt: skip
INSIDE = "What it is about is in the app"


@dataclass(frozen=True, slots=True)
class FeedCard:
    """What "My account" shows of one's own feed; the address itself nobody can show again."""

    detail: CalendarDetail
    made_at: datetime
    read_at: datetime | None


def feed_card(person_id: int | None) -> FeedCard | None:
    """The feed of a person, None when there is none."""
    query = CalendarFeed.select(CalendarFeed.detail, CalendarFeed.made_at, CalendarFeed.read_at)
    row = first_row(query.where(CalendarFeed.person == person_id))
    return FeedCard(*row) if row else None


def feed_of(token_digest: str) -> CalendarFeed | None:
    """The feed behind an address, None when there is none or its person's account is not open."""
    found: CalendarFeed | None = (
        CalendarFeed.select()
        .join(Person)
        .where((CalendarFeed.token_digest == token_digest) & (Person.state == PersonState.ACTIVE))
        .first()
    )
    return found


def reader_of(feed: CalendarFeed, day: date) -> Actor:
    """The person of a feed with what they hold on ``day``."""
    person = Person.select(Person, Department).left_outer_join(Department).where(Person.id == feed.person_id).get()
    return actor_of(person, day)


def entries_of(feed_id: int) -> list[Entry]:
    """The entries of a feed as they were last handed out, in the order they were first."""
    one = CalendarEntry
    query = (
        one.select(
            one.id, one.uid, one.sequence, one.state, one.created_at, one.modified_at,
            one.key, one.due, one.summary, one.note, one.path,
        )
        .where(one.feed == feed_id)
        .order_by(one.id)
    )  # fmt: skip
    return [
        Entry(entry_id, uid, Said(*said), sequence, state, created_at, modified_at)
        for entry_id, uid, sequence, state, created_at, modified_at, *said in rows(query)
    ]


def owed_by(register: Register, actor: Actor, detail: CalendarDetail, today: date) -> list[Said]:
    """What ``actor`` owes as entries."""
    return said_of(register.owed(Scope(today, actor)), detail)


def said_of(duties: Iterable[Duty], detail: CalendarDetail) -> list[Said]:
    """Duties as the entries of a feed with this much detail."""
    said = [_said(duty) for duty in duties]
    return numbered(said) if detail is CalendarDetail.TITLES else counted(said)


def _said(duty: Duty) -> Said:
    about = {part.partition(":")[0] for part in duty.subject.split("/")}
    told = about <= TOLD_OUTSIDE
    words = duty.title if told else f"{duty.kind.label}. {INSIDE}"
    note = f"{duty.action}. Policy {duty.clause}."
    return Said(f"{duty.kind.name}:{duty.subject}", duty.due, words[:300], note[:300], duty.url[:300])
