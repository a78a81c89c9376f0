"""The command ``charlton-intranet``: thin commands around the same parts that the web app uses."""

import json
import logging
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any, NoReturn

import click

from charlton_intranet.core.errors import Refusal
from charlton_intranet.settings import BadSetting, Settings, load

FAILED = 1
_as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON for a program.")


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


def _settings(ctx: click.Context, **overrides: Any) -> Settings:
    return load(instance=ctx.obj["instance"], **overrides)


def _parts(ctx: click.Context, *, migrated: bool = True, **overrides: Any) -> Any:
    from charlton_intranet.assembly import assemble
    from charlton_intranet.core import migration

    parts = assemble(_settings(ctx, **overrides))
    if migrated and (missing := migration.pending()):
        _fail(f"The database lacks {len(missing)} migration step(s): run 'charlton-intranet migrate' first.")
    return parts


def _fail(message: str) -> NoReturn:
    raise click.ClickException(message)


def _show(facts: dict[str, Any], text: str, *, as_json: bool) -> None:
    click.echo(json.dumps(facts, default=str, indent=1) if as_json else text)


# --- serving --------------------------------------------------------------------------------------------


@main.command()
@click.option("--port", type=click.IntRange(1, 65535), help="TCP port.")
@click.option("--bind", help="Address to listen on.")
@click.option("--no-scheduler", is_flag=True, help="Serve pages only; run 'scheduler' elsewhere.")
@click.pass_context
def serve(ctx: click.Context, *, port: int | None, bind: str | None, no_scheduler: bool) -> None:
    """Serve the app, with the scheduler beside it."""
    from charlton_intranet.serving import serve as run

    settings = _settings(ctx, port=port, bind=bind)
    _parts(ctx, port=port, bind=bind)
    run(settings, with_scheduler=not no_scheduler)


@main.command()
@click.pass_context
def scheduler(ctx: click.Context) -> None:
    """Run the timetable only: reminders, mail, imports, checks."""
    from charlton_intranet.scheduler import run_forever

    run_forever(_parts(ctx))


@main.command("run-job")
@click.argument("name")
@_as_json
@click.pass_context
def run_job_command(ctx: click.Context, *, name: str, as_json: bool) -> None:
    """Run one job of the timetable now."""
    from charlton_intranet.core.jobs import RunOutcome, run_job

    parts = _parts(ctx)
    job = next((job for job in parts.jobs if job.name == name), None)
    if job is None:
        _fail(f"There is no job {name!r}. Jobs: {', '.join(job.name for job in parts.jobs)}.")
    run = run_job(job, parts, clock=parts.clock)
    _show(
        {"job": name, "outcome": run.outcome, "summary": run.summary},
        run.summary or "Nothing was due.",
        as_json=as_json,
    )
    if run.outcome is RunOutcome.FAILED:
        sys.exit(FAILED)


# --- setting up -----------------------------------------------------------------------------------------


@main.command()
@click.option("--town", prompt="Name of the town", help="Name of the town.")
@click.option("--domain", prompt="Official mail domain(s), comma separated", help="Official mail domain(s).")
@click.option("--base-url", prompt="Address people will use", default="http://127.0.0.1:8000", show_default=True)
@click.option("--name", prompt="Your name (first administrator)", help="The first administrator's name.")
@click.option("--email", prompt="Your official email address", help="The first administrator's address.")
@click.option("--also-it/--not-it", prompt="Are you the IT Technician as well", default=True)
@click.option("--database-url", default="", help="postgresql://... when SQLite is outgrown.")
@click.password_option(help="The first administrator's password, at least 15 characters.")
@click.pass_context
def init(
    ctx: click.Context,
    *,
    town: str,
    domain: str,
    base_url: str,
    name: str,
    email: str,
    also_it: bool,
    database_url: str,
    password: str,
) -> None:
    """Set up a real town: settings, database, first administrator."""
    from charlton_intranet import setup

    settings = setup.new_instance(
        ctx.obj["instance"],
        {"town_name": town, "email_domains": domain, "base_url": base_url, "database_url": database_url},
        administrator=setup.FirstAdministrator(name, email, password, also_it=also_it),
    )
    click.echo(f"{settings.town_name} is set up in {settings.instance}. Start it with: charlton-intranet serve")


