"""The sweep of left-over files, and the demo's three weeks."""

import os
from datetime import timedelta

import pytest

from charlton_intranet.core import audit
from charlton_intranet.core.duties import Scope
from charlton_intranet.core.store import Damaged
from charlton_intranet.demo import moderation as demo
from charlton_intranet.demo import sites as demo_sites
from charlton_intranet.evidence import fixity
from charlton_intranet.evidence.models import Piece
from charlton_intranet.moderation import jobs
from charlton_intranet.moderation.duties import steps
from charlton_intranet.moderation.models import Case, Determination, ImportRun
from charlton_intranet.moderation.rules import CaseState, ImportState, Outcome
from tests.conftest import Town
from tests.moderation import factories


def test_only_old_files_that_no_case_holds_are_taken_away(town: Town) -> None:
    case = factories.consulting(town)
    kept = [piece.sha256 for piece in Piece.select().where(Piece.seal == case.seal_id)]
    given_up = town.parts.store.put(b"A picture of a form that was given up.").sha256
    just_now = town.parts.store.put(b"A picture of a form that is open.").sha256
    days_ago = (town.clock.now() - timedelta(days=2)).timestamp()
    for sha256 in (*kept, given_up):
        os.utime(town.parts.store.path_of(sha256), (days_ago, days_ago))
    assert "files taken away" in jobs.sweep_orphans(town.parts)
    with pytest.raises(Damaged, match="missing"):
        town.parts.store.get(given_up)
    assert town.parts.store.get(just_now)
    assert all(town.parts.store.get(sha256) for sha256 in kept)


@pytest.mark.parametrize("days", [0, 4, 5, 6])
def test_the_demo_shows_every_state_on_any_day_of_the_week(town: Town, days: int) -> None:
    town.clock.advance(days=days)
    end = town.clock.at
    demo_sites.load(town.clock, town.parts.store)
    demo.load(town.clock, town.parts.store)
    assert town.clock.at == end
    assert {case.state for case in Case.select(Case.state)} == set(factories.RESTING)
    assert {decided.outcome for decided in Determination.select(Determination.outcome)} == set(Outcome)
    assert 30 <= Case.select().count() <= 45
    assert Case.select().where((Case.state == CaseState.OPEN) & Case.urgent).exists()
    assert [run.state for run in ImportRun.select()] == [ImportState.DONE]
    owed = [duty for duty in town.parts.register.owed(Scope(town.today)) if duty.kind in steps.KINDS]
    assert {duty.kind for duty in owed} == set(steps.KINDS)
    assert any(duty.due < town.today for duty in owed)
    assert not any(case.seen_at > end for case in Case.select(Case.seen_at))
    assert fixity.check(town.parts.store).faults == []
    assert audit.verify().fault is None
