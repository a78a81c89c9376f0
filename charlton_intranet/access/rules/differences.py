"""What differs between who is on a page and who may be (3.3-3). Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto

from charlton_intranet.access.rules.lists import EntryKind
from charlton_intranet.access.rules.presence import How, Seen
from charlton_intranet.access.rules.roles import PageRole

CAN = ("do nothing", "view", "comment", "edit", "publish")
ADMINISTRATORS_AT_LEAST = 2


class DifferenceKind(StrEnum):
    """What is wrong with one place on a page, or with the page as a whole."""

    TAKE_OFF = auto()
    LOWER = auto()
    PUT_ON = auto()
    IDENTIFY = auto()
    SHARED = auto()
    SECOND_ADMINISTRATOR = auto()

    @property
    def label(self) -> str:
        return _LABELS[self]


K = DifferenceKind
_LABELS = {
    K.TAKE_OFF: "On the page without authority",
    K.LOWER: "More than granted",
    K.PUT_ON: "Not on the page",
    K.IDENTIFY: "Nobody we know",
    K.SHARED: "Shared account",
    K.SECOND_ADMINISTRATOR: "Fewer than two administrators",
}


@dataclass(frozen=True, slots=True)
class Authority:
    """What somebody may do on a site today: a capability's level, 0 for nothing.

    ``why`` says in a sentence why it is nothing, ``since`` from when on as far as that is known. ``of_site`` is
    true when only the site or its network stands in the way: then the page as a whole is dealt with, not a person.
    ``renews`` is true when only a new version of the policy does, which the person has a term of its own to sign.
    """

    level: int
    by_office: bool = False
    why: str = ""
    since: datetime | None = None
    of_site: bool = False
    renews: bool = False


@dataclass(frozen=True, slots=True)
class PagePerson:
    """Somebody known, what is known of their place on the page, and what they may do."""

    person_id: int
    name: str
    seen: Seen | None
    authority: Authority


@dataclass(frozen=True, slots=True)
class PageStranger:
    """An entry of the last list that is no person we know, and is not shown to be off the page."""

    entry_id: int
    name: str
    kind: EntryKind
    seen: Seen


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference in a sentence; it is about a person, an entry of the list, or (neither) the page."""

    kind: DifferenceKind
    name: str
    sentence: str
    since: datetime
    person_id: int | None = None
    entry_id: int | None = None
    renews: bool = False


def differences_of(
    people: Iterable[PagePerson], strangers: Sequence[PageStranger], *, listed_at: datetime | None
) -> list[Difference]:
    """Everything that differs on one site; ``listed_at`` is the moment of its last list, None without one."""
    people = list(people)
    found = [difference for person in people for difference in _of_person(person)]
    found += [_of_stranger(stranger) for stranger in strangers]
    if listed_at is not None and not any(person.authority.of_site for person in people):
        found += _of_page(people, listed_at)
    return found


def _of_person(person: PagePerson) -> Iterator[Difference]:
    seen, may = person.seen, person.authority
    if seen is None:
        return
    if seen.role is PageRole.NOTHING:
        if may.level and not may.by_office:
            sentence = f"{person.name} may {CAN[may.level]} and is not on the page: put them on, or end the grant."
            yield _about(person, K.PUT_ON, sentence, seen.at)
    elif not may.level:
        if not may.of_site:
            said = "is presumed to be still on the page" if seen.how is How.PRESUMED else "is on the page"
            since = max(seen.at, may.since) if may.since else seen.at
            yield _about(person, K.TAKE_OFF, f"{person.name} {said} without authority: {may.why}", since)
    elif seen.role.level is not None and seen.role.level > may.level:
        sentence = f"The page lets {person.name} {CAN[seen.role.level]}, and they may only {CAN[may.level]}."
        yield _about(person, K.LOWER, sentence, seen.at)


def _about(person: PagePerson, kind: DifferenceKind, sentence: str, since: datetime) -> Difference:
    return Difference(kind, person.name, sentence, since, person_id=person.person_id, renews=person.authority.renews)


def _of_stranger(stranger: PageStranger) -> Difference:
    if stranger.kind is EntryKind.SHARED:
        kind, sentence = K.SHARED, f"“{stranger.name}” is shared: only named persons may be on the page (3.3-3)."
    else:
        kind, sentence = K.IDENTIFY, f"“{stranger.name}” is on the page, and nobody we know."
    return Difference(kind, stranger.name, sentence, stranger.seen.at, entry_id=stranger.entry_id)


def _of_page(people: Iterable[PagePerson], listed_at: datetime) -> list[Difference]:
    """A page that one person alone can let others into; a role that the list does not tell counts for it."""
    may_be = {PageRole.ADMINISTER, PageRole.UNKNOWN}
    count = sum(person.seen is not None and person.seen.role in may_be for person in people)
    if count >= ADMINISTRATORS_AT_LEAST:
        return []
    who = "Only one person administers" if count else "Nobody we know administers"
    sentence = f"{who} the page: two at least, so that one who is away does not lock the town out."
    return [Difference(K.SECOND_ADMINISTRATOR, "The page", sentence, listed_at)]
