"""Capturing and looking through: what joins, what comes back, and who may."""

import json
from datetime import timedelta

import pytest

from charlton_intranet.core.audit import AuditEvent
from charlton_intranet.core.errors import Forbidden, Invalid, NotFound, StaleState
from charlton_intranet.evidence.models import Piece
from charlton_intranet.moderation import queries, service
from charlton_intranet.moderation.models import Case, CaseNote, Contributor
from charlton_intranet.moderation.queries import QueueFilter
from charlton_intranet.moderation.rules import CaseState
from charlton_intranet.sites.models import Site
from charlton_intranet.sites.rules import SiteState
from tests.conftest import Town
from tests.moderation import factories

LINK = "https://www.facebook.com/CharltonLibrary/posts/77?fbclid=abc"
SAME_LINK = "http://m.facebook.com/CharltonLibrary/posts/77/"


def capture(town: Town, box: str = "coordinator.library", **facts: object) -> service.Captured:
    given = {"site_id": factories.site(town).id, "text": factories.WORDS, "clock": town.clock} | facts
    return service.capture(town.actor(box), **given)  # type: ignore[arg-type]


def events(tag: str) -> list[dict[str, object]]:
    found = AuditEvent.select().where(AuditEvent.tag == tag).order_by(AuditEvent.number)
    return [json.loads(event.detail)["details"] for event in found]


# --- capture ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("box", ["coordinator.library", "head.library", "user.library", "administrator"])
def test_who_may_capture_opens_a_case_that_is_due_the_next_business_day(town: Town, box: str) -> None:
    case = Case.get_by_id(capture(town, box, handle="@Jo", urgent=True, permalink=LINK).case_id)
    assert (case.state, case.urgent, case.text) == (CaseState.OPEN, True, factories.WORDS)
    assert case.due_on == town.today + timedelta(days=1)
    assert case.seen_by_id == town.person_id(box)
    assert case.contributor is not None
    assert case.contributor.handle == "@Jo"


@pytest.mark.parametrize("box", ["coordinator.police", "it", "records", "auditor", "employee"])
def test_who_may_not_capture_leaves_nothing(town: Town, box: str) -> None:
    site_id = factories.site(town).id
    with pytest.raises(Forbidden):
        capture(town, box, site_id=site_id)
    assert not Case.select().exists()


