"""Columns are written directly (core/sql.py): every query of the app must come out as Peewee writes it."""

from typing import Any

import peewee
import pytest

from charlton_intranet.accounts.models import Department, Person
from charlton_intranet.core.sql import Context
from charlton_intranet.web.guard import access_of
from tests.conftest import Town
from tests.moderation import factories


def test_the_pages_of_the_town_ask_what_peewee_would_ask(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    different: list[tuple[Any, Any]] = []
    compared = 0

    class Compared(Context):
        """Writes each whole query twice."""

        __slots__ = ()

        def sql(self, obj: Any) -> Any:
            nonlocal compared
            if (
                not self.stack
                and not self.query()[0]
                and isinstance(obj, peewee.SelectQuery | peewee.Update | peewee.Delete)
            ):
                settings = self.state.settings
                plain, direct = (kind(**settings).sql(obj).query() for kind in (peewee.Context, Context))
                compared += 1
                if plain != direct:
                    different.append((plain, direct))
            return super().sql(obj)

    monkeypatch.setattr(town.parts.database, "context_class", Compared)
    factories.advised(town)
    browser = town.client("administrator")
    for rule in sorted(town.app.url_map.iter_rules(), key=str):
        access = access_of(town.app.view_functions[rule.endpoint])
        if not rule.arguments and access is not None and access.permission and "GET" in (rule.methods or set()):
            browser.get(rule.rule)
    assert different == []
    assert compared > 500


def test_a_column_is_named_by_its_table_its_alias_or_alone(town: Town) -> None:
    def written(query: Any, kind: type[peewee.Context]) -> Any:
        return kind(**town.parts.database.get_context_options()).sql(query).query()

    other, town_of = Person.alias(), Department.alias("place")
    below = Person.select(Person.id).where(Person.department == town_of.id)
    queries = [
        Person.select(other.name, town_of.name).join(other, on=Person.id == other.id).join(town_of),
        town_of.select(town_of.id, below.alias("who")).where(town_of.id.in_(below)),
        Person.update(name=Person.name.concat("!")).where(Person.id == 1),
        Person.select(peewee.fn.COUNT(Person.id)).group_by(Person.department).order_by(Person.department.desc()),
        Person.select(Person.id) | other.select(other.id),
    ]
    for query in queries:
        assert written(query, Context) == written(query, peewee.Context)
    assert written(queries[2], Context)[0].startswith('UPDATE "person" SET "name" = ("person"."name" || ')
