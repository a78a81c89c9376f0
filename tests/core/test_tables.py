import csv
import io
import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from charlton_intranet.core.tables import csv_text, json_text

OWASP_STARTS = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"


def read_back(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.encode().decode("utf-8-sig"), newline=""), strict=True))


def test_a_file_has_a_mark_and_line_ends_that_excel_reads() -> None:
    text = csv_text(["Name", "Since"], [["Bücherei", date(2026, 11, 23)]])
    assert text.encode().startswith(b"\xef\xbb\xbf")
    assert text.endswith('"Bücherei","2026-11-23"\r\n')


def test_every_payload_comes_out_as_text(shared_data: Path) -> None:
    payloads = json.loads((shared_data / "payloads" / "csv_injection.json").read_text(encoding="utf-8"))
    written = read_back(csv_text(["Title"], [[payload] for payload in payloads]))[1:]
    assert len(written) == len(payloads)
    for payload, (cell,) in zip(payloads, written, strict=True):
        assert not cell.lstrip(" ").startswith(tuple(OWASP_STARTS))
        assert cell.removeprefix("'") == payload


@pytest.mark.parametrize("start", OWASP_STARTS)
def test_no_text_starts_like_a_formula(start: str) -> None:
    (_header, row) = read_back(csv_text(["A", "B"], [[start + "1", "  " + start + "1"]]))
    assert all(cell.startswith("'") for cell in row[: 1 if start in "\t\r\n" else 2])


def test_headers_are_guarded_too() -> None:
    assert read_back(csv_text(["=A1"], []))[0] == ["'=A1"]


def test_numbers_dates_and_empty_cells_stay_what_they_are() -> None:
    values = [-3, 1.5, None, True, datetime(2026, 3, 3, 12, tzinfo=UTC)]
    assert read_back(csv_text(["a", "b", "c", "d", "e"], [values]))[1] == [
        "-3", "1.5", "", "yes", "2026-03-03T12:00:00+00:00",
    ]  # fmt: skip


def test_quotes_separators_and_lines_within_a_cell_survive() -> None:
    nasty = 'a "b", c;\r\nd\te'
    assert read_back(csv_text(["x"], [[nasty]]))[1] == [nasty]


def test_json_keeps_the_order_and_writes_dates() -> None:
    text = json_text({"b": date(2026, 1, 2), "a": "é"})
    assert text == '{\n "b": "2026-01-02",\n "a": "é"\n}\n'
    with pytest.raises(TypeError):
        json_text({"a": object()})
