"""Referrals to IT, the police, human resources and counsel: who makes, sends, reads and answers them."""

import io
from datetime import timedelta
from typing import Any

import pytest
from playhouse.test_utils import count_queries

from charlton_intranet.core.duties import Scope
from charlton_intranet.core.errors import Forbidden, Invalid, NotFound, StaleState
from charlton_intranet.core.permissions import Role
from charlton_intranet.evidence.models import Seal
from charlton_intranet.mail.models import OutboxMessage
from charlton_intranet.moderation.duties.referrals import FOLLOW, SEND, owed
from charlton_intranet.moderation.models import Case, CasePiece, Referral, ReferralPaper
from charlton_intranet.moderation.queries.referrals import may_read, referrals_of, referrals_page
from charlton_intranet.moderation.rules import WORDS_MAX, CaseState
from charlton_intranet.moderation.rules.worksheet import HOW_MAX, ReferralState, ReferredTo
from charlton_intranet.moderation.service import referring
from charlton_intranet.oversight.jobs import send_digests
from tests.conftest import Town
from tests.moderation import factories
from tests.moderation import worksheet_factories as worksheets

URL = "/referrals"
ALL = sorted(ReferredTo)


def sent(town: Town, to: ReferredTo = ReferredTo.POLICE) -> Referral:
    made = worksheets.referral(town, factories.consulting(town), to)
    if made.state is ReferralState.ASKED:
        referring.mark_sent(
            town.actor("administrator"), made.id, made.version, how="By mail to Lt. Moreno", clock=town.clock
        )
    return Referral.get_by_id(made.id)


def again(made: Referral) -> Referral:
    return Referral.get_by_id(made.id)


def page(town: Town, box: str, url: str) -> str:
    return str(town.client(box).get(url).get_data(as_text=True))


# --- make ---------------------------------------------------------------------------------------------------------


def test_a_referral_starts_with_a_reason_a_day_and_a_mail(town: Town) -> None:
    case = factories.consulting(town)
    it, police = (worksheets.referral(town, case, to) for to in (ReferredTo.IT, ReferredTo.POLICE))
    assert (it.state, it.due_on.isoformat(), it.sent_how) == (ReferralState.SENT, "2026-12-01", "In the app")
    assert (police.state, police.due_on.isoformat()) == (ReferralState.ASKED, "2026-11-24")
    mails = {m.recipient: m for m in OutboxMessage.select().where(OutboxMessage.kind == "case_referral")}
    assert mails.keys() == {"it@charlton.example", "coordinator.library@charlton.example"}
    for mail in mails.values():
        assert worksheets.REASON not in mail.text + mail.html
        assert case.text not in mail.text + mail.html


@pytest.mark.parametrize("state", sorted({CaseState.OPEN, CaseState.DISMISSED, CaseState.VANISHED}))
def test_nothing_is_handed_on_that_is_not_sealed(town: Town, state: CaseState) -> None:
    case = factories.in_state(town, state)
    with pytest.raises(Invalid, match="must be sealed"):
        referring.refer_case(town.actor("administrator"), case.id, to=ReferredTo.IT, reason="A link", clock=town.clock)
    assert not Referral.select().exists()


def test_one_is_open_for_each_office_at_a_time(town: Town) -> None:
    case = factories.consulting(town)
    made = worksheets.referral(town, case)
    browser = town.client("administrator")
    twice = browser.submit(f"/triage/{case.id}/referrals", {"to": "it", "reason": "Once more."})
    assert twice.status_code == 422
    assert "Once more." in twice.get_data(as_text=True)
    assert Referral.select().count() == 1
    referring.answer(town.actor("it"), made.id, made.version, text="Nothing of ours.", clock=town.clock)
    assert browser.submit(f"/triage/{case.id}/referrals", {"to": "it", "reason": "Once more."}).status_code == 303
    assert Referral.select().count() == 2


@pytest.mark.parametrize("data", [{}, {"to": "it"}, {"to": "mayor", "reason": "x"}, {"to": "it", "reason": "x" * 5001}])
def test_an_incomplete_referral_comes_back_with_what_was_typed(town: Town, data: dict[str, str]) -> None:
    case = factories.consulting(town)
    assert len("x" * 5001) > WORDS_MAX
    answer = town.client("coordinator.library").submit(f"/triage/{case.id}/referrals", data)
    assert answer.status_code == 422
    assert data.get("reason", "") in answer.get_data(as_text=True)
    assert not Referral.select().exists()