@main.command()
@click.option("--if-empty", is_flag=True, help="Do nothing when the database holds people already.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.pass_context
def demo(ctx: click.Context, *, if_empty: bool, port: int) -> None:
    """Fill an empty database with an invented town, and print the sign-ins."""
    from charlton_intranet import setup
    from charlton_intranet.accounts.models import Person
    from charlton_intranet.core.database import connection
    from charlton_intranet.demo.town import load_town, sign_ins

    setup.make_demo(ctx.obj["instance"])
    settings = _settings(ctx)
    if not settings.demo:
        if if_empty:
            return
        _fail("This instance is set up for a real town; a demo needs an instance folder of its own.")
    parts = _parts(ctx)
    with connection():
        empty = not Person.select().exists()
    if empty:
        click.echo("Loading the demo town ...")
        load_town(parts)
    elif not if_empty:
        _fail("The database holds people already; name another instance folder for a new demo.")
    click.echo(sign_ins(f"http://127.0.0.1:{port}"))


@main.command()
@_as_json
@click.pass_context
def migrate(ctx: click.Context, *, as_json: bool) -> None:
    """Bring the database to the shape this version needs."""
    from charlton_intranet.core import migration

    parts = _parts(ctx, migrated=False)
    done = migration.upgrade()
    parts.close()
    _show(
        {"applied": done},
        f"Applied {', '.join(done)}." if done else "The database is up to date.",
        as_json=as_json,
    )


# --- looking after it -----------------------------------------------------------------------------------


@main.command()
@_as_json
@click.pass_context
def check(ctx: click.Context, *, as_json: bool) -> None:
    """Look whether this machine and its settings are fit to serve; exit code 1 when not."""
    from charlton_intranet import setup

    findings = setup.check(_parts(ctx, migrated=False))
    lines = [f"{finding.level:<5} {finding.name}: {finding.text}" for finding in findings]
    _show({"findings": [finding.as_dict() for finding in findings]}, "\n".join(lines), as_json=as_json)
    if any(finding.level == "bad" for finding in findings):
        sys.exit(FAILED)


@main.command()
@click.option("--anchor", "anchors", multiple=True, help="A head kept elsewhere, as NUMBER:DIGEST.")
@_as_json
@click.pass_context
def verify(ctx: click.Context, *, anchors: tuple[str, ...], as_json: bool) -> None:
    """Walk the audit chain and read every piece of evidence; exit code 1 at the first fault."""
    from charlton_intranet.core import audit
    from charlton_intranet.core.database import connection
    from charlton_intranet.evidence.fixity import check as check_evidence

    parts = _parts(ctx)
    with connection():
        chain = audit.verify([_anchor(text) for text in anchors])
        evidence = check_evidence(parts.store)
    fault = f"event {chain.fault.number}: {chain.fault.reason}" if chain.fault else None
    lines = [f"Audit trail: {chain.events} events, head {chain.head}, {fault or 'whole'}."]
    lines.append(
        f"Evidence: {evidence.pieces} pieces, {evidence.files} files of records, {evidence.bytes} bytes, "
        f"{len(evidence.faults)} faults."
    )
    lines += [f"  {which}: {reason}" for which, reason in evidence.faults]
    facts = {
        "audit": {"events": chain.events, "head": chain.head, "fault": fault},
        "evidence": asdict(evidence),
    }
    _show(facts, "\n".join(lines), as_json=as_json)
    if chain.fault or evidence.faults:
        sys.exit(FAILED)


def _anchor(text: str) -> tuple[int, str]:
    number, _, digest = text.partition(":")
    if not number.isdigit() or len(digest) != 64:
        raise click.BadParameter(f"{text!r} is not NUMBER:DIGEST", param_hint="--anchor")
    return int(number), digest


@main.command("verify-certificate")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--policy", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="The policy's text to compare."
)
@click.option("--seal", default="", help="The seal as it was kept elsewhere; needed for a record without its PDF.")
@_as_json
def verify_certificate(*, file: Path, policy: Path | None, seal: str, as_json: bool) -> None:
    """Compute the certificate FILE again, a PDF or a record; needs no database; exit code 1 when it does not hold."""
    from charlton_intranet.policy.verifying import verify as verify_file

    report = verify_file(file.read_bytes(), policy=policy.read_bytes() if policy else None, seal=seal)
    _show({"verified": report.holds, **asdict(report)}, "\n".join(report.lines()), as_json=as_json)
    if not report.holds:
        sys.exit(FAILED)


