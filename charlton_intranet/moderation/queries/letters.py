"""Reads of letters, and the facts that a draft is made from."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import peewee

from charlton_intranet.accounts.models import Person
from charlton_intranet.accounts.queries import business_calendar
from charlton_intranet.core.clock import town_time
from charlton_intranet.core.database import first_row, rows
from charlton_intranet.core.errors import NotFound
from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.mail.messages import letterhead, long_day
from charlton_intranet.moderation.models import Case, Contributor, Determination, Letter, Order, Restriction
from charlton_intranet.moderation.rules import Outcome, letters_of
from charlton_intranet.moderation.rules.letters import LetterHow, LetterKind
from charlton_intranet.policy.queries import default
from charlton_intranet.policy.rules import CATEGORIES
from charlton_intranet.sites.models import Network, Site

# What became of the words, as a letter says it.
DID = {Outcome.KEEP: "kept", Outcome.HIDE: "hidden", Outcome.REMOVE: "removed"}


@dataclass(frozen=True, slots=True)
class LetterRow:
    """A letter as lists show it; ``/contributors/letters/<id>`` shows all of it."""

    id: int
    kind: LetterKind
    subject: str
    how: LetterHow
    sent_on: date | None
    kept_by: str
    kept_at: datetime


@dataclass(frozen=True, slots=True)
class LetterView:
    """A letter to the letter."""

    id: int
    kind: LetterKind
    edition: int
    subject: str
    text: str
    how: LetterHow
    sent_on: date | None
    why_not: str
    kept_by: str
    kept_at: datetime
    case_id: int | None
    restriction_id: int | None
    contributor_id: int | None
    handle: str


_ROW = (Letter.id, Letter.kind, Letter.subject, Letter.how, Letter.sent_on, Person.name, Letter.kept_at)


def _listed() -> Any:
    return Letter.select(*_ROW).join(Person, on=(Letter.kept_by == Person.id)).order_by(Letter.id.desc())


def letters_of_case(case_id: int) -> tuple[LetterRow, ...]:
    """The letters about a case, newest first. The caller has authorised it."""
    return tuple(LetterRow(*row) for row in rows(_listed().where(Letter.case == case_id)))


def letters_of_restriction(restriction_id: int) -> tuple[LetterRow, ...]:
    """The letters about a restriction, newest first. The caller has authorised it."""
    return tuple(LetterRow(*row) for row in rows(_listed().where(Letter.restriction == restriction_id)))


def letters_to(actor: Actor, contributor_ids: Iterable[int], limit: int = 50) -> tuple[LetterRow, ...]:
    """The newest letters to these handles that are about cases and restrictions the actor may read."""
    found = (
        _listed()
        .join_from(Letter, Case, peewee.JOIN.LEFT_OUTER)
        .join_from(Letter, Restriction, peewee.JOIN.LEFT_OUTER)
        .where(Letter.contributor.in_(sorted(contributor_ids)))
    )
    reach = actor.departments_for(Permission.READ_CASES)
    if reach is not None:
        within = sorted(reach)
        found = found.where(Case.department.in_(within) | Restriction.department.in_(within))
    return tuple(LetterRow(*row) for row in rows(found.limit(limit)))


def letter_view(actor: Actor, letter_id: int) -> LetterView:
    """One letter, for those who read the case or the restriction it is about; otherwise ``NotFound``."""
    row = first_row(
        Letter.select(
            Letter.id, Letter.kind, Letter.edition, Letter.subject, Letter.text, Letter.how, Letter.sent_on,
            Letter.why_not, Person.name, Letter.kept_at, Letter.case, Letter.restriction, Letter.contributor,
            Contributor.handle, Case.department, Restriction.department,
        )
        .join_from(Letter, Person, on=(Letter.kept_by == Person.id))
        .join_from(Letter, Contributor, peewee.JOIN.LEFT_OUTER)
        .join_from(Letter, Case, peewee.JOIN.LEFT_OUTER)
        .join_from(Letter, Restriction, peewee.JOIN.LEFT_OUTER, on=(Letter.restriction == Restriction.id))
        .where(Letter.id == letter_id)
    )  # fmt: skip
    if row is None:
        raise NotFound
    *values, handle, of_case, of_restriction = row
    actor.must_see(Permission.READ_CASES, of_case if of_case is not None else of_restriction)
    return LetterView(*(*values, handle or ""))


def must_write_about(actor: Actor, case_id: int) -> None:
    """Refuse whoever does not know of the case, and whoever reads it but writes no letters about it."""
    row = first_row(Case.select(Case.department).where(Case.id == case_id))
    if row is None:
        raise NotFound
    actor.must_see(Permission.READ_CASES, row[0])
    actor.must_have(Permission.WRITE_LETTER, row[0])


def case_facts(actor: Actor, case_id: int) -> dict[str, str]:
    """What a draft about a case can say by itself, by the names that the templates use. Nothing is made up."""
    row = first_row(
        Case.select(
            Case.department, Contributor.handle, Site.title, Network.name, Determination.outcome, Determination.quote,
            Determination.categories, Determination.reason, Determination.decided_at, Order.done_at,
        )
        .join_from(Case, Site)
        .join_from(Site, Network)
        .join_from(Case, Contributor, peewee.JOIN.LEFT_OUTER)
        .join_from(Case, Determination, peewee.JOIN.LEFT_OUTER, on=(Determination.case == Case.id))
        .join_from(Determination, Order, peewee.JOIN.LEFT_OUTER, on=(Order.determination == Determination.id))
        .where(Case.id == case_id)
    )  # fmt: skip
    if row is None:
        raise NotFound
    department_id, handle, site, network, outcome, quote, letters, reason, decided_at, done_at = row
    actor.must_see(Permission.READ_CASES, department_id)
    facts = town_facts(actor) | {"handle": handle or "", "asker": handle or "", "site": site, "network": network}
    if outcome is None:
        return facts
    told_on = town_time(done_at or decided_at).date()
    return facts | {
        "outcome_did": DID[outcome],
        "quote": quote,
        "categories": "\n".join(f"{one}. {CATEGORIES[one].words}" for one in sorted(letters_of(letters))),
        "reason": reason,
        "decided_on": long_day(town_time(decided_at).date()),
        "ask_by": ask_by(told_on),
    }


def town_facts(actor: Actor) -> dict[str, str]:
    """What every letter says of the town, and who signs it."""
    return {
        "town": letterhead().town,
        "ask_where": letterhead().reply_to,
        "signer": actor.name,
        "threshold": str(default("restriction.threshold")),
        "months": str(default("restriction.months")),
        "answer_days": str(default("reconsideration.business_days")),
    }


def ask_by(told_on: date) -> str:
    """The last day to ask for reconsideration of what somebody was told on that day, as a letter writes it."""
    return long_day(business_calendar().add(told_on, default("reconsideration_ask.business_days")))
