from charlton_intranet.core.once import once, reading_once

asked: list[tuple[str, int]] = []


@once
def read(name: str, *, day: int = 1) -> int:
    asked.append((name, day))
    return len(asked)


def test_a_read_is_made_once_within_a_view_and_anew_outside() -> None:
    asked.clear()
    with reading_once():
        assert read("calendar") == read("calendar") == 1
        with reading_once():
            assert read("calendar") == 1
        assert read("calendar", day=2) == 2
        assert read("calendar", day=2) == 2
        assert read("terms") == 3
    assert asked == [("calendar", 1), ("calendar", 2), ("terms", 1)]
    assert read("calendar") == 4
    assert read("calendar") == 5
    with reading_once():
        assert read("calendar") == 6
