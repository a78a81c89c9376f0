"""Full-text search over one table of documents: FTS5 on SQLite, ``tsvector`` on PostgreSQL.

A feature puts in what may be found under ``(kind, subject_id)`` and asks for the ids that match; it joins them
with its own rights. The tables are made by the first migration, as neither engine's index is a Peewee model on
both.
"""

import peewee
from playhouse.sqlite_ext import FTS5Model, SearchField

from charlton_intranet.core.database import Model, database, engine

# PostgreSQL refuses a record whose index takes more than 1 MB. A character takes up to four bytes in it, and twice
# that in words with hyphens, whose parts are indexed too. What stands behind this much is kept, but not found.
BODY_MAX = 100_000


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
    documents = SearchDocument.select(SearchDocument.subject_id).where(SearchDocument.kind == kind)
    if engine() == "postgresql":
        query = peewee.fn.websearch_to_tsquery("english", words)
        return documents.where(peewee.Expression(peewee.SQL("search_vector"), "@@", query))
    expression = SearchText.web_query(words)
    if not expression:
        return None
    return documents.where(
        SearchDocument.id.in_(SearchText.select(SearchText.rowid).where(SearchText.match(expression)))
    )
