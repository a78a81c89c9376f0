"""May this person do this on this site today? Computed from six conditions, never stored (policy 3.3, 3.4-1). Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from charlton_intranet.grants.rules.states import OPEN, Capability, GrantState

OFFICE = Capability.PUBLISH


@dataclass(frozen=True, slots=True)
class Granted:
    """A grant as far as authority depends on it; ``until`` is its last day, None for no end."""

    capability: Capability
    state: GrantState
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Signature:
    """A person's newest signature; ``scope`` holds what it is for: ``site:12`` or ``department:3``, and the level."""

    major: int
    expires_on: date
    scope: frozenset[tuple[str, int]]

    def covers(self, subject: str, level: int) -> bool:
        return any(line == subject and reach >= level for line, reach in self.scope)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything that authority depends on, for one person and one site on one day.

    ``head`` tells that the person heads the site's department, acting or not (3.3-3); ``major`` is the major
    version of the policy in force, None before the first. States come in words because they are told in sentences.
    """

    day: date
    site_id: int
    department_id: int
    site_state: str
    site_active: bool
    network: str
    network_state: str
    network_approved: bool
    person_active: bool
    head: bool
    grants: tuple[Granted, ...]
    signature: Signature | None
    major: int | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer, with every reason against it in one sentence each, the most fundamental first."""

    allowed: bool
    lapses: tuple[str, ...]


def authority(facts: Facts, asked: Capability) -> Verdict:
    """Whether ``asked`` is allowed, by office or by a grant."""
    about_all = (*_of_the_site(facts), *_of_the_person(facts))
    ways = [(*about_all, *_of_a_grant_and_its_signature(facts, asked))]
    if facts.head:
        ways.insert(0, (*about_all, *_of_the_signature(facts, f"department:{facts.department_id}", OFFICE)))
    lapses = min(ways, key=len)
    return Verdict(not lapses, lapses)


def effective(facts: Facts) -> Capability | None:
    """The most that is allowed, None for nothing."""
    return max(
        (asked for asked in Capability if authority(facts, asked).allowed), key=lambda asked: asked.level, default=None
    )


def granted(facts: Facts) -> Capability | None:
    """The most that the office or an approved grant would allow, were there no lapse."""
    if facts.head:
        return OFFICE
    return max(
        (grant.capability for grant in facts.grants if grant.state is GrantState.APPROVED),
        key=lambda capability: capability.level,
        default=None,
    )


def _of_the_site(facts: Facts) -> Iterable[str]:
    if not facts.site_active:
        yield f"The site is not in use: it is “{facts.site_state.lower()}”."
    if not facts.network_approved:
        yield f"{facts.network} is “{facts.network_state.lower()}”: only approved networks may be used (policy 1.3)."


def _of_the_person(facts: Facts) -> Iterable[str]:
    if not facts.person_active:
        yield "This person has no open account with the town."


def _of_a_grant_and_its_signature(facts: Facts, asked: Capability) -> Iterable[str]:
    """Nobody is asked to sign for a scope that no designation gives them any more."""
    fitting = [grant for grant in facts.grants if grant.state in OPEN and grant.capability.level >= asked.level]
    lasting = [grant for grant in fitting if grant.until is None or grant.until >= facts.day]
    if not lasting:
        yield _not_designated(facts, asked, fitting)
        yield from filter(None, [signature_lapse(facts.signature, facts.major, facts.day)])
        return
    if all(grant.state is not GrantState.APPROVED for grant in lasting):
        yield "The designation waits for the Town Administrator's approval (policy 3.3-3)."
    yield from _of_the_signature(facts, f"site:{facts.site_id}", asked)


def _not_designated(facts: Facts, asked: Capability, fitting: list[Granted]) -> str:
    if fitting:
        last = max(grant.until for grant in fitting if grant.until is not None)
        return f"The last day of the grant was {_words(last)}."
    open_grants = [grant for grant in facts.grants if grant.state in OPEN]
    if open_grants:
        most = max(open_grants, key=lambda grant: grant.capability.level)
        return f"The grant is for “{most.capability.label.lower()}”, not for “{asked.label.lower()}” (policy 3.4-1)."
    if facts.grants:
        return f"The last grant was {facts.grants[-1].state.label.lower()}."
    return "The Department Head has not designated this person for the site (policy 3.3-3)."


def _of_the_signature(facts: Facts, subject: str, asked: Capability) -> Iterable[str]:
    lapse = signature_lapse(facts.signature, facts.major, facts.day)
    if lapse:
        yield lapse
    elif facts.signature is not None and not facts.signature.covers(subject, asked.level):
        yield "The signature under the policy is not for this scope yet: the person has to sign again (policy 3.3-4)."


def signature_lapse(signature: Signature | None, major: int | None, day: date) -> str:
    """Why a signature does not count on ``day``, whatever its scope; empty when it does."""
    if major is None:
        return "The town has not published its policy, so nobody can have signed it (policy 3.3-4)."
    if signature is None:
        return "This person has not signed the policy (policy 3.3-4)."
    if signature.major != major:
        return "The signature is for an earlier version of the policy (policy 3.3-4)."
    if signature.expires_on < day:
        return f"The signature under the policy expired on {_words(signature.expires_on)} (policy 3.3-4)."
    return ""


def _words(day: date) -> str:
    return f"{day:%B} {day.day}, {day.year}"