@main.command()
@click.argument("target", type=click.Path(path_type=Path))
@_as_json
@click.pass_context
def backup(ctx: click.Context, *, target: Path, as_json: bool) -> None:
    """Write a verified backup of everything to the file TARGET while people work."""
    from charlton_intranet import backup as backups

    made = backups.make(_parts(ctx), target)
    facts = {"file": made.path, "members": made.members, "audit": {"events": made.events, "head": made.head}}
    _show(
        facts,
        f"{made.path}: {made.members} files, audit head {made.events}:{made.head}. Keep the head apart.",
        as_json=as_json,
    )


@main.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--database-url", default="", help="An empty PostgreSQL database, for a backup of PostgreSQL.")
@_as_json
@click.pass_context
def restore(ctx: click.Context, *, file: Path, database_url: str, as_json: bool) -> None:
    """Bring a backup back into an empty instance folder, verified."""
    from charlton_intranet import backup as backups
    from charlton_intranet.settings import instance_folder

    instance = instance_folder(ctx.obj["instance"])
    manifest = backups.restore(file, instance, database_url=database_url)
    facts = {"instance": instance, "files": len(manifest["sha256"]), "audit": manifest["audit"]}
    _show(
        facts,
        f"Restored {len(manifest['sha256'])} files into {instance}. Now run 'charlton-intranet verify'.",
        as_json=as_json,
    )


@main.command("import-comments")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--site", required=True, help="The site's number or its title.")
@click.option("--map", "mapping", multiple=True, metavar="FIELD=COLUMN", help="Which column holds which field.")
@click.option("--as", "email", help="Official address of who imports; by default the app itself.")
@_as_json
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

    parts = _parts(ctx)
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
    _show({**facts, "refusals": [(r.row_number, r.reason) for r in refusals]}, "\n".join(lines), as_json=as_json)


@main.command("measure-suggestions")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--without", multiple=True, metavar="HELPER", help="Leave a helper out.")
@_as_json
def measure_suggestions(*, file: Path, without: tuple[str, ...], as_json: bool) -> None:
    """Measure the helpers on the labelled CSV file FILE (text, policy_category, mapping); needs no database."""
    from charlton_intranet.moderation.suggestions.measuring import measure_file

    measured = measure_file(file.read_bytes(), frozenset(without))
    _show(asdict(measured), "\n".join(measured.lines()), as_json=as_json)


@main.command("import-registry")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--as", "email", required=True, help="Official address of who imports: Town Administrator or IT.")
@click.option("--look", is_flag=True, help="Only say what would happen.")
@_as_json
@click.pass_context
def import_registry(ctx: click.Context, *, file: Path, email: str, look: bool, as_json: bool) -> None:
    """List the accounts in the CSV file FILE; every row that can not go in is named."""
    from charlton_intranet.accounts.queries import actor_by_email
    from charlton_intranet.core.clock import today
    from charlton_intranet.core.database import connection
    from charlton_intranet.sites.queries import registry as queries
    from charlton_intranet.sites.service import registry

    parts, data = _parts(ctx), file.read_bytes()
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
    _show(facts, "\n".join(lines), as_json=as_json)


@main.command("export-directory")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@_as_json
@click.pass_context
def export_directory(ctx: click.Context, *, folder: Path, as_json: bool) -> None:
    """Write the directory of official accounts into FOLDER as HTML, JSON and CSV, for the public web site."""
    from charlton_intranet.core.clock import today
    from charlton_intranet.core.database import connection
    from charlton_intranet.sites.queries.directory import official_accounts
    from charlton_intranet.sites.service.directory import directory_files

    parts = _parts(ctx)
    with connection():
        found = official_accounts(today(parts.clock))
    files = directory_files(found, town=parts.settings.town_name, now=parts.clock.now())
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        written = folder / f".{name}.new"
        written.write_bytes(content)
        written.replace(folder / name)  # the web server never sees half a file
    facts = {"folder": folder, "accounts": len(found), "files": sorted(files)}
    _show(facts, f"{len(found)} official accounts written to {folder}: {', '.join(sorted(files))}.", as_json=as_json)
