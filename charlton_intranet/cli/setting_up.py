"""A new town, the demo, a new version."""

import sys

import click

from charlton_intranet.cli.base import FAILED, fail, json_option, main, parts_of, settings_of, show


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
    settings = settings_of(ctx)
    if not settings.demo:
        if if_empty:
            return
        fail("This instance is set up for a real town; a demo needs an instance folder of its own.")
    parts = parts_of(ctx)
    with connection():
        empty = not Person.select().exists()
    if empty:
        click.echo("Loading the demo town ...")
        load_town(parts)
    elif not if_empty:
        fail("The database holds people already; name another instance folder for a new demo.")
    click.echo(sign_ins(f"http://127.0.0.1:{port}"))


@main.command()
@json_option
@click.pass_context
def migrate(ctx: click.Context, *, as_json: bool) -> None:
    """Bring the database to the shape this version needs."""
    from charlton_intranet.core import migration

    parts = parts_of(ctx, migrated=False)
    done = migration.upgrade()
    parts.close()
    show(
        {"applied": done},
        f"Applied {', '.join(done)}." if done else "The database is up to date.",
        as_json=as_json,
    )


@main.command()
@json_option
@click.pass_context
def check(ctx: click.Context, *, as_json: bool) -> None:
    """Look whether this machine and its settings are fit to serve; exit code 1 when not."""
    from charlton_intranet import setup

    findings = setup.check(parts_of(ctx, migrated=False))
    lines = [f"{finding.level:<5} {finding.name}: {finding.text}" for finding in findings]
    show({"findings": [finding.as_dict() for finding in findings]}, "\n".join(lines), as_json=as_json)
    if any(finding.level == "bad" for finding in findings):
        sys.exit(FAILED)