def test_two_spellings_of_a_name_are_one_contributor_per_network(town: Town) -> None:
    capture(town, handle="@Jo Doe")
    capture(town, handle="jo  doe ")
    capture(town, handle="@")
    assert [c.handle for c in Contributor.select()] == ["@Jo Doe"]
    assert Case.select().where(Case.contributor.is_null(False)).count() == 2


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"text": " \n"}, "text"),
        ({"text": "x" * 50_001}, "text"),
        ({"permalink": "https://x.com/" + "a" * 1000}, "permalink"),
        ({"handle": "h" * 151}, "handle"),
    ],
)
def test_what_does_not_fit_is_refused_by_its_field(town: Town, facts: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        capture(town, **facts)
    assert set(refusal.value.problems) == {field}
    assert not Case.select().exists()


def test_nothing_was_posted_in_the_future(town: Town) -> None:
    capture(town, posted_at=town.clock.now())
    with pytest.raises(Invalid) as refusal:
        capture(town, posted_at=town.clock.now() + timedelta(seconds=1))
    assert set(refusal.value.problems) == {"posted_at"}


def test_signs_that_no_database_takes_do_not_break_it(town: Town) -> None:
    nasty = "half \ud83d pair, nul \0, ünï¢ode 🚲 and \u202e"
    case = Case.get_by_id(capture(town, text=nasty, handle="n\0\ud800", permalink="https://x.com/\0").case_id)
    assert case.text == "half ? pair, nul \ufffd, ünï¢ode 🚲 and \u202e"


def test_a_site_that_is_over_takes_nothing_in(town: Town) -> None:
    site = factories.site(town)
    Site.update(state=SiteState.DEACTIVATED).where(Site.id == site.id).execute()
    with pytest.raises(Invalid) as refusal:
        capture(town)
    assert set(refusal.value.problems) == {"site_id"}


def test_the_same_post_joins_its_case_with_its_picture(town: Town) -> None:
    first = capture(town, permalink=LINK)
    again = capture(town, "user.library", permalink=SAME_LINK, uploads=[factories.upload(town)], urgent=True)
    assert (again.case_id, again.joined, again.reopened) == (first.case_id, True, False)
    view = queries.case_view(town.actor("coordinator.library"), first.case_id)
    assert (len(view.pieces), view.urgent, view.notes) == (1, True, ())
    assert Case.select().count() == 1


def test_the_same_link_on_another_site_is_another_case(town: Town) -> None:
    first = capture(town, permalink=LINK)
    other = capture(town, "coordinator.police", permalink=LINK, site_id=factories.site(town, "Police").id)
    assert not other.joined
    assert other.case_id != first.case_id


def test_a_dismissed_post_that_is_seen_again_is_open_again_and_says_so(town: Town) -> None:
    case = factories.case(town, permalink=LINK)
    service.dismiss(factories.coordinator(town), case.id, case.version, clock=town.clock)
    town.clock.advance(days=8)
    again = capture(town, permalink=SAME_LINK)
    assert (again.case_id, again.joined, again.reopened) == (case.id, True, True)
    now = factories.again(case)
    assert (now.state, now.due_on, now.dismissed_by_id) == (CaseState.OPEN, town.today + timedelta(days=1), None)
    assert events("case.captured_again")[-1]["after"] == "open"


def test_words_that_were_edited_in_between_are_kept_once(town: Town) -> None:
    case = factories.case(town, "First words.", permalink=LINK)
    for text in ("First  words.\n", "Worse words.", "Worse words."):
        capture(town, text=text, permalink=SAME_LINK)
    assert [note.text for note in CaseNote.select()] == ["Captured again with other words:\nWorse words."]
    assert factories.again(case).text == "First words."
    found = queries.queue_page(town.actor("coordinator.library"), QueueFilter(words="worse"), now=town.clock.now())
    assert [row.id for row in found.rows] == [case.id]


def test_a_picture_that_comes_after_the_seal_is_sealed_too(town: Town) -> None:
    case = factories.consulting(town, permalink=LINK)
    capture(town, permalink=LINK, uploads=[factories.upload(town, "green")])
    pieces = queries.case_view(town.actor("coordinator.library"), case.id).pieces
    assert len(pieces) == 3
    assert all(piece.seal_id for piece in pieces)
    assert factories.again(case).seal_id == case.seal_id


# --- no concern and its undo ------------------------------------------------------------------------------------


def test_no_concern_and_back_however_long_ago(town: Town) -> None:
    case, actor = factories.case(town), factories.coordinator(town)
    service.dismiss(actor, case.id, case.version, clock=town.clock)
    dismissed = factories.again(case)
    assert (dismissed.state, dismissed.dismissed_by_id) == (CaseState.DISMISSED, actor.person_id)
    town.clock.advance(days=400)
    service.undo_dismiss(actor, case.id, dismissed.version, clock=town.clock)
    opened = factories.again(case)
    assert (opened.state, opened.dismissed_by_id) == (CaseState.OPEN, None)
    assert [e["after"] for e in events("case.dismissed") + events("case.dismissal_undone")] == ["dismissed", "open"]


def test_a_second_press_changes_nothing(town: Town) -> None:
    case, actor = factories.case(town), factories.coordinator(town)
    service.dismiss(actor, case.id, case.version, clock=town.clock)
    with pytest.raises(StaleState):
        service.dismiss(actor, case.id, case.version, clock=town.clock)
    assert len(events("case.dismissed")) == 1


def test_many_at_once_leave_out_what_somebody_else_has_moved_on(town: Town) -> None:
    actor = factories.coordinator(town)
    cases = [factories.case(town, f"Post {n}") for n in range(5)]
    service.dismiss(actor, cases[1].id, cases[1].version, clock=town.clock)
    chosen = [(case.id, case.version) for case in cases]
    chosen[2] = (cases[2].id, cases[2].version + 1)
    batch = service.dismiss_many(actor, chosen, clock=town.clock)
    assert batch.done == (cases[0].id, cases[3].id, cases[4].id)
    assert batch.stale == (cases[1].id, cases[2].id)
    assert factories.again(cases[2]).state is CaseState.OPEN
    assert service.undo_batch(actor, batch.batch, clock=town.clock) == 3
    states = [factories.again(case).state.value for case in cases]
    assert states == ["open", "dismissed", "open", "open", "open"]
    assert service.undo_batch(actor, batch.batch, clock=town.clock) == 0


def test_many_with_one_of_another_department_or_none_do_nothing(town: Town) -> None:
    mine, theirs = factories.case(town), factories.case(town, department="Police")
    actor = factories.coordinator(town)
    for chosen in ([(mine.id, 1), (theirs.id, 1)], [(mine.id, 1), (999_999, 1)]):
        with pytest.raises(NotFound):
            service.dismiss_many(actor, chosen, clock=town.clock)
    for refused in ([], [(n, 1) for n in range(1, 502)]):
        with pytest.raises(Invalid):
            service.dismiss_many(actor, refused, clock=town.clock)
    assert factories.again(mine).state is CaseState.OPEN


def test_the_undo_of_another_departments_press_is_not_found(town: Town) -> None:
    case = factories.case(town)
    batch = service.dismiss_many(factories.coordinator(town), [(case.id, case.version)], clock=town.clock)
    with pytest.raises(NotFound):
        service.undo_batch(factories.coordinator(town, "Police"), batch.batch, clock=town.clock)
    assert factories.again(case).state is CaseState.DISMISSED


# --- notes, presence, what vanished --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("box", "refusal"),
    [
        ("coordinator.library", None),
        ("head.library", None),
        ("administrator", None),
        ("records", Forbidden),
        ("auditor", Forbidden),
        ("user.library", NotFound),
        ("coordinator.police", NotFound),
    ],
)
def test_who_works_on_a_case_notes_who_reads_it_does_not(town: Town, box: str, refusal: type[Exception] | None) -> None:
    case = factories.closed(town)
    before = CaseNote.select().count()
    if refusal is None:
        service.add_note(town.actor(box), case.id, "A word.", clock=town.clock)
    else:
        with pytest.raises(refusal):
            service.add_note(town.actor(box), case.id, "A word.", clock=town.clock)
    assert CaseNote.select().count() == before + (refusal is None)


