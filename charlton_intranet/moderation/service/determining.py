"""The Town Administrator's final determination (3.6-4)."""

from collections.abc import Callable, Iterable
from datetime import date
from functools import partial

from charlton_intranet.core import audit
from charlton_intranet.core.clock import Clock, today
from charlton_intranet.core.database import unit_of_work
from charlton_intranet.core.errors import Forbidden
from charlton_intranet.core.permissions import Actor, Permission, Role
from charlton_intranet.moderation.models import Case, Consultation, Determination, Ground, Order
from charlton_intranet.moderation.models import Worksheet as WorksheetRow
from charlton_intranet.moderation.queries.worksheet import is_with_counsel
from charlton_intranet.moderation.rules import (
    AuthorKind,
    CaseState,
    Outcome,
    Position,
    check_all,
    check_neutral,
    check_quote,
    check_reason,
    clean,
    letters_of,
    written,
)
from charlton_intranet.moderation.rules.letters import LetterKind
from charlton_intranet.moderation.rules.worksheet import (
    Consequence,
    Worksheet,
    check_answer,
    check_consequence,
    check_counsel,
    check_notice,
    check_own_words,
    check_quotes,
    check_referral,
    quotes_of,
)
from charlton_intranet.moderation.service._cases import at, check_letters, due, move, record_closed, subject, tell
from charlton_intranet.moderation.service.emergency import settle
from charlton_intranet.moderation.service.letters import keep_letter
from charlton_intranet.moderation.service.referring import refer
from charlton_intranet.moderation.service.warning import warn
from charlton_intranet.policy.queries import categories as categories_in_force
from charlton_intranet.policy.rules import check_grounds

DETERMINED = audit.declare(
    "case.determined",
    "before",
    "after",
    "outcome",
    "categories",
    "quote",
    "reason",
    "same_if_praise",
    "acting",
    "edition",
    "grounds",
    "counsel",
    "consequence",
)
ORDERED = audit.declare("case.ordered", "outcome", "due")


def determine(
    actor: Actor,
    case_id: int,
    version: int,
    *,
    outcome: Outcome,
    categories: Iterable[str],
    quote: str,
    reason: str,
    same_if_praise: bool | None,
    worksheet: Worksheet | None = None,
    clock: Clock,
) -> None:
    """The Town Administrator's final determination (3.6-4), under the edition of the categories in force.

    To keep closes the case. To hide or remove writes the order, whose row can not exist without this
    determination and the sealed evidence, and tells the coordinators. ``quote`` are the words in question (an empty
    line between quotes) for each category that has none of its own in ``worksheet``; what the worksheet hands on to
    others, and what follows for the writer, is part of the same unit.
    """
    quote, reason, letters = clean(quote), clean(reason), letters_of(categories)
    sheet = worksheet or Worksheet()
    with unit_of_work():
        case = at(actor, Permission.DETERMINE_CASE, case_id, version)
        asked = Consultation.get_or_none(Consultation.case == case.id)
        if asked is not None and asked.position is not Position.NO_ANSWER and asked.given_by_id == actor.person_id:
            raise Forbidden(
                "You gave the department head's advice on this case, so somebody else must decide it. "
                "Name an acting Town Administrator under People."
            )
        _check(case, outcome, letters, sheet, quote=quote, reason=reason, same_if_praise=same_if_praise, clock=clock)
        keep = outcome is Outcome.KEEP
        due_on = None if keep else due(clock, "removal.business_days")
        move(
            case, CaseState.DETERMINED, *([CaseState.CLOSED] if keep else []), clock=clock,
            due_on=due_on, closed_at=clock.now() if keep else None,
        )  # fmt: skip
        acting = actor.only_acts_as(Role.ADMINISTRATOR)
        determination_id = int(
            Determination.insert(
                case=case.id, seal=case.seal_id, consultation=asked, outcome=outcome, categories=written(letters),
                quote=quote or _all_quotes(letters, sheet), reason=reason,
                same_if_praise=None if keep else same_if_praise,
                decided_by=actor.person_id, decided_at=clock.now(), acting=acting,
            ).execute()
        )  # fmt: skip
        _keep_worksheet(determination_id, letters, sheet, quote=quote)
        audit.record(
            DETERMINED, actor, subject(case.id), clock=clock, before=case.state, after=CaseState.DETERMINED,
            outcome=outcome, categories=written(letters), quote=audit.digest_of(quote),
            reason=audit.digest_of(reason), same_if_praise=None if keep else same_if_praise, acting=acting,
            **_told(sheet),
        )  # fmt: skip
        if due_on is None:
            record_closed(actor, case, CaseState.DETERMINED, clock=clock)
        else:
            _order(actor, case, determination_id, outcome, due_on=due_on, clock=clock)
        settle(actor, case, outcome, clock=clock)
        _follow(actor, case, determination_id, sheet, clock=clock)


