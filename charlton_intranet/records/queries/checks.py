"""Both checklists: where they stand, and on one site each line with who answered it, when, and what shows it."""

from collections.abc import Iterator

from charlton_intranet.records.queries.about import About
from charlton_intranet.records.rules import Field, Release, Section, Value
from charlton_intranet.sites.queries.checklists import CHECKED, standing_of
from charlton_intranet.sites.queries.checks import ChecklistSheet, checklist_sheet
from charlton_intranet.sites.queries.proofs import ProofRow
from charlton_intranet.sites.rules.checklists import ChecklistKind

STANDINGS = (
    Field("checklist", "Checklist"),
    Field("state", "State", Release.REVIEW, "n"),
    Field("renew_by", "Counts until"),
    Field("failing", "Lines to mend", Release.REVIEW, "n"),
)
# How an account is secured is not for the public; whether it can be recognised as the town's is.
ANSWERS = (
    Field("checklist", "Checklist"),
    Field("clause", "Clause"),
    Field("line", "Line"),
    Field("answer", "Answer", Release.REVIEW, "n"),
    Field("note", "Note", Release.REVIEW, "n"),
    Field("shown_by", "Shown by", Release.REVIEW, "n"),
    Field("link", "Link", Release.REVIEW, "n"),
    Field("who", "Who"),
    Field("at", "When"),
)


def checklists(about: About) -> Section:
    """Where the checklists of each site stand today (3.5, 3.6-5, 3.8)."""
    found = standing_of([site.id for site in about.sites if site.state in CHECKED], about.day)
    told = (
        (site_id, (kind.label, one.state.label, one.renew_by, "; ".join(one.failing)))
        for site_id, kinds in found.items()
        for kind, one in kinds.items()
    )
    return about.section(
        "checklists", "Checklists", "3.5", STANDINGS, told,
        empty="Nothing is to be checked: it is neither approved nor in use.", url="/sites/{}/checklists",
    )  # fmt: skip


def answers(about: About) -> Section:
    """The lines of the last complete checks of the one site this is about."""
    (site_id,) = about.ids
    sheet = checklist_sheet(about.actor, site_id, about.day, size=1)
    told = ((site_id, row) for kind in ChecklistKind for row in _answers(sheet, kind))
    return about.section(
        "checks", "The last check of each, line by line", "3.6-5", ANSWERS, told, empty="No check is complete yet."
    )


def _answers(sheet: ChecklistSheet, kind: ChecklistKind) -> Iterator[tuple[Value, ...]]:
    board = next(found for found in sheet.boards if found.kind is kind)
    for key, line in board.lines.items() if board.run else ():
        given = board.answers[key]
        proof = sheet.proofs.get(given.proof_id or 0)
        answer = given.answer.label if given.answer else None
        link = proof.link if proof else ""
        yield (
            kind.label, line.clause, line.words, answer, given.note, shown_by(proof), link,
            given.answered_by, given.answered_at,
        )  # fmt: skip


def shown_by(proof: ProofRow | None) -> str:
    """A proof in words; its link stands in a column of its own."""
    if proof is None:
        return ""
    picture = f"Picture of proof {proof.id}." if proof.picture_id else ""
    return " ".join(word for word in (proof.note, picture) if word)
