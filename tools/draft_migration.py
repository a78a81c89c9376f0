"""Print a migration that makes the tables of one or more ``models`` modules, as frozen SQL for both engines.

    python tools/draft_migration.py charlton_intranet.policy.models > charlton_intranet/migrations/0003_policy.py

A name may say which tables: charlton_intranet.accounts.models:RecordedException,Closure

The output is a draft to be read: rows to carry over, triggers and special indexes are written by hand. A house
test compares the migrated tables with the models.
"""

import importlib
import sys
from typing import Any

import peewee

from charlton_intranet.core.database import Model

HEAD = '''"""{title}"""

from typing import Any

from charlton_intranet.core.migration import run_statements

'''
TAIL = '''

def up(_migrator: Any, db: Any) -> None:
    """Make the tables."""
    run_statements(db, sqlite=SQLITE, postgresql=POSTGRESQL)


def down(_migrator: Any, db: Any) -> None:
    """Drop the tables with all they hold."""
    for table in TABLES:
        db.execute_sql(f'DROP TABLE "{table}"')
'''


def models_of(module_name: str) -> list[type[Model]]:
    """The tables a module defines, or those of them that are named, in the order they depend on each other."""
    module_name, _, named = module_name.partition(":")
    module = importlib.import_module(module_name)
    own = [
        value
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, Model)
        and value.__module__ == module_name
        and not value._meta.database.__class__.__name__.startswith("FTS")
        and value.__name__ != "Versioned"
        and (not named or value.__name__ in named.split(","))
    ]
    return list(peewee.sort_models(own))  # type: ignore[attr-defined] # not in Peewee's stubs


def statements(model: type[Model], engine: peewee.Database) -> list[str]:
    """The DDL of one table and its indexes."""
    with model.bind_ctx(engine, bind_refs=False, bind_backrefs=False):
        schema: Any = model._schema  # type: ignore[attr-defined] # not in Peewee's stubs
        parts = [schema._create_table(safe=False), *schema._create_indexes(safe=False)]  # noqa: SLF001 - no public way
        return [context.query()[0] for context in parts]


def main() -> None:
    """Write the draft to standard output."""
    models = [model for name in sys.argv[1:] for model in models_of(name)]
    out = [HEAD.format(title="Tables of " + ", ".join(name.split(".")[1] for name in sys.argv[1:]) + ".")]
    for name, engine in (
        ("SQLITE", peewee.SqliteDatabase(":memory:")),
        ("POSTGRESQL", peewee.PostgresqlDatabase(None, prefer_psycopg3=True)),
    ):
        out.append(f"{name} = (\n")
        for model in models:
            for statement in statements(model, engine):
                pretty = (
                    statement.replace(" (", " (\n        ", 1).replace(', "', ',\n        "')
                    if statement.startswith("CREATE TABLE")
                    else statement
                )
                out.append(f'    """{pretty}""",\n')
        out.append(")\n")
    out.append("TABLES = (\n" + "".join(f'    "{m._meta.table_name}",\n' for m in reversed(models)) + ")\n")
    sys.stdout.write("".join(out) + TAIL)


if __name__ == "__main__":
    main()