def _order(actor: Actor, case: Case, determination_id: int, outcome: Outcome, *, due_on: date, clock: Clock) -> None:
    Order.insert(
        determination=determination_id, seal=case.seal_id, outcome=outcome, ordered_at=clock.now(), due_on=due_on
    ).execute()
    audit.record(ORDERED, actor, subject(case.id), clock=clock, outcome=outcome, due=due_on)
    tell(Role.COORDINATOR, "case_order", case, clock=clock, outcome=outcome, due_on=due_on)


def _follow(actor: Actor, case: Case, determination_id: int, sheet: Worksheet, *, clock: Clock) -> None:
    """What a determination means for the writer and for others; a restriction is proposed and decided on its own."""
    if sheet.consequence is Consequence.WARNING:
        warn(actor, determination_id, clock=clock)
    if sheet.notice is not None:
        kind = LetterKind.WARNING if sheet.consequence is Consequence.WARNING else LetterKind.NOTICE_OF_DETERMINATION
        keep_letter(
            actor, case.id, case.contributor_id, kind=kind, subject=sheet.notice.subject, text=sheet.notice.text,
            how=sheet.notice.how, clock=clock,
        )  # fmt: skip
    for to, reason in sheet.referrals.items():
        refer(actor, case, to, reason, determination_id=determination_id, clock=clock)


def _keep_worksheet(determination_id: int, letters: frozenset[str], sheet: Worksheet, *, quote: str) -> None:
    sought = sheet.counsel
    WorksheetRow.insert(
        determination=determination_id, categories_version=categories_in_force().number,
        consequence=sheet.consequence, counsel_on=sought.on if sought else None,
        counsel_name=clean(sought.name).strip() if sought else "",
        counsel_said=clean(sought.said).strip() if sought else "",
    ).execute()  # fmt: skip
    for letter in sorted(letters):
        Ground.insert(
            determination=determination_id, letter=letter,
            quotes="\n\n".join(sheet.quotes.get(letter) or quotes_of(quote)),
            answer=clean(sheet.answers.get(letter, "")).strip(),
        ).execute()  # fmt: skip


def _told(sheet: Worksheet) -> dict[str, object]:
    """The worksheet as the trail has it: content only as digests."""
    grounds = {letter: [list(sheet.quotes.get(letter, ())), answer] for letter, answer in sheet.answers.items()}
    sought = sheet.counsel
    return {
        "edition": categories_in_force().number,
        "grounds": audit.digest_of(audit.canonical(grounds)),
        "counsel": audit.digest_of(f"{sought.on} {sought.name}\n{sought.said}") if sought else None,
        "consequence": sheet.consequence,
    }


def _all_quotes(letters: frozenset[str], sheet: Worksheet) -> str:
    """The words in question of all categories, each once."""
    return "\n\n".join(dict.fromkeys(quote for letter in sorted(letters) for quote in sheet.quotes.get(letter, ())))


def _check(
    case: Case,
    outcome: Outcome,
    letters: frozenset[str],
    sheet: Worksheet,
    *,
    quote: str,
    reason: str,
    same_if_praise: bool | None,
    clock: Clock,
) -> None:
    """All that is wrong with a determination, at once."""
    edition, keep, day = categories_in_force().by_letter, outcome is Outcome.KEEP, today(clock)
    chosen = sorted(letters & edition.keys())
    counsel_first = [] if keep else [letter for letter in chosen if edition[letter].counsel]
    own_quotes = bool(chosen) and all(sheet.quotes.get(letter) for letter in chosen)
    nobody = case.contributor_id is None or case.author_kind is AuthorKind.STAFF
    checks: list[Callable[[], None]] = [
        lambda: check_reason(reason),
        lambda: check_own_words(reason, [edition[letter].words for letter in chosen]),
        lambda: check_counsel(
            sheet.counsel, counsel_first, referred=bool(counsel_first) and is_with_counsel(case.id), today=day
        ),
        lambda: check_consequence(sheet.consequence, kept=keep, known=not nobody),
        lambda: check_notice(sheet.notice, day),
    ]
    checks += [partial(check_quotes, letter, sheet.quotes.get(letter, ()), case.text) for letter in chosen]
    checks += [partial(check_referral, to, why) for to, why in sheet.referrals.items()]
    if keep:
        checks.append(lambda: check_letters(letters) if letters else None)
    else:
        checks += [lambda: check_grounds(letters, edition), lambda: check_neutral(same_if_praise=same_if_praise)]
        checks += [partial(check_answer, one, sheet.answers.get(one, ""), edition[one].test) for one in chosen]
    if quote.strip() or not (keep or own_quotes):
        checks += [partial(check_quote, part, case.text) for part in quotes_of(quote) or ("",)]
    check_all(*checks)
