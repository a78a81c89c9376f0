"""Backups, and bringing one back."""

from pathlib import Path

import click

from charlton_intranet.cli.base import json_option, main, parts_of, show


@main.command()
@click.argument("target", type=click.Path(path_type=Path))
@json_option
@click.pass_context
def backup(ctx: click.Context, *, target: Path, as_json: bool) -> None:
    """Write a verified backup of everything to the file TARGET while people work."""
    from charlton_intranet import backup as backups

    made = backups.make(parts_of(ctx), target)
    facts = {"file": made.path, "members": made.members, "audit": {"events": made.events, "head": made.head}}
    show(
        facts,
        f"{made.path}: {made.members} files, audit head {made.events}:{made.head}. Keep the head apart.",
        as_json=as_json,
    )


@main.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--database-url", default="", help="An empty PostgreSQL database, for a backup of PostgreSQL.")
@json_option
@click.pass_context
def restore(ctx: click.Context, *, file: Path, database_url: str, as_json: bool) -> None:
    """Bring a backup back into an empty instance folder, verified."""
    from charlton_intranet import backup as backups
    from charlton_intranet.settings import instance_folder

    instance = instance_folder(ctx.obj["instance"])
    manifest = backups.restore(file, instance, database_url=database_url)
    facts = {"instance": instance, "files": len(manifest["sha256"]), "audit": manifest["audit"]}
    show(
        facts,
        f"Restored {len(manifest['sha256'])} files into {instance}. Now run 'charlton-intranet verify'.",
        as_json=as_json,
    )
