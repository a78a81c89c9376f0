import json
from datetime import date, timedelta

import pytest
from playhouse.test_utils import count_queries

from charlton_intranet.accounts.models import RoleAssignment
from charlton_intranet.core import audit
from charlton_intranet.core.audit import AuditEvent
from charlton_intranet.core.duties import Scope
from charlton_intranet.core.errors import Forbidden, Invalid, NotFound, StaleState
from charlton_intranet.core.permissions import SYSTEM, Role
from charlton_intranet.demo import incidents as demo
from charlton_intranet.incidents import duties, queries, service
from charlton_intranet.incidents.models import Incident, IncidentStep
from charlton_intranet.incidents.rules import IncidentKind, Severity, Status, Tlp
from charlton_intranet.incidents.service import Report
from charlton_intranet.mail.models import OutboxMessage
from charlton_intranet.sites.rules import SiteState
from tests.conftest import Town
from tests.incidents import factories
from tests.sites import factories as sites


def told() -> list[str]:
    return [row.recipient.partition("@")[0] for row in OutboxMessage.select().order_by(OutboxMessage.id)]


def events(tag: str) -> list[dict[str, object]]:
    rows = AuditEvent.select(AuditEvent.detail).where(AuditEvent.tag == tag).order_by(AuditEvent.number)
    return [json.loads(row.detail)["details"] for row in rows]


def status(town: Town, reference: str) -> Status:
    return Status(queries.incident(town.actor("it"), reference).status)


# --- reporting


def test_a_report_tells_it_at_once_and_leaves_a_trace(town: Town) -> None:
    site = sites.site(town)
    reference = factories.report(town, "user.library", site_id=site.id, done="Changed the password.")
    assert told() == ["it"]
    sent = OutboxMessage.get()
    assert sent.subject == f"Security incident {reference}: Not sure"
    for body in (sent.text, sent.html):
        assert f"http://127.0.0.1:8000/incidents/{reference}" in body
        assert "The page shows a post that nobody wrote." in body
        assert "Charlton Public Library (Facebook)" in body
        assert "Changed the password." in body
    (event,) = events("incident.reported")
    assert event["text"] == audit.digest_of("The page shows a post that nobody wrote.")
    assert event["told"] == [town.person_id("it")]


@pytest.mark.parametrize("kind", IncidentKind)
def test_severe_kinds_are_told_to_the_administrator_too(town: Town, kind: IncidentKind) -> None:
    factories.report(town, kind=kind)
    severe = kind in {IncidentKind.TAKEOVER, IncidentKind.DATA_EXPOSURE}
    assert told() == (["it", "administrator"] if severe else ["it"])


def test_without_it_the_administrator_hears_of_everything(town: Town) -> None:
    # The app keeps the town from closing its last IT Technician's account; a role can still run out.
    RoleAssignment.update(ends_on=town.today - timedelta(days=1)).where(RoleAssignment.role == Role.IT).execute()
    factories.report(town)
    assert told() == ["administrator"]


def test_the_mail_shows_the_publics_markup_as_words(town: Town) -> None:
    factories.report(town, what="<script>alert(1)</script>")
    assert "<script>" not in OutboxMessage.get().html


def test_references_have_no_gap_and_begin_anew_each_year(town: Town) -> None:
    assert [factories.report(town, what=str(n)) for n in range(3)] == [f"INC-2026-000{n}" for n in (1, 2, 3)]
    with pytest.raises(Invalid):
        factories.report(town, what="")
    assert factories.report(town, what="four") == "INC-2026-0004"
    town.clock.advance(days=60)
    assert factories.report(town, what="five") == "INC-2027-0001"


def test_the_year_is_the_towns_not_utcs(town: Town) -> None:
    town.clock.at = town.clock.at.replace(month=12, day=31, hour=23) + timedelta(hours=4)
    assert town.clock.at.year == 2027
    assert factories.report(town) == "INC-2026-0001"


def test_the_same_report_again_is_one(town: Town) -> None:
    first = factories.report(town)
    town.clock.advance(minutes=9)
    assert factories.report(town) == first
    assert told() == ["it"]
    assert factories.report(town, "user.library") != first
    assert factories.report(town, what="Something else") != first
    town.clock.advance(minutes=2)
    assert factories.report(town) != first