@pytest.mark.parametrize("box", ["head.library", "auditor", "records"])
def test_who_only_reads_hands_nothing_on(town: Town, box: str) -> None:
    case = factories.consulting(town)
    assert town.client(box).submit(f"/triage/{case.id}/referrals", {"to": "it", "reason": "x"}).status_code == 403
    assert town.client(box).get(URL).status_code == 403


@pytest.mark.parametrize("box", ["coordinator.police", "it"])
def test_strangers_to_the_case_hand_nothing_on(town: Town, box: str) -> None:
    case = factories.consulting(town)
    assert town.client(box).submit(f"/triage/{case.id}/referrals", {"to": "it", "reason": "x"}).status_code == 404


def test_personnel_matters_are_the_town_administrators(town: Town) -> None:
    case = factories.consulting(town)
    with pytest.raises(Forbidden):
        referring.refer_case(
            town.actor("coordinator.library"), case.id, to=ReferredTo.HR, reason="A colleague", clock=town.clock
        )
    made = worksheets.referral(town, case, ReferredTo.HR)
    for box in ("coordinator.library", "it"):
        assert town.client(box).get(f"{URL}/{made.id}").status_code == 404
        assert "Human resources" not in page(town, box, URL)
    assert "Human resources" not in page(town, "auditor", f"/triage/{case.id}").split("Hand this on")[0]
    assert f"{URL}/{made.id}" in page(town, "administrator", f"/triage/{case.id}")


def test_a_late_personnel_matter_is_told_to_nobody_but_the_town_administrator(town: Town) -> None:
    case = factories.consulting(town)
    made = worksheets.referral(town, case, ReferredTo.HR)
    town.clock.at += timedelta(days=60)
    send_digests(town.parts)
    heard = {
        message.recipient.partition("@")[0]
        for message in OutboxMessage.select().where(OutboxMessage.kind == "digest")
        if "human resources" in message.text
    }
    assert heard == {"administrator"}
    for box in ("head.library", "auditor", "records"):
        board = page(town, box, "/oversight/clauses/3.6-4")
        assert "human resources" not in board
        assert f"{URL}/{made.id}" not in board


# --- read ---------------------------------------------------------------------------------------------------------

READERS = {
    ReferredTo.IT: {"administrator", "coordinator.library", "it"},
    ReferredTo.POLICE: {"administrator", "coordinator.library"},
    ReferredTo.COUNSEL: {"administrator", "coordinator.library"},
    ReferredTo.HR: {"administrator"},
}


@pytest.mark.parametrize("to", ALL)
def test_each_referral_has_its_readers(town: Town, to: ReferredTo) -> None:
    made = worksheets.referral(town, factories.consulting(town), to)
    boxes = ["administrator", "coordinator.library", "coordinator.police", "it"]
    opened = {box for box in boxes if town.client(box).get(f"{URL}/{made.id}").status_code == 200}
    assert opened == READERS[to]
    library = town.department_id("Library")
    assert {box for box in boxes if may_read(town.actor(box), to, library)} == READERS[to]
    listed = {box for box in boxes if [one.id for one in referrals_page(town.actor(box))[0]] == [made.id]}
    assert listed == READERS[to]


def test_it_sees_what_was_referred_and_nothing_else_of_the_case(town: Town) -> None:
    case = factories.consulting(town, handle="@matchbox")
    made = worksheets.referral(town, case)
    seen = page(town, "it", f"{URL}/{made.id}")
    assert worksheets.REASON in seen
    assert case.text not in seen
    assert "matchbox" not in seen
    assert f"/triage/{case.id}" not in seen
    assert town.client("it").get(f"/triage/{case.id}").status_code == 403
    assert town.client("it").get(f"{URL}/{made.id}/sheet").status_code == 403


