"""Who signed long ago is flagged and told once, and those who must see to it owe it."""

from datetime import date, timedelta

import pytest
from playhouse.test_utils import count_queries

from charlton_intranet.accounts import service as people
from charlton_intranet.core.audit import AuditEvent
from charlton_intranet.core.clock import town_midnight
from charlton_intranet.core.duties import Duty, Scope
from charlton_intranet.core.permissions import Role
from charlton_intranet.mail.models import OutboxMessage
from charlton_intranet.policy import duties, queries, service
from charlton_intranet.policy.jobs import flag_acknowledgements
from charlton_intranet.policy.models import Acknowledgement
from charlton_intranet.policy.rules import Change, Standing
from charlton_intranet.policy.service import ending
from tests.conftest import Town
from tests.policy import factories


def mails() -> list[tuple[str, str]]:
    rows = OutboxMessage.select().order_by(OutboxMessage.id)
    return [(row.kind, row.recipient.partition("@")[0]) for row in rows]


def tags() -> list[str]:
    rows = AuditEvent.select(AuditEvent.tag).where(AuditEvent.tag.startswith("acknowledgement."))
    return [row.tag for row in rows.order_by(AuditEvent.number) if row.tag != "acknowledgement.signed"]


def owed(town: Town, box: str | None = None) -> list[Duty]:
    return town.parts.register.owed(Scope(town.today, town.actor(box) if box else None))


def of_policy(town: Town, box: str | None = None) -> list[tuple[str, str, date]]:
    kinds = {duties.SIGN: "sign", duties.FOLLOW_UP: "follow up"}
    return [(kinds[d.kind], d.subject, d.due) for d in owed(town, box) if d.kind in kinds]


def test_a_year_of_minutes_tells_each_step_once(town: Town) -> None:
    factories.publish(town)
    factories.sign(town, "employee")
    said = []
    for _ in range(400):
        said += [flag_acknowledgements(town.parts), flag_acknowledgements(town.parts)]
        town.clock.advance(days=1)
    assert mails() == [("policy_expiring", "employee"), ("policy_expired", "employee")]
    assert tags() == ["acknowledgement.expiring", "acknowledgement.expired"]
    assert [sentence for sentence in said if sentence] == [
        "Flagged 1 signatures that expire soon and 0 that no longer count.",
        "Flagged 0 signatures that expire soon and 1 that no longer count.",
    ]


@pytest.mark.parametrize(("days", "kinds"), [(334, []), (335, ["policy_expiring"]), (365, ["policy_expiring"])])
def test_the_day_on_which_it_is_told(town: Town, days: int, kinds: list[str]) -> None:
    factories.publish(town)
    factories.sign(town, "employee")
    town.clock.advance(days=days)
    flag_acknowledgements(town.parts)
    assert [kind for kind, _ in mails()] == kinds


def test_after_an_outage_of_months_only_the_end_is_told(town: Town) -> None:
    factories.publish(town)
    factories.sign(town, "employee")
    town.clock.advance(days=500)
    flag_acknowledgements(town.parts)
    assert mails() == [("policy_expired", "employee")]


def test_a_new_major_version_is_told_to_all_who_signed(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ending, "BATCH", 2)
    factories.publish(town)
    for box in ("employee", "head.library", "user.library", "it", "records"):
        factories.sign(town, box)
    factories.publish(town, Change.MINOR)
    assert flag_acknowledgements(town.parts) == ""
    factories.publish(town, Change.MAJOR)
    assert flag_acknowledgements(town.parts).endswith("5 that no longer count.")
    assert flag_acknowledgements(town.parts) == ""
    assert sorted(mails()) == sorted(
        ("policy_superseded", box) for box in ("employee", "head.library", "user.library", "it", "records")
    )


def test_one_unit_of_work_tells_a_batch_and_no_more(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ending, "BATCH", 2)
    factories.publish(town)
    for box in ("employee", "head.library", "user.library"):
        factories.sign(town, box)
    factories.publish(town, Change.MAJOR)
    assert [service.flag(clock=town.clock).lapsed for _ in range(3)] == [2, 1, 0]


def test_who_signed_anew_hears_nothing_of_the_old_one(town: Town) -> None:
    factories.publish(town)
    factories.sign(town, "employee")
    town.clock.advance(days=300)
    factories.sign(town, "employee")
    town.clock.advance(days=100)
    assert flag_acknowledgements(town.parts) == ""
    assert mails() == []


def test_a_closed_account_is_flagged_but_not_written_to(town: Town) -> None:
    factories.publish(town)
    factories.sign(town, "employee")
    factories.disable(town, "employee")
    town.clock.advance(days=370)
    assert flag_acknowledgements(town.parts)
    assert (mails(), tags()) == ([], ["acknowledgement.expired"])


