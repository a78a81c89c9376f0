"""Full-text search over one table of documents: FTS5 on SQLite, ``tsvector`` on PostgreSQL.

A feature puts in what may be found under ``(kind, subject_id)`` and asks for the ids that match; it joins them
with its own rights. The tables are made by the first migration, as neither engine's index is a Peewee model on
both.
"""

import re
import secrets
from collections.abc import Iterator, Sequence

import peewee
from playhouse.sqlite_ext import FTS5Model, SearchField

from charlton_intranet.core.database import Model, database, engine

# PostgreSQL refuses a record whose index takes more than 1 MB. A character takes up to four bytes in it, and twice
# that in words with hyphens, whose parts are indexed too. What stands behind this much is kept, but not found.
BODY_MAX = 100_000
# How the first migration's index takes words apart: accents and endings do not matter.
TOKENS = "porter unicode61 remove_diacritics 2"

# A text in pieces; True marks what was looked for.
Marked = tuple[tuple[str, bool], ...]


class SearchDocument(Model):
    """The text under which a record is found. One row a record."""

    kind = peewee.CharField(max_length=20)
    subject_id = peewee.IntegerField()
    body = peewee.TextField()

    class Meta:
        indexes = ((("kind", "subject_id"), True),)


class SearchText(FTS5Model):
    """The FTS5 index over :class:`SearchDocument` (external content, kept in step by triggers)."""

    body = SearchField()

    class Meta:
        database = database
        table_name = "search_text"
        legacy_table_names = False


def put(kind: str, subject_id: int, body: str) -> None:
    """Make the record findable by the first ``BODY_MAX`` characters of ``body``; a second call replaces the first."""
    body = body[:BODY_MAX]
    SearchDocument.insert(kind=kind, subject_id=subject_id, body=body).on_conflict(
        conflict_target=[SearchDocument.kind, SearchDocument.subject_id], update={SearchDocument.body: body}
    ).execute()


def put_many(kind: str, rows: list[tuple[int, str]]) -> None:
    """Make many new records findable in one statement."""
    for batch in peewee.chunked(rows, 300):
        SearchDocument.insert_many(
            [(kind, subject_id, body[:BODY_MAX]) for subject_id, body in batch],
            fields=[SearchDocument.kind, SearchDocument.subject_id, SearchDocument.body],
        ).execute()


def matching(kind: str, words: str) -> "peewee.ModelSelect[SearchDocument] | None":
    """A query of the subject ids that match what somebody typed, to be used with ``.in_()``.

    Quoted phrases and ``-exclusions`` work on both engines. None when nothing in ``words`` can be searched for.
    """
    if not words.strip():
        return None
    documents = SearchDocument.select(SearchDocument.subject_id)
    if engine() == "postgresql":
        query = peewee.fn.websearch_to_tsquery("english", words)
        return documents.where(SearchDocument.kind == kind, peewee.Expression(peewee.SQL("search_vector"), "@@", query))
    expression = SearchText.web_query(words)
    if not expression:
        return None
    found = SearchText.select(SearchText.rowid).where(SearchText.match(expression))
    # An expression, or SQLite would read all documents of the kind by its index to look for the few that were found.
    return documents.where(SearchDocument.id.in_(found), SearchDocument.kind.concat("") == kind)


# A part of a long text, up to a space where there is one.
_PART = re.compile(r".{1,1500}(?=\s|\Z)|.{1,1500}", re.DOTALL)


def mark(texts: Sequence[str], words: str) -> list[Marked]:
    """Each text in pieces, those marked in which ``words`` are found, as a phrase, and in whatever form of the word.

    The pieces put together are the text, to the letter. One index in memory serves both engines: the headlines of
    PostgreSQL leave out what looks like a tag, and FTS5's know its own documents alone. Long texts go in by parts, as
    FTS5 takes the square of the hits in a row; a phrase across two parts is not marked.
    """
    phrases = [f'"{phrase}"' for phrase in _phrases(words)]
    plain: list[Marked] = [((text, False),) if text else () for text in texts]
    if not phrases:
        return plain
    begins, ends = (f"{sign}{secrets.token_hex(8)}" for sign in "\x02\x03")
    memory = peewee.SqliteDatabase(":memory:")
    with memory:
        index = memory.connection()
        index.execute(f"CREATE VIRTUAL TABLE found USING fts5(body, tokenize='{TOKENS}')")
        parts = [(number, part) for number, text in enumerate(texts) for part in _PART.findall(text)]
        index.executemany("INSERT INTO found (rowid, body) VALUES (?, ?)", enumerate(part for _, part in parts))
        hits = dict(
            index.execute(
                "SELECT rowid, highlight(found, 0, ?, ?) FROM found WHERE found MATCH ?",
                (begins, ends, " OR ".join(phrases)),
            ).fetchall()
        )
    marked: dict[int, str] = {}
    for row, (number, part) in enumerate(parts):
        marked[number] = marked.get(number, "") + hits.get(row, part)
    for number in {parts[row][0] for row in hits}:
        first, *others = marked[number].split(begins)
        pieces = [(first, False)]
        for other in others:
            hit, _, rest = other.partition(ends)
            pieces += [(hit, True), (rest, False)]
        plain[number] = tuple(piece for piece in pieces if piece[0])
    return plain


def around(marked: Marked, size: int) -> Marked:
    """About ``size`` characters of a marked text from a little before its first hit; ``…`` stands for what is cut."""
    start = next((at for at, hit in _starts(marked) if hit), 0)
    start = 0 if start < size // 2 else start - size // 8
    cut, at = [], 0
    for text, hit in marked:
        piece = text[max(0, start - at) : max(0, start + size - at)]
        at += len(text)
        if piece:
            cut.append((piece, hit))
    before, after = [("…", False)] if start else [], [("…", False)] if at > start + size else []
    return (*before, *cut, *after)


def _starts(marked: Marked) -> Iterator[tuple[int, bool]]:
    at = 0
    for text, hit in marked:
        yield at, hit
        at += len(text)


def _phrases(words: str) -> list[str]:
    """What is looked for: words and quoted phrases, without exclusions and the words that join them."""
    found = re.findall(r'(-?)"([^"]*)"|(-?)(\S+)', words)
    phrases = [quoted or bare for minus, quoted, bare_minus, bare in found if not (minus or bare_minus)]
    return [p.replace('"', "") for p in phrases if p not in {"AND", "OR", "NOT"} and any(c.isalnum() for c in p)]