def test_the_sheet_has_words_and_digests_of_all_sealed_evidence(town: Town) -> None:
    case = factories.consulting(town, uploads=[factories.upload(town, "red")])
    made = worksheets.referral(town, case, ReferredTo.POLICE)
    sheet = page(town, "coordinator.library", f"{URL}/{made.id}/sheet")
    pieces = [link.piece for link in CasePiece.select().where(CasePiece.case == case.id)]
    assert len(pieces) == 3
    assert all(piece.sha256 in sheet for piece in pieces)
    assert Seal.get_by_id(case.seal_id).sha256 in sheet
    assert case.text in sheet


def test_readers_of_the_case_see_that_it_was_handed_on_but_not_what_was_said(town: Town) -> None:
    case = factories.consulting(town)
    worksheets.referral(town, case, ReferredTo.COUNSEL)
    seen = page(town, "auditor", f"/triage/{case.id}")
    assert "Town counsel" in seen
    assert worksheets.REASON not in seen
    assert f'href="{URL}/' not in seen
    [row] = referrals_of(town.actor("auditor"), case.id, case.department_id)
    assert not row.readable


# --- send, answer, take back --------------------------------------------------------------------------------------


def test_sent_starts_the_clock_of_the_answer(town: Town) -> None:
    made = worksheets.referral(town, factories.consulting(town), ReferredTo.POLICE)
    browser = town.client("coordinator.library")
    for how in ("", "x" * (HOW_MAX + 1)):
        refused = browser.submit(f"{URL}/{made.id}/sent", {"version": made.version, "how": how})
        assert refused.status_code == 422
        assert how in refused.get_data(as_text=True)
    assert browser.submit(f"{URL}/{made.id}/sent", {"version": made.version, "how": "By hand"}).status_code == 303
    kept = again(made)
    assert (kept.state, kept.sent_how, kept.due_on.isoformat()) == (ReferralState.SENT, "By hand", "2026-12-01")


def test_an_answer_is_kept_with_its_documents_and_whoever_asked_is_told(town: Town) -> None:
    made = sent(town, ReferredTo.IT)
    files = {"papers": (io.BytesIO(factories.picture()), "scan.png")}
    answered = town.client("it").submit(
        f"{URL}/{made.id}/answer", {"version": made.version, "text": "The address is closed.", **files},
        content_type="multipart/form-data",
    )  # fmt: skip
    assert answered.status_code == 303
    assert again(made).state is ReferralState.ANSWERED
    paper = ReferralPaper.get()
    got = town.client("administrator").get(f"{URL}/{made.id}/papers/{paper.id}")
    assert (got.data, got.headers["Content-Disposition"].split(";")[0]) == (factories.picture(), "attachment")
    assert town.client("administrator").get(f"{URL}/{made.id}/papers/{paper.id + 1}").status_code == 404
    assert "The address is closed." in page(town, "administrator", f"{URL}/{made.id}")
    told = OutboxMessage.get(OutboxMessage.kind == "referral_answered")
    assert told.recipient == "administrator@charlton.example"
    assert "The address is closed." not in told.text


def test_a_document_that_is_none_is_refused_and_the_answer_kept_in_the_form(town: Town) -> None:
    made = sent(town)
    refused = town.client("coordinator.library").submit(
        f"{URL}/{made.id}/answer",
        {"version": made.version, "text": "See the report.", "papers": (io.BytesIO(b"MZ\x90"), "report.pdf")},
        content_type="multipart/form-data",
    )
    assert refused.status_code == 422
    assert "See the report." in refused.get_data(as_text=True)
    assert again(made).state is ReferralState.SENT


def test_it_can_not_take_a_referral_back(town: Town) -> None:
    made = sent(town, ReferredTo.IT)
    with pytest.raises(Forbidden):
        referring.withdraw(town.actor("it"), made.id, made.version, why="No.", clock=town.clock)
    assert town.client("it").submit(f"{URL}/{made.id}/withdraw", {}).status_code == 403
    referring.withdraw(town.actor("coordinator.library"), made.id, made.version, why="Not ours.", clock=town.clock)
    assert again(made).state is ReferralState.WITHDRAWN


