"""Who could do what at which moment of a past day: the record folded back, and judged by the same rule. Pure."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, TypeVar

from charlton_intranet.grants.rules.authority import Facts, Granted, Signature, Verdict, authority
from charlton_intranet.grants.rules.states import Capability

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Track(Generic[_Value]):
    """One thing that changed over time: what it was at ``first``, and what it became at which moment."""

    first: _Value
    changes: tuple[tuple[datetime, _Value], ...] = ()

    def at(self, moment: datetime) -> _Value:
        """What it was at ``moment``; a change counts from its own moment on."""
        index = bisect_right(self.changes, moment, key=lambda change: change[0])
        return self.changes[index - 1][1] if index else self.first

    def moments(self) -> Iterable[datetime]:
        return (moment for moment, _ in self.changes)


@dataclass(frozen=True, slots=True)
class Spell:
    """A time in which something held, from a moment until before another; None for always and for ever."""

    since: datetime | None
    until: datetime | None

    def holds(self, moment: datetime) -> bool:
        return (self.since is None or self.since <= moment) and (self.until is None or moment < self.until)

    def moments(self) -> Iterable[datetime]:
        return (moment for moment in (self.since, self.until) if moment is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What the record tells of one person and one site; states are (words, whether it counts)."""

    site_id: int
    department_id: int
    network: str
    site: Track[tuple[str, bool]]
    network_states: Track[tuple[str, bool]]
    person: Track[bool]
    offices: tuple[Spell, ...]
    grants: tuple[tuple[Spell, Granted], ...]
    signatures: Track[Signature | None]
    majors: Track[int | None]

    def facts(self, moment: datetime, day: date) -> Facts:
        """The facts as they were at ``moment``, which lies on the town's ``day``."""
        site_state, site_active = self.site.at(moment)
        network_state, network_approved = self.network_states.at(moment)
        return Facts(
            day=day,
            site_id=self.site_id,
            department_id=self.department_id,
            site_state=site_state,
            site_active=site_active,
            network=self.network,
            network_state=network_state,
            network_approved=network_approved,
            person_active=self.person.at(moment),
            head=any(spell.holds(moment) for spell in self.offices),
            grants=tuple(grant for spell, grant in self.grants if spell.holds(moment)),
            signature=self.signatures.at(moment),
            major=self.majors.at(moment),
        )

    def moments(self) -> Iterable[datetime]:
        """Every moment at which anything changed."""
        for track in (self.site, self.network_states, self.person, self.signatures, self.majors):
            yield from track.moments()
        for spell in (*self.offices, *(spell for spell, _ in self.grants)):
            yield from spell.moments()


@dataclass(frozen=True, slots=True)
class Interval:
    """A stretch of a day, from a moment until before another, with one answer."""

    since: datetime
    until: datetime
    verdict: Verdict


def intervals(past: Past, asked: Capability, *, day: date, start: datetime, end: datetime) -> list[Interval]:
    """The town's ``day``, from ``start`` until before ``end``, cut where the answer changed; none is empty."""
    cuts = sorted({start, *(moment for moment in past.moments() if start < moment < end)})
    found: list[Interval] = []
    for since, until in zip(cuts, [*cuts[1:], end], strict=True):
        verdict = authority(past.facts(since, day), asked)
        if found and found[-1].verdict == verdict:
            found[-1] = Interval(found[-1].since, until, verdict)
        else:
            found.append(Interval(since, until, verdict))
    return found
