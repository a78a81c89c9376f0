"""More kinds of captured pieces, and one more source of cases."""

from typing import Any

from charlton_intranet.core.migration import replace_choices

KINDS = ("text", "screenshot", "gone")
MORE_KINDS = (*KINDS, "archive", "document", "context", "later", "restored", "hidden")
SOURCES = ("form", "import", "review")
MORE_SOURCES = (*SOURCES, "feed")


def up(_migrator: Any, db: Any) -> None:
    """Widen both."""
    replace_choices(db, "piece", "kind", KINDS, MORE_KINDS)
    replace_choices(db, "moderation_case", "source", SOURCES, MORE_SOURCES)


def down(_migrator: Any, db: Any) -> None:
    """Back to the first ones; PostgreSQL refuses while a row has one of the others."""
    replace_choices(db, "moderation_case", "source", MORE_SOURCES, SOURCES)
    replace_choices(db, "piece", "kind", MORE_KINDS, KINDS)