STEPS: dict[ReferralState, Any] = {
    ReferralState.SENT: lambda town, made: referring.mark_sent(
        town.actor("administrator"), made.id, made.version, how="By mail", clock=town.clock
    ),
    ReferralState.ANSWERED: lambda town, made: referring.answer(
        town.actor("administrator"), made.id, made.version, text="Done.", clock=town.clock
    ),
    ReferralState.WITHDRAWN: lambda town, made: referring.withdraw(
        town.actor("administrator"), made.id, made.version, why="Not needed.", clock=town.clock
    ),
}
OPEN_TO = {
    ReferralState.ASKED: {ReferralState.SENT, ReferralState.WITHDRAWN},
    ReferralState.SENT: {ReferralState.ANSWERED, ReferralState.WITHDRAWN},
    ReferralState.ANSWERED: set(),
    ReferralState.WITHDRAWN: set(),
}


@pytest.mark.parametrize("now", sorted(ReferralState))
@pytest.mark.parametrize("then", sorted(STEPS))
def test_every_pair_of_states(town: Town, now: ReferralState, then: ReferralState) -> None:
    made = worksheets.referral(town, factories.consulting(town), ReferredTo.COUNSEL)
    Referral.update(state=now).where(Referral.id == made.id).execute()
    if then in OPEN_TO[now]:
        STEPS[then](town, made)
        assert again(made).state is then
        return
    with pytest.raises(StaleState):
        STEPS[then](town, made)
    assert again(made).state is now


def test_a_stale_press_says_so_and_leads_back_to_the_referral(town: Town) -> None:
    made = sent(town, ReferredTo.IT)
    Referral.update(version=made.version + 1).where(Referral.id == made.id).execute()
    stale = town.client("it").submit(f"{URL}/{made.id}/answer", {"version": made.version, "text": "All is closed."})
    assert stale.status_code == 409
    assert "All is closed." in stale.get_data(as_text=True)
    assert f'href="{URL}/{made.id}"' in stale.get_data(as_text=True)


@pytest.mark.parametrize("step", ["answer", "sent", "withdraw"])
def test_pressing_is_for_readers_and_by_post(town: Town, step: str) -> None:
    made = sent(town)
    assert town.client("administrator").get(f"{URL}/{made.id}/{step}").status_code == 405
    assert town.client("administrator").get(f"{URL}/99999").status_code == 404
    assert town.client("coordinator.police").submit(f"{URL}/{made.id}/{step}", {"version": 1}).status_code == 404
    assert town.client("head.library").submit(f"{URL}/{made.id}/{step}", {"version": 1}).status_code == 403
    with pytest.raises(NotFound):
        STEPS[ReferralState.WITHDRAWN](town, Referral(id=99999, version=1))


# --- duties and lists ---------------------------------------------------------------------------------------------


def test_who_owes_what_by_when(town: Town) -> None:
    case = factories.consulting(town)
    for to in ALL:
        worksheets.referral(town, case, to)
    found = [(d.kind, d.owner.role, d.due.isoformat()) for d in owed(Scope(today=town.today))]
    assert found == [
        (SEND, Role.ADMINISTRATOR, "2026-11-24"),
        (SEND, Role.ADMINISTRATOR, "2026-11-24"),
        (FOLLOW, Role.IT, "2026-12-01"),
        (SEND, Role.COORDINATOR, "2026-11-24"),
    ]
    for box, number in {"administrator": 2, "it": 1, "coordinator.library": 1, "coordinator.police": 0}.items():
        assert len(list(owed(Scope(today=town.today, actor=town.actor(box))))) == number, box


def test_lists_and_pages_cost_the_same_at_any_size(town: Town) -> None:
    case = factories.consulting(town)
    made = worksheets.referral(town, case)
    facts = Referral.select().where(Referral.id == made.id).dicts().get()
    browser = town.client("it")
    browser.get(URL)
    with count_queries() as few:
        browser.get(URL)
    Referral.insert_many([{k: v for k, v in facts.items() if k != "id"} for _ in range(60)]).execute()  # type: ignore[attr-defined]
    with count_queries() as many:
        first = browser.get(URL).get_data(as_text=True)
    assert few.count == many.count
    assert first.count(f'href="{URL}/') == 25
    rows, key = referrals_page(town.actor("it"), after=referrals_page(town.actor("it"))[1])
    assert (len(rows), key is not None) == (25, True)


def test_a_case_that_was_never_sealed_asks_for_no_referrals(town: Town) -> None:
    case: Case = factories.case(town)
    assert "Hand this on" not in page(town, "coordinator.library", f"/triage/{case.id}")
