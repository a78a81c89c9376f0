"""Files of comments: what goes in, what is refused and why, and a run that can be watched, left and taken up again."""

import csv
import time
from pathlib import Path

from charlton_intranet.moderation import importing, queries
from charlton_intranet.moderation.models import Case, ImportFile
from charlton_intranet.moderation.queries import QueueFilter
from charlton_intranet.moderation.rules import ImportState
from tests.conftest import Town
from tests.moderation import factories

TEXT_AND_ID = {"text": "text", "id": "id"}


def start(town: Town, data: bytes | str, **mapping: str) -> int:
    content = data.encode() if isinstance(data, str) else data
    return importing.start_import(
        factories.coordinator(town), site_id=factories.site(town).id, file_name="comments.csv", data=content,
        mapping=mapping or TEXT_AND_ID, clock=town.clock,
    )  # fmt: skip


def test_all_comments_of_a_real_file_go_in(town: Town, shared_data: Path) -> None:
    data = (shared_data / "moderation_hand.csv").read_bytes()
    with (shared_data / "moderation_hand.csv").open(encoding="utf-8", newline="") as file:
        expected = sorted(row["text"] for row in csv.DictReader(file))
    before = time.perf_counter()
    run = importing.run_import(start(town, data), clock=town.clock)
    took = time.perf_counter() - before
    print(f"{run.accepted} comments in {took:.2f} s, {run.accepted / took:.0f} a second")
    assert (run.state, run.total, run.accepted, run.joined, run.refused) == (ImportState.DONE, 2040, 2040, 0, 0)
    assert sorted(case.text for case in Case.select(Case.text)) == expected
