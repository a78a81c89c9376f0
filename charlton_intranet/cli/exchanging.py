"""Taking lists and comments in, and handing lists out."""

from pathlib import Path

import click

from charlton_intranet.cli.base import json_option, main, parts_of, show


@main.command("import-comments")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--site", required=True, help="The site's number or its title.")
@click.option("--map", "mapping", multiple=True, metavar="FIELD=COLUMN", help="Which column holds which field.")
@click.option("--as", "email", help="Official address of who imports; by default the app itself.")
@json_option
@click.pass_context
def import_comments(
    ctx: click.Context, *, file: Path, site: str, mapping: tuple[str, ...], email: str | None, as_json: bool
) -> None:
    """Import the comments in FILE, CSV or JSON lines in the intake format, as cases of a site."""
    from charlton_intranet.accounts.queries import actor_by_email
    from charlton_intranet.core.clock import today
    from charlton_intranet.core.database import connection
    from charlton_intranet.core.permissions import SYSTEM
    from charlton_intranet.moderation import importing
    from charlton_intranet.moderation.queries.imports import all_refusals
    from charlton_intranet.sites.queries import find_site

    parts = parts_of(ctx)
    pairs = dict(pair.partition("=")[::2] for pair in mapping)
    with connection():
        actor = actor_by_email(email, today(parts.clock)) if email else SYSTEM
        with file.open("rb") as handed_in:
            run_id = importing.start_file(
                actor,
                site_id=find_site(site).id,
                file_name=file.name,
                file=handed_in,
                mapping=pairs,
                clock=parts.clock,
            )
        run = importing.run_import(run_id, store=parts.store, clock=parts.clock)
        refusals = all_refusals(run_id)
    facts = {
        "run": run.id,
        "rows": run.total,
        "accepted": run.accepted,
        "joined": run.joined,
        "refused": run.refused,
    }
    lines = [f"{run.total} rows: {run.accepted} new, {run.joined} joined a case that was there, {run.refused} refused."]
    lines += [f"  row {refusal.row_number}: {refusal.reason}" for refusal in refusals]
    show({**facts, "refusals": [(r.row_number, r.reason) for r in refusals]}, "\n".join(lines), as_json=as_json)


@main.command("import-registry")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--as", "email", required=True, help="Official address of who imports: Town Administrator or IT.")
@click.option("--look", is_flag=True, help="Only say what would happen.")
@json_option
@click.pass_context
def import_registry(ctx: click.Context, *, file: Path, email: str, look: bool, as_json: bool) -> None:
    """List the accounts in the CSV file FILE; every row that can not go in is named."""
    from charlton_intranet.accounts.queries import actor_by_email
    from charlton_intranet.core.clock import today
    from charlton_intranet.core.database import connection
    from charlton_intranet.sites.queries import registry as queries
    from charlton_intranet.sites.service import registry

    parts, data = parts_of(ctx), file.read_bytes()
    with connection():
        actor = actor_by_email(email, today(parts.clock))
        queries.read_list(data)  # what is no list is not kept
        stored = parts.store.put(data)
        run_id = registry.hand_in(actor, file_name=file.name, data=data, stored=stored, clock=parts.clock)
        run = queries.load_import(actor, run_id)
        preview = queries.preview(run, data)
        if look:
            registry.drop(actor, run_id, run.version, clock=parts.clock)
            found = preview.sorted
        else:
            found = registry.take_in(
                actor, run_id, run.version, read=preview.read, departments=dict(preview.guesses), clock=parts.clock
            )
    facts = {
        "run": run_id,
        "listed": 0 if look else len(found.fresh),
        "new": len(found.fresh),
        "known": len(found.known),
        "refused": len(found.unusable),
        "refusals": [(one.row, one.reason) for one in found.unusable],
        "networks_missing": found.missing_networks,
    }
    did = "would be listed" if look else "listed"
    lines = [f"{len(found.fresh)} accounts {did}, {len(found.known)} known already, {len(found.unusable)} refused."]
    lines += [f"  row {one.row}: {one.reason}" for one in found.unusable]
    lines += [f"Not in the catalogue: {name} ({number})" for name, number in found.missing_networks]
    show(facts, "\n".join(lines), as_json=as_json)


@main.command("export-directory")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@json_option
@click.pass_context
def export_directory(ctx: click.Context, *, folder: Path, as_json: bool) -> None:
    """Write the directory of official accounts into FOLDER as HTML, JSON and CSV, for the public web site."""
    from charlton_intranet.core.clock import today
    from charlton_intranet.core.database import connection
    from charlton_intranet.sites.queries.directory import official_accounts
    from charlton_intranet.sites.service.directory import directory_files

    parts = parts_of(ctx)
    with connection():
        found = official_accounts(today(parts.clock))
    files = directory_files(found, town=parts.settings.town_name, now=parts.clock.now())
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        written = folder / f".{name}.new"
        written.write_bytes(content)
        written.replace(folder / name)  # the web server never sees half a file
    facts = {"folder": folder, "accounts": len(found), "files": sorted(files)}
    show(facts, f"{len(found)} official accounts written to {folder}: {', '.join(sorted(files))}.", as_json=as_json)
