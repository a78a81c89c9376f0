"""Whatever anybody presses in whatever order, the promises of the lifecycle hold after every step.

A machine presses on the real services: mostly the step that is next, by who should take it, and in between anything by
anybody, from old pages, in the wrong state, and with days going by. After each press it reads the tables as an auditor
would. The promises are those of policy 3.6-3, 3.6-4, 3.7-3 and 3.7-4: preserve before remove, consult before decide,
only decisions that stand count, nobody answers their own, every write in the trail, nothing sealed ever changes.
"""

from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from charlton_intranet.accounts.models import RecordedException
from charlton_intranet.core import audit
from charlton_intranet.core.clock import town_time
from charlton_intranet.core.errors import Refusal
from charlton_intranet.evidence.models import Piece, PieceKind, Seal
from charlton_intranet.moderation import service
from charlton_intranet.moderation.jobs import flag_hides
from charlton_intranet.moderation.models import (
    Case,
    Consultation,
    Determination,
    EmergencyHide,
    Order,
    Reconsideration,
    RestoreOrder,
)
from charlton_intranet.moderation.queries.reconsiderations import counting
from charlton_intranet.moderation.rules import CaseState, Outcome, Position
from charlton_intranet.moderation.rules.emergency import EmergencyState, RestoreState
from charlton_intranet.moderation.rules.reconsidering import CameBy, ReconsiderationState
from charlton_intranet.moderation.service.reconsidering import Answer, Request, answer, log_request, withdraw
from tests.conftest import START, Town
from tests.moderation import factories, reconsideration_factories, worksheet_factories