def test_a_site_that_the_reporter_may_not_know_of_is_refused(town: Town) -> None:
    hidden = sites.site(town, "Police", handle="secret", state=SiteState.REQUESTED)
    for site_id in (hidden.id, 99_999):
        with pytest.raises(Invalid) as refusal:
            factories.report(town, site_id=site_id)
        assert set(refusal.value.problems) == {"site"}
    assert Incident.select().count() == 0


def test_the_app_itself_reports_nothing(town: Town) -> None:
    with pytest.raises(Forbidden):
        service.report(SYSTEM, Report(what="x"), clock=town.clock)


def test_a_report_without_its_mail_is_no_report(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    def power_cut(*_: object, **__: object) -> None:
        raise ConnectionError

    with monkeypatch.context() as broken:
        broken.setattr("charlton_intranet.mail.service.queue", power_cut)
        with pytest.raises(ConnectionError):
            factories.report(town)
    assert (Incident.select().count(), events("incident.reported")) == (0, [])


# --- handling


def test_an_incident_goes_its_way(town: Town) -> None:
    reference = factories.at(town, Status.CLOSED)
    assert [(e["before"], e["after"]) for e in events("incident.moved")] == [
        ("reported", "acknowledged"),
        ("acknowledged", "containment"),
        ("containment", "eradication"),
        ("eradication", "recovery"),
        ("recovery", "closed"),
    ]
    view = queries.incident_view(town.actor("employee"), reference)
    assert [stage.state for stage in view.stages] == ["done"] * 6
    assert view.moves == []


@pytest.mark.parametrize("start", Status)
@pytest.mark.parametrize("to", Status)
def test_only_moves_that_are_open_are_made(town: Town, start: Status, to: Status) -> None:
    reference = factories.at(town, start)
    if to in queries.incident_view(town.actor("it"), reference).moves:
        factories.move(town, reference, to)
        assert status(town, reference) is to
        return
    with pytest.raises(StaleState, match=start.label):
        factories.move(town, reference, to)
    assert status(town, reference) is start


def test_a_stale_press_changes_nothing(town: Town) -> None:
    reference = factories.report(town)
    factories.move(town, reference, Status.ACKNOWLEDGED)
    for attempt in (
        lambda: service.move(town.actor("it"), reference, 1, Status.CONTAINMENT, note="Mine.", clock=town.clock),
        lambda: service.label(town.actor("it"), reference, 1, severity=Severity.LOW, tlp=Tlp.RED, clock=town.clock),
    ):
        with pytest.raises(StaleState):
            attempt()
    kept = queries.incident(town.actor("it"), reference)
    assert (kept.status, kept.severity, kept.version) == (Status.ACKNOWLEDGED, None, 2)
    assert IncidentStep.select().count() == 2


def test_every_move_but_the_first_says_what_was_done(town: Town) -> None:
    reference = factories.report(town)
    with pytest.raises(Invalid):
        factories.move(town, reference, Status.FALSE_ALARM, note=" ")
    factories.move(town, reference, Status.ACKNOWLEDGED, note="")
    with pytest.raises(Invalid):
        factories.move(town, reference, Status.CONTAINMENT, note="")
    assert status(town, reference) is Status.ACKNOWLEDGED


def test_labels_are_kept_with_before_and_after(town: Town) -> None:
    reference = factories.report(town)
    service.label(town.actor("it"), reference, 1, severity=Severity.HIGH, tlp=Tlp.RED, clock=town.clock)
    (event,) = events("incident.labelled")
    assert (event["before"], event["after"]) == ([None, "TLP:AMBER+STRICT"], ["high", "TLP:RED"])


@pytest.mark.parametrize("box", ["auditor", "head.library", "records", "user.police"])
def test_strangers_do_not_learn_that_it_exists(town: Town, box: str) -> None:
    reference = factories.report(town)
    for attempt in (
        lambda: queries.incident_view(town.actor(box), reference),
        lambda: service.add_note(town.actor(box), reference, "x", clock=town.clock),
        lambda: service.move(town.actor(box), reference, 1, Status.ACKNOWLEDGED, note="", clock=town.clock),
    ):
        with pytest.raises(NotFound):
            attempt()
    assert queries.incidents_page(town.actor(box)).rows == []


@pytest.mark.parametrize("box", ["employee", "administrator"])
def test_readers_do_not_move_it(town: Town, box: str) -> None:
    reference = factories.report(town)
    with pytest.raises(Forbidden):
        service.move(town.actor(box), reference, 1, Status.ACKNOWLEDGED, note="", clock=town.clock)
    with pytest.raises(Forbidden):
        service.label(town.actor(box), reference, 1, severity=None, tlp=Tlp.RED, clock=town.clock)


@pytest.mark.parametrize("box", ["employee", "administrator", "it"])
def test_who_may_see_it_adds_notes_and_a_second_press_adds_one(town: Town, box: str) -> None:
    reference = factories.report(town)
    for _ in range(2):
        service.add_note(town.actor(box), reference, " It happened again. ", clock=town.clock)
    log = queries.incident_view(town.actor("it"), reference).log
    assert [(line.text, line.detail) for line in log] == [
        ("Note", "It happened again."),
        ("Reported", "Told by mail: Sam Ellery."),
    ]
    assert len(events("incident.noted")) == 1


# --- duties


def owed(town: Town, box: str | None = "it") -> list[tuple[str, str, date]]:
    scope = Scope(town.today, town.actor(box) if box else None)
    return [(d.kind.name, d.title, d.due) for d in town.parts.register.owed(scope) if d.kind in duties.KINDS]


def test_it_takes_a_report_up_within_a_day_and_steps_on_each_business_day(town: Town) -> None:
    reference = factories.report(town)
    assert owed(town) == [("incident.take_up", f"Take up incident {reference}", date(2026, 11, 24))]
    factories.move(town, reference, Status.ACKNOWLEDGED)
    title = f"Incident {reference} is open (taken up)"
    assert owed(town) == [("incident.next_step", title, date(2026, 11, 24))]
    town.clock.advance(days=2)
    # The Wednesday before Thanksgiving: the next business day is Friday.
    service.add_note(town.actor("it"), reference, "Still waiting for the network.", clock=town.clock)
    assert owed(town) == [("incident.next_step", title, date(2026, 11, 27))]


def test_a_reporters_note_is_no_step_of_it(town: Town) -> None:
    reference = factories.at(town, Status.ACKNOWLEDGED)
    town.clock.advance(days=1)
    service.add_note(town.actor("employee"), reference, "Any news?", clock=town.clock)
    assert [due for _, _, due in owed(town)] == [date(2026, 11, 24)]


@pytest.mark.parametrize("over", [Status.CLOSED, Status.FALSE_ALARM])
def test_nothing_is_owed_for_what_is_over(town: Town, over: Status) -> None:
    factories.at(town, over)
    assert owed(town) == []


def test_others_owe_nothing_and_titles_tell_nothing(town: Town) -> None:
    factories.report(town, kind=IncidentKind.DATA_EXPOSURE, what="Phone numbers of staff")
    assert owed(town, "administrator") == owed(town, "employee") == []
    (duty,) = owed(town, None)
    assert duty[1] == "Take up incident INC-2026-0001"


def test_the_number_of_queries_does_not_grow(town: Town) -> None:
    scope, it = Scope(town.today, town.actor("it")), town.actor("it")
    factories.report(town)
    with count_queries() as few:
        list(duties.owed(scope))
        queries.incidents_page(it)
    for number in range(5):
        factories.report(town, what=str(number), kind=IncidentKind.TAKEOVER)
    with count_queries() as many:
        list(duties.owed(scope))
        queries.incidents_page(it)
    assert few.count == many.count == 5


# --- the demo


def test_the_demo_shows_every_status(town: Town) -> None:
    sites.site(town)
    end = town.clock.at
    demo.load(town.clock, town.parts.store)
    town.clock.at = end
    assert {row.status for row in Incident.select(Incident.status)} == set(Status)
    assert all(step.at <= end for step in IncidentStep.select())
    assert audit.verify().fault is None


@pytest.mark.parametrize(
    ("status", "line"),
    [
        (Status.REPORTED, ["Reported now", "Taken up later", "Containment later"]),
        (Status.CONTAINMENT, ["Reported done", "Taken up done", "Containment now"]),
        (Status.FALSE_ALARM, ["Reported done", "False alarm done"]),
    ],
)
def test_the_line_says_where_it_stands(town: Town, status: Status, line: list[str]) -> None:
    stages = queries.incident_view(town.actor("employee"), factories.at(town, status)).stages
    assert [f"{stage.label} {stage.state}" for stage in stages][:3] == line
