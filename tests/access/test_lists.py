"""Reading pasted lists: lenient, and nothing is dropped."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charlton_intranet.access.rules import EntryKind, Known, Line, PageRole, Taken, match, name_key, read_list, role_of
from charlton_intranet.access.rules.lists import MAX_LINES, repeats
from charlton_intranet.core.errors import Invalid

FACEBOOK = """People with Facebook access

Cody Barnes
You
Facebook access with full control
Helen Marsh
Facebook access with partial control

Harbor Media Agency
Partial access
"""


def read(text: str) -> list[tuple[str, str, PageRole]]:
    return [(line.name, line.email, line.role) for line in read_list(text)]


def test_a_list_copied_from_facebook() -> None:
    assert read(FACEBOOK) == [
        ("People with Facebook access", "", PageRole.UNKNOWN),
        ("Cody Barnes", "", PageRole.ADMINISTER),
        ("Helen Marsh", "", PageRole.PUBLISH),
        ("Harbor Media Agency", "", PageRole.PUBLISH),
    ]


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("Cody Barnes", ("Cody Barnes", "", PageRole.UNKNOWN)),
        ("• Cody Barnes, Admin", ("Cody Barnes", "", PageRole.ADMINISTER)),
        ("1. Cody Barnes\tcody@charlton.example\tOwner", ("Cody Barnes", "cody@charlton.example", PageRole.ADMINISTER)),
        ("Cody Barnes (Moderator)", ("Cody Barnes", "", PageRole.COMMENT)),
        ("Cody Barnes – Full access", ("Cody Barnes", "", PageRole.ADMINISTER)),  # noqa: RUF001 - as people type it
        ("Cody Barnes Full access", ("Cody Barnes", "", PageRole.ADMINISTER)),
        ("Cody Barnes <Cody.B@Charlton.example>", ("Cody Barnes", "cody.b@charlton.example", PageRole.UNKNOWN)),
        ("cody@charlton.example; Editor", ("cody@charlton.example", "cody@charlton.example", PageRole.PUBLISH)),
        ("Co\u200bdy\u00a0Barnes\ufeff, Analyst", ("Cody Barnes", "", PageRole.VIEW)),
        ("José Núñez · Propietario", ("José Núñez", "", PageRole.ADMINISTER)),
        ("María Peña\nAcceso parcial", ("María Peña", "", PageRole.PUBLISH)),
        ("Lucía Ortega, moderadora", ("Lucía Ortega", "", PageRole.COMMENT)),
        ("Role: Manager", ("Role: Manager", "", PageRole.ADMINISTER)),
        ("Barnes, Cody", ("Barnes, Cody", "", PageRole.UNKNOWN)),
        ("@charltonlibrary\nFull access", ("@charltonlibrary", "", PageRole.ADMINISTER)),
        ("Uma Reyes, Wizard", ("Uma Reyes", "", PageRole.UNKNOWN)),
        ("Editor (limited)", ("Editor (limited)", "", PageRole.PUBLISH)),
    ],
)  # fmt: skip
def test_one_entry(text: str, entry: tuple[str, str, PageRole]) -> None:
    assert read(text) == [entry]


def test_words_about_a_role_that_nobody_understands_stay() -> None:
    assert [line.role_words for line in read_list("Uma Reyes, Wizard\nCody Barnes\tCharlton Library\tAdmin")] == [
        "Wizard", "Charlton Library; Admin",
    ]  # fmt: skip
    assert read("Cody Barnes\tCharlton Library\tAdmin") == [("Cody Barnes", "", PageRole.ADMINISTER)]


def test_who_let_somebody_in_is_nobody_of_their_own() -> None:
    lines = read_list("Cody Barnes (You)\nFull control · Added by Helen Marsh\nUma Reyes\nAñadida por Helen Marsh")
    assert [(line.name, line.role) for line in lines] == [
        ("Cody Barnes", PageRole.ADMINISTER),
        ("Uma Reyes", PageRole.UNKNOWN),
    ]
    assert "Added by Helen Marsh" in lines[0].role_words


def test_addresses_below_each_other_are_people_of_their_own() -> None:
    assert [email for _, email, _ in read("a@charlton.example\nb@charlton.example\n")] == [
        "a@charlton.example", "b@charlton.example",
    ]  # fmt: skip
    assert read("Cody Barnes\na@charlton.example\nEditor\nUma Reyes\nb@charlton.example\nAnalyst") == [
        ("Cody Barnes", "a@charlton.example", PageRole.PUBLISH),
        ("Uma Reyes", "b@charlton.example", PageRole.VIEW),
    ]


def test_of_several_roles_the_one_that_gives_most_counts() -> None:
    assert role_of("Analyst; Full access; Editor") is PageRole.ADMINISTER
    assert role_of("Wizard") is PageRole.UNKNOWN


@pytest.mark.parametrize("text", ["", " \n\t\n", "\u200b\ufeff", "---\n***"])
def test_a_list_of_nothing_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="one person a line"):
        read_list(text)


def test_a_list_without_end_is_refused() -> None:
    with pytest.raises(Invalid, match="at most"):
        read_list("\n".join(f"Person Number{n}" for n in range(MAX_LINES + 1)))
    with pytest.raises(Invalid, match="characters"):
        read_list("x" * 60_000)


@given(st.text(max_size=400))
def test_nothing_is_dropped_silently(text: str) -> None:
    try:
        lines = read_list(text)
    except Invalid:
        return
    kept = "".join(line.text for line in lines)
    assert {c for c in text if c.isascii() and c.isalnum()} <= set(kept)
    assert all(line.name for line in lines)


def test_a_name_is_the_same_in_any_spelling() -> None:
    assert name_key("Barnes, Cody") == name_key(" cody  BARNES ") == "cody barnes"
    assert name_key("José Núñez") == name_key("Jose Nunez")


KNOWN = Known(
    by_email={"cody@charlton.example": 1},
    by_name={"cody barnes": (1,), "uma reyes": (2,), "ana diaz": (3, 4)},
    here={"the librarian": Taken(EntryKind.PERSON, 2), "uma reyes": Taken(EntryKind.SHARED, None)},
    elsewhere={"the chief": Taken(EntryKind.PERSON, 5), "cody barnes": Taken(EntryKind.PERSON, 9)},
)


@pytest.mark.parametrize(
    ("line", "kind", "person_id", "why"),
    [
        (Line("", "Anybody", "cody@charlton.example"), EntryKind.PERSON, 1, "official address"),
        (Line("", "CODY BARNES"), EntryKind.PERSON, 1, "exact name"),
        (Line("", "The Librarian"), EntryKind.PERSON, 2, "for this page"),
        (Line("", "Uma Reyes"), EntryKind.SHARED, None, "for this page"),
        (Line("", "The Chief"), EntryKind.PERSON, 5, "for another page"),
        (Line("", "Ana Díaz"), EntryKind.UNKNOWN, None, "several people"),
        (Line("", "Harbor Media Agency"), EntryKind.SHARED, None, "shared account"),
        (Line("Name, Email, Role", "Name, Email, Role"), EntryKind.WORDS, None, "heading"),
        (Line("Zoe Q", "Zoe Q"), EntryKind.UNKNOWN, None, "nobody here"),
    ],
)
def test_whom_a_line_is_taken_for(line: Line, kind: EntryKind, person_id: int | None, why: str) -> None:
    found = match(line, KNOWN)
    assert (found.kind, found.person_id) == (kind, person_id)
    assert why in found.why


def test_the_same_account_twice_is_seen() -> None:
    assert list(repeats(read_list("Cody Barnes\nUma Reyes\nBARNES, Cody"))) == [False, False, True]