ANYBODY = (
    "administrator", "auditor", "coordinator.library", "coordinator.police", "employee", "head.library", "head.police",
    "it", "records",
)  # fmt: skip
REASON = "These words threaten to set fire to a named building tonight."
QUOTE = "burn that branch down"
LETTERS = ("A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "Z", "malware", "")
COLOURS = ("navy", "white", "gray", "green", "red")

# Where a case may come to rest after one press, from where it was. Written out again, beside the rules.
AFTER: dict[CaseState, set[CaseState]] = {
    CaseState.OPEN: {CaseState.DISMISSED, CaseState.CONSULTING, CaseState.VANISHED},
    CaseState.DISMISSED: {CaseState.OPEN},
    CaseState.CONSULTING: {CaseState.ADVISED, CaseState.VANISHED},
    CaseState.ADVISED: {CaseState.DETERMINED, CaseState.CLOSED, CaseState.VANISHED},
    CaseState.DETERMINED: {CaseState.CLOSED, CaseState.VANISHED},
    CaseState.CLOSED: set(),
    CaseState.VANISHED: set(),
}
REACHED: Counter[str] = Counter()


class Lifecycle(RuleBasedStateMachine):
    """A few cases of two departments, and everybody who may press on them or may not."""

    def __init__(self, town: Town) -> None:
        super().__init__()
        self.town = town
        self.stack = ExitStack()
        self.savepoint = self.stack.enter_context(town.parts.database.atomic())
        town.clock.at = START
        self.pictures = {colour: factories.upload(town, colour) for colour in COLOURS}
        self.states: dict[int, CaseState] = {}
        self.sealed: dict[tuple[str, int], tuple[Any, ...]] = {}
        for department in ("Library", "Police"):
            factories.case(town, f"{factories.WORDS} ({department})", department=department, handle="@burner")
        reconsideration_factories.acting(town)

    def teardown(self) -> None:
        REACHED.update(f"case {state}" for state in self.states.values())
        self.savepoint.rollback()
        self.stack.close()
        self.town.clock.at = START

    # --- pressing -------------------------------------------------------------------------------------------

    def press(self, name: str, act: Callable[[], object], *, silent: bool = False) -> bool:
        """Run one use case. What is refused has left no trace, what is done stands in the trail."""
        before = audit.head()
        try:
            with self.town.parts.database.atomic():
                act()
        except Refusal as refusal:
            assert audit.head() == before
            REACHED[f"{name} refused: {type(refusal).__name__}"] += 1
            return False
        assert silent or audit.head()[0] > before[0], f"{name} left nothing in the trail"
        REACHED[name] += 1
        return True

    def case(self, number: int) -> Case:
        cases = list(Case.select().order_by(Case.id))
        found: Case = cases[number % len(cases)]
        return found

    def step(self, name: str, box: str, case: Case, *, old: bool = False, **facts: Any) -> bool:
        """One step of the case page by its name, from the page as it is or from an older one."""
        town, actor, clock = self.town, self.town.actor(box), self.town.clock
        version = case.version - 1 if old else case.version
        uploads = [self.pictures[facts.get("colour", "navy")]]
        one = uploads[0] if facts.get("picture", True) else None
        letters = facts.get("letters", {"J"})
        steps: dict[str, Callable[[], object]] = {
            "dismiss": lambda: service.dismiss(actor, case.id, version, clock=clock),
            "undo": lambda: service.undo_dismiss(actor, case.id, version, clock=clock),
            "concern": lambda: service.raise_concern(
                actor, case.id, version, concern="It names a building.", categories=letters, uploads=uploads,
                store=town.parts.store, clock=clock,
            ),
            "advise": lambda: service.give_advice(
                actor, case.id, version, position=facts.get("position", Position.VIOLATION), text="We fear this.",
                clock=clock,
            ),
            "no_answer": lambda: service.note_no_answer(actor, case.id, version, clock=clock),
            "determine": lambda: service.determine(
                actor, case.id, version, outcome=facts.get("outcome", Outcome.REMOVE), categories=letters,
                quote=facts.get("quote", QUOTE), reason=REASON, same_if_praise=facts.get("same", True),
                worksheet=worksheet_factories.filled(town, letters), clock=clock,
            ),
            "carry_out": lambda: service.carry_out(
                actor, case.id, version, upload=one, still_hidden=facts.get("still_hidden", False), clock=clock
            ),
            "vanish": lambda: service.mark_vanished(actor, case.id, version, note="Gone at noon.", clock=clock),
            "hide": lambda: service.hide_at_once(
                actor, case.id, version, ground=facts.get("ground", "J"), words=facts.get("quote", QUOTE),
                answer=REASON, uploads=uploads, store=town.parts.store, clock=clock,
            ),
            "prove_hidden": lambda: service.prove_hidden(actor, case.id, version, upload=one, clock=clock),
            "restore": lambda: service.restore(actor, case.id, version, upload=one, clock=clock),
            "can_not_restore": lambda: service.can_not_restore(
                actor, case.id, version, note="The network deleted it for good.", clock=clock
            ),
            "obstacle": lambda: service.report_obstacle(
                actor, case.id, version, what="The button is gone.", reported="Form, number 7", clock=clock
            ),
            "claim": lambda: service.claim(actor, case.id, version, seen=None, clock=clock),
            "snooze": lambda: service.snooze(
                actor, case.id, version, until=town.today + timedelta(days=2), reason="Wait", clock=clock
            ),
            "note": lambda: service.add_note(actor, case.id, "Looked at it.", clock=clock),
        }  # fmt: skip
        return self.press(name, steps[name])

    @initialize(library=st.integers(0, 8), police=st.integers(0, 8), hide=st.booleans(), keep=st.booleans())
    def begin(self, library: int, police: int, *, hide: bool, keep: bool) -> None:
        """Each case has come a part of its way."""
        for number, steps in enumerate((library, police)):
            for step in range(steps):
                self.go_on(number, COLOURS[step % len(COLOURS)], keep=keep, hide=hide, waited=False)
                self.a_case_goes_only_where_it_may()

    @rule(
        number=st.integers(0, 2), colour=st.sampled_from(COLOURS), keep=st.booleans(), hide=st.booleans(),
        waited=st.booleans(),
    )  # fmt: skip
    def go_on(self, number: int, colour: str, *, keep: bool, hide: bool, waited: bool) -> None:
        """The step that is next, by whoever should take it."""
        case = self.case(number)
        department = "library" if case.department_id == self.town.department_id("Library") else "police"
        names = {
            CaseState.OPEN: ("hide" if hide else "concern", f"coordinator.{department}"),
            CaseState.CONSULTING: ("no_answer", "administrator") if waited else ("advise", f"head.{department}"),
            CaseState.ADVISED: ("determine", "administrator"),
            CaseState.DETERMINED: ("carry_out", f"coordinator.{department}"),
        }
        asked = self.requests(case.id, ReconsiderationState.ASKED).first()
        if EmergencyHide.select().where(self.open_hide(case)).exists():
            self.step("prove_hidden", f"coordinator.{department}", case, colour=colour)
        elif self.restoring(case).exists():
            self.step("restore", f"coordinator.{department}", case, colour=colour)
        elif asked is not None:
            said = Answer(reverse=not keep, reason=REASON)
            actor, clock = self.town.actor("head.police"), self.town.clock
            self.press("answer", lambda: answer(actor, asked.id, asked.version, said, clock=clock))
        elif case.state in names:
            name, box = names[case.state]
            outcome = Outcome.KEEP if keep else Outcome.HIDE if hide else Outcome.REMOVE
            self.step(name, box, case, colour=colour, outcome=outcome)
        elif case.state is CaseState.CLOSED:
            self.ask(case, "coordinator.library")

    def open_hide(self, case: Case) -> Any:
        return (EmergencyHide.case == case.id) & (EmergencyHide.state == EmergencyState.ORDERED)

    def restoring(self, case: Case) -> Any:
        return RestoreOrder.select().where(
            (RestoreOrder.case == case.id) & (RestoreOrder.state == RestoreState.ORDERED)
        )

    def requests(self, case_id: int, state: ReconsiderationState) -> Any:
        about = Reconsideration.select().join(Determination)
        return about.where((Determination.case == case_id) & (Reconsideration.state == state))

    @rule(
        number=st.integers(0, 2), box=st.sampled_from(ANYBODY), old=st.booleans(), picture=st.booleans(),
        name=st.sampled_from(
            ("advise", "can_not_restore", "carry_out", "claim", "concern", "determine", "dismiss", "hide", "no_answer",
             "note", "obstacle", "prove_hidden", "restore", "snooze", "undo", "vanish")
        ),
        letters=st.sets(st.sampled_from(LETTERS), max_size=3), ground=st.sampled_from(LETTERS),
        outcome=st.sampled_from(Outcome), position=st.sampled_from(Position), same=st.sampled_from((True, False, None)),
        quote=st.sampled_from((QUOTE, "words that nobody wrote", "")), colour=st.sampled_from(COLOURS),
        still_hidden=st.booleans(),
    )  # fmt: skip
    def meddle(self, number: int, box: str, name: str, *, old: bool, **facts: Any) -> None:
        """Any step by anybody, with anything in its form."""
        self.step(name, box, self.case(number), old=old, **facts)

    @rule(
        name=st.sampled_from(("dismiss", "undo", "hide", "prove_hidden", "restore", "vanish", "no_answer", "snooze")),
        number=st.integers(0, 2), colour=st.sampled_from(COLOURS), ground=st.sampled_from(("E", "F", "J", "K")),
    )  # fmt: skip
    def side_step(self, name: str, number: int, colour: str, ground: str) -> None:
        """A step off the straight line, by somebody whose step it is."""
        case = self.case(number)
        department = "library" if case.department_id == self.town.department_id("Library") else "police"
        box = "administrator" if name == "no_answer" else f"coordinator.{department}"
        self.step(name, box, case, colour=colour, ground=ground)

    @rule(link=st.integers(0, 2), text=st.sampled_from((factories.WORDS, "Other words: burn that branch down.")))
    def capture(self, link: int, text: str) -> None:
        """Something new, or the same post once more."""
        if link or Case.select().count() < 4:
            self.press(
                "capture",
                lambda: service.capture(
                    self.town.actor("coordinator.library"), site_id=factories.site(self.town).id, text=text,
                    permalink=f"https://facebook.com/CharltonLibrary/posts/{link}" if link else "", handle="@burner",
                    clock=self.town.clock,
                ),
            )  # fmt: skip

    @rule(hours=st.sampled_from((1, 8, 24, 72, 240)))
    def time_goes_by(self, hours: int) -> None:
        """Hours or days; then the timetable runs."""
        self.town.clock.advance(hours=hours)
        flag_hides(self.town.parts)

    # --- asking again ---------------------------------------------------------------------------------------

    def ask(self, case: Case, box: str) -> None:
        asked = Request(
            asked_on=self.town.today, came_by=CameBy.MAIL, text="I was joking.", asker="Ada Sample", late_reason="Ill."
        )
        self.press("ask", lambda: log_request(self.town.actor(box), case.id, asked, [], clock=self.town.clock))

    @rule(number=st.integers(0, 2), box=st.sampled_from(ANYBODY))
    def somebody_asks(self, number: int, box: str) -> None:
        """A request to look at a decision again, on a case in whatever state."""
        self.ask(self.case(number), box)

    @precondition(lambda _machine: Reconsideration.select().exists())
    @rule(
        number=st.integers(0, 3), box=st.sampled_from(("head.police", "administrator", "head.library", "auditor")),
        reverse=st.booleans(), give_up=st.booleans(),
        exception=st.sampled_from(("", "Nobody else is in office this week, and the matter can not wait.")),
    )  # fmt: skip
    def somebody_answers(self, number: int, box: str, exception: str, *, reverse: bool, give_up: bool) -> None:
        """An answer by who may and by who may not, or the request is withdrawn."""
        requests = list(Reconsideration.select().order_by(Reconsideration.id))
        one, actor, clock = requests[number % len(requests)], self.town.actor(box), self.town.clock
        if give_up:
            self.press("withdraw", lambda: withdraw(actor, one.id, one.version, "They called.", clock=clock))
            return
        said = Answer(reverse=reverse, reason=REASON)
        self.press("answer", lambda: answer(actor, one.id, one.version, said, exception=exception, clock=clock))

    # --- what an auditor reads ------------------------------------------------------------------------------

    @invariant()
    def the_trail_is_whole(self) -> None:
        assert audit.verify().fault is None

    @invariant()
    def a_case_goes_only_where_it_may(self) -> None:
        for case in Case.select():
            before = self.states.get(case.id, CaseState.OPEN)
            assert case.state is before or case.state in AFTER[before], (before, case.state)
            self.states[case.id] = case.state

    @invariant()
    def nothing_is_decided_before_it_is_preserved_and_the_head_was_asked(self) -> None:
        for decided in Determination.select():
            asked, case = Consultation.get_by_id(decided.consultation_id), Case.get_by_id(decided.case_id)
            assert asked.case_id == case.id
            assert decided.seal_id == case.seal_id
            assert Seal.get_by_id(decided.seal_id).sealed_at <= decided.decided_at
            assert asked.position is not None
            assert asked.given_at is not None
            assert asked.asked_at <= asked.given_at <= decided.decided_at
            assert asked.position is Position.NO_ANSWER or asked.given_by_id != decided.decided_by_id
            if decided.outcome is not Outcome.KEEP:
                assert decided.same_if_praise is True
                assert set(decided.categories.split(",")) - {"I"}
                assert decided.quote in case.text

    @invariant()
    def nobody_goes_on_without_advice_before_it_is_late(self) -> None:
        for asked in Consultation.select().where(Consultation.position == Position.NO_ANSWER):
            assert asked.given_at is not None
            assert town_time(asked.given_at).date() > asked.due_on

    @invariant()
    def no_order_stands_without_seal_and_determination(self) -> None:
        ordered = {order.determination_id: order for order in Order.select()}
        removing = {d.id: d for d in Determination.select() if d.outcome is not Outcome.KEEP}
        assert ordered.keys() == removing.keys()
        for number, order in ordered.items():
            assert (order.outcome, order.seal_id) == (removing[number].outcome, removing[number].seal_id)

    @invariant()
    def nothing_is_carried_out_without_a_sealed_picture(self) -> None:
        orders = {Determination.get_by_id(order.determination_id).case_id: order for order in Order.select()}
        for order in orders.values():
            assert (order.done_at is None) == (order.gone_id is None)
            if order.gone_id is not None:
                gone = Piece.get_by_id(order.gone_id)
                assert gone.seal_id is not None
                shows = {PieceKind.GONE} if order.outcome is Outcome.REMOVE else {PieceKind.GONE, PieceKind.HIDDEN}
                assert gone.kind in shows
        for case in Case.select().where(Case.state == CaseState.CLOSED):
            ordered = orders.get(case.id)
            reversal = self.requests(case.id, ReconsiderationState.REVERSED)
            assert ordered is None or ordered.done_at or reversal.exists()

    @invariant()
    def only_decisions_that_stand_count(self) -> None:
        standing = {
            decided.id
            for decided in Determination.select()
            if not any(
                one.state in {ReconsiderationState.ASKED, ReconsiderationState.REVERSED}
                for one in Reconsideration.select().where(Reconsideration.determination == decided.id)
            )
        }
        assert {decided.id for decided in Determination.select().where(counting())} == standing

    @invariant()
    def nobody_answers_their_own(self) -> None:
        excepted = {(one.subject, one.person_id) for one in RecordedException.select()}
        answered = {ReconsiderationState.UPHELD, ReconsiderationState.REVERSED}
        for one in Reconsideration.select():
            decided = Determination.get_by_id(one.determination_id)
            advised = Consultation.get_by_id(decided.consultation_id)
            own = {decided.decided_by_id, advised.given_by_id}
            if one.state in answered and one.answered_by_id in own:
                assert (f"reconsideration:{one.id}", one.answered_by_id) in excepted

    @invariant()
    def hiding_at_once_stays_within_its_grounds(self) -> None:
        for hide in EmergencyHide.select():
            case = Case.get_by_id(hide.case_id)
            assert hide.ground.value in {"E", "F", "J", "K", "malware"}
            assert hide.ground.value == "malware" or hide.words in case.text
            assert Seal.get_by_id(hide.seal_id).sealed_at <= hide.ordered_at
            assert case.state is not CaseState.DISMISSED
            assert hide.state is not EmergencyState.STANDING or hide.proof_id is not None
            kept = Determination.get_or_none((Determination.case == case.id) & (Determination.outcome == Outcome.KEEP))
            if hide.state is EmergencyState.FLAGGED or (kept and hide.state is not EmergencyState.ENDED):
                assert RestoreOrder.select().where(RestoreOrder.case == case.id).exists()
            assert not (kept and hide.state in {EmergencyState.STANDING, EmergencyState.CONFIRMED})

    @invariant()
    def what_is_restored_is_shown(self) -> None:
        for order in RestoreOrder.select():
            assert (order.state is RestoreState.DONE) == (order.shown_id is not None)
            if order.shown_id is not None:
                shown = Piece.get_by_id(order.shown_id)
                assert (shown.kind, shown.seal_id is not None) == (PieceKind.RESTORED, True)

    @invariant()
    def nothing_sealed_ever_changes(self) -> None:
        now: dict[tuple[str, int], tuple[Any, ...]] = {
            ("piece", piece.id): (piece.sha256, piece.size, piece.kind, piece.seal_id, piece.captured_at)
            for piece in Piece.select().where(Piece.seal.is_null(is_null=False))
        }
        now |= {("seal", seal.id): (seal.sha256, seal.manifest, seal.sealed_at) for seal in Seal.select()}
        now |= {("words", case.id): (case.text, case.seal_id) for case in Case.select() if case.seal_id is not None}
        assert {key: now.get(key) for key in self.sealed} == self.sealed
        self.sealed = now


LONG = settings.get_current_profile_name() == "long"
BOUNDED = settings(
    max_examples=15, stateful_step_count=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)


def test_the_promises_hold_in_whatever_order_people_press(town: Town) -> None:
    REACHED.clear()
    machine = partial(Lifecycle, town)
    run_state_machine_as_test(machine, settings=settings() if LONG else BOUNDED)  # type: ignore[arg-type]
    # The walk is worth its time only as long as it comes to the far ends of the lifecycle.
    ends = {"advise", "answer", "ask", "carry_out", "case closed", "determine", "hide", "prove_hidden", "restore"}
    assert ends <= REACHED.keys()