def test_an_empty_or_endless_note_is_refused(town: Town) -> None:
    case = factories.case(town)
    for text in (" ", "x" * 5001):
        with pytest.raises(Invalid):
            service.add_note(factories.coordinator(town), case.id, text, clock=town.clock)


def test_others_see_who_is_looking_for_two_minutes(town: Town) -> None:
    case, me = factories.case(town), town.person_id("coordinator.library")
    for box in ("coordinator.library", "head.library", "head.library"):
        service.look(town.actor(box), case.id, clock=town.clock)
    assert queries.lookers(case.id, me, town.clock.now()) == ["Helen Marsh"]
    assert queries.lookers(case.id, None, town.clock.now()) == ["Cody Barnes", "Helen Marsh"]
    town.clock.advance(minutes=2)
    assert queries.lookers(case.id, me, town.clock.now()) == []
    with pytest.raises(NotFound):
        service.look(town.actor("head.police"), case.id, clock=town.clock)


@pytest.mark.parametrize("state", [CaseState.OPEN, CaseState.CONSULTING, CaseState.ADVISED, CaseState.DETERMINED])
def test_what_vanished_before_action_ends_and_says_how(town: Town, state: CaseState) -> None:
    case, actor = factories.in_state(town, state), factories.coordinator(town)
    with pytest.raises(Invalid):
        service.mark_vanished(actor, case.id, case.version, note=" ", clock=town.clock)
    service.mark_vanished(actor, case.id, case.version, note="Gone at ten.", clock=town.clock)
    now = factories.again(case)
    assert (now.state, now.due_on, now.closed_at) == (CaseState.VANISHED, None, town.clock.now())
    assert queries.case_view(actor, case.id).notes[-1].text == "Gone at ten."
    assert Piece.select().count() == (0 if state is CaseState.OPEN else 2)
