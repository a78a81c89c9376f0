"""The group of all commands, and what they share."""

import json
import logging
from pathlib import Path
from typing import Any, NoReturn

import click

from charlton_intranet.core.errors import Refusal
from charlton_intranet.settings import BadSetting, Settings, load

FAILED = 1
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for a program.")


class Group(click.Group):
    """Turns every refusal into one clear line and exit code 1, never a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (BadSetting, Refusal) as refusal:
            raise click.ClickException(str(refusal)) from refusal


@click.group(cls=Group)
@click.option("--instance", type=click.Path(path_type=Path), help="Instance folder (CHARLTON_INSTANCE).")
@click.version_option(package_name="charlton-intranet")
@click.pass_context
def main(ctx: click.Context, instance: Path | None) -> None:
    """Keeps a town's social media lawful, answered and safe."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for chatty in ("apscheduler", "fontTools", "fpdf", "peewee.migrations"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    ctx.obj = {"instance": instance}


def settings_of(ctx: click.Context, **overrides: Any) -> Settings:
    """The settings of the instance the command was called for."""
    return load(instance=ctx.obj["instance"], **overrides)


def parts_of(ctx: click.Context, *, migrated: bool = True, **overrides: Any) -> Any:
    """The app put together, as the web has it; fails when the database lacks a step, unless told not to look."""
    from charlton_intranet.assembly import assemble
    from charlton_intranet.core import migration

    parts = assemble(settings_of(ctx, **overrides))
    if migrated and (missing := migration.pending()):
        fail(f"The database lacks {len(missing)} migration step(s): run 'charlton-intranet migrate' first.")
    return parts


def fail(message: str) -> NoReturn:
    """End the command with one line and exit code 1."""
    raise click.ClickException(message)


def show(facts: dict[str, Any], text: str, *, as_json: bool) -> None:
    """Print what came of it, for a person or as JSON for a program."""
    click.echo(json.dumps(facts, default=str, indent=1) if as_json else text)
