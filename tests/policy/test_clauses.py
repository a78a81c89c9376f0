from charlton_intranet.policy.clauses import Listing, Marks, Paragraph, Section, plain_text, sections

TOWN = """Social Media Policy

Applicability

The town uses social media
to inform.

3.0 Procedures

3.1 Use

- A. Comply with all laws.

3.6 Site Content

Departments keep their sites.

1. Coordinators review.
2. Posts are records.
3. Removed is what holds:
 - A. Profane words;
 - B. Discrimination.

4. The Administrator decides.

3.8 Network Security

- Report compromises.
- Keep devices up to date.
"""


def clauses(found: list[Section]) -> dict[str, str]:
    """Every named place of a text with its words."""
    named = {section.clause: section.title for section in found if section.clause}
    for section in found:
        for block in section.blocks:
            for entry in block.entries if isinstance(block, Listing) else []:
                inner = entry.inner.entries if entry.inner else []
                named |= {one.clause: one.text for one in [entry, *inner] if one.clause}
    return named


def test_headings_items_and_letters_have_the_names_the_app_links_to() -> None:
    assert clauses(sections(TOWN)) == {
        "3.0": "Procedures",
        "3.1": "Use",
        "3.1-A": "Comply with all laws.",
        "3.6": "Site Content",
        "3.6-1": "Coordinators review.",
        "3.6-2": "Posts are records.",
        "3.6-3": "Removed is what holds:",
        "3.6.3-A": "Profane words;",
        "3.6.3-B": "Discrimination.",
        "3.6-4": "The Administrator decides.",
        "3.8": "Network Security",
    }


def test_a_list_goes_on_after_its_letters() -> None:
    content = next(section for section in sections(TOWN) if section.clause == "3.6")
    assert [type(block) for block in content.blocks] == [Paragraph, Listing]
    listing = content.blocks[1]
    assert isinstance(listing, Listing)
    assert [entry.mark for entry in listing.entries] == ["1", "2", "3", "4"]


def test_markdown_reads_like_plain_text() -> None:
    marked = TOWN.replace("3.0 P", "## 3.0 P").replace("3.6 S", "### 3.6 S").replace("3.1 U", "### 3.1 U")
    assert clauses(sections(marked)) == clauses(sections(TOWN))


def test_a_wrapped_paragraph_is_one() -> None:
    found = next(section for section in sections(TOWN) if section.title == "Applicability")
    assert found.blocks == [Paragraph("The town uses social media to inform.")]


def test_bullets_without_names_stay_a_list() -> None:
    last = sections(TOWN)[-1].blocks[0]
    assert isinstance(last, Listing)
    assert last.marks is Marks.BULLETS
    assert [entry.clause for entry in last.entries] == ["", ""]


def test_no_two_places_share_an_address() -> None:
    doubled = sections(TOWN + "\n" + TOWN)
    anchors = [section.anchor for section in doubled]
    assert len(set(anchors)) == len(anchors)
    assert len(clauses(doubled)) == len(clauses(sections(TOWN)))


def test_no_heading_level_is_skipped() -> None:
    assert [section.level for section in sections("3.6 Site Content\n\nWords.")] == [2]
    assert [section.level for section in sections("3.0 All\n\n3.6 Site Content\n\nWords.")] == [2, 3]


def test_an_empty_text_has_no_sections() -> None:
    assert sections("\n \n") == []


def test_the_same_text_from_any_system_is_kept_alike() -> None:
    assert plain_text("\ufeffone  \r\ntwo\r\n\r\n") == plain_text("one\ntwo") == "one\ntwo\n"
    assert plain_text("e\u0301") == "é\n"