def test_a_run_that_breaks_tells_nothing_by_halves(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    factories.publish(town)
    factories.sign(town, "employee")
    town.clock.advance(days=340)

    def power_cut(*_: object, **__: object) -> None:
        raise ConnectionError

    with monkeypatch.context() as broken:
        broken.setattr("charlton_intranet.mail.service.queue", power_cut)
        with pytest.raises(ConnectionError):
            flag_acknowledgements(town.parts)
    assert tags() == []
    flag_acknowledgements(town.parts)
    assert (mails(), tags()) == ([("policy_expiring", "employee")], ["acknowledgement.expiring"])


def test_the_mail_leads_to_the_signature(town: Town) -> None:
    factories.publish(town)
    factories.sign(town, "employee")
    town.clock.advance(days=340)
    flag_acknowledgements(town.parts)
    sent = OutboxMessage.get()
    assert sent.subject == "Your signature under the Social Media Policy ends on Tue, Nov 23, 2027"
    for body in (sent.text, sent.html):
        assert "http://127.0.0.1:8000/policy/sign" in body
        assert "Edith Lowe" in body


def test_the_cost_grows_with_what_is_due(town: Town) -> None:
    """A tick over signatures that are fine asks the same few questions, whoever signed."""
    factories.publish(town)
    with count_queries() as alone:
        flag_acknowledgements(town.parts)
    for box in ("employee", "head.library", "user.library", "it"):
        factories.sign(town, box)
    with count_queries() as many:
        flag_acknowledgements(town.parts)
    assert many.count == alone.count <= 7


# --- duties


def test_nothing_is_owed_before_a_policy_is_in_force(town: Town) -> None:
    factories.draft(town)
    assert of_policy(town) == []


def test_whoever_speaks_for_the_town_owes_a_signature(town: Town) -> None:
    factories.publish(town)
    boxes = ("head.library", "coordinator.library", "user.library", "head.police", "coordinator.police", "user.police")
    assert of_policy(town) == [
        ("sign", subject, date(2026, 12, 8)) for subject in sorted(f"person:{town.person_id(box)}" for box in boxes)
    ]
    assert of_policy(town, "employee") == []


def test_a_signature_ends_the_duty_and_its_last_month_opens_it(town: Town) -> None:
    factories.publish(town)
    subject = f"person:{town.person_id('user.library')}"
    assert of_policy(town, "user.library") == [("sign", subject, date(2026, 12, 8))]
    factories.sign(town, "user.library")
    assert of_policy(town, "user.library") == []
    town.clock.advance(days=340)
    assert of_policy(town, "user.library") == [("sign", subject, date(2027, 11, 23))]


def test_an_overdue_signature_is_followed_up_by_the_administrator(town: Town) -> None:
    factories.publish(town)
    for box in ("head.library", "coordinator.library", "head.police", "coordinator.police", "user.police"):
        factories.sign(town, box)
    town.clock.advance(days=15)
    assert town.today == date(2026, 12, 8)
    assert of_policy(town, "administrator") == []
    town.clock.advance(days=1)
    subject = f"person:{town.person_id('user.library')}"
    assert of_policy(town, "administrator") == [("follow up", subject, date(2026, 12, 9))]
    assert of_policy(town, "head.library") == []


def test_a_new_role_starts_its_own_term(town: Town) -> None:
    """A coordinator who comes a year after the policy has ten business days, not a year's delay."""
    factories.publish(town)
    factories.sign(town, "head.library")
    town.clock.advance(days=200)
    start = town.today
    people.give_role(
        town.actor("administrator"), town.person_id("employee"), Role.AUTHORIZED_USER,
        department_id=town.department_id("Highway"), starts=start, clock=town.clock,
    )  # fmt: skip
    (_, _, due) = of_policy(town, "employee")[0]
    assert start + timedelta(days=14) <= due <= start + timedelta(days=17)


def test_the_number_of_queries_is_fixed(town: Town) -> None:
    factories.publish(town)
    actor = town.actor("administrator")
    with count_queries() as all_owe:
        list(duties.owed(Scope(town.today, actor)))
    for box in ("head.library", "coordinator.library", "user.library", "head.police"):
        factories.sign(town, box)
    with count_queries() as few_owe:
        list(duties.owed(Scope(town.today, actor)))
    assert all_owe.count == few_owe.count == 4


def test_the_register_knows_them(town: Town) -> None:
    factories.publish(town)
    assert Acknowledgement.select().count() == 0
    assert any(duty.clause == "3.3-4" and duty.url == "/policy/sign" for duty in owed(town, "head.police"))


# --- the very day


@pytest.mark.parametrize(
    "last_day",
    [date(2027, 3, 13), date(2027, 3, 14), date(2027, 11, 6), date(2027, 11, 7), date(2027, 7, 1)],
    ids=["before spring forward", "spring forward", "before fall back", "fall back", "a summer day"],
)
def test_a_signature_ends_at_local_midnight_and_is_flagged_that_minute(town: Town, last_day: date) -> None:
    """Good to the last minute of its last day in the town, on both nights on which the clock is changed too."""
    town.clock.at = town_midnight(last_day.replace(year=2026)) + timedelta(hours=10)
    factories.publish(town)
    factories.sign(town, "employee")
    kept = Acknowledgement.get()
    assert kept.expires_on == last_day
    person_id = town.person_id("employee")
    midnight = town_midnight(last_day + timedelta(days=1))
    for minutes in (-180, -61, -1):
        town.clock.at = midnight + timedelta(minutes=minutes)
        flag_acknowledgements(town.parts)
        assert queries.standing_of([person_id], town.today)[person_id].standing is Standing.EXPIRING
        assert "acknowledgement.expired" not in tags()
    town.clock.at = midnight
    assert queries.standing_of([person_id], town.today)[person_id].standing is Standing.EXPIRED
    assert flag_acknowledgements(town.parts)
    assert tags()[-1] == "acknowledgement.expired"
    assert mails()[-1] == ("policy_expired", "employee")
