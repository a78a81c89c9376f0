"""How queries are written out: what Peewee writes, without the objects that it makes for every column on the way."""

from typing import Any

import peewee

_FIELD = peewee.Field.__sql__
_ALIASED = peewee.FieldAlias.__sql__


class Context(peewee.Context):
    """Writes a column directly, and leaves everything else to Peewee.

    Peewee makes four objects for each column that a query names, and a page's queries name some hundred: a seventh of
    what a page costs. ``tests/core/test_sql.py`` holds that both write the same.
    """

    __slots__ = ()

    def sql(self, obj: Any) -> Any:
        writer = getattr(type(obj), "__sql__", None)
        if writer is _FIELD:
            table = obj.model._meta.table
            return self._column(table, table._alias, obj.column_name)  # noqa: SLF001 - Peewee has no other name for it
        if writer is _ALIASED:
            return self._column(obj.source, obj.source.alias, obj.field.column_name)
        return super().sql(obj)

    def _column(self, source: Any, alias: str | None, name: str) -> Any:
        """Where values are set a column stands by its name alone, elsewhere behind the name of its table."""
        opens, closes = self.state.quote or '""'
        if self.state.scope == peewee.SCOPE_VALUES:
            return self.literal(f"{opens}{name}{closes}")
        if alias:
            self.alias_manager[source] = alias
        return self.literal(f"{opens}{self.alias_manager[source]}{closes}.{opens}{name}{closes}")
