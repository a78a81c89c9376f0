"""What a batch of comments becomes: new cases, or more to cases that are there."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from charlton_intranet.core import search
from charlton_intranet.core.clock import Clock
from charlton_intranet.core.database import rows
from charlton_intranet.core.permissions import Actor
from charlton_intranet.evidence.models import Piece, PieceKind
from charlton_intranet.moderation.comment_file import Comment
from charlton_intranet.moderation.models import Case, CaseAlias, CaseContext, CasePiece, Contributor, StaffPost
from charlton_intranet.moderation.rules import AuthorKind, Source, handle_key
from charlton_intranet.moderation.service import intake
from charlton_intranet.moderation.service._cases import due
from charlton_intranet.moderation.service.intake import Files
from charlton_intranet.sites.queries import SiteRef


@dataclass(frozen=True, slots=True)
class Into:
    """Where a batch goes, and in whose name; ``files`` are the stored pictures of its rows by their number."""

    actor: Actor
    site: SiteRef
    files: Mapping[int, Files]
    run_id: int
    source: Source
    clock: Clock


def known_cases(site_id: int, taken: Sequence[Comment]) -> dict[str, int]:
    """The cases that are there for the keys of these rows.

    Somebody may have captured a post by its link before it comes with the network's id. As one link can lead to many
    comments, such a case is the same only when its words are.
    """
    keys = [row.key for row in taken if row.key is not None]
    here = (Case.site == site_id) & Case.origin_key.in_(keys)
    also = (CaseAlias.site == site_id) & CaseAlias.key.in_([key for key in keys if key.startswith("id:")])
    there = dict(rows(Case.select(Case.origin_key, Case.id).where(here)))
    return _by_link(site_id, taken) | dict(rows(CaseAlias.select(CaseAlias.key, CaseAlias.case).where(also))) | there


def _by_link(site_id: int, taken: Sequence[Comment]) -> dict[str, int]:
    links = [row.link_key for row in taken if row.link_key is not None]
    if not links:
        return {}
    here = (Case.site == site_id) & Case.origin_key.in_(links)
    cases = {case.origin_key: case for case in Case.select().where(here)}
    return {
        row.key: cases[row.link_key].id
        for row in taken
        if row.key and row.link_key in cases and intake.same_words(cases[row.link_key].text, row.text)
    }


def sort(taken: Sequence[Comment], known: Mapping[str, int]) -> tuple[list[Comment], list[Comment]]:
    """Comments that are new, and those of a post that is a case already or stands earlier in the batch."""
    seen = set(known)
    fresh: list[Comment] = []
    again: list[Comment] = []
    for row in taken:
        (again if row.key in seen else fresh).append(row)
        if row.key is not None:
            seen.add(row.key)
    return fresh, again


def insert(into: Into, fresh: Sequence[Comment], known: dict[str, int]) -> list[int]:
    """Open a case for each comment and make it findable; returns the ids, and adds those with a key to ``known``."""
    contributors = _contributors(into.site.network_id, fresh)
    # A statement need not give ids back in the order of its rows. Those with a key are known by it.
    keyed = {row.key: row for row in fresh if row.key is not None}
    opened = [(case_id, keyed[key]) for case_id, key in _open(into, list(keyed.values()), contributors)]
    for row in fresh:
        if row.key is None:
            opened += [(case_id, row) for case_id, _key in _open(into, [row], contributors)]
    _keep_more(into, opened)
    search.put_many("case", [(case_id, f"{row.text}\n{row.handle}") for case_id, row in opened])
    known |= {row.key: case_id for case_id, row in opened if row.key is not None}
    return [case_id for case_id, _row in opened]


def _open(into: Into, some: Sequence[Comment], contributors: Mapping[str, int]) -> Iterable[tuple[int, str]]:
    if not some:
        return []
    now, due_on = into.clock.now(), due(into.clock, "triage.business_days")
    opened: list[tuple[int, str]] = rows(
        Case.insert_many(
            [
                {
                    "site": into.site.id, "department": into.site.department_id, "text": row.text,
                    "permalink": row.permalink, "author_kind": row.author_kind,
                    "contributor": contributors.get(handle_key(row.handle)) if _by_the_public(row) else None,
                    "origin_key": row.key, "posted_at": row.posted_at, "seen_at": now,
                    "seen_by": into.actor.person_id, "source": into.source, "import_run": into.run_id,
                    "changed_at": now, "due_on": due_on,
                }
                for row in some
            ]
        ).returning(Case.id, Case.origin_key)
    )  # fmt: skip
    return opened


def _keep_more(into: Into, opened: Sequence[tuple[int, Comment]]) -> None:
    """What belongs to the words: the account that wrote for the town, what they answer, the link, pictures."""
    accounts = [
        {"case": case_id, "account": row.handle} for case_id, row in opened if row.handle and not _by_the_public(row)
    ]
    contexts = [
        {
            "case": case_id,
            "text": row.context.text,
            "handle": row.context.handle,
            "permalink": row.context.permalink,
            "title": row.context.title,
        }
        for case_id, row in opened
        if row.context
    ]
    links = [{"case": case_id, "site": into.site.id, "key": row.link_key} for case_id, row in opened if row.link_key]
    for model, facts in ((StaffPost, accounts), (CaseContext, contexts), (CaseAlias, links)):
        if facts:
            model.insert_many(facts).execute()
    for case_id, row in opened:
        if into.files.get(row.number):
            _attach(into, case_id, row)


def _attach(into: Into, case_id: int, row: Comment) -> None:
    intake.attach(
        into.actor, case_id, into.site.id, into.files[row.number], kind=PieceKind.SCREENSHOT, address=row.permalink,
        clock=into.clock,
    )  # fmt: skip


def _by_the_public(row: Comment) -> bool:
    return row.author_kind is AuthorKind.PUBLIC


def _contributors(network_id: int, fresh: Sequence[Comment]) -> dict[str, int]:
    """Ids of the writers by their key, made where they are not known; staff are none."""
    wrote = [row for row in reversed(fresh) if _by_the_public(row) and handle_key(row.handle)]
    handles = {handle_key(row.handle): row.handle for row in wrote}
    if not handles:
        return {}
    Contributor.insert_many(
        [{"network": network_id, "handle": handle, "handle_key": key} for key, handle in handles.items()]
    ).on_conflict(conflict_target=[Contributor.network, Contributor.handle_key], action="NOTHING").execute()
    known = (Contributor.network == network_id) & Contributor.handle_key.in_(list(handles))
    return dict(rows(Contributor.select(Contributor.handle_key, Contributor.id).where(known)))


def join(into: Into, again: Sequence[Comment], known: Mapping[str, int]) -> None:
    """A comment that is a case already changes nothing, unless somebody has edited it since, or it brings more."""
    there = [(row, known[row.key]) for row in again if row.key is not None]
    ids = sorted({case_id for _row, case_id in there})
    cases = {case.id: case for case in Case.select().where(Case.id.in_(ids))}
    for row, case_id in there:
        case = cases[case_id]
        if row.key != case.origin_key:
            _keep_key(into, case, row)
        if row.context:
            intake.join_context(into.actor, case, row.context, clock=into.clock)
        files = _unseen(case.id, into.files.get(row.number, ()))
        if files or intake.words_are_new(case, row.text):
            intake.join(into.actor, case, text=row.text, permalink=row.permalink, uploads=files, clock=into.clock)
            cases[case.id] = Case.get_by_id(case.id)


def _keep_key(into: Into, case: Case, row: Comment) -> None:
    """The next time the comment comes it is known by the network's id."""
    if not CaseAlias.select().where((CaseAlias.case == case.id) & (CaseAlias.key == row.key)).exists():
        CaseAlias.insert(case=case.id, site=into.site.id, key=row.key).execute()


def _unseen(case_id: int, files: Files) -> Files:
    """The pictures that the case does not have yet."""
    if not files:
        return ()
    there = Piece.select(Piece.sha256).join(CasePiece).where(CasePiece.case == case_id)
    known = {sha256 for (sha256,) in rows(there)}
    return [(upload, stored) for upload, stored in files if stored.sha256 not in known]
