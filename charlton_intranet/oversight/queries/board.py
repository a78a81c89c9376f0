"""The clause board: the register of duties, clause by clause."""

from dataclasses import dataclass
from datetime import date, timedelta

from charlton_intranet.core.calendar import last_months
from charlton_intranet.core.duties import Duty, Register, Scope, Urgency
from charlton_intranet.core.errors import NotFound
from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.oversight.queries.confidential import may_know
from charlton_intranet.oversight.queries.met import met_lately, met_within, sees_the_town
from charlton_intranet.oversight.queries.months import Stand, kept_months
from charlton_intranet.oversight.queries.roster import Roster, department_id_of, roster
from charlton_intranet.oversight.rules.clauses import CLAUSES, MEASURED, NOT_MEASURED, Segment, bar, clause_order
from charlton_intranet.oversight.rules.trend import Column, columns, first_of

BOARD_SIZE = 50


@dataclass(frozen=True, slots=True)
class ClauseRow:
    """One clause of the board: how many duties stand where.

    ``met`` is None where nothing is counted, or not for this reader. ``trend`` is empty for who sees a part of the
    town, otherwise the last twelve months, the present one last.
    """

    clause: str
    name: str
    overdue: int
    week: int
    later: int
    met: int | None
    bar: tuple[Segment, ...]
    trend: tuple[Stand, ...] = ()

    @property
    def met_columns(self) -> list[Column]:
        return columns([stand.met for stand in self.trend])

    @property
    def overdue_columns(self) -> list[Column]:
        return columns([stand.overdue for stand in self.trend])

    @property
    def trend_in_words(self) -> str:
        """For who does not see the picture."""
        met = ", ".join("not kept" if stand.met is None else str(stand.met) for stand in self.trend)
        return f"Met in each of the last twelve months, oldest first: {met}."


@dataclass(frozen=True, slots=True)
class Board:
    """The clauses that are counted, or make somebody owe something, in the policy's order.

    ``quiet`` are those nobody owes anything under, as far as the reader sees; ``unmeasured`` those that no event can
    be counted for, with the reason.
    """

    rows: tuple[ClauseRow, ...]
    quiet: tuple[str, ...]
    unmeasured: tuple[tuple[str, str], ...]
    whole_town: bool

    @property
    def overdue(self) -> int:
        return sum(row.overdue for row in self.rows)

    @property
    def week(self) -> int:
        return sum(row.week for row in self.rows)

    @property
    def later(self) -> int:
        return sum(row.later for row in self.rows)


@dataclass(frozen=True, slots=True)
class BoardDuty:
    """One duty as a reader of the board sees it; ``url`` is empty where there is nothing for them to open."""

    title: str
    url: str
    due: date
    urgency: Urgency
    owner: str
    department: str


def _within_reach(register: Register, actor: Actor, today: date) -> list[Duty]:
    """The duties of the departments whose oversight ``actor`` has, most urgent first."""
    reach = actor.departments_for(Permission.READ_OVERSIGHT)
    owed = register.owed(Scope(today))
    return owed if reach is None else [duty for duty in owed if department_id_of(duty) in reach]


def board(register: Register, actor: Actor, today: date) -> Board:
    """How many duties each clause asks for, how they stand, and how often each was met."""
    whole = sees_the_town(actor)
    met, trends = _met(today) if whole else ({}, {})
    counts = {clause: [0, 0, 0] for clause in met}
    place = {Urgency.OVERDUE: 0, Urgency.TODAY: 1, Urgency.WEEK: 1, Urgency.LATER: 2}
    for duty in _within_reach(register, actor, today):
        counts.setdefault(duty.clause, [0, 0, 0])[place[duty.urgency(today)]] += 1
    longest = max(map(sum, counts.values()), default=0)
    rows = tuple(
        ClauseRow(
            clause, CLAUSES.get(clause, ""), overdue, week, later, met.get(clause),
            tuple(bar((overdue, week, later), longest)), tuple(trends.get(clause, ())),
        )
        for clause, (overdue, week, later) in sorted(counts.items(), key=lambda pair: clause_order(pair[0]))
    )  # fmt: skip
    quiet = () if whole else tuple(clause for clause in CLAUSES if clause not in counts)
    unmeasured = tuple(NOT_MEASURED.items()) if whole else ()
    return Board(rows, quiet, unmeasured, whole)


def _met(today: date) -> tuple[dict[str, int], dict[str, list[Stand]]]:
    """How often each clause was met lately, and its twelve months: the present one counted, the others kept."""
    month = first_of(today)
    lately, present = met_within([met_lately(today), (month, today + timedelta(days=1))])
    kept = kept_months(month)
    empty = [Stand(each) for each in last_months(month)]
    return lately, {clause: [*kept.get(clause, empty)[:-1], Stand(month, met)] for clause, met in present.items()}


def clause_trend(actor: Actor, clause: str, today: date) -> ClauseRow | None:
    """One clause with its twelve months; None for who sees a part of the town, and where nothing is counted."""
    if clause not in MEASURED or not sees_the_town(actor):
        return None
    met, trends = _met(today)
    return ClauseRow(clause, CLAUSES.get(clause, ""), 0, 0, 0, met[clause], (), tuple(trends[clause]))


def clause_duties(
    register: Register, actor: Actor, today: date, clause: str, after: str = ""
) -> tuple[list[BoardDuty], str | None]:
    """The duties under one clause, most urgent first, and the key of the next page.

    ``NotFound`` for a clause that is neither on the board nor in the policy.
    """
    owed = [duty for duty in _within_reach(register, actor, today) if duty.clause == clause]
    if not owed and clause not in CLAUSES:
        raise NotFound(f"The policy has no clause {clause} that anybody owes something under.")
    page = [duty for duty in owed if _key(duty) > after][: BOARD_SIZE + 1]
    shown, names = page[:BOARD_SIZE], roster(today)
    return [_seen(duty, actor, today, names) for duty in shown], _key(shown[-1]) if len(page) > BOARD_SIZE else None


def _key(duty: Duty) -> str:
    """Sorts as the register does."""
    return f"{duty.due.isoformat()} {duty.kind.name} {duty.subject}"


def _seen(duty: Duty, actor: Actor, today: date, names: Roster) -> BoardDuty:
    hidden = not (duty.owner.is_held_by(actor) or may_know(actor, duty.subject, duty.department_id))
    somebody_elses = duty.owner.person_id is not None and not duty.owner.is_held_by(actor)
    return BoardDuty(
        title=f"Confidential: {duty.action.lower()}" if hidden else duty.title,
        url="" if hidden or somebody_elses else duty.url,
        due=duty.due,
        urgency=duty.urgency(today),
        owner=names.describe(duty.owner),
        department=names.department_of(duty),
    )
